// Inserts a row as it is. Most of what an issue writes goes through here, and drizzle's own prepared inserts look for
// placeholders among the values at every run, which takes longer than SQLite takes for the row.

import type { Database } from 'better-sqlite3';
import { Column, getTableColumns, getTableName, type InferInsertModel } from 'drizzle-orm';
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core';

/** Prepares the insert of whole rows: every member is there, null where the column has nothing. */
export function prepareInsert<T extends SQLiteTable>(
  client: Database,
  table: T,
): (row: Required<InferInsertModel<T>>) => void {
  const columns = Object.entries(getTableColumns(table));
  const names = columns.map(([, { name }]) => `"${name}"`);
  const places = columns.map(() => '?');
  const statement = client.prepare(
    `insert into "${getTableName(table)}" (${names.join()}) values (${places.join()})`,
  );
  const values = columns.map(([member, column]) => valueFrom(member, column));
  return (row) => {
    statement.run(values.map((value) => value(row)));
  };
}

type Row = Readonly<Record<string, unknown>>;

/** Most columns write their values as they are. */
function valueFrom(member: string, column: SQLiteColumn): (row: Row) => unknown {
  if (column.mapToDriverValue === Column.prototype.mapToDriverValue) return (row) => row[member];
  return (row) => {
    const value = row[member];
    return value === null ? null : column.mapToDriverValue(value);
  };
}
