// Requests that wait for a second person, and how much each office has issued. What would be signed stands there until it is decided.

import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { proposals } from './decision-schema.js';
import { credentials } from './schema.js';

export const heldIssues = sqliteTable(
  'held_issues',
  {
    id: text('id').primaryKey(),
    proposalId: text('proposal_id')
      .notNull()
      .references(() => proposals.id),
    principal: text('principal').notNull(),
    kind: text('kind').notNull(),
    region: text('region').notNull(),
    operator: text('operator').notNull(),
    evidence: text('evidence').notNull(),
    key: text('key'),
    requestHash: text('request_hash').notNull(),
    content: text('content'),
    heldAt: integer('held_at').notNull(),
    credentialId: text('credential_id').references(() => credentials.id),
  },
  (held) => [
    uniqueIndex('held_issues_key').on(held.principal, held.key).where(sql`${held.key} is not null`),
    index('held_issues_stale').on(held.heldAt).where(sql`${held.content} is not null`),
  ],
);

export const issueCounts = sqliteTable(
  'issue_counts',
  {
    principal: text('principal').notNull(),
    kind: text('kind').notNull(),
    day: text('day').notNull(),
    count: integer('count').notNull(),
  },
  (row) => [
    primaryKey({ columns: [row.principal, row.kind] }),
    check('issue_counts_count', sql`${row.count} >= 1`),
  ],
);
