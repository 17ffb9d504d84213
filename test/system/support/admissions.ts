// What a verifier's answers must never show, whatever fails: a code admitted from older knowledge than the verifier had already
// applied, or from knowledge past its age limit.

import type { Sighting } from './watcher.js';

/** A code that the issuer was asked to suspend or revoke, never to be admitted again by who has heard of it. */
export interface Change {
  /** Its place among the codes that are watched. Changes come in the order of their codes. */
  readonly code: number;
  readonly askedMs: number;
}

/**
 * One sentence for each admission that should not have been.
 * @param sightings of one verifier, in the order in which they were asked for
 * @param maxAgeSeconds the limit that holds for the codes' kind at this verifier
 */
export function violations(
  sightings: readonly Sighting[],
  changes: readonly Change[],
  maxAgeSeconds: number,
): readonly string[] {
  const changed = new Set(changes.map(({ code }) => code));
  const found: string[] = [];
  /** The newest change that an answer has shown, and when that answer was there. */
  const applied: { code: number; answeredMs: number }[] = [];
  for (const { code, askedMs, answeredMs, decision, reason, ageSeconds } of sightings) {
    if (decision === 'refuse' && !changed.has(code))
      found.push(`code ${code} is sound and was refused: ${reason}`);
    if (decision === 'refuse' && code > (applied.at(-1)?.code ?? -1)) applied.push({ code, answeredMs });
    if (decision !== 'admit') continue;
    if (ageSeconds === null || ageSeconds > maxAgeSeconds)
      found.push(`code ${code} was admitted from knowledge ${ageSeconds} s old`);
    const newer = changed.has(code)
      ? applied.find((each) => each.code >= code && each.answeredMs <= askedMs)
      : undefined;
    if (newer !== undefined)
      found.push(
        `code ${code} was admitted ${Math.round(askedMs - newer.answeredMs)} ms after change ${newer.code} was applied`,
      );
  }
  return found;
}

/** Admissions asked for in this span, whatever age they claim. */
export function admittedBetween(
  sightings: readonly Sighting[],
  fromMs: number,
  toMs: number,
): readonly Sighting[] {
  return sightings.filter(
    ({ decision, askedMs, answeredMs }) => decision === 'admit' && askedMs >= fromMs && answeredMs <= toMs,
  );
}
