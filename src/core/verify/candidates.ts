// Which keys may stand behind a code, by what it says and the key table alone: nothing here costs a signature.

import { parseRegion } from '../codec/region.js';
import type { Kind, KindTable } from '../credential/kind.js';
import { REGION } from '../credential/kinds/common-fields.js';
import type { CodeFacts } from '../envelope/parsed-code.js';
import type { ReasonCode } from '../errors/reasons.js';
import { type Asked, checkKey, checkKeyState, type KeyRefusal } from '../trust/check-key.js';
import type { KeyRecord, KeyTable } from '../trust/key-record.js';

/** kids are not unique, and a signature check is what an attacker can make us spend. */
const MAX_CANDIDATES = 4;
/** Which reason is told when every key of the kid is refused: the gravest. */
const REFUSALS: readonly KeyRefusal[] = ['key_revoked', 'issuer_out_of_scope', 'key_retired'];

export function findKind(parsed: CodeFacts, kinds: KindTable): Kind | undefined {
  return typeof parsed.kind === 'number' ? kinds.byNumber(parsed.kind) : kinds.byName(parsed.kind);
}

/** The records to try, or the reason why there are none. */
export function findCandidates(
  parsed: CodeFacts,
  kind: Kind | undefined,
  keys: KeyTable,
): readonly KeyRecord[] | ReasonCode {
  // A key of an EU DCC signs for any issuer; every other format's is its own issuer's alone.
  if (parsed.issuer === null && parsed.format !== 'eu-dcc') return 'issuer_unknown';
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
function askedOf(parsed: CodeFacts, kind: Kind | undefined): Asked | null {
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
function claimedRegion({ format, claims }: CodeFacts): string | null {
  if (format !== 'yima') return null;
  const value = claims.form === 'cbor' ? claims.values.get(REGION.key) : claims.values[REGION.name];
  return typeof value === 'number' || typeof value === 'string' ? parseRegion(String(value)) : null;
}
