// The rungs before any cryptography: text to envelope to candidate keys. What comes out tells the caller which signatures to check.

import { parseRegion } from '../codec/region.js';
import type { Kind, KindTable } from '../credential/kind.js';
import { REGION } from '../credential/kinds/common-fields.js';
import type { Inflate } from '../envelope/hc1.js';
import { parseCode } from '../envelope/parse-code.js';
import type { ParsedCode } from '../envelope/parsed-code.js';
import { isReasonCode, type ReasonCode } from '../errors/reasons.js';
import { YimaError } from '../errors/yima-error.js';
import { type Asked, checkKey, checkKeyState, type KeyRefusal } from '../trust/check-key.js';
import type { KeyRecord, KeyTable } from '../trust/key-record.js';

export interface PrepareDeps {
  readonly inflate: Inflate;
  readonly kinds: KindTable;
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

export interface Ready {
  readonly refusal: null;
  readonly parsed: ParsedCode;
  /** undefined: not a kind of this verifier's table. */
  readonly kind: Kind | undefined;
  readonly checks: readonly SignatureCheck[];
  readonly trustAsOf: number;
}

export type Prepared = Refused | Ready;

/** kids are not unique, and a signature check is what an attacker can make us spend. */
const MAX_CANDIDATES = 4;
/** Which reason is told when every key of the kid is refused: the gravest. */
const REFUSALS: readonly KeyRefusal[] = ['key_revoked', 'issuer_out_of_scope', 'key_retired'];

/** Judges the text as far as it goes without cryptography, clock or status. Bad input becomes a refusal, never an exception. */
export function prepare(text: string, keys: KeyTable, deps: PrepareDeps): Prepared {
  const trustAsOf = keys.asOf;
  let parsed: ParsedCode;
  try {
    parsed = parseCode(text, deps);
  } catch (error) {
    return { refusal: { rung: 'envelope', reason: parseReason(error) }, trustAsOf };
  }
  const kind = findKind(parsed, deps.kinds);
  const candidates = findCandidates(parsed, kind, keys);
  if (typeof candidates === 'string') return { refusal: { rung: 'key', reason: candidates }, trustAsOf };
  const { message, signature } = parsed;
  return { refusal: null, parsed, kind, checks: [{ candidates, message, signature }], trustAsOf };
}

/** A parser's own defect must reach the operator: only its verdicts become answers. */
function parseReason(error: unknown): ReasonCode {
  if (error instanceof YimaError && isReasonCode(error.code)) return error.code;
  throw error;
}

function findKind(parsed: ParsedCode, kinds: KindTable): Kind | undefined {
  return typeof parsed.kind === 'number' ? kinds.byNumber(parsed.kind) : kinds.byName(parsed.kind);
}

/** The records to try, or the reason why there are none. */
function findCandidates(
  parsed: ParsedCode,
  kind: Kind | undefined,
  keys: KeyTable,
): readonly KeyRecord[] | ReasonCode {
  if (parsed.format === 'yima' && parsed.issuer === null) return 'issuer_unknown';
  const asked = askedOf(parsed, kind);
  const candidates: KeyRecord[] = [];
  let refused: KeyRefusal | null = null;
  let otherAlgorithm = false;
  for (const kid of parsed.kids) {
    for (const record of keys.find(parsed.format, parsed.issuer, kid)) {
      const refusal = asked === null ? checkKeyState(record, 'credential') : checkKey(record, asked);
      if (refusal !== null) refused = graver(refused, refusal);
      else if (parsed.algorithm !== null && parsed.algorithm !== record.key.algorithm) otherAlgorithm = true;
      else if (candidates.length < MAX_CANDIDATES) candidates.push(record);
    }
  }
  return candidates.length > 0 || otherAlgorithm ? candidates : (refused ?? 'issuer_unknown');
}

function graver(a: KeyRefusal | null, b: KeyRefusal): KeyRefusal {
  return a !== null && REFUSALS.indexOf(a) < REFUSALS.indexOf(b) ? a : b;
}

/** null: faulty content has no scope to judge; it is refused once the signature shows that the issuer wrote it. */
function askedOf(parsed: ParsedCode, kind: Kind | undefined): Asked | null {
  if (parsed.fault !== null) return null;
  return {
    use: 'credential',
    kind: typeof parsed.kind === 'string' ? parsed.kind : (kind?.name ?? null),
    region: claimedRegion(parsed),
    issuedAt: parsed.issuedAt,
  };
}

/**
 * The region that the credential is about, as it claims. Every kind of ours has the field under one key and name, so that it is
 * read even of a kind unknown here. Foreign formats name no region of ours: only keys for all regions cover them.
 */
function claimedRegion({ format, claims }: ParsedCode): string | null {
  if (format !== 'yima') return null;
  const value = claims.form === 'cbor' ? claims.values.get(REGION.key) : claims.values[REGION.name];
  return typeof value === 'number' || typeof value === 'string' ? parseRegion(String(value)) : null;
}
