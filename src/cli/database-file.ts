// Looks at the database file itself, reading only, whether a node is running on it or not.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { checkIntegrity } from '../adapters/sqlite/database.js';
import type { Config } from '../config.js';
import { YimaError } from '../core/errors/yima-error.js';

export function databasePath(config: Pick<Config, 'dataDir'>): string {
  return join(config.dataDir, 'yima.db');
}

/**
 * What is wrong with the file, one line each; empty when it is sound. Takes time in proportion to its size.
 * @throws YimaError `not_found` when there is none yet
 */
export function databaseFaults(path: string): readonly string[] {
  if (!existsSync(path)) {
    throw new YimaError('not_found', `There is no database at ${path} yet; yima serve makes it.`);
  }
  let client: Database.Database | undefined;
  try {
    client = new Database(path, { readonly: true, fileMustExist: true });
    return checkIntegrity({ client });
  } catch (error) {
    return [error instanceof Error ? `cannot be read: ${error.message}` : 'cannot be read'];
  } finally {
    client?.close();
  }
}
