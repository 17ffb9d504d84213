// Codes whose signature was verified before. What is kept is "a signature by this key over these bytes is sound" and what the bytes
// say, never a verdict: time, status, key state, scope, window, policy and the device that shows it are judged anew each time. Bounded;
// only sound signatures enter, so that forged codes neither grow nor poison it, and many sound ones can only push each other out.

import type { Kind, KindTable } from '../credential/kind.js';
import type { CodeFacts, EnvelopeName, ParsedCode } from '../envelope/parsed-code.js';
import { samePublicKey } from '../signature/public-key.js';
import type { KeyRecord, KeyTable } from '../trust/key-record.js';
import { findCandidates, findKind } from './candidates.js';
import type { ReadClaims } from './read-claims.js';
import type { ReadDevice } from './read-device.js';

export interface KnownCode {
  readonly facts: CodeFacts;
  readonly kind: Kind | undefined;
  readonly readClaims: ReadClaims;
  /** null: bound to no device. */
  readonly readDevice: ReadDevice | null;
  /** The record whose key signed it, under the table that was asked. */
  readonly signer: KeyRecord;
}

export interface KnownCodes {
  /** What a code is known by: SHA-256 of its decoded bytes, never its text. */
  readonly fingerprint: (bytes: Uint8Array) => string;
  /** undefined: not known, or not any more under these keys and kinds; then it is verified like any other. */
  readonly find: (
    envelope: EnvelopeName,
    fingerprint: string,
    keys: KeyTable,
    kinds: KindTable,
  ) => KnownCode | undefined;
  /**
   * Only after the signature was verified.
   * @param signer the candidate of `keys` whose key verified it
   */
  readonly add: (fingerprint: string, code: ProvenCode, keys: KeyTable) => void;
  readonly figures: () => KnownCodesFigures;
}

export type ProvenCode = Omit<KnownCode, 'facts'> & { readonly parsed: ParsedCode };

export interface KnownCodesFigures {
  readonly hits: number;
  readonly misses: number;
  readonly entries: number;
}

interface Entry extends KnownCode {
  signer: KeyRecord;
  /** Which table `signer` was found in. A number: entries must not keep tables alive. */
  tableNumber: number;
}

/** `sha256Text` gives one text for one SHA-256. */
export interface KnownCodesDeps {
  readonly sha256Text: (bytes: Uint8Array) => string;
  /** At least 2. */
  readonly maxEntries: number;
}

/**
 * Two generations instead of a list by age: a full one becomes the older, the older is dropped, and what is asked for moves to
 * the younger. Every step takes constant time.
 */
export function createKnownCodes({ sha256Text, maxEntries }: KnownCodesDeps): KnownCodes {
  const perGeneration = Math.floor(maxEntries / 2);
  let young = new Map<string, Entry>();
  let old = new Map<string, Entry>();
  let hits = 0;
  let misses = 0;
  let table: KeyTable | null = null;
  let tableNumber = 0;

  const keep = (fingerprint: string, entry: Entry): void => {
    if (young.size >= perGeneration && !young.has(fingerprint)) {
      old = young;
      young = new Map();
    }
    young.set(fingerprint, entry);
  };
  const look = (fingerprint: string): Entry | undefined => {
    const entry = young.get(fingerprint);
    if (entry !== undefined) return entry;
    const older = old.get(fingerprint);
    if (older === undefined) return undefined;
    old.delete(fingerprint);
    keep(fingerprint, older);
    return older;
  };
  const numberOf = (keys: KeyTable): number => {
    if (keys !== table) {
      table = keys;
      tableNumber++;
    }
    return tableNumber;
  };

  return {
    fingerprint: sha256Text,
    find: (envelope, fingerprint, keys, kinds) => {
      const entry = look(fingerprint);
      const holds = entry !== undefined && stillHolds(entry, envelope, keys, numberOf(keys), kinds);
      if (holds) hits++;
      else misses++;
      return holds ? entry : undefined;
    },
    add: (fingerprint, { parsed, kind, readClaims, readDevice, signer }, keys) => {
      const facts = factsOf(parsed);
      keep(fingerprint, { facts, kind, readClaims, readDevice, signer, tableNumber: numberOf(keys) });
    },
    figures: () => ({ hits, misses, entries: young.size + old.size }),
  };
}

/**
 * Under a table that was asked before the candidates are the same. Under a new one they are found anew, and the signer's key must be
 * the first that a verification would try: then it would find it again, whatever else the table holds.
 */
function stillHolds(
  entry: Entry,
  envelope: EnvelopeName,
  keys: KeyTable,
  number: number,
  kinds: KindTable,
): boolean {
  const { facts, kind, signer } = entry;
  if (facts.envelope !== envelope || findKind(facts, kinds) !== kind) return false;
  if (entry.tableNumber === number) return true;
  const candidates = findCandidates(facts, kind, keys);
  const first = typeof candidates === 'string' ? undefined : candidates[0];
  if (first === undefined || !samePublicKey(first.key, signer.key)) return false;
  entry.signer = first;
  entry.tableNumber = number;
  return true;
}

/** Without message, signature and bytes, which are the most of it and needed no more. */
function factsOf(parsed: ParsedCode): CodeFacts {
  const { envelope, format, issuer, kids, algorithm, kind } = parsed;
  const { issuedAt, notBefore, expiresAt, status, deviceKey, claims, fault } = parsed;
  return {
    envelope,
    format,
    issuer,
    kids,
    algorithm,
    kind,
    issuedAt,
    notBefore,
    expiresAt,
    status,
    deviceKey,
    claims,
    fault,
  };
}
