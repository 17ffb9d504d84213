// The server's time as this phone knows it: its own clock and the difference that the last answer showed. Pure.

/** Half a second of the date's rounding, and an answer that was long on its way. */
const WORTH_SAYING = 120;

/**
 * Seconds to add to this device's clock, from the `Date` of an answer (whole seconds, RFC 9110, section 6.6.1) and this device's
 * milliseconds at question and answer; null without a date.
 */
export function offsetOf(date: string | null, askedMs: number, answeredMs: number): number | null {
  const served = date === null ? Number.NaN : Date.parse(date);
  if (Number.isNaN(served)) return null;
  return (served + 500 - (askedMs + answeredMs) / 2) / 1000;
}

/** Epoch seconds by the server's clock. */
export function serverNow(deviceMs: number, offset: number): number {
  return deviceMs / 1000 + offset;
}

/** Whether the phone's clock is so far off that its owner should know. */
export function isOff(offset: number): boolean {
  return Math.abs(offset) > WORTH_SAYING;
}
