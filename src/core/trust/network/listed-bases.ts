// Who the status bases of one list belong to: a prefix to the child that it is given to first, a base to the issuer that names it first.
// Bases end in a slash and have few parts, so that each question costs a few reads of maps, however many others the list names.

import type { ListDocument, ListEntry } from '../documents/list.js';

export interface ListedBases {
  /** Of one entry after the other, in the order of the list: whether nobody else of the list has its base. */
  readonly mayStand: (entry: Pick<ListEntry, 'sub' | 'use' | 'statusBase'>) => boolean;
}

type Holder = string | null;

export function listedBases({ entries }: Pick<ListDocument, 'entries'>): ListedBases {
  const prefixes = new Map<string, Holder>();
  /** Who has a prefix here or anywhere below. */
  const below = new Map<string, Set<Holder>>();
  const owners = new Map<string, Holder>();

  const isUnderOther = (base: string, sub: Holder): boolean =>
    partsOf(base).some((part) => prefixes.has(part) && prefixes.get(part) !== sub);
  const isAboveOther = (base: string, sub: Holder): boolean => {
    const holders = below.get(base);
    return holders !== undefined && (holders.size > 1 || !holders.has(sub));
  };

  for (const { use, sub, statusBase } of entries) {
    if (use !== 'list' || statusBase === null) continue;
    if (isUnderOther(statusBase, sub) || isAboveOther(statusBase, sub)) continue;
    prefixes.set(statusBase, sub);
    for (const part of partsOf(statusBase)) {
      const holders = below.get(part) ?? new Set();
      below.set(part, holders.add(sub));
    }
  }

  return {
    mayStand: ({ sub, use, statusBase }) => {
      if (statusBase === null) return true;
      if (isUnderOther(statusBase, sub)) return false;
      if (use === 'list') return !isAboveOther(statusBase, sub);
      if (owners.has(statusBase) && owners.get(statusBase) !== sub) return false;
      owners.set(statusBase, sub);
      return true;
    },
  };
}

/** Every beginning of it that ends in a slash, itself included. */
function partsOf(base: string): readonly string[] {
  const parts: string[] = [];
  for (let at = base.indexOf('/'); at >= 0; at = base.indexOf('/', at + 1)) parts.push(base.slice(0, at + 1));
  return parts;
}
