// Brings a database to the schema that this program knows, after a copy was made of it. Knows nothing of the rows.

import { basename, dirname, join } from 'node:path';
import type Database from 'better-sqlite3';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import { type MigrationMeta, readMigrationFiles } from 'drizzle-orm/migrator';
import { YimaError } from '../../core/errors/yima-error.js';
import { copyDatabase } from './copy-database.js';

const MIGRATIONS_TABLE = '__drizzle_migrations';

/** Those that the database has had, in their order. */
export interface Migrations {
  readonly applied: readonly MigrationMeta[];
  readonly pending: readonly MigrationMeta[];
}

/** @throws YimaError `schema_newer` when a later version of the program has migrated it */
export function readMigrations(client: Database.Database, migrationsFolder: string): Migrations {
  const known = readMigrationFiles({ migrationsFolder });
  const isNew =
    client.prepare('select 1 from sqlite_master where name = ?').get(MIGRATIONS_TABLE) === undefined;
  if (isNew) return { applied: [], pending: known };
  const had = client
    .prepare<[], number>(`select created_at from ${MIGRATIONS_TABLE}`)
    .pluck()
    .all()
    .map(Number);
  if (!had.every((when) => known.some(({ folderMillis }) => folderMillis === when))) {
    throw new YimaError(
      'schema_newer',
      'A newer version of yima has used this database. Run that version or restore a backup.',
    );
  }
  return {
    applied: known.filter(({ folderMillis }) => had.includes(folderMillis)),
    pending: known.filter(({ folderMillis }) => !had.includes(folderMillis)),
  };
}

/**
 * Applies what the database lacks, in one transaction; one that holds anything is copied first, beside itself.
 *
 * With references unchecked meanwhile, since a migration that makes a table anew drops the old one: it would count every reference
 * to it as broken. What dangles all the same is for `checkIntegrity` to find.
 * @returns the copy; null when none was made
 * @throws YimaError `schema_newer`; `store_failed` when there is no room for the copy: nothing was changed
 */
export function migrateTables(
  client: Database.Database,
  db: BetterSQLite3Database,
  migrationsFolder: string,
): string | null {
  const { applied, pending } = readMigrations(client, migrationsFolder);
  if (pending.length === 0) return null;
  const copy = applied.length === 0 ? null : copyOf(client.name, applied.length);
  if (copy !== null) copyDatabase(client, copy);
  client.pragma('foreign_keys = OFF');
  migrate(db, { migrationsFolder, migrationsTable: MIGRATIONS_TABLE });
  client.pragma('foreign_keys = ON');
  return copy;
}

/** Named by how many migrations it has had, so that one that was interrupted makes it again. */
function copyOf(file: string, applied: number): string {
  return join(dirname(file), `${basename(file)}.before-migration-${String(applied).padStart(4, '0')}`);
}
