// Keys of foreign issuers out of what their directories publish, as records for a key table or as entries for an authority's list.

import { publicJwk } from '../../signature/public-jwk.js';
import type { PublicKey } from '../../signature/public-key.js';
import type { KeyRecord } from '../key-record.js';
import type { HeldCardList } from './card-list-file.js';

/** A key, or a revocation list of one, that was left out. */
export interface RefusedAnchor {
  readonly issuer: string | null;
  /** As the source names it; null when it names none in the form of a kid. */
  readonly kid: string | null;
  /** Stable: a rule of `parsePublicJwk`, `checkPublicKey`, `parseCardList`, or of the source's reader. */
  readonly rule: string;
}

/** What a source holds: a refused key takes nothing else with it. */
export interface Anchors {
  /** How many issuers it names, with keys or without; 0 where keys are not any issuer's own (EU DCC). */
  readonly issuers: number;
  readonly records: readonly KeyRecord[];
  readonly cardLists: readonly HeldCardList[];
  readonly refused: readonly RefusedAnchor[];
}

/** Without a scope of their own: foreign formats name no region, and say by their kinds what they are about. */
export const ANCHOR_SCOPE = { region: '', kinds: null } as const;

/** An active record without window and status lists, which foreign sources do not give. */
export function anchorRecord(
  format: KeyRecord['format'],
  issuer: string,
  kid: string,
  key: PublicKey,
): KeyRecord {
  return {
    format,
    issuer,
    kid,
    key,
    use: 'credential',
    scope: ANCHOR_SCOPE,
    notBefore: null,
    notAfter: null,
    state: 'active',
    statusBase: null,
    trustedUntil: null,
  };
}

/** What an authority's list says of foreign keys, in the members of its JSON. */
export interface AnchorEntry {
  readonly sub: string | null;
  readonly format: KeyRecord['format'];
  /** `kid` is base64url of the key id's bytes, whatever text the format writes. */
  readonly keys: readonly Readonly<Record<string, string>>[];
  readonly use: 'credential';
  readonly scope: KeyRecord['scope'];
  readonly nbf: number | null;
  readonly exp: number | null;
  readonly state: 'active';
  readonly statusBase: null;
}

const MAX_KEYS = 8;

/** Groups what has one issuer, scope and window, at most eight keys an entry, in the order of the records. */
export function anchorEntries(records: readonly KeyRecord[]): readonly AnchorEntry[] {
  const groups = new Map<string, KeyRecord[][]>();
  for (const record of records) {
    const { format, issuer, scope, notBefore, notAfter } = record;
    const name = JSON.stringify([format, issuer, scope.region, scope.kinds, notBefore, notAfter]);
    const chunks = groups.get(name) ?? [];
    groups.set(name, chunks);
    const last = chunks.at(-1);
    if (last === undefined || last.length === MAX_KEYS) chunks.push([record]);
    else last.push(record);
  }
  return [...groups.values()].flat().flatMap(entryOf);
}

function entryOf(records: readonly KeyRecord[]): readonly AnchorEntry[] {
  const [first] = records;
  if (first === undefined) return [];
  const { issuer: sub, format, scope, notBefore: nbf, notAfter: exp } = first;
  const keys = records.map(({ key, kid }) => ({ ...publicJwk(key), kid }));
  return [{ sub, format, keys, use: 'credential', scope, nbf, exp, state: 'active', statusBase: null }];
}

/** kids that stand under several issuers, each with how many: normal in directories, and worth a look. */
export function sharedKids(records: readonly KeyRecord[]): ReadonlyMap<string, number> {
  const issuers = new Map<string, Set<string | null>>();
  for (const { kid, issuer } of records) issuers.set(kid, (issuers.get(kid) ?? new Set()).add(issuer));
  return new Map([...issuers].flatMap(([kid, { size }]) => (size > 1 ? [[kid, size]] : [])));
}
