// How fresh what is known is, in levels, and the sentence about it. Pure.

import { showDateTime } from '../shared/times.js';
import type { CheckpointState } from './checkpoint.js';
import type { ScanSpoken } from './scan-language.js';

/** `early`: by this clock what is known lies ahead, so that the clock is wrong. */
export type Freshness = 'never' | 'early' | 'ok' | 'old' | 'tooOld';

/** The strictest kind's limit (health codes), and a day, which no kind's exceeds. */
const STRICTEST_SECONDS = 300;
const LOOSEST_SECONDS = 86_400;
/** Clocks may differ by so much before one counts as wrong. */
const SKEW_SECONDS = 60;

export function freshnessOf(
  {
    listsAsOf,
    trustAsOf,
    trustMaxAgeSeconds,
  }: Pick<CheckpointState, 'listsAsOf' | 'trustAsOf' | 'trustMaxAgeSeconds'>,
  now: number,
): Freshness {
  if (trustAsOf === null) return 'never';
  if (now + SKEW_SECONDS < trustAsOf) return 'early';
  const age = now - (listsAsOf ?? trustAsOf);
  if (now - trustAsOf > trustMaxAgeSeconds || age > LOOSEST_SECONDS) return 'tooOld';
  return age > STRICTEST_SECONDS ? 'old' : 'ok';
}

export function freshnessText(
  state: CheckpointState,
  level: Freshness,
  { say, language }: ScanSpoken,
): string {
  const at = state.listsAsOf ?? state.trustAsOf ?? 0;
  return say(`fresh.${level}`, { time: showDateTime(at, language) });
}

/** Whole minutes by which this device's clock differs; 0 for what nobody needs to know. */
export function clockMinutes(offset: number): number {
  return Math.abs(offset) < SKEW_SECONDS ? 0 : Math.round(Math.abs(offset) / 60);
}
