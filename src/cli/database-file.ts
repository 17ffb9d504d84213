// Looks at the database file itself, reading only, whether a node is running on it or not.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { sha256 } from '../adapters/crypto-node.js';
import { findFaults } from '../adapters/sqlite/faults.js';
import type { Config } from '../config.js';
import { YimaError } from '../core/errors/yima-error.js';
import { PACKAGE_ROOT } from '../server/package-root.js';

export const MIGRATIONS = join(PACKAGE_ROOT, 'migrations');

export function databasePath(config: Pick<Config, 'dataDir'>): string {
  return join(config.dataDir, 'yima.db');
}

/** @throws YimaError `not_found` when there is no database yet */
export function existingDatabase(config: Pick<Config, 'dataDir'>): string {
  const path = databasePath(config);
  if (existsSync(path)) return path;
  throw new YimaError('not_found', `There is no database at ${path} yet; yima serve makes it.`);
}

/**
 * What is wrong with the file, one line each; empty when it is sound. Takes time in proportion to its size.
 * @throws YimaError `not_found` when there is none yet; `schema_newer`
 */
export function databaseFaults(config: Pick<Config, 'dataDir'>): readonly string[] {
  const path = existingDatabase(config);
  let client: Database.Database | undefined;
  try {
    client = new Database(path, { readonly: true, fileMustExist: true });
    return findFaults(client, MIGRATIONS, sha256);
  } catch (error) {
    if (error instanceof YimaError && error.code === 'schema_newer') throw error;
    return [error instanceof Error ? `cannot be read: ${error.message}` : 'cannot be read'];
  } finally {
    client?.close();
  }
}
