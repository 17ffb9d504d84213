// Scopes on SQLite. Every member of a scope stands in every statement, null for what was not asked, so that no text is put
// together from what strangers write.

import { and, asc, count, getTableColumns, gt, inArray, lte, type SQL, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import type { RevocationScope, ScopeCount, Window } from '../../core/issue/scope.js';
import {
  checkPageLimit,
  checkWindow,
  type EncodingRow,
  type ScopeReads,
  type StoredCredential,
} from '../../core/issue/store.js';
import { credentials, encodings } from './schema.js';
import { translateErrors } from './store-errors.js';

const { placeholder } = sql;
const { release, ...encodingColumns } = getTableColumns(encodings);

/** What was asked of a column, or nothing. */
function asked(name: string, column: SQLiteColumn): SQL {
  return sql`(${placeholder(name)} is null or ${column} = ${placeholder(name)})`;
}

/** As `normalizeRegion`. */
const region = sql`case when ${credentials.region} like '6590%' then '66' || substr(${credentials.region}, 3) else ${credentials.region} end`;

/** Everything that a scope names but the credentials themselves. */
const covered = and(
  asked('batch', credentials.batch),
  asked('office', credentials.principal),
  asked('operator', credentials.operator),
  asked('kind', credentials.kind),
  sql`(${placeholder('region')} is null or substr(${region}, 1, length(${placeholder('region')})) = ${placeholder('region')})`,
  sql`(${placeholder('issuedBefore')} is null or ${credentials.issuedAt} < ${placeholder('issuedBefore')})`,
  sql`(${placeholder('signingKey')} is null or exists (select 1 from ${encodings}
    where ${encodings.credentialId} = ${credentials.id} and ${encodings.kid} = ${placeholder('signingKey')}))`,
);

/** Ids of a JSON array. */
const among = (column: SQLiteColumn): SQL =>
  inArray(column, sql`(select value from json_each(${placeholder('ids')}))`);

function prepareScopeStatements(db: BetterSQLite3Database) {
  const { id, kind, revoked } = credentials;
  const inWindow = and(gt(id, placeholder('after')), lte(id, placeholder('through')), covered);
  const listed = and(among(id), covered);
  const counted = (where: SQL | undefined) =>
    db
      .select({ kind, region: credentials.region, revoked, count: count() })
      .from(credentials)
      .where(where)
      .groupBy(kind, credentials.region, revoked)
      .prepare();
  const paged = (where: SQL | undefined) =>
    db.select().from(credentials).where(where).orderBy(asc(id)).limit(placeholder('limit')).prepare();
  const looked = db
    .select({ id })
    .from(credentials)
    .where(gt(id, placeholder('after')))
    .orderBy(asc(id))
    .limit(placeholder('rows'))
    .as('looked');
  return {
    /** Where a window ends, and how many it has. */
    end: db
      .select({ through: sql<string | null>`max(${looked.id})`.as('through'), rows: count() })
      .from(looked)
      .prepare(),
    countWindow: counted(inWindow),
    countListed: counted(listed),
    pageWindow: paged(inWindow),
    pageListed: paged(listed),
    encodings: db
      .select(encodingColumns)
      .from(encodings)
      .where(among(encodings.credentialId))
      .orderBy(asc(encodings.credentialId), asc(release))
      .prepare(),
  };
}

type Statements = ReturnType<typeof prepareScopeStatements>;

export function scopeReads(db: BetterSQLite3Database): ScopeReads {
  const statements = prepareScopeStatements(db);
  return {
    countScope: async (scope, window) =>
      translateErrors(() => {
        const { bounds, next } = boundsOf(statements, scope, checkWindow(window));
        if (bounds === null) return { counts: [], next };
        return { counts: countIn(statements, scope, bounds), next };
      }),
    pageScope: async (scope, window, limit) =>
      translateErrors(() => {
        checkPageLimit(limit);
        const { bounds, next } = boundsOf(statements, scope, checkWindow(window));
        if (bounds === null) return { credentials: [], next };
        const found = findIn(statements, scope, bounds, limit);
        const last = found.length === limit ? found.at(-1)?.credential.id : undefined;
        return { credentials: found, next: last ?? next };
      }),
  };
}

/** A piece of the table, or of the ids that the scope names. */
type Bounds = { readonly after: string; readonly through: string } | { readonly ids: string };

/** `bounds` null: nothing is left. */
function boundsOf(
  { end }: Statements,
  scope: RevocationScope,
  { after, rows }: Window,
): { bounds: Bounds | null; next: string | null } {
  if (scope.credentials !== null) {
    const rest = scope.credentials.filter((id) => id > after);
    return { bounds: { ids: JSON.stringify(rest.slice(0, rows)) }, next: rest[rows - 1] ?? null };
  }
  const found = end.get({ after, rows });
  const through = found?.through ?? null;
  if (through === null) return { bounds: null, next: null };
  return { bounds: { after, through }, next: found?.rows === rows ? through : null };
}

function countIn(
  statements: Statements,
  { credentials: _ids, ...members }: RevocationScope,
  bounds: Bounds,
): ScopeCount[] {
  return 'ids' in bounds
    ? statements.countListed.all({ ...members, ...bounds })
    : statements.countWindow.all({ ...members, ...bounds });
}

function findIn(
  statements: Statements,
  { credentials: _ids, ...members }: RevocationScope,
  bounds: Bounds,
  limit: number,
): StoredCredential[] {
  const values = { ...members, limit };
  const rows =
    'ids' in bounds
      ? statements.pageListed.all({ ...values, ...bounds })
      : statements.pageWindow.all({ ...values, ...bounds });
  const released = new Map<string, EncodingRow[]>(rows.map(({ id }) => [id, []]));
  const ids = JSON.stringify([...released.keys()]);
  for (const encoding of statements.encodings.all({ ids }))
    released.get(encoding.credentialId)?.push(encoding);
  return rows.map((credential) => ({ credential, encodings: released.get(credential.id) ?? [] }));
}
