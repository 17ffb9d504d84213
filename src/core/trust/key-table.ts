// The flat table that verification looks keys up in. Everything is worked out when it is built; a look-up is two map reads.

import { hexEncode } from '../codec/bytes.js';
import type { PublicKey } from '../signature/public-key.js';
import type { CodeFormat, KeyRecord, KeyTable, Tombstone } from './key-record.js';

const NONE: readonly KeyRecord[] = [];

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

/**
 * A key that its authority revoked is revoked under its other kids and uses too. What one authority revokes changes nothing of
 * another's, or a list could kill keys it does not own.
 * ECDSA keys count by x alone, since whoever holds d holds the key with the other y too.
 */
function withTombstones(
  records: readonly KeyRecord[],
  tombstones: readonly Tombstone[],
): readonly KeyRecord[] {
  const named = new Set(tombstones.map(({ format, issuer, kid }) => slot(format, issuer, kid)));
  const isNamed = ({ format, issuer, kid, state }: KeyRecord): boolean =>
    state === 'revoked' || named.has(slot(format, issuer, kid));
  const dead = new Set(records.filter(isNamed).map(holding));
  if (dead.size === 0) return records;
  return records.map((record) => (dead.has(holding(record)) ? { ...record, state: 'revoked' } : record));
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
  const all = withTombstones(records, tombstones);
  const slots = new Map<string, KeyRecord[]>();
  let anyIssuer = false;
  for (const record of all) {
    anyIssuer ||= record.issuer === null;
    const name = slot(record.format, record.issuer, record.kid);
    const rows = slots.get(name);
    if (rows === undefined) slots.set(name, [record]);
    else rows.push(record);
  }
  return {
    records: all,
    asOf,
    find: (format, issuer, kid) => {
      const named = issuer === null ? undefined : slots.get(slot(format, issuer, kid));
      const open = anyIssuer ? slots.get(slot(format, null, kid)) : undefined;
      if (named === undefined || open === undefined) return named ?? open ?? NONE;
      return [...named, ...open];
    },
  };
}
