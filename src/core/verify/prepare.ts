// The rungs before any cryptography: text to envelope to candidate keys. What comes out tells the caller which signatures to check:
// none for a code that is known.

import type { Kind, KindTable } from '../credential/kind.js';
import { openCode, type ParseDeps, readCode } from '../envelope/parse-code.js';
import type { CodeFacts, ParsedCode } from '../envelope/parsed-code.js';
import { isReasonCode, type ReasonCode } from '../errors/reasons.js';
import { YimaError } from '../errors/yima-error.js';
import type { KeyRecord, KeyTable } from '../trust/key-record.js';
import { findCandidates, findKind } from './candidates.js';
import type { KnownCode, KnownCodes } from './known-codes.js';
import { createClaimsReader, type ReadClaims } from './read-claims.js';

export interface PrepareDeps extends ParseDeps {
  readonly kinds: KindTable;
  /** Absent: every signature is checked. */
  readonly known?: KnownCodes | null;
}

/** One signature to check: with the first candidate whose key verifies it, in order. */
export interface SignatureCheck {
  /** At most 4; empty when the algorithm named is no trusted key's, which no signature can mend. */
  readonly candidates: readonly KeyRecord[];
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

export interface Refused {
  readonly refusal: { readonly rung: 'envelope' | 'key'; readonly reason: ReasonCode };
  /** When the key table was current, epoch seconds. */
  readonly trustAsOf: number;
}

interface Readable {
  readonly refusal: null;
  /** undefined: not a kind of this verifier's table. */
  readonly kind: Kind | undefined;
  readonly readClaims: ReadClaims;
  readonly trustAsOf: number;
}

/** A code whose signature has to be checked. */
export interface Unproven extends Readable {
  readonly parsed: ParsedCode;
  readonly signer: null;
  readonly checks: readonly SignatureCheck[];
  /** What it may be known by from then on; null where nothing is remembered. */
  readonly fingerprint: string | null;
}

/** A code whose signature was checked before: there is nothing to check. */
export interface Proven extends Readable {
  readonly parsed: CodeFacts;
  readonly signer: KeyRecord;
  readonly checks: readonly [];
}

export type Ready = Unproven | Proven;
export type Prepared = Refused | Ready;

const NO_CHECKS = [] as const;

/** Judges the text as far as it goes without cryptography, clock or status. Bad input becomes a refusal, never an exception. */
export function prepare(text: string, keys: KeyTable, deps: PrepareDeps): Prepared {
  const { kinds, known = null } = deps;
  let fingerprint: string | null = null;
  let parsed: ParsedCode;
  try {
    const code = openCode(text, deps);
    if (known !== null) {
      fingerprint = known.fingerprint(code.bytes);
      const found = known.find(code.envelope, fingerprint, keys, kinds);
      if (found !== undefined) return prepareProven(found, keys);
    }
    parsed = readCode(code, deps);
  } catch (error) {
    return { refusal: { rung: 'envelope', reason: parseReason(error) }, trustAsOf: keys.asOf };
  }
  return prepareUnproven(parsed, fingerprint, keys, kinds);
}

function prepareProven({ facts, kind, readClaims, signer }: KnownCode, { asOf }: KeyTable): Proven {
  return { refusal: null, parsed: facts, kind, readClaims, trustAsOf: asOf, signer, checks: NO_CHECKS };
}

function prepareUnproven(
  parsed: ParsedCode,
  fingerprint: string | null,
  keys: KeyTable,
  kinds: KindTable,
): Refused | Unproven {
  const trustAsOf = keys.asOf;
  const kind = findKind(parsed, kinds);
  const candidates = findCandidates(parsed, kind, keys);
  if (typeof candidates === 'string') return { refusal: { rung: 'key', reason: candidates }, trustAsOf };
  const { message, signature } = parsed;
  const checks = [{ candidates, message, signature }];
  const readClaims = createClaimsReader(parsed, kind);
  return { refusal: null, parsed, kind, readClaims, trustAsOf, signer: null, checks, fingerprint };
}

/** A parser's own defect must reach the operator: only its verdicts become answers. */
function parseReason(error: unknown): ReasonCode {
  if (error instanceof YimaError && isReasonCode(error.code)) return error.code;
  throw error;
}
