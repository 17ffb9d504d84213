// One scoped revocation of many credentials on SQLite, durable at every transaction: how long it takes, how long it holds up
// everybody else at once, and how much more memory the process has meanwhile.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openDatabase } from '../../src/adapters/sqlite/database.js';
import { createSqliteStore } from '../../src/adapters/sqlite/store.js';
import { KINDS } from '../../src/core/credential/kind-table.js';
import type { Ledger } from '../../src/core/issue/ledger.js';
import { parseScope } from '../../src/core/issue/revocation-scope.js';
import { countScope } from '../../src/core/issue/scope-count.js';
import type { Store } from '../../src/core/issue/store.js';
import { credentialRow, encodingRow, LIST } from '../../test/adapters/store-rows.js';
import { NOW, openOffice } from '../../test/support/office.js';
import { approve, jobsOf, type ScopedOffice } from '../../test/support/scoped.js';
import { ROOT } from '../../test/support/shared.js';

export interface ScopedFigures {
  /** Of the dry run. */
  readonly countSeconds: number;
  readonly seconds: number;
  /** Resident memory at its highest during dry run and revocation, above what it was before. */
  readonly growthBytes: number;
  /** The longest that the event loop did not turn. */
  readonly longestMs: number;
}

const FILL = 1_000;
const SCOPE = { batch: 'bench' } as const;
/** One in so many credentials is not covered. */
const OTHERS = 10;

/** @param count credentials that are revoked */
export async function measureScopedRevocation(count: number): Promise<ScopedFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'yima-bench-'));
  const store = createSqliteStore(openDatabase(join(folder, 'yima.db'), join(ROOT, 'migrations')));
  try {
    const first = await openOffice(store, { listEntries: LIST.entries });
    await fill(first.ledger, count);
    return await measure({ ...(await first.restart()), store }, count);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

async function measure(office: ScopedOffice, count: number): Promise<ScopedFigures> {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let highest = before;
  const look = async (): Promise<void> => {
    highest = Math.max(highest, process.memoryUsage.rss());
    await nextTurn();
  };
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  const begun = performance.now();
  const counted = await countScope({ store: office.store, nextTurn: look }, parseScope(SCOPE, KINDS));
  const dry = performance.now();
  const id = await approve(office, 1, SCOPE, counted.count);
  const jobs = jobsOf(office, { nextTurn: look });
  jobs.wake();
  await jobs.idle();
  const ended = performance.now();
  delays.disable();
  await check(office.store, id, count);
  return {
    countSeconds: (dry - begun) / 1000,
    seconds: (ended - dry) / 1000,
    growthBytes: highest - before,
    longestMs: delays.max / 1e6,
  };
}

async function check(store: Store, id: string, count: number): Promise<void> {
  const job = await store.findRevocationJob(id);
  if (job?.state !== 'done' || job.failure !== null || job.done !== count)
    throw new Error(`the revocation came to ${job?.done} of ${count}, ${job?.failure}`);
}

/** Written as issuing would leave it, without signatures. */
async function fill(ledger: Ledger, count: number): Promise<void> {
  const all = count + Math.ceil(count / OTHERS);
  for (let from = 1; from <= all; from += FILL) {
    const numbers = Array.from({ length: Math.min(FILL, all - from + 1) }, (_, at) => from + at);
    const encodings = numbers.map((n) => {
      const place = { list: 1 + Math.floor(n / LIST.entries), index: n % LIST.entries };
      return { ...encodingRow(n, place), counter: place.index };
    });
    const lists = from === 1 ? listsFor(all) : [];
    const credentials = numbers.map((n) =>
      credentialRow(n, { issuedAt: NOW, batch: n <= count ? SCOPE.batch : null }),
    );
    await ledger.submit([], async () => ({
      entries: [{ at: NOW, actor: 'bench', type: 'filled', body: { from } }],
      change: { lists, credentials, encodings },
      done: () => undefined,
    }));
  }
}

function listsFor(count: number) {
  return Array.from({ length: Math.floor(count / LIST.entries) + 1 }, (_, at) => ({
    ...LIST,
    number: at + 1,
    next: 0,
  }));
}
