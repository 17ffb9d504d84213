// The flat table that verification looks keys up in. Everything is worked out when it is built; a look-up is two reads of maps, and
// makes no text. A table never changes: a patched one shares with the one before all maps but those of the issuers that it touches.

import { hexEncode } from '../codec/bytes.js';
import type { PublicKey } from '../signature/public-key.js';
import type { CodeFormat, KeyRecord, KeyTable, TablePatch, Tombstone } from './key-record.js';

const NONE: readonly KeyRecord[] = [];

type Kids = ReadonlyMap<string, readonly KeyRecord[]>;
/** Under null the keys that stand for any issuer. */
type Issuers = ReadonlyMap<string | null, Kids>;
/** A format's issuers in shards, so that a patch copies few of them. */
type Shards = readonly Issuers[];
type Rows = ReadonlyMap<CodeFormat, Shards>;

const SHARDS = 64;
const EMPTY: Shards = new Array<Issuers>(SHARDS).fill(new Map());

/** By the last three characters, where the ids of regions differ. */
function shardOf(issuer: string | null): number {
  if (issuer === null) return 0;
  let sum = 0;
  for (let i = Math.max(0, issuer.length - 3); i < issuer.length; i++) sum = sum * 7 + issuer.charCodeAt(i);
  return sum & (SHARDS - 1);
}

/** No issuer id holds a space, so that one text stands for one triple. */
function slot(format: CodeFormat, issuer: string | null, kid: string): string {
  return `${format} ${issuer ?? '*'} ${kid}`;
}

/** One text for one key, whatever it is called. */
function material(key: PublicKey): string {
  if (key.algorithm === 'PS256') return `${key.algorithm} ${hexEncode(key.n)} ${hexEncode(key.e)}`;
  return `${key.algorithm} ${hexEncode(key.x)}`;
}

/** An authority's key, under whatever kid and for whatever use. */
function holding({ format, issuer, key }: KeyRecord): string {
  return `${format} ${issuer ?? '*'} ${material(key)}`;
}

/** One text for everything a record says: equal records have equal texts, in whatever process. */
export function recordText({ key, ...record }: KeyRecord): string {
  const { format, issuer, kid, use, scope, notBefore, notAfter, state, statusBase, trustedUntil } = record;
  const limits = [scope.region, scope.kinds, notBefore, notAfter, state, statusBase, trustedUntil];
  const { listedBy = null } = record;
  const y = 'y' in key ? hexEncode(key.y) : null;
  return JSON.stringify([format, issuer, kid, use, limits, material(key), y, listedBy]);
}

/**
 * A key that its authority revoked is revoked under its other kids and uses too. What one authority revokes changes nothing of
 * another's, or a list could kill keys it does not own.
 * What a trust list revokes was spread by thumbprint where lists are resolved, and reaches here keys of files and rings alone: or what
 * one list says of a holder would change what another says, and only when the table is built anew.
 * ECDSA keys count by x alone, since whoever holds d holds the key with the other y too.
 */
function withTombstones(
  records: readonly KeyRecord[],
  tombstones: readonly Tombstone[],
): readonly KeyRecord[] {
  const named = new Set(tombstones.map(({ format, issuer, kid }) => slot(format, issuer, kid)));
  const isNamed = ({ format, issuer, kid, state }: KeyRecord): boolean =>
    state === 'revoked' || named.has(slot(format, issuer, kid));
  const dead = new Set<string>();
  const deadByLists = new Set<string>();
  for (const record of records) {
    if (!isNamed(record)) continue;
    const byFile = record.trustedUntil === null || named.has(slot(record.format, record.issuer, record.kid));
    if (byFile) dead.add(holding(record));
    // Anybody may list a foreign issuer; one of our own is named by its authority and those above alone.
    else if (record.format === 'yima') deadByLists.add(holding(record));
  }
  const isDead = (record: KeyRecord): boolean => {
    const held = holding(record);
    return dead.has(held) || (record.trustedUntil === null && deadByLists.has(held));
  };
  if (dead.size === 0 && deadByLists.size === 0) return records;
  return records.map((record) => (isDead(record) ? { ...record, state: 'revoked' } : record));
}

/**
 * Builds a table from keys that have passed `checkPublicKey`.
 * @param asOf when the records were last known to be current, epoch seconds
 * @param tombstones keys that are dead whatever the records say
 */
export function createKeyTable(
  records: readonly KeyRecord[],
  asOf: number,
  tombstones: readonly Tombstone[] = [],
): KeyTable {
  return tableOf(new Map(), { remove: NONE, add: withTombstones(records, tombstones) }, asOf);
}

/**
 * The table with whole records taken out and put in; what is to be removed and is not there does not matter.
 * @param asOf when the records were last known to be current, epoch seconds
 */
export function patchKeyTable(table: KeyTable, patch: TablePatch, asOf: number): KeyTable {
  const { remove } = patch;
  const gone = new Set(remove.map(recordText));
  // What is there already, and stays, is not put in again: a second row would outlive its removal.
  const add = patch.add.filter((record) => {
    const text = recordText(record);
    const known = table.find(record.format, record.issuer, record.kid);
    return gone.has(text) || !known.some((each) => recordText(each) === text);
  });
  return tableOf(rowsOf.get(table) ?? new Map(), { remove, add }, asOf);
}

/** Beside the tables, since nobody else needs to know how one is made. */
const rowsOf = new WeakMap<KeyTable, Rows>();

function tableOf(before: Rows, { remove, add }: TablePatch, asOf: number): KeyTable {
  const { rows, kidsFor } = copyOnWrite(before);
  for (const record of remove) {
    const kids = kidsFor(record);
    const named = kids.get(record.kid) ?? NONE;
    const text = recordText(record);
    const row = named.find((each) => each === record) ?? named.find((each) => recordText(each) === text);
    if (row === undefined) continue;
    const rest = named.filter((each) => each !== row);
    if (rest.length === 0) kids.delete(record.kid);
    else kids.set(record.kid, rest);
  }
  for (const record of add) {
    const kids = kidsFor(record);
    kids.set(record.kid, [...(kids.get(record.kid) ?? NONE), record]);
  }
  let records: readonly KeyRecord[] | null = null;
  const table: KeyTable = {
    /** Listed when first asked for: a country's lists make thousands of tables, and most are never listed. */
    get records() {
      records ??= listAll(rows);
      return records;
    },
    asOf,
    find: (format, issuer, kid) => {
      const shards = rows.get(format);
      if (shards === undefined) return NONE;
      const named = issuer === null ? undefined : shards[shardOf(issuer)]?.get(issuer)?.get(kid);
      const open = shards[shardOf(null)]?.get(null)?.get(kid);
      if (named === undefined || open === undefined) return named ?? open ?? NONE;
      return [...named, ...open];
    },
  };
  rowsOf.set(table, rows);
  return table;
}

function listAll(rows: Rows): readonly KeyRecord[] {
  const records: KeyRecord[] = [];
  for (const shards of rows.values()) {
    for (const issuers of shards) {
      for (const kids of issuers.values()) for (const named of kids.values()) records.push(...named);
    }
  }
  return records;
}

type Writable = Map<string, readonly KeyRecord[]>;

/** Rows that may be changed: what is asked for is copied when it is first asked for. */
function copyOnWrite(before: Rows): { rows: Rows; kidsFor: (record: KeyRecord) => Writable } {
  const rows = new Map<CodeFormat, Issuers[]>();
  for (const [format, shards] of before) rows.set(format, [...shards]);
  const copies = new Set<unknown>();
  const copied = <K, V>(map: ReadonlyMap<K, V> | undefined, put: (copy: Map<K, V>) => void): Map<K, V> => {
    if (map !== undefined && copies.has(map)) return map as Map<K, V>;
    const copy = new Map(map);
    copies.add(copy);
    put(copy);
    return copy;
  };
  const kidsFor = ({ format, issuer }: KeyRecord): Writable => {
    const shards = rows.get(format) ?? [...EMPTY];
    rows.set(format, shards);
    const number = shardOf(issuer);
    const issuers = copied(shards[number], (copy) => {
      shards[number] = copy;
    });
    return copied(issuers.get(issuer), (copy) => issuers.set(issuer, copy));
  };
  return { rows, kidsFor };
}
