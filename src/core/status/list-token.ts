// A status list token as a verifier meets it: parsed, then opened - signature, name, time, size - before any value is believed.

import { YimaError } from '../errors/yima-error.js';
import type { Algorithm } from '../signature/algorithm.js';
import type { VerifySignature } from '../signature/ports.js';
import type { PublicKey } from '../signature/public-key.js';
import { refusedList, type StatusListClaims } from './list-claims.js';
import { MAX_ENTRIES, packedLength, type StatusBits } from './packed.js';

/** Parsed and well formed; nothing in it is to be trusted before `openListToken`. */
export interface ListToken {
  /** The algorithm the token names: it must be the key's. */
  readonly algorithm: Algorithm;
  /** base64url of the key id's bytes (CWT), or the header's text (JWT). */
  readonly kid: string | null;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  readonly claims: StatusListClaims;
}

/** The longest token read: a list of 2^20 entries at 8 bits that does not compress, in base64url twice, fits. */
export const MAX_TOKEN_BYTES = 2 * 2 ** 20;

/** Clocks may differ by this much before a token counts as issued in the future. */
const SKEW_SECONDS = 60;
/** A ttl is believed within these bounds (section 11.5). */
const MIN_TTL_SECONDS = 10;
const MAX_TTL_SECONDS = 24 * 60 * 60;

export interface ListExpectation {
  /** The uri that was resolved: statusBase and list number, or a credential's reference. */
  readonly uri: string;
  /** Epoch seconds. */
  readonly now: number;
  /** The most entries accepted; 2^20 when absent. Where the list's size is known, its exact entries. */
  readonly maxEntries?: number;
  /** `issuedAt` of the token that this one would replace: an older one is refused. */
  readonly heldIssuedAt?: number;
}

export interface OpenDeps {
  readonly verify: VerifySignature;
  /** Inflates a zlib stream; throws past `maxBytes`, on a truncated stream and on bytes after it. */
  readonly inflate: (bytes: Uint8Array, maxBytes: number) => Uint8Array;
}

export interface StatusList {
  readonly uri: string;
  readonly bits: StatusBits;
  /** Packed values, for `getStatus`; an index past the end has no status. */
  readonly bytes: Uint8Array;
  readonly issuedAt: number;
  readonly expiresAt: number | null;
  /** Fetch anew from this second on: now + ttl within bounds, and never after exp. */
  readonly renewAt: number;
}

/**
 * Token Status List, section 8.3, steps 4 to 6. The key comes from a trust entry with use `status` for the list's issuer.
 * @throws YimaError `list_refused` with rule `algorithm`, `signature`, `sub`, `older`, `issued_in_future`, `not_yet_valid`,
 *   `expired` or `inflate`. Nothing of a refused token is used; the list held until now stays and ages.
 */
export function openListToken(
  token: ListToken,
  key: PublicKey,
  expected: ListExpectation,
  deps: OpenDeps,
): StatusList {
  if (token.algorithm !== key.algorithm) throw refusedList('algorithm');
  if (!deps.verify(key, token.message, token.signature)) throw refusedList('signature');
  const { claims } = token;
  if (claims.uri !== expected.uri) throw refusedList('sub');
  checkTimes(claims, expected);
  return {
    uri: claims.uri,
    bits: claims.bits,
    bytes: inflateList(claims, expected.maxEntries ?? MAX_ENTRIES, deps.inflate),
    issuedAt: claims.issuedAt,
    expiresAt: claims.expiresAt,
    renewAt: renewAt(claims, expected.now),
  };
}

function checkTimes(claims: StatusListClaims, { now, heldIssuedAt }: ListExpectation): void {
  if (heldIssuedAt !== undefined && claims.issuedAt < heldIssuedAt) throw refusedList('older');
  if (claims.issuedAt > now + SKEW_SECONDS) throw refusedList('issued_in_future');
  if (claims.notBefore !== null && claims.notBefore > now + SKEW_SECONDS) throw refusedList('not_yet_valid');
  if (claims.expiresAt !== null && claims.expiresAt <= now) throw refusedList('expired');
}

/** The cap is the length that so many entries take: a bomb stops there. */
function inflateList(claims: StatusListClaims, maxEntries: number, inflate: OpenDeps['inflate']): Uint8Array {
  try {
    return inflate(claims.compressed, packedLength(maxEntries, claims.bits));
  } catch (cause) {
    if (cause instanceof YimaError) throw refusedList('inflate', cause);
    throw cause;
  }
}

function renewAt(claims: StatusListClaims, now: number): number {
  const ttl = Math.min(Math.max(claims.ttlSeconds ?? MAX_TTL_SECONDS, MIN_TTL_SECONDS), MAX_TTL_SECONDS);
  return Math.min(now + ttl, claims.expiresAt ?? Number.MAX_SAFE_INTEGER);
}
