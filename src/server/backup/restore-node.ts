// Restores a backup into a data folder on which no node runs: looked at, made fit to serve beside what is there, and then put in its place.

import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { randomBytes, sha256 } from '../../adapters/crypto-node.js';
import { openDataFolder } from '../../adapters/data-folder.js';
import { openDatabase } from '../../adapters/sqlite/database.js';
import { findFaults } from '../../adapters/sqlite/faults.js';
import { createSqliteStore } from '../../adapters/sqlite/store.js';
import type { Config } from '../../config.js';
import { KINDS } from '../../core/credential/kind-table.js';
import { YimaError } from '../../core/errors/yima-error.js';
import { auditLog } from '../../core/issue/log-audit.js';
import { type PublishedList, type Restoration, restoreBackup } from '../../core/issue/restored-backup.js';
import { getStatus, setStatus } from '../../core/status/packed.js';
import { STATUS_REVOKED } from '../../core/status/published-value.js';
import { keepIdentity } from '../identity.js';
import { PACKAGE_ROOT } from '../package-root.js';
import { statusBaseOf } from '../status-base.js';
import { type Backup, checkSound, unpackBackup } from './backup-file.js';
import { listOfToken, listsOfDatabase, listsOfFeed, ownStatusKeys } from './published-lists.js';
import { finishSwap, swapIn } from './swap.js';

export interface RestoreOptions {
  readonly file: string;
  /** Status list tokens of this node that somebody kept, as JWT. */
  readonly tokens: readonly string[];
  /** What verifiers have seen since the backup cannot be found, as whoever asks for it knows. */
  readonly withoutStatuses: boolean;
  /** Asked before anything is put in place. */
  readonly confirm: (backup: Backup) => Promise<void>;
  readonly now: number;
}

export interface Restored extends Restoration {
  /** Whether its rows are as its log tells; `yima log verify` says which are not. */
  readonly isAsTold: boolean;
  readonly backup: Backup;
  /** Where the database before is now; null: there was none. */
  readonly replaced: string | null;
}

const MIGRATIONS = join(PACKAGE_ROOT, 'migrations');

/**
 * @throws YimaError `data_locked` while a node runs; `config_invalid`: keys are missing, or codes name somebody else; `conflict`, rule
 *   `statuses`: nobody knows what verifiers have seen; and as `unpackBackup`, `restoreBackup`, `listOfToken`, `listsOfFeed`. Nothing
 *   was put in place then
 */
export async function restoreNode(config: Config, options: RestoreOptions): Promise<Restored> {
  const folder = openDataFolder(config.dataDir);
  const draft = folder.file('yima.db.new');
  try {
    finishSwap(folder.path);
    const backup = unpackBackup(options.file, draft);
    const keys = await ownStatusKeys(folder.file('keys'), config.keyPassphrase);
    const published = await findPublished(
      config.redis,
      statusBaseOf(backup),
      keys,
      folder.file('yima.db'),
      options,
    );
    await options.confirm(backup);
    const restoration = await makeFit(draft, published, options.now);
    keepIdentity(folder.file('identity.json'), config, backup);
    return { backup, ...restoration, replaced: swapIn(folder.path, draft) };
  } finally {
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${draft}${suffix}`, { force: true });
    folder.close();
  }
}

async function findPublished(
  redis: Config['redis'],
  base: string,
  keys: Awaited<ReturnType<typeof ownStatusKeys>>,
  database: string,
  { tokens, withoutStatuses }: RestoreOptions,
): Promise<readonly PublishedList[]> {
  const before = existsSync(database) ? listsOfDatabase(database) : { lists: [], isWhole: false };
  const feed = redis === null ? null : await listsOfFeed(redis, base, keys);
  const kept = tokens.map((text) => listOfToken(text, base, keys));
  if (!before.isWhole && feed === null && kept.length === 0 && !withoutStatuses) throw nobodyKnows();
  return strictest([...before.lists, ...(feed ?? []), ...kept]);
}

function nobodyKnows(): YimaError {
  return new YimaError(
    'conflict',
    'Nobody here knows what verifiers have seen since the backup: what was revoked then would come back. Set YIMA_REDIS_URL, or give ' +
      'status lists that somebody kept (--statuses FILE, from /status-lists/N of this node), or accept that (--without-statuses).',
    { rule: 'statuses' },
  );
}

/** One list a number: 1 wherever any of them says so, and else the first value that is not 0. */
function strictest(lists: readonly PublishedList[]): readonly PublishedList[] {
  const merged = new Map<number, PublishedList>();
  for (const list of lists) {
    const known = merged.get(list.number);
    if (known === undefined) {
      merged.set(list.number, list);
      continue;
    }
    if (known.bits !== list.bits || known.entries !== list.entries) continue; // held against the backup's own
    for (let index = 0; index < list.entries; index++) {
      const value = getStatus(list.bytes, list.bits, index) ?? 0;
      const held = getStatus(known.bytes, known.bits, index) ?? 0;
      if (value === STATUS_REVOKED || held === 0) setStatus(known.bytes, known.bits, index, value);
    }
  }
  return [...merged.values()];
}

async function makeFit(
  draft: string,
  published: readonly PublishedList[],
  now: number,
): Promise<Omit<Restored, 'backup' | 'replaced'>> {
  const database = openDatabase(draft, MIGRATIONS);
  const store = createSqliteStore(database);
  try {
    if (database.copy !== null) rmSync(database.copy, { force: true }); // the backup itself is there
    checkSound(findFaults(database.client, MIGRATIONS, sha256));
    const { ok, brokenAt } = await auditLog({ store, sha256, nextTurn });
    if (brokenAt !== null) checkSound([`its log is broken at entry ${brokenAt}`]);
    const deps = { store, published, kinds: KINDS, random: randomBytes, sha256, now };
    return { ...(await restoreBackup(deps)), isAsTold: ok };
  } finally {
    await store.close();
  }
}
