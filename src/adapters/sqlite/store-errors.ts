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
  const rule = code?.toLowerCase();
  return new YimaError('store_failed', 'The database failed. Look at free space, permissions and the disk.', {
    cause,
    ...(rule === undefined ? {} : { rule }),
  });
}

/** @throws YimaError `conflict` unless the statement wrote exactly one row */
export function requireOneRow({ changes }: { changes: number }): void {
  if (changes !== 1) throw storeConflict();
}
