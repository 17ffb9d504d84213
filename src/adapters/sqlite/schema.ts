// The tables. `npx drizzle-kit generate` compares this file with migrations/ and writes the next migration; triggers that
// keep the log append-only are in migrations of their own, since drizzle cannot express them. Nor can it say WITHOUT ROWID, which
// credentials and idempotency are. An issue appends: every b-tree that it touches costs a page of WAL, a random one its cache too.

import { sql } from 'drizzle-orm';
import {
  type AnySQLiteColumn,
  check,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core';
import type { Form } from '../../core/issue/form.js';
import { bytes } from './bytes-column.js';

const flag = (name: string) => integer(name, { mode: 'boolean' });

export const lists = sqliteTable(
  'lists',
  {
    number: integer('number').primaryKey(),
    kind: text('kind').notNull(),
    bits: integer('bits').$type<2 | 4>().notNull(),
    entries: integer('entries').notNull(),
    seed: bytes('seed').notNull(),
    next: integer('next').notNull(),
    burntFrom: integer('burnt_from'),
  },
  (list) => [
    check('lists_bits', sql`${list.bits} in (2, 4)`),
    check('lists_next', sql`${list.next} between 0 and ${list.entries}`),
  ],
);

/** Each time that a backup was restored: when, in seconds since 2026 began. */
export const eras = sqliteTable('eras', { era: integer('era').primaryKey() });

export const credentials = sqliteTable(
  'credentials',
  {
    id: text('id').primaryKey(),
    kind: text('kind').notNull(),
    region: text('region').notNull(),
    principal: text('principal').notNull(),
    operator: text('operator').notNull(),
    evidence: text('evidence').notNull(),
    issuedAt: integer('issued_at').notNull(),
    expiresAt: integer('expires_at'),
    revoked: flag('revoked').notNull(),
    suspended: flag('suspended').notNull(),
    level: integer('level').notNull(),
    demo: flag('demo').notNull(),
    batch: text('batch'),
    replaces: text('replaces').references((): AnySQLiteColumn => credentials.id),
  },
  /** Nothing has two successors. Costs an issue nothing: what replaces nothing is not in the index. */
  (credential) => [
    check('credentials_level', sql`${credential.level} between 0 and 15`),
    uniqueIndex('credentials_replaces')
      .on(credential.replaces)
      .where(sql`${credential.replaces} is not null`),
  ],
);

export const encodings = sqliteTable(
  'encodings',
  {
    /**
     * list * 2^32 + counter: a list gives each counter once, rows are appended, and a credential's come back in the order
     * in which they left. The index follows from the counter by a bijection and needs no unique index of its own.
     */
    release: integer('release').primaryKey(),
    credentialId: text('credential_id')
      .notNull()
      .references(() => credentials.id),
    form: text('form').$type<Form>().notNull(),
    list: integer('list')
      .notNull()
      .references(() => lists.number),
    index: integer('index').notNull(),
    code: text('code').notNull(),
    shortId: text('short_id'),
    kid: text('kid').notNull(),
    revoked: flag('revoked').notNull(),
    value: integer('value').notNull(),
    device: text('device'),
    endsAt: integer('ends_at'),
  },
  (encoding) => [
    index('encodings_credential').on(encoding.credentialId),
    /** Both hold rows of bound codes alone, so that an ordinary issue touches neither. */
    index('encodings_device').on(encoding.device).where(sql`${encoding.device} is not null`),
    index('encodings_ends')
      .on(encoding.endsAt)
      .where(sql`${encoding.endsAt} is not null and ${encoding.revoked} = 0`),
    index('encodings_status')
      .on(encoding.list, encoding.index, encoding.value)
      .where(sql`${encoding.value} <> 0`),
    /** Of paper alone, so that other forms cost nothing more. */
    uniqueIndex('encodings_short_id').on(encoding.shortId).where(sql`${encoding.shortId} is not null`),
    check('encodings_index', sql`${encoding.index} >= 0`),
    check('encodings_value', sql`${encoding.value} between 0 and 15`),
  ],
);

export const log = sqliteTable(
  'log',
  {
    seq: integer('seq').primaryKey(),
    at: integer('at').notNull(),
    actor: text('actor').notNull(),
    type: text('type').notNull(),
    body: text('body').notNull(),
    prev: text('prev').notNull(),
    hash: text('hash').notNull(),
  },
  /** Costs an issue nothing: entries about credentials are not in it. */
  (entry) => [
    index('log_api_keys')
      .on(entry.seq)
      .where(
        sql`${entry.type} in ('api_key_created', 'api_key_confirmed', 'api_key_rotated', 'api_key_revoked')`,
      ),
    index('log_sites')
      .on(entry.seq)
      .where(sql`${entry.type} in ('site_created', 'site_enrolled', 'site_revoked')`),
    index('log_overrides').on(entry.actor, entry.seq).where(sql`${entry.type} = 'site_override'`),
  ],
);

export const idempotency = sqliteTable(
  'idempotency',
  {
    principal: text('principal').notNull(),
    key: text('key').notNull(),
    requestHash: text('request_hash').notNull(),
    credentialId: text('credential_id')
      .notNull()
      .references(() => credentials.id),
    at: integer('at').notNull(),
  },
  (row) => [primaryKey({ columns: [row.principal, row.key] })],
);

export const apiKeys = sqliteTable(
  'api_keys',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    scopes: text('scopes', { mode: 'json' }).$type<readonly string[]>().notNull(),
    salt: text('salt').notNull(),
    hash: text('hash').notNull(),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at'),
    revokedAt: integer('revoked_at'),
    createdBy: text('created_by'),
    publicKey: text('public_key'),
    confirmedBy: text('confirmed_by'),
    confirmedAt: integer('confirmed_at'),
    region: text('region'),
    kinds: text('kinds', { mode: 'json' }).$type<readonly string[]>(),
    site: text('site'),
    oldSalt: text('old_salt'),
    oldHash: text('old_hash'),
    oldEndsAt: integer('old_ends_at'),
  },
  (key) => [uniqueIndex('api_keys_public_key').on(key.publicKey)],
);
