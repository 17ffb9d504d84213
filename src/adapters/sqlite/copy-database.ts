// A copy of a database as it is at one moment, while others go on writing: whole and durable under its name, or not there.

import { chmodSync, closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type Database from 'better-sqlite3';

/**
 * VACUUM INTO reads one snapshot, so nobody has to wait, and writers do not make it begin anew as they would with SQLite's page by page
 * backup. The copy has no WAL beside it and no free pages.
 * @param path 0600; one that is there is replaced
 * @throws what SQLite and the file system throw: then nothing of the new copy is left
 */
export function copyDatabase(client: Database.Database, path: string): void {
  const temporary = `${path}.new`;
  rmSync(temporary, { force: true });
  closeSync(openSync(temporary, 'wx', 0o600));
  try {
    client.prepare('vacuum into ?').run(temporary);
    chmodSync(temporary, 0o600);
    syncPath(temporary);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncPath(dirname(path));
}

/** Makes a file, or the names in a folder, survive a power cut. */
export function syncPath(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
