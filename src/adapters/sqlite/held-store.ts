// Held requests and counts of issues on SQLite: the part of the store port that core/issue/held-rows.ts declares.

import { and, asc, eq, lte, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { HELD_CHANGING, type HeldReads, type HeldWrites } from '../../core/issue/held-rows.js';
import { checkPageLimit } from '../../core/issue/store.js';
import { all, excluded, preparePut } from './bound-row.js';
import { heldIssues, issueCounts } from './held-schema.js';
import { requireOneRow, translateErrors } from './store-errors.js';

/** A content goes once; a day or its count grows. */
export function createHeldWrites(db: BetterSQLite3Database): (change: HeldWrites) => void {
  const { content, credentialId } = heldIssues;
  const { principal, kind, day, count } = issueCounts;
  const putHeld = preparePut(
    db,
    heldIssues,
    heldIssues.id,
    HELD_CHANGING,
    all([sql`${content} is not null and ${excluded(content)} is null and ${credentialId} is null`]),
  );
  const putCount = preparePut(
    db,
    issueCounts,
    [principal, kind],
    ['day', 'count'],
    sql`(${day} < ${excluded(day)} or (${day} = ${excluded(day)} and ${count} < ${excluded(count)}))`,
  );
  return (change) => {
    for (const row of change.heldIssues ?? []) requireOneRow(putHeld.run({ ...row }));
    for (const row of change.issueCounts ?? []) requireOneRow(putCount.run({ ...row }));
  };
}

export function heldReads(db: BetterSQLite3Database): HeldReads {
  const { id, principal, key, heldAt, content } = heldIssues;
  const one = db
    .select()
    .from(heldIssues)
    .where(eq(id, sql.placeholder('id')))
    .prepare();
  /** `is not null` is written out, as the partial indices have it. */
  const byKey = db
    .select()
    .from(heldIssues)
    .where(
      and(
        eq(principal, sql.placeholder('principal')),
        eq(key, sql.placeholder('key')),
        sql`${key} is not null`,
      ),
    )
    .prepare();
  const stale = db
    .select()
    .from(heldIssues)
    .where(and(lte(heldAt, sql.placeholder('before')), sql`${content} is not null`))
    .orderBy(asc(heldAt))
    .limit(sql.placeholder('limit'))
    .prepare();
  const counts = db.select().from(issueCounts).prepare();
  return {
    findHeldIssue: async (asked) => translateErrors(() => one.get({ id: asked })),
    findHeldIssueByKey: async (office, named) =>
      translateErrors(() => byKey.get({ principal: office, key: named })),
    staleHeldIssues: async (before, limit) =>
      translateErrors(() => stale.all({ before, limit: checkPageLimit(limit) })),
    issueCounts: async () => translateErrors(() => counts.all()),
  };
}
