// Pieces of prepared statements: values still to come, and what a known row must keep when it is written again.

import { getTableColumns, isNull, type SQL, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type {
  SQLiteColumn,
  SQLiteInsertValue,
  SQLiteTable,
  SQLiteUpdateSetSource,
} from 'drizzle-orm/sqlite-core';

/** A row whose members are all still to come, each under its own name. */
export function bound<T extends SQLiteTable>(table: T) {
  const entries = Object.keys(getTableColumns(table)).map((name) => [name, sql.placeholder(name)]);
  return Object.fromEntries(entries) as SQLiteInsertValue<T>;
}

/** The value to come, written the way its column writes values (a bare placeholder would hand on a boolean as it is). */
export function boundTo(column: SQLiteColumn, name: string): SQL {
  return sql`${sql.param(sql.placeholder(name), column)}`;
}

/** The value that a row which is there already was to be written with. */
export const excluded = (column: SQLiteColumn): SQL => sql`excluded.${sql.identifier(column.name)}`;
export const all = (conditions: SQL[]): SQL => sql.join(conditions, sql` and `);
export const same = (...columns: SQLiteColumn[]): SQL[] =>
  columns.map((column) => sql`${column} is ${excluded(column)}`);

/**
 * Writes a row, or of a known one the `changing` members, while `open` holds of it; every other member has to be as it is. A row
 * that may not change so is left alone, which the count of changed rows tells.
 */
export function preparePut<T extends SQLiteTable>(
  db: BetterSQLite3Database,
  table: T,
  target: SQLiteColumn | SQLiteColumn[],
  changing: readonly string[],
  open: SQL,
) {
  const columns = Object.entries(getTableColumns(table)) as [string, SQLiteColumn][];
  const set = columns
    .filter(([name]) => changing.includes(name))
    .map(([name, column]) => [name, excluded(column)]);
  const kept = columns.filter(([name]) => !changing.includes(name)).map(([, column]) => column);
  return db
    .insert(table)
    .values(bound(table))
    .onConflictDoUpdate({
      target,
      set: Object.fromEntries(set) as SQLiteUpdateSetSource<T>,
      setWhere: all([open, ...same(...kept)]),
    })
    .prepare();
}

/** The column is empty, and what it was to be written with is not. */
export const filledNow = (column: SQLiteColumn): SQL =>
  sql`(${isNull(column)} and ${excluded(column)} is not null)`;
