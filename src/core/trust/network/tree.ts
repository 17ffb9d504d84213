// The authorities from the hub down, each with its list resolved under its grant. Resolving again costs what has changed: an authority
// whose grant and list are the ones from before keeps its records and the grants that it gave.

import type { ListDocument } from '../documents/list.js';
import type { RootDocument } from '../documents/root.js';
import type { SignerCount } from '../documents/signer-count.js';
import type { KeyRecord, TablePatch } from '../key-record.js';
import { recordText } from '../key-table.js';
import { type Grant, sameGrant } from './grant.js';
import { type Dropped, type ResolvedList, resolveList, STANDING } from './resolve-list.js';

export interface HeldList {
  readonly list: ListDocument;
  readonly signers: SignerCount;
}

/** none: no list was accepted. unsigned: too few of the keys that its parent now lists have signed it. */
export type Standing = 'counts' | 'none' | 'unsigned';

export interface Authority {
  readonly grant: Grant;
  readonly standing: Standing;
  readonly list: ListDocument | null;
  readonly records: readonly KeyRecord[];
  readonly dropped: readonly Dropped[];
}

interface Resolved extends Authority, ResolvedList {
  /** What its list drops by itself. */
  readonly exceeding: readonly Dropped[];
  /** Authorities that it lists, and another had listed before. */
  readonly taken: readonly string[];
  readonly held: HeldList | undefined;
  readonly tombstones: number;
}

export interface Tree {
  readonly authorities: () => ReadonlyMap<string, Authority>;
  readonly records: () => Iterable<KeyRecord>;
  /** Who has this key listed for whom, in lists that count. */
  readonly holders: (thumbprint: string) => readonly Holder[];
  /** Yields after each list that had to be resolved. Until it returns, everything answers as before. */
  readonly resolve: (
    root: RootDocument | null,
    held: ReadonlyMap<string, HeldList>,
    dead: ReadonlyMap<string, ReadonlySet<string>>,
  ) => Generator<void, TablePatch>;
}

export interface Holder {
  readonly authority: string;
  readonly sub: string | null;
}

const NOTHING: ResolvedList = { records: [], children: [], dropped: [] };
const NO_KEYS: ReadonlySet<string> = new Set();

export function createTree(): Tree {
  let authorities: ReadonlyMap<string, Resolved> = new Map();
  const holders = createHolders();

  /** The grant from before where it says the same: what hangs on it stays as it is. */
  const unchanged = (grant: Grant): Grant => {
    const before = authorities.get(grant.name)?.grant;
    return before !== undefined && sameGrant(before, grant) ? before : grant;
  };

  const resolveOne = (grant: Grant, held: HeldList | undefined, dead: ReadonlySet<string>): Resolved => {
    const before = authorities.get(grant.name);
    const isSame = before?.grant === grant && before.held === held && before.tombstones === dead.size;
    if (isSame) return before;
    const counts = held !== undefined && held.signers.among(grant.keys) >= grant.threshold;
    const { records, children, dropped } = counts ? resolveList(held.list, grant, dead) : NOTHING;
    return {
      grant,
      standing: counts ? 'counts' : held === undefined ? 'none' : 'unsigned',
      list: held?.list ?? null,
      held,
      tombstones: dead.size,
      records: keepSame(before?.records ?? [], records),
      children: children.map(unchanged),
      exceeding: dropped,
      taken: [],
      dropped,
    };
  };

  return {
    authorities: () => authorities,
    records: function* records() {
      for (const { records } of authorities.values()) yield* records;
    },
    holders: holders.of,
    resolve: function* resolve(root, held, dead) {
      const next = new Map<string, Resolved>();
      const grants: Grant[] = root === null ? [] : [unchanged(hubGrant(root))];
      const claimed = new Set(grants.map(({ name }) => name));
      for (const grant of grants) {
        const resolved = resolveOne(grant, held.get(grant.name), dead.get(grant.name) ?? NO_KEYS);
        const taken: string[] = [];
        for (const child of resolved.children) {
          if (claimed.has(child.name)) taken.push(child.name);
          else grants.push(child);
          claimed.add(child.name);
        }
        const told = withTaken(resolved, taken);
        const isNew = told !== authorities.get(grant.name);
        next.set(grant.name, told);
        if (isNew) yield;
      }
      const patch = difference(authorities, next);
      holders.update(authorities, next);
      authorities = next;
      return patch;
    },
  };
}

/** The same object when nothing has become different. */
function withTaken(resolved: Resolved, taken: readonly string[]): Resolved {
  if (taken.join() === resolved.taken.join()) return resolved;
  const names = new Set<string | null>(taken);
  const entries = resolved.list?.entries ?? [];
  const more = [...entries.entries()].flatMap(([entry, { sub, use, state }]): readonly Dropped[] =>
    use === 'list' && STANDING.has(state) && names.has(sub)
      ? [{ entry, sub, reason: 'authority_taken' }]
      : [],
  );
  const isTold = new Set(resolved.exceeding.map(({ entry }) => entry));
  const dropped = [...resolved.exceeding, ...more.filter(({ entry }) => !isTold.has(entry))];
  return { ...resolved, taken, dropped };
}

function hubGrant({ hub, expiresAt }: RootDocument): Grant {
  return {
    name: hub.name,
    path: [],
    scope: { region: '', kinds: null },
    depth: hub.depth,
    notBefore: null,
    notAfter: null,
    statusBase: '',
    keys: hub.keys,
    threshold: hub.threshold,
    isOpen: true,
    trustedUntil: expiresAt,
    dead: null,
  };
}

/** New records, with the objects from before in the places of equal ones. What a list says twice is one record, as in a patch. */
function keepSame(before: readonly KeyRecord[], after: readonly KeyRecord[]): readonly KeyRecord[] {
  const known = new Map(before.map((record) => [recordText(record), record]));
  const kept = new Map<string, KeyRecord>();
  for (const record of after) {
    const text = recordText(record);
    kept.set(text, known.get(text) ?? record);
  }
  return [...kept.values()];
}

function difference(before: ReadonlyMap<string, Resolved>, after: ReadonlyMap<string, Resolved>): TablePatch {
  const remove: KeyRecord[] = [];
  const add: KeyRecord[] = [];
  for (const [name, { records }] of before) {
    const now = after.get(name)?.records;
    if (now === records) continue;
    const kept = new Set(now);
    remove.push(...records.filter((record) => !kept.has(record)));
  }
  for (const [name, { records }] of after) {
    const known = before.get(name)?.records;
    if (known === records) continue;
    const had = new Set(known);
    add.push(...records.filter((record) => !had.has(record)));
  }
  return { remove, add };
}

interface Holders {
  readonly of: (thumbprint: string) => readonly Holder[];
  readonly update: (before: ReadonlyMap<string, Resolved>, after: ReadonlyMap<string, Resolved>) => void;
}

function createHolders(): Holders {
  const byThumbprint = new Map<string, Holder[]>();
  const heldBy = function* ({ standing, list, grant }: Resolved): Generator<readonly [string, Holder]> {
    if (standing !== 'counts' || list === null) return;
    for (const { sub, keys } of list.entries) {
      for (const { thumbprint } of keys) yield [thumbprint, { authority: grant.name, sub }];
    }
  };
  return {
    of: (thumbprint) => byThumbprint.get(thumbprint) ?? [],
    update: (before, after) => {
      for (const [name, was] of before) {
        if (after.get(name) === was) continue;
        for (const [thumbprint] of heldBy(was)) {
          const rest = (byThumbprint.get(thumbprint) ?? []).filter(({ authority }) => authority !== name);
          if (rest.length === 0) byThumbprint.delete(thumbprint);
          else byThumbprint.set(thumbprint, rest);
        }
      }
      for (const [name, is] of after) {
        if (before.get(name) === is) continue;
        for (const [thumbprint, holder] of heldBy(is)) {
          byThumbprint.set(thumbprint, [...(byThumbprint.get(thumbprint) ?? []), holder]);
        }
      }
    },
  };
}
