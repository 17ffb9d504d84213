// What a status list token says, in whichever form it travels (Token Status List, sections 4.2, 4.3 and 5).

import { YimaError } from '../errors/yima-error.js';
import { isStatusBits, type StatusBits } from './packed.js';

export interface StatusListClaims {
  /** The list's own uri (`sub`), which a credential's reference must equal. */
  readonly uri: string;
  /** Epoch seconds, as are the others. */
  readonly issuedAt: number;
  readonly notBefore: number | null;
  readonly expiresAt: number | null;
  /** How long a copy may be used before a new one is fetched. */
  readonly ttlSeconds: number | null;
  readonly bits: StatusBits;
  /** The packed values as a zlib stream (RFC 1950). */
  readonly compressed: Uint8Array;
}

/** The members of a token before they are checked; absent ones are undefined. */
export interface RawListClaims {
  readonly sub: unknown;
  readonly iat: unknown;
  readonly nbf: unknown;
  readonly exp: unknown;
  readonly ttl: unknown;
  readonly bits: unknown;
  /** Already bytes, or null when it was not what its form asks for. */
  readonly list: Uint8Array | null;
}

/** The last second of the year 9999: anything later is a mistake of units. */
const LAST_SECOND = 253_402_300_799;

/**
 * zlib level 6. The standard recommends the best level (section 4.1), but a list of 2^20 entries at 4 bits with a tenth of
 * them set takes level 9 499 ms for 118,515 bytes where level 6 takes 36 ms for 125,261 (at 2 bits 215 ms and 92,340 against
 * 22 ms and 94,579; at 1 % set 74 ms and 19,299 against 5 ms and 24,109), and the process that compresses also issues.
 */
export const LIST_DEFLATE_LEVEL = 6;

/** Compresses to zlib format; `level` as in zlib, 1 to 9. */
export type Deflate = (bytes: Uint8Array, level: number) => Uint8Array;

/** A token that breaks the standard, or is not the one asked for. `rule` is stable. */
export function refusedList(rule: string, cause?: unknown): YimaError {
  return new YimaError(
    'list_refused',
    'The status list token is not acceptable; keep the one held until now.',
    {
      rule,
      cause,
    },
  );
}

/**
 * Stricter than RFC 7519 in that times are whole seconds.
 * @throws YimaError `list_refused`, rule `claims`: a required member is missing or any known one is malformed, ttl is not positive
 */
export function checkListClaims(raw: RawListClaims): StatusListClaims {
  const { sub, bits, list } = raw;
  if (typeof sub !== 'string' || sub === '' || !isStatusBits(bits) || list === null)
    throw refusedList('claims');
  const issuedAt = optionalNumber(raw.iat, LAST_SECOND);
  const ttlSeconds = optionalNumber(raw.ttl, Number.MAX_SAFE_INTEGER);
  if (issuedAt === null || ttlSeconds === 0) throw refusedList('claims');
  return {
    uri: sub,
    issuedAt,
    notBefore: optionalNumber(raw.nbf, LAST_SECOND),
    expiresAt: optionalNumber(raw.exp, LAST_SECOND),
    ttlSeconds,
    bits,
    compressed: list,
  };
}

function optionalNumber(value: unknown, max: number): number | null {
  if (value === undefined) return null;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0 || value > max) {
    throw refusedList('claims');
  }
  return value;
}
