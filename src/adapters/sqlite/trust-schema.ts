// The tables of the trust network (core/issue/trust-rows.ts). Their triggers, which keep versions, tombstones and the tree growing, are
// in a migration written by hand.

import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { TrustDocumentRow, TrustLogMarkRow } from '../../core/issue/trust-rows.js';
import { bytes } from './bytes-column.js';

export const trustDocuments = sqliteTable(
  'trust_documents',
  {
    /** In the order of acceptance. */
    place: integer('place').primaryKey(),
    type: text('type').$type<TrustDocumentRow['type']>().notNull(),
    authority: text('authority').notNull(),
    version: integer('version').notNull(),
    hash: text('hash').notNull(),
    text: text('text'),
    leftOut: integer('left_out').notNull().default(0),
    acceptedAt: integer('accepted_at').notNull(),
  },
  (row) => [
    index('trust_documents_version').on(row.type, row.authority, row.version),
    index('trust_documents_kept').on(row.place).where(sql`${row.text} is not null`),
    check('trust_documents_type', sql`${row.type} in ('root', 'list')`),
    check('trust_documents_number', sql`${row.version} >= 1`),
  ],
);

export const trustTombstones = sqliteTable(
  'trust_tombstones',
  {
    authority: text('authority').notNull(),
    thumbprint: text('thumbprint').notNull(),
    at: integer('at').notNull(),
  },
  (row) => [primaryKey({ columns: [row.authority, row.thumbprint] })],
);

export const trustNodes = sqliteTable(
  'trust_nodes',
  {
    level: integer('level').notNull(),
    index: integer('index').notNull(),
    hash: bytes('hash').notNull(),
  },
  (row) => [primaryKey({ columns: [row.level, row.index] })],
);

export const trustLeaves = sqliteTable(
  'trust_leaves',
  {
    index: integer('index').primaryKey(),
    text: text('text').notNull(),
  },
  (row) => [index('trust_leaves_text').on(row.text)],
);

export const trustLogMarks = sqliteTable(
  'trust_log_marks',
  {
    role: text('role').$type<TrustLogMarkRow['role']>().notNull(),
    origin: text('origin').notNull(),
    size: integer('size').notNull(),
    root: text('root').notNull(),
    note: text('note').notNull(),
    at: integer('at').notNull(),
  },
  (row) => [
    primaryKey({ columns: [row.role, row.origin] }),
    check('trust_log_marks_role', sql`${row.role} in ('own', 'seen', 'witness')`),
  ],
);
