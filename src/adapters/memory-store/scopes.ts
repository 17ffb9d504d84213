// Scopes in memory: the same windows as in SQLite, judged by the predicate itself.

import { scopeCovers } from '../../core/issue/revocation-scope.js';
import type { RevocationScope, ScopeCount, Window } from '../../core/issue/scope.js';
import {
  checkPageLimit,
  checkWindow,
  type ScopeReads,
  type StoredCredential,
} from '../../core/issue/store.js';

/**
 * @param all every credential in id order
 * @param read runs a read while the store is open
 */
export function scopeReads(
  all: () => readonly StoredCredential[],
  read: <T>(answer: () => T) => T,
): ScopeReads {
  return {
    countScope: async (scope, window) =>
      read(() => {
        const { covered, next } = look(all(), scope, checkWindow(window));
        return { counts: countEach(covered), next };
      }),
    pageScope: async (scope, window, limit) =>
      read(() => {
        checkPageLimit(limit);
        const { covered, next } = look(all(), scope, checkWindow(window));
        const credentials = covered.slice(0, limit);
        const last = credentials.length === limit ? credentials.at(-1)?.credential.id : undefined;
        return { credentials, next: last ?? next };
      }),
  };
}

function look(
  all: readonly StoredCredential[],
  scope: RevocationScope,
  { after, rows }: Window,
): { covered: readonly StoredCredential[]; next: string | null } {
  const candidates = scope.credentials ?? all.map(({ credential }) => credential.id);
  const rest = candidates.filter((id) => id > after);
  const through = rest[rows - 1] ?? null;
  const covered = all.filter((each) => {
    const { id } = each.credential;
    return id > after && (through === null || id <= through) && scopeCovers(scope, each);
  });
  return { covered, next: through };
}

function countEach(covered: readonly StoredCredential[]): ScopeCount[] {
  const counts = new Map<string, ScopeCount>();
  for (const { credential } of covered) {
    const { kind, region, revoked } = credential;
    const key = JSON.stringify([kind, region, revoked]);
    counts.set(key, { kind, region, revoked, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()];
}
