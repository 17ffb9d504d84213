// A backup: one SQLite file with everything but the keys, and a note of whose it is. Made beside a running node.

import { chmodSync, copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { sha256 } from '../../adapters/crypto-node.js';
import { copyDatabase, syncPath } from '../../adapters/sqlite/copy-database.js';
import { findFaults } from '../../adapters/sqlite/faults.js';
import { translateErrors } from '../../adapters/sqlite/store-errors.js';
import { YimaError } from '../../core/errors/yima-error.js';

/** What codes name for ever: a backup is restored where they are the same. */
export interface Owner {
  readonly issuer: string;
  readonly statusUrl: string;
}

export interface Backup extends Owner {
  /** Epoch seconds. */
  readonly madeAt: number;
  /** Number and hash of the log's newest entry; null: nothing is logged yet. */
  readonly seq: number | null;
  readonly hash: string | null;
}

const NOTE = 'backup_note';

/**
 * Copies, looks at the copy, and only then gives it its name.
 * @param source a database, whether a node is running on it or not
 * @param path of a new file, 0600
 * @throws YimaError `conflict` when there is such a file; `log_broken` when the database is damaged; `store_failed`: no room, not
 *   readable, no such folder. Nothing is left under `path` then
 */
export function makeBackup(
  source: string,
  path: string,
  owner: Owner & Pick<Backup, 'madeAt'>,
  migrationsFolder: string,
): Backup {
  if (existsSync(path)) {
    throw new YimaError('conflict', `${path} is there already. Name a new file.`, { field: 'FILE' });
  }
  const part = `${path}.part`;
  try {
    return translateErrors(() => {
      withDatabase(source, { readonly: true }, (client) => copyDatabase(client, part));
      const backup = withDatabase(part, {}, (client) => note(client, owner, migrationsFolder));
      syncPath(part);
      renameSync(part, path);
      syncPath(dirname(path));
      return backup;
    });
  } finally {
    rmSync(part, { force: true });
  }
}

function note(
  client: Database.Database,
  { issuer, statusUrl, madeAt }: Owner & Pick<Backup, 'madeAt'>,
  migrationsFolder: string,
): Backup {
  checkSound(findFaults(client, migrationsFolder, sha256));
  const head = client
    .prepare<[], Pick<Backup, 'seq' | 'hash'>>('select seq, hash from log order by seq desc limit 1')
    .get() ?? { seq: null, hash: null };
  const backup = { issuer, statusUrl, madeAt, ...head };
  client.exec(`create table ${NOTE} (note text not null)`);
  client.prepare(`insert into ${NOTE} values (?)`).run(JSON.stringify(backup));
  return backup;
}

/** @throws YimaError `log_broken` with the first fault */
export function checkSound([fault]: readonly string[]): void {
  if (fault === undefined) return;
  throw new YimaError(
    'log_broken',
    `This database is damaged: ${fault}. Take an earlier backup; see yima db fsck.`,
  );
}

/**
 * Copies a backup to `target`, without its note.
 * @returns what the note says
 * @throws YimaError `not_found`: no such file; `invalid_request`: not a backup; `store_failed`
 */
export function unpackBackup(path: string, target: string): Backup {
  if (!existsSync(path)) throw new YimaError('not_found', `There is no file ${path}.`, { field: 'FILE' });
  return translateErrors(() => {
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${target}${suffix}`, { force: true });
    copyFileSync(path, target);
    chmodSync(target, 0o600);
    return withDatabase(target, {}, (client) => {
      const text = readNote(client);
      client.exec(`drop table ${NOTE}`);
      return JSON.parse(text) as Backup;
    });
  });
}

function readNote(client: Database.Database): string {
  try {
    const text = client.prepare<[], string>(`select note from ${NOTE}`).pluck().get();
    if (text !== undefined) return text;
  } catch {
    // not a database, or another one
  }
  throw new YimaError('invalid_request', 'This file is no backup that yima db backup made.', {
    field: 'FILE',
  });
}

function withDatabase<T>(path: string, options: Database.Options, work: (client: Database.Database) => T): T {
  const client = new Database(path, { fileMustExist: true, ...options });
  try {
    return work(client);
  } finally {
    client.close();
  }
}
