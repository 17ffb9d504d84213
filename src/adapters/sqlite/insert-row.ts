// Inserts a row as it is. Most of what an issue writes goes through here, and drizzle's own prepared inserts look for
// placeholders among the values at every run, which takes longer than SQLite takes for the row.

import type { Database } from 'better-sqlite3';
import { getTableColumns, getTableName, type InferInsertModel } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';

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
  return (row) => {
    const members: Readonly<Record<string, unknown>> = row;
    const values = columns.map(([member, column]) => {
      const value = members[member];
      return value === null ? null : column.mapToDriverValue(value);
    });
    statement.run(values);
  };
}
