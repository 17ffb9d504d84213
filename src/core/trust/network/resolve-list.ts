// One authority's list under its grant: records for the table, grants for the authorities below, and what was dropped and why.

import type { ListDocument, ListEntry } from '../documents/list.js';
import type { KeyRecord, KeyState } from '../key-record.js';
import { type Dead, type Grant, isDead } from './grant.js';
import { type ListedBases, listedBases } from './listed-bases.js';
import { type DropReason, type Narrowed, narrow } from './narrowing.js';

export interface Dropped {
  /** Place of the entry in the list, from 0. */
  readonly entry: number;
  readonly sub: string | null;
  readonly reason: DropReason;
}

export interface ResolvedList {
  readonly records: readonly KeyRecord[];
  readonly children: readonly Grant[];
  readonly dropped: readonly Dropped[];
}

/** The states of an authority's list keys in which its list still counts. */
export const STANDING: ReadonlySet<KeyState> = new Set(['active', 'retired']);

/** @param tombstones of this authority, as far back as they are known, besides those that the list holds itself */
export function resolveList(list: ListDocument, grant: Grant, tombstones: Iterable<string>): ResolvedList {
  const dead: Dead = { own: deadKeys(list, tombstones), above: grant.dead };
  const trustedUntil = Math.min(grant.trustedUntil, list.expiresAt);
  const bases = listedBases(list);
  const named = new Set<string>();
  const records: KeyRecord[] = [];
  const children: Grant[] = [];
  const dropped: Dropped[] = [];
  for (const [place, entry] of list.entries.entries()) {
    const narrowed = narrow(entry, grant);
    if (typeof narrowed === 'string') {
      dropped.push({ entry: place, sub: entry.sub, reason: narrowed });
      continue;
    }
    const collision = betweenEntries(entry, bases, named);
    if (collision !== null) {
      dropped.push({ entry: place, sub: entry.sub, reason: collision });
      continue;
    }
    for (const { key, thumbprint, kid } of entry.keys) {
      const state = isDead(dead, thumbprint) ? 'revoked' : entry.state;
      const { sub: issuer, format, use, statusBase } = entry;
      records.push({
        format,
        issuer,
        kid,
        key,
        use,
        ...narrowed,
        state,
        statusBase,
        trustedUntil,
        listedBy: grant.name,
      });
    }
    const child = childOf(entry, narrowed, grant, trustedUntil, dead);
    if (child !== null) children.push(child);
  }
  return { records, children, dropped };
}

function deadKeys({ entries, revoked }: ListDocument, tombstones: Iterable<string>): ReadonlySet<string> {
  const dead = new Set(tombstones);
  for (const { thumbprint } of revoked) dead.add(thumbprint);
  for (const { state, keys } of entries) {
    if (state === 'revoked') for (const { thumbprint } of keys) dead.add(thumbprint);
  }
  return dead;
}

function childOf(
  { sub, use, state, keys, threshold, depth, statusBase }: ListEntry,
  narrowed: Narrowed,
  grant: Grant,
  trustedUntil: number,
  dead: Dead,
): Grant | null {
  if (use !== 'list' || sub === null || !STANDING.has(state)) return null;
  return {
    name: sub,
    path: [...grant.path, grant.name],
    ...narrowed,
    depth: depth ?? 0,
    statusBase,
    keys: keys.filter(({ thumbprint }) => !isDead(dead, thumbprint)),
    threshold: threshold ?? keys.length,
    isOpen: state === 'active',
    trustedUntil,
    dead,
  };
}

function betweenEntries(entry: ListEntry, bases: ListedBases, named: Set<string>): DropReason | null {
  const { sub, use, state } = entry;
  if (use === 'list' && sub !== null && STANDING.has(state)) {
    if (named.has(sub)) return 'entry_twice';
    named.add(sub);
  }
  return bases.mayStand(entry) ? null : 'status_base_overlaps';
}
