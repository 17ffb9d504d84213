// A small file system in memory, to be filled up: it takes root, and goes away with its test.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { isRequired } from './on-path.js';

const PAGE = 4_096;

export interface SmallDisk {
  readonly path: string;
  /** Leaves so many pages of 4 KiB. */
  readonly fill: (pagesLeft: number) => void;
  /** Gives all of it back. */
  readonly free: () => void;
  /** With everything on it closed. */
  readonly remount: (how: 'ro' | 'rw') => void;
}

/** Why such tests skip here, or false; where YIMA_REQUIRE names tmpfs they run and fail instead. */
export const withoutTmpfs: string | false =
  isRequired('tmpfs') || canMount() ? false : 'no file system can be mounted here: it takes root';

function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'yima-tmpfs-'));
  try {
    if (mount('-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder) !== '') return false;
    spawnSync('umount', [folder]);
    return true;
  } finally {
    rmdirSync(folder);
  }
}

/** @returns what it complains of */
function mount(...args: readonly string[]): string {
  const { status, stderr, error } = spawnSync('mount', args, { encoding: 'utf8' });
  return status === 0 ? '' : (stderr ?? error?.message ?? 'failed');
}

/** Mounted until the test ends; whatever uses it has to be closed by then. */
export function smallDisk(t: Test, megabytes: number): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'yima-tmpfs-'));
  const failed = mount('-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0700`, 'tmpfs', path);
  if (failed !== '') throw new Error(failed);
  t.teardown(() => {
    spawnSync('umount', ['-l', path]);
    rmdirSync(path);
  });
  const ballast = join(path, 'ballast');
  const free = (): void => rmSync(ballast, { force: true });
  return {
    path,
    fill: (pagesLeft) => {
      free();
      const { bavail, bsize } = statfsSync(path);
      writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - pagesLeft * PAGE)));
    },
    free,
    remount: (how) => {
      const refused = mount('-o', `remount,${how}`, path);
      if (refused !== '') throw new Error(refused);
    },
  };
}
