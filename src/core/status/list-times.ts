// How long our list tokens live, and when a list is signed anew.

export interface ListTimes {
  /** How long verifiers may use a copy. */
  readonly ttlSeconds: number;
  /** From iat to exp. */
  readonly lifetimeSeconds: number;
  /** A token older than this is signed anew although nothing changed. */
  readonly refreshSeconds: number;
  /** A changed list is signed anew at most this often. */
  readonly minIntervalSeconds: number;
}

/** However often a list changes, it is signed at most this often in the time for which others may keep a copy. */
const SIGNINGS_A_TTL = 12;

/**
 * exp 24 h: a copy on a stick outlives a night without a network; a kind's `maxAgeSeconds` is stricter and the verifier's to apply.
 * Refresh 2 min: with a ttl of 60 s, who judges freshness by `iat` sees at most three minutes, within the five that health codes allow, and
 * every other poll of an unchanged list still ends in a 304. Interval: a twelfth of the ttl, never less than a second. Deflating a list
 * takes 5 to 36 ms, and a storm may change hundreds of lists at once; who may use a copy for a minute learns of it 5 s later at most.
 */
export function listTimes(ttlSeconds: number): ListTimes {
  return {
    ttlSeconds,
    lifetimeSeconds: 24 * 60 * 60,
    refreshSeconds: 120,
    minIntervalSeconds: Math.max(1, Math.floor(ttlSeconds / SIGNINGS_A_TTL)),
  };
}

/** With a ttl of 60 s a revocation reaches whoever polls in little more than a minute. */
export const LIST_TIMES: ListTimes = listTimes(60);

/** What was signed last. */
export interface SignedState {
  /** The list's change count then. */
  readonly changes: number;
  readonly issuedAt: number;
  /** base64url key id of the signer. */
  readonly kid: string;
}

/** Whether to sign anew: never signed, another key signs now, the clock went back, content changed, or too old. */
export function needsNewToken(
  signed: SignedState | undefined,
  current: { readonly changes: number; readonly kid: string; readonly now: number },
  times: ListTimes = LIST_TIMES,
): boolean {
  if (signed === undefined || signed.kid !== current.kid) return true;
  const age = current.now - signed.issuedAt;
  if (age < 0 || age >= times.refreshSeconds) return true;
  return signed.changes !== current.changes && age >= times.minIntervalSeconds;
}
