// The forms that names must have before they are looked up or shown.

/** Issuer ids of our own formats: `330102`, `mot.example`. */
export const ISSUER = /^[0-9a-z](?:[0-9a-z.-]{0,30}[0-9a-z])?$/;

/** Names of kinds. */
export const KIND = /^[a-z](?:[a-z0-9-]{0,62}[a-z0-9])?$/;

/** List numbers and indices: a wrong one must not be rounded into another. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
