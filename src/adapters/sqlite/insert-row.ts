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
  const members = columns.map(([member]) => member);
  const writers = columns.map(([, column]) => writerOf(column));
  const values: unknown[] = columns.map(() => null);
  return (row: Row) => {
    for (let i = 0; i < values.length; i++) {
      const value = row[members[i] as string];
      const write = writers[i];
      values[i] = write == null || value === null ? value : write(value);
    }
    statement.run(values);
  };
}

type Row = Readonly<Record<string, unknown>>;

/** null: the column writes its values as they are, as most do. */
function writerOf(column: SQLiteColumn): ((value: unknown) => unknown) | null {
  if (column.mapToDriverValue === Column.prototype.mapToDriverValue) return null;
  return (value) => column.mapToDriverValue(value);
}
