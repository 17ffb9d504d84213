// Every statement of the store, prepared once. Updates name their placeholders as the port names its members.

import {
  and,
  asc,
  between,
  desc,
  eq,
  getTableColumns,
  gt,
  isNull,
  lt,
  lte,
  ne,
  or,
  type SQL,
  sql,
} from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { ReleasedEncoding } from '../../core/issue/store.js';
import { STATUS_REVOKED } from '../../core/status/published-value.js';
import { all, bound, boundTo, excluded, filledNow, preparePut, same } from './bound-row.js';
import type { OpenDatabase } from './database.js';
import { prepareInsert } from './insert-row.js';
import { prepareRun } from './prepare-run.js';
import { apiKeys, credentials, encodings, idempotency, lists, log } from './schema.js';

const { release, ...encodingColumns } = getTableColumns(encodings);

/** Releases of list n lie from n * RELEASES on. Rows from before counters were kept lie below all of them, in their order. */
const RELEASES = 2 ** 32;

/** Lists that began after a restoration have numbers whose releases are past what a double holds exactly: SQLite takes them as they are. */
function releaseOf({ list, counter }: Pick<ReleasedEncoding, 'list' | 'counter'>): number {
  const exact = BigInt(list) * BigInt(RELEASES) + BigInt(counter);
  return exact <= Number.MAX_SAFE_INTEGER ? Number(exact) : (exact as unknown as number);
}

/** Of a known list only the counter changes, and it grows, and once what is given up; anything else changes no row. */
function prepareListWrite(db: BetterSQLite3Database) {
  const unchanged = same(lists.kind, lists.bits, lists.entries, lists.seed);
  return db
    .insert(lists)
    .values(bound(lists))
    .onConflictDoUpdate({
      target: lists.number,
      set: { next: excluded(lists.next), burntFrom: excluded(lists.burntFrom) },
      setWhere: all([lt(lists.next, excluded(lists.next)), isNull(lists.burntFrom), ...unchanged]),
    })
    .prepare();
}

/** Of a known key that lives only confirmation and revocation change, each once, or the secret, which becomes the old one. */
function prepareApiKeyWrite(db: BetterSQLite3Database) {
  const { revokedAt, confirmedBy, confirmedAt, salt, hash, expiresAt, oldSalt, oldHash, oldEndsAt } = apiKeys;
  const isConfirmation = same(confirmedBy, confirmedAt);
  const confirmed = sql`(${isNull(confirmedBy)} or ${all(isConfirmation)})`;
  const kept = all(same(salt, hash, expiresAt, oldSalt, oldHash, oldEndsAt));
  const rotated = all([
    sql`${excluded(hash)} <> ${hash} and ${excluded(oldHash)} is ${hash} and ${excluded(oldSalt)} is ${salt}`,
    sql`${excluded(oldEndsAt)} is not null and ${excluded(revokedAt)} is null`,
    ...isConfirmation,
  ]);
  const goesOn = sql`(${kept} and (${filledNow(revokedAt)} or ${filledNow(confirmedBy)}))`;
  return preparePut(
    db,
    apiKeys,
    apiKeys.id,
    [
      'revokedAt',
      'confirmedBy',
      'confirmedAt',
      'salt',
      'hash',
      'expiresAt',
      'oldSalt',
      'oldHash',
      'oldEndsAt',
    ],
    all([isNull(revokedAt), confirmed, sql`(${goesOn} or (${rotated}))`]),
  );
}

/** Both updates leave a row alone that is revoked, or publishes 1, and would come back. */
function prepareStateWrites(database: OpenDatabase) {
  return prepareStates(
    database,
    lte(credentials.revoked, boundTo(credentials.revoked, 'revoked')),
    and(
      lte(encodings.revoked, boundTo(encodings.revoked, 'revoked')),
      or(ne(encodings.value, STATUS_REVOKED), eq(encodings.value, sql.placeholder('value'))),
    ),
  );
}

/** A credential's state and an encoding's value, written where these conditions hold; without any, whatever was there. */
export function prepareStates({ client, db }: OpenDatabase, whileCredential?: SQL, whileEncoding?: SQL) {
  const setState = db
    .update(credentials)
    .set({
      revoked: boundTo(credentials.revoked, 'revoked'),
      suspended: boundTo(credentials.suspended, 'suspended'),
      level: boundTo(credentials.level, 'level'),
    })
    .where(and(eq(credentials.id, sql.placeholder('credentialId')), whileCredential));
  const setValue = db
    .update(encodings)
    .set({
      revoked: boundTo(encodings.revoked, 'revoked'),
      value: boundTo(encodings.value, 'value'),
      endsAt: boundTo(encodings.endsAt, 'endsAt'),
    })
    .where(
      and(
        eq(encodings.list, sql.placeholder('list')),
        eq(encodings.index, sql.placeholder('index')),
        eq(encodings.credentialId, sql.placeholder('credentialId')),
        whileEncoding,
      ),
    );
  return { setState: prepareRun(client, setState), setValue: prepareRun(client, setValue) };
}

export function prepareWrites({ client, db }: OpenDatabase) {
  const addEncoding = prepareInsert(client, encodings);
  return {
    /** What a log row must hold as `prev`, by the number before its own; read in the same transaction. */
    hashOf: client.prepare<[number], string>('select hash from log where seq = ?').pluck(),
    addLog: prepareInsert(client, log),
    addCredential: prepareInsert(client, credentials),
    addEncoding: (row: ReleasedEncoding) => addEncoding({ ...row, release: releaseOf(row) }),
    addIdempotency: prepareInsert(client, idempotency),
    putList: prepareListWrite(db),
    addEra: client.prepare<[number, number]>(
      'insert into eras (era) select ? where (select coalesce(max(era), 0) from eras) < ?',
    ),
    putApiKey: prepareApiKeyWrite(db),
    ...prepareStateWrites({ client, db }),
  };
}

/** Of a list's encodings; -1 for none. One look at the end of its releases. */
const newestCounter = sql`coalesce((select max(${release}) from ${encodings}
  where ${release} between ${lists.number} * ${sql.raw(String(RELEASES))} and (${lists.number} + 1) * ${sql.raw(String(RELEASES))} - 1)
  - ${lists.number} * ${sql.raw(String(RELEASES))}, -1)`;

export function prepareReads({ client, db }: OpenDatabase) {
  const value = { index: encodings.index, value: encodings.value };
  return {
    /** For `get`, which stops at the first row. No `limit`: SQLite compiles a statement anew whenever a bound limit is. */
    head: db.select().from(log).orderBy(desc(log.seq)).prepare(),
    log: db
      .select()
      .from(log)
      .where(gt(log.seq, sql.placeholder('after')))
      .orderBy(asc(log.seq))
      .limit(sql.placeholder('limit'))
      .prepare(),
    credential: db
      .select()
      .from(credentials)
      .where(eq(credentials.id, sql.placeholder('id')))
      .prepare(),
    successor: db
      .select()
      .from(credentials)
      .where(eq(credentials.replaces, sql.placeholder('id')))
      .prepare(),
    kindOf: client.prepare<[string], { kind: string; demo: number }>(
      'select kind, demo from credentials where id = ?',
    ),
    credentials: db
      .select()
      .from(credentials)
      .where(gt(credentials.id, sql.placeholder('after')))
      .orderBy(asc(credentials.id))
      .limit(sql.placeholder('limit'))
      .prepare(),
    /** Of the credentials from `first` to `last`, in the order of their release. */
    encodings: db
      .select(encodingColumns)
      .from(encodings)
      .where(between(encodings.credentialId, sql.placeholder('first'), sql.placeholder('last')))
      .orderBy(asc(encodings.credentialId), asc(release))
      .prepare(),
    byShortId: db
      .select(encodingColumns)
      .from(encodings)
      .where(eq(encodings.shortId, sql.placeholder('shortId')))
      .prepare(),
    /** `is not null` and `= 0` are written out, as the partial indices have them. */
    credentialsOf: db
      .selectDistinct(getTableColumns(credentials))
      .from(encodings)
      .innerJoin(credentials, eq(credentials.id, encodings.credentialId))
      .where(
        and(
          eq(encodings.device, sql.placeholder('device')),
          sql`${encodings.device} is not null`,
          or(isNull(credentials.expiresAt), gt(credentials.expiresAt, sql.placeholder('since'))),
        ),
      )
      .orderBy(desc(credentials.issuedAt), desc(credentials.id))
      .limit(sql.placeholder('limit'))
      .prepare(),
    overdue: db
      .selectDistinct({ id: encodings.credentialId })
      .from(encodings)
      .where(
        and(
          lte(encodings.endsAt, sql.placeholder('now')),
          sql`${encodings.endsAt} is not null and ${encodings.revoked} = 0`,
        ),
      )
      .limit(sql.placeholder('limit'))
      .prepare(),
    idempotency: db
      .select()
      .from(idempotency)
      .where(
        and(
          eq(idempotency.principal, sql.placeholder('principal')),
          eq(idempotency.key, sql.placeholder('key')),
        ),
      )
      .prepare(),
    lists: db
      .select({ ...getTableColumns(lists), next: sql<number>`max(${lists.next}, ${newestCounter} + 1)` })
      .from(lists)
      .orderBy(asc(lists.number))
      .prepare(),
    era: client.prepare<[], number>('select coalesce(max(era), 0) from eras').pluck(),
    /** `<> 0` is written out: SQLite uses the partial index only for a constant that it can see. */
    values: db
      .select(value)
      .from(encodings)
      .where(
        and(
          eq(encodings.list, sql.placeholder('list')),
          gt(encodings.index, sql.placeholder('after')),
          sql`${encodings.value} <> 0`,
        ),
      )
      .orderBy(asc(encodings.index))
      .limit(sql.placeholder('limit'))
      .prepare(),
    apiKeys: db.select().from(apiKeys).orderBy(asc(apiKeys.id)).prepare(),
    /** The types are written out, as the partial index has them. */
    apiKeyLog: db
      .select()
      .from(log)
      .where(
        sql`${log.type} in ('api_key_created', 'api_key_confirmed', 'api_key_rotated', 'api_key_revoked')`,
      )
      .orderBy(asc(log.seq))
      .prepare(),
    siteLog: db
      .select()
      .from(log)
      .where(sql`${log.type} in ('site_created', 'site_enrolled', 'site_revoked')`)
      .orderBy(asc(log.seq))
      .prepare(),
    lastOverride: db
      .select()
      .from(log)
      .where(sql`${log.type} = 'site_override' and ${log.actor} = ${sql.placeholder('actor')}`)
      .orderBy(desc(log.seq))
      .limit(1)
      .prepare(),
  };
}
