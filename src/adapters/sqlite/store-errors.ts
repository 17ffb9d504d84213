// What went wrong in SQLite, in the store port's two words: `conflict` or `store_failed`. Never a value of a row.

import Database from 'better-sqlite3';
import { YimaError } from '../../core/errors/yima-error.js';

const TAKEN: ReadonlySet<string> = new Set([
  'SQLITE_CONSTRAINT_UNIQUE',
  'SQLITE_CONSTRAINT_PRIMARYKEY',
  'SQLITE_CONSTRAINT_ROWID',
]);

export function storeConflict(cause?: unknown): YimaError {
  return new YimaError(
    'conflict',
    'The store holds something newer: nothing was written. Read again and retry.',
    { cause },
  );
}

/** Runs `work`; whatever it throws leaves as a YimaError with the first error as its cause. */
export function translateErrors<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof YimaError ? error : storeError(error);
  }
}

function storeError(error: unknown): YimaError {
  const cause = error instanceof Error && error.cause instanceof Database.SqliteError ? error.cause : error;
  const code = cause instanceof Database.SqliteError ? cause.code : undefined;
  if (code !== undefined && TAKEN.has(code)) return storeConflict(cause);
  const rule = (code ?? (cause as NodeJS.ErrnoException | undefined)?.code)?.toLowerCase();
  return new YimaError('store_failed', sentenceOf(rule ?? ''), {
    cause,
    ...(rule === undefined ? {} : { rule }),
  });
}

function sentenceOf(rule: string): string {
  if (rule === 'sqlite_full' || rule === 'enospc')
    return 'There is no room left on the disk of the data folder. Free some: nothing was written, and it goes on by itself.';
  if (rule.startsWith('sqlite_readonly') || rule === 'erofs')
    return 'The database cannot be written to. Look at the permissions of its files, and whether the disk is mounted for writing.';
  if (rule.startsWith('sqlite_corrupt') || rule === 'sqlite_notadb')
    return 'The database file is damaged. Stop the node, keep the files as they are, run yima db fsck and restore a backup (yima db restore).';
  return 'The database failed. Look at free space, permissions and the disk.';
}

/** @throws YimaError `conflict` unless the statement wrote exactly one row */
export function requireOneRow({ changes }: { changes: number }): void {
  if (changes !== 1) throw storeConflict();
}
