// Puts a restored database into the place of the one that is there, so that whoever is killed in between finds it finished at the next
// start. The one before stays in a folder of its own: nothing is deleted.

import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { syncPath } from '../../adapters/sqlite/copy-database.js';

const DATABASE = 'yima.db';
/** Whole and durable under this name: from then on it is the database, whatever else lies there. */
const RESTORED = 'yima.db.restored';

/**
 * @param restored whole, closed, without a WAL
 * @returns where the database before it is now; null: there was none
 */
export function swapIn(folder: string, restored: string): string | null {
  syncPath(restored);
  renameSync(restored, join(folder, RESTORED));
  syncPath(folder);
  return finishSwap(folder);
}

/** For every start, before the database is opened. */
export function finishSwap(folder: string): string | null {
  const restored = join(folder, RESTORED);
  if (!existsSync(restored)) return null;
  const stamp = new Date(statSync(restored).mtimeMs).toISOString().replace(/[-:.]/g, '');
  const replaced = join(folder, `replaced-${stamp}`);
  for (const name of [DATABASE, `${DATABASE}-wal`, `${DATABASE}-shm`]) {
    if (!existsSync(join(folder, name))) continue;
    mkdirSync(replaced, { recursive: true, mode: 0o700 });
    renameSync(join(folder, name), join(replaced, name));
  }
  syncPath(folder);
  renameSync(restored, join(folder, DATABASE));
  syncPath(folder);
  return existsSync(replaced) ? replaced : null;
}
