// Issuing on SQLite, durable at every commit: one at a time, in groups of 100, and beside one raw prepared insert.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openDatabase } from '../src/adapters/sqlite/database.js';
import { createSqliteStore } from '../src/adapters/sqlite/store.js';
import { issueRequest, openOffice } from '../test/support/office.js';
import { ROOT } from '../test/support/shared.js';
import { signatureBackend } from './support/backends.js';
import { measurePairs } from './support/pairs.js';
import type { Bench } from './support/report.js';

const GROUP = 100;

export const issue: Bench = async (report) => {
  const folder = mkdtempSync(join(tmpdir(), 'yima-bench-'));
  const store = createSqliteStore(openDatabase(join(folder, 'yima.db'), join(ROOT, 'migrations')));
  const raw = openRaw(join(folder, 'raw.db'));
  try {
    const { registry } = await openOffice(store, {
      listEntries: 2 ** 20,
      backend: signatureBackend().create,
    });
    const request = issueRequest();
    const one = () => registry.issue('bench', request);
    const group = () => Promise.all(Array.from({ length: GROUP }, one));
    const single = await measurePairs(one, raw.insert);
    const grouped = await measurePairs(group, one, { ours: GROUP });
    report('single_ratio', single.ratio, 'ratio', single.spread);
    report('single_per_s', 1e6 / single.oursUs, 'per second');
    report('group_per_s', 1e6 / grouped.oursUs, 'per second');
    report('group_speedup', grouped.floorUs / grouped.oursUs, 'ratio');
    report('raw_insert_us', single.floorUs, 'us');
  } finally {
    await store.close();
    raw.close();
    rmSync(folder, { recursive: true });
  }
};

/** One prepared insert of a row as long as a credential's, a transaction each, WAL with FULL. */
function openRaw(file: string): { insert: () => void; close: () => void } {
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(
    'create table row (id integer primary key, a text, b text, c text, d text, e integer, f integer, g integer, h text)',
  );
  const insert = db.prepare('insert into row (a, b, c, d, e, f, g, h) values (?, ?, ?, ?, ?, ?, ?, ?)');
  const text = 'x'.repeat(280);
  return {
    insert: () => {
      insert.run('health-code', '330102', 'desk-7', 'case 2026-1', 1, 2, 3, text);
    },
    close: () => db.close(),
  };
}
