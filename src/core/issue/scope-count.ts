// How many credentials a scope covers: counted a window a turn, so that nobody waits for the whole. This is what people decide on.

import type { RevocationScope } from './scope.js';
import type { Store } from './store.js';

/** Looked at in one turn: a few milliseconds. */
export const WINDOW_ROWS = 2_000;
/** A county and a kind each; the nation has some 3,000 counties. */
const MOST_GROUPS = 1_000;

export interface ScopeGroup {
  readonly kind: string;
  readonly region: string;
  readonly count: number;
}

export interface ScopeTotal {
  /** Credentials that would be revoked. */
  readonly count: number;
  /** Those that are already. */
  readonly revoked: number;
  /** `count` by kind and region, largest first, at most 1,000. */
  readonly groups: readonly ScopeGroup[];
}

export interface CountDeps {
  readonly store: Pick<Store, 'countScope'>;
  /** Resolves after a whole turn of the event loop; called after every window. */
  readonly nextTurn: () => Promise<void>;
}

/**
 * Memory grows with the kinds and regions that there are, never with the credentials.
 * @param from only what has a later id
 */
export async function countScope(
  { store, nextTurn }: CountDeps,
  scope: RevocationScope,
  from = '',
): Promise<ScopeTotal> {
  const groups = new Map<string, ScopeGroup>();
  let revoked = 0;
  for (let after: string | null = from; after !== null; ) {
    const window = await store.countScope(scope, { after, rows: WINDOW_ROWS });
    for (const { revoked: isRevoked, ...group } of window.counts) {
      if (isRevoked) revoked += group.count;
      else add(groups, group);
    }
    after = window.next;
    await nextTurn();
  }
  const largest = [...groups.values()].sort(bySize);
  const count = largest.reduce((sum, group) => sum + group.count, 0);
  return { count, revoked, groups: largest.slice(0, MOST_GROUPS) };
}

function add(groups: Map<string, ScopeGroup>, { kind, region, count }: ScopeGroup): void {
  const key = `${kind} ${region}`;
  groups.set(key, { kind, region, count: count + (groups.get(key)?.count ?? 0) });
}

function bySize(a: ScopeGroup, b: ScopeGroup): number {
  return b.count - a.count || (a.kind + a.region < b.kind + b.region ? -1 : 1);
}
