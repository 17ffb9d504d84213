// A checkpoint that never stops asking: every answer that a verifier gives about every code, with the time at which it was asked.

import type { Client } from './client.js';

/** What one verifier said of one code. */
export interface Sighting {
  /** Which code, by its place among those that are watched. */
  readonly code: number;
  /** Milliseconds of this process's steady clock. */
  readonly askedMs: number;
  readonly answeredMs: number;
  readonly decision: string;
  readonly reason: string;
  /** null: the verifier knew no status. */
  readonly ageSeconds: number | null;
}

export interface Watcher {
  readonly sightings: readonly Sighting[];
  /** Rounds that brought no answer: the verifier was not there. */
  readonly unanswered: () => number;
  readonly stop: () => Promise<void>;
}

const EVERY_MS = 20;
/** The members that stand first in an answer, and the age, which stands outside of the credential. */
const ANSWER = /^\{"id":"(\d+)","decision":"(\w+)","reason":"(\w+)".*"statusAgeSeconds":(\d+|null),/;

/** @param client at each round: a verifier that was started anew has another */
export function watch(client: () => Client, codes: readonly string[]): Watcher {
  const sightings: Sighting[] = [];
  let unanswered = 0;
  let stopped = false;
  const watching = (async () => {
    while (!stopped) {
      await look(client(), codes).then(
        (seen) => sightings.push(...seen),
        () => {
          unanswered += 1;
        },
      );
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  })();
  return {
    sightings,
    unanswered: () => unanswered,
    stop: () => {
      stopped = true;
      return watching;
    },
  };
}

/** Asks once about every code. @throws Error when the verifier is not there, or does not answer for each */
export async function look(client: Client, codes: readonly string[]): Promise<readonly Sighting[]> {
  const askedMs = performance.now();
  const lines = await client.verifyBatch(codes);
  const answeredMs = performance.now();
  return lines.map((line) => {
    const [, code, decision, reason, age] = ANSWER.exec(line) ?? [];
    if (decision === undefined || reason === undefined) throw new Error(`No answer: ${line}`);
    const ageSeconds = age === 'null' ? null : Number(age);
    return { code: Number(code), askedMs, answeredMs, decision, reason, ageSeconds };
  });
}
