// The WAL cut off at each of its pages and in the middle of them, as a power cut leaves it: what opens is one of the states that were
// committed, whole, and never one from before what had been synced.

import {
  closeSync,
  copyFileSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { sha256 as digest } from '../../src/adapters/crypto-node.js';
import { openDatabase } from '../../src/adapters/sqlite/database.js';
import { findFaults } from '../../src/adapters/sqlite/faults.js';
import { createSqliteStore } from '../../src/adapters/sqlite/store.js';
import { checkLogRow } from '../../src/core/issue/log.js';
import { createPermutation } from '../../src/core/status/index-permutation.js';
import { ROOT } from '../support/shared.js';
import { idOf, issueChange, LIST, releasedRow, sha256 } from './store-rows.js';
import { commit, everything } from './store-session.js';

const MIGRATIONS = join(ROOT, 'migrations');
const COMMITS = 10;
/** SQLite's file format, section 4.1: a header, then frames of a header and a page each. */
const WAL_HEADER = 32;
const FRAME = 24 + 2_048;

interface State {
  /** Bytes of the WAL once it was acknowledged. */
  readonly end: number;
  readonly everything: object;
}

/** Fills a database and copies its files while it is open, so that nothing of the WAL is in the file yet. */
async function fill(folder: string, target: string): Promise<readonly State[]> {
  const file = join(folder, 'yima.db');
  openDatabase(file, MIGRATIONS).client.close(); // its tables are not in the WAL then
  const store = createSqliteStore(openDatabase(file, MIGRATIONS));
  const size = (): number => statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  const permute = createPermutation(LIST.seed, LIST.entries, digest);
  const states: State[] = [{ end: 0, everything: await everything(store) }];
  for (let n = 1; n <= COMMITS; n++) {
    const index = permute(n);
    await store.commit({ ...issueChange(await store.head(), n), encodings: [releasedRow(n, { index })] });
    if (n % 3 === 0) {
      const encodings = [{ list: 1, index, revoked: true, value: 1, endsAt: null }];
      const state = { credentialId: idOf(n), revoked: true, suspended: false, level: 0, encodings };
      states.push({ end: size(), everything: await everything(store) });
      await commit(store, 'revoked', { states: [state] });
    }
    states.push({ end: size(), everything: await everything(store) });
  }
  for (const suffix of ['', '-wal']) copyFileSync(`${file}${suffix}`, `${target}${suffix}`);
  await store.close();
  return states;
}

t.test('a torn WAL opens as a state that was committed, with everything that was synced', async (t) => {
  const folder = t.testdir();
  const whole = join(folder, 'whole.db');
  mkdirSync(join(folder, 'torn'));
  const torn = join(folder, 'torn', 'yima.db');
  const states = await fill(folder, whole);
  const wal = readFileSync(`${whole}-wal`);
  const frames = (wal.length - WAL_HEADER) / FRAME;
  t.ok(Number.isInteger(frames) && frames > COMMITS * 3, `${frames} frames`);

  const open = async (damage: () => void) => {
    for (const suffix of ['-wal', '-shm']) rmSync(`${torn}${suffix}`, { force: true });
    copyFileSync(whole, torn);
    damage();
    const database = openDatabase(torn, MIGRATIONS);
    const store = createSqliteStore(database);
    const faults = findFaults(database.client, MIGRATIONS, digest);
    const found = await everything(store);
    const log = await store.log(0, 1_000);
    for (const [at, row] of log.entries()) checkLogRow(log[at - 1], row, sha256);
    await store.close();
    return { log: log.length, faults, found };
  };
  const wrong: string[] = [];
  const look = async (name: string, synced: number, damage: () => void): Promise<void> => {
    const { log, faults, found } = await open(damage);
    const state = states[log];
    if (faults.length > 0) wrong.push(`${name}: ${faults}`);
    if (JSON.stringify(found) !== JSON.stringify(state?.everything))
      wrong.push(`${name}: not a state that was committed`);
    if (log !== synced) wrong.push(`${name}: ${log} entries, where ${synced} were synced`);
  };
  const syncedAt = (length: number): number => states.findLastIndex(({ end }) => end <= length);

  for (let frame = 0; frame <= frames; frame++) {
    const begin = WAL_HEADER + frame * FRAME;
    const inside = frame === frames ? [] : [1 + Math.floor(Math.random() * (FRAME - 1))];
    for (const length of [begin, ...inside.map((more) => begin + more)]) {
      await look(`cut at ${length}`, syncedAt(length), () => {
        writeFileSync(`${torn}-wal`, wal);
        const file = openSync(`${torn}-wal`, 'r+');
        ftruncateSync(file, length);
        closeSync(file);
      });
    }
    if (frame === frames || frame % 4 !== 0) continue;
    await look(`garbage from ${begin}`, syncedAt(begin), () => {
      const spoilt = Buffer.from(wal);
      spoilt.fill(0x5a, begin + 30, begin + 60);
      writeFileSync(`${torn}-wal`, spoilt);
    });
  }
  t.same(wrong, []);
});
