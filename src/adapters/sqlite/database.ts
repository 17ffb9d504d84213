// Opens the database: private file, durable at every commit, at the schema this program knows. Knows nothing of the rows.

import { closeSync, existsSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3';
import { YimaError } from '../../core/errors/yima-error.js';
import { migrateTables, readMigrations } from './migrations.js';
import { translateErrors } from './store-errors.js';

const BUSY_TIMEOUT_MS = 2_000;
/** 8 MB of WAL between checkpoints: one issue dirties ten pages, and a checkpoint costs two fsyncs of its own. */
const CHECKPOINT_PAGES = 4_000;
/** Of a new database. A commit writes whole pages to the WAL: at half the usual size one issue takes a tenth less time. */
const PAGE_BYTES = 2_048;

/** What must read back after opening, or commits would not be durable and references not checked. */
const REQUIRED = { journal_mode: 'wal', synchronous: 2, foreign_keys: 1, recursive_triggers: 1 } as const;

export interface OpenDatabase {
  readonly client: Database.Database;
  readonly db: BetterSQLite3Database;
}

/** As it came out of its opening. */
export interface OpenedDatabase extends OpenDatabase {
  /** The file as it was before this opening migrated it; null: it was not. */
  readonly copy: string | null;
}

/**
 * Opens or creates the database, applies the migrations it lacks in one transaction after a copy was made, and returns it with
 * WAL, `synchronous=FULL` and foreign keys on. The caller holds the data folder's lock.
 * @param file created with mode 0600; SQLite gives its -wal and -shm files the same mode
 * @param migrationsFolder the package's `migrations/`
 * @throws YimaError `schema_newer` when a later version of the program has migrated it: nothing was changed
 * @throws YimaError `store_failed` with cause: unreadable, not a database, no room, no WAL on this file system
 */
export function openDatabase(file: string, migrationsFolder: string): OpenedDatabase {
  return translateErrors(() => {
    createPrivateFile(file);
    const client = new Database(file, { timeout: BUSY_TIMEOUT_MS });
    try {
      readMigrations(client, migrationsFolder);
      configure(client);
      const db = drizzle(client);
      const copy = migrateTables(client, db, migrationsFolder);
      return { client, db, copy };
    } catch (error) {
      client.close();
      throw error;
    }
  });
}

/** Never opens a file that is there: closing it would free the locks of every connection of this process to it. */
function createPrivateFile(file: string): void {
  if (!existsSync(file)) closeSync(openSync(file, 'ax', 0o600));
}

/** better-sqlite3 is compiled to lower `synchronous` for WAL databases, so it is set at every open and read back. */
function configure(client: Database.Database): void {
  client.pragma(`page_size = ${PAGE_BYTES}`);
  client.pragma('journal_mode = WAL');
  client.pragma('synchronous = FULL');
  client.pragma('foreign_keys = ON');
  client.pragma('recursive_triggers = ON');
  client.pragma('trusted_schema = OFF');
  client.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  for (const [name, expected] of Object.entries(REQUIRED)) {
    if (client.pragma(name, { simple: true }) === expected) continue;
    throw new YimaError(
      'store_failed',
      `The database does not accept ${name}=${expected}. Use a local disk.`,
      { rule: name },
    );
  }
}

/**
 * Reads the whole database and checks its structure (PRAGMA integrity_check) and, when that is sound, its references
 * (PRAGMA foreign_key_check). Takes time in proportion to its size and blocks meanwhile.
 * @returns what is wrong, one line each, without values of rows; empty when sound
 * @throws YimaError `store_failed` when it cannot be read at all
 */
export function checkIntegrity({ client }: Pick<OpenDatabase, 'client'>): readonly string[] {
  return translateErrors(() => {
    const found = structureFaults(client);
    return found.length > 0 ? found : danglingRows(client);
  });
}

/** A page that is spoiled enough stops the check itself: that too is a finding. */
function structureFaults(client: Database.Database): string[] {
  try {
    const lines = client.prepare<[], string>('pragma integrity_check').pluck().all();
    return lines.filter((line) => line !== 'ok');
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_CORRUPT'))
      return [error.message];
    throw error;
  }
}

function danglingRows(client: Database.Database): string[] {
  return client
    .prepare<[], { table: string; rowid: number | null; parent: string }>('pragma foreign_key_check')
    .all()
    .map(
      ({ table, rowid, parent }) => `row ${rowid ?? '?'} of ${table} refers to a missing row of ${parent}`,
    );
}
