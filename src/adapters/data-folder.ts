// The data folder belongs to one process at a time. The lock dies with its holder, however it dies.

import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { YimaError } from '../core/errors/yima-error.js';

const LOCK_FILE = 'yima.lock';
const PID_FILE = 'yima.pid';
const WRITABLE_BY_OTHERS = 0o022;
const ROOT_USER = 0;

/** Keeps the locks of this process from the garbage collector, which would close the handle and free the lock. */
const held = new Set<Database.Database>();

export interface DataFolder {
  /** Absolute. */
  readonly path: string;
  /** The path of a file in the folder. */
  readonly file: (name: string) => string;
  /** Frees the lock. */
  readonly close: () => void;
}

/**
 * Takes the folder for this process, creating it with mode 0700 where it is absent.
 *
 * The lock is SQLite's own: an exclusive transaction on an empty database `yima.lock` that is never committed. It is a
 * POSIX record lock, so the kernel frees it when the process ends, by SIGKILL too; forked children do not inherit it;
 * SQLite keeps count of its own handles, so a second attempt inside one process is refused as well. Nothing else may open
 * the file in this process, since closing any handle on it would free the lock: the holder's pid is in a file beside it.
 * @throws YimaError `data_locked` naming the holder's pid
 * @throws YimaError `config_invalid` when anybody else may write to the folder or owns it
 * @throws YimaError `store_failed` with cause when the folder or the lock cannot be made
 */
export function openDataFolder(folder: string): DataFolder {
  const path = resolve(folder);
  const file = (name: string): string => join(path, name);
  createPrivateFolder(path);
  const lock = takeLock(file(LOCK_FILE), file(PID_FILE));
  held.add(lock);
  return {
    path,
    file,
    close: () => {
      if (!held.delete(lock)) return;
      rmSync(file(PID_FILE), { force: true });
      lock.close();
    },
  };
}

/**
 * What this process believes must be written by nobody else: neither group nor others, and owned by this user or root.
 * Windows has no such bits.
 * @param path follows links
 * @throws YimaError `config_invalid` with what to run; `store_failed` with cause when the path cannot be looked at
 */
export function checkOnlyOursToWrite(path: string, field: string): void {
  const user = process.geteuid?.();
  if (user === undefined) return;
  const { mode, uid } = inspect(path);
  if (uid !== user && uid !== ROOT_USER) {
    const message = `${path} belongs to another user (${uid}). Run: chown -R ${user} ${path}`;
    throw new YimaError('config_invalid', message, { field, rule: 'owned_by_another' });
  }
  if ((mode & WRITABLE_BY_OTHERS) !== 0) {
    const message = `Others may write to ${path}. Run: chmod go-w ${path}`;
    throw new YimaError('config_invalid', message, { field, rule: 'writable_by_others' });
  }
}

function inspect(path: string): Stats {
  try {
    return statSync(path);
  } catch (cause) {
    throw new YimaError('store_failed', `${path} cannot be looked at. Look at its permissions.`, { cause });
  }
}

function createPrivateFolder(path: string): void {
  try {
    const first = mkdirSync(path, { recursive: true, mode: 0o700 });
    if (first !== undefined) {
      chmodSync(path, 0o700);
      for (let made = path; made.length >= first.length; made = dirname(made)) syncFolder(dirname(made));
    }
  } catch (cause) {
    throw new YimaError('store_failed', 'The data folder cannot be made. Look at its path and permissions.', {
      cause,
    });
  }
  checkOnlyOursToWrite(path, 'YIMA_DATA_DIR');
}

/** Makes a new folder's name survive a power cut, as SQLite does for its files. */
function syncFolder(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function takeLock(lockFile: string, pidFile: string): Database.Database {
  let lock: Database.Database | undefined;
  try {
    lock = new Database(lockFile, { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE');
    chmodSync(lockFile, 0o600);
    writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });
    return lock;
  } catch (cause) {
    lock?.close();
    if (cause instanceof Database.SqliteError && cause.code.startsWith('SQLITE_BUSY'))
      throw lockedBy(pidFile);
    throw new YimaError(
      'store_failed',
      'The data folder cannot be locked. Look at free space and its permissions.',
      {
        cause,
      },
    );
  }
}

function lockedBy(pidFile: string): YimaError {
  const holder = readPid(pidFile);
  const who = holder === undefined ? 'Another process' : `Process ${holder}`;
  return new YimaError('data_locked', `${who} is using the data folder. Stop it, or name another folder.`);
}

/** The holder writes it right after locking: in between, the file is absent or names the holder before. */
function readPid(pidFile: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10);
    return Number.isInteger(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}
