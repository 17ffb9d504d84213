// A store in use, as its tests need it: opened, filled, written to, and read out whole.

import type { Test } from 'tap';
import { appendLog } from '../../src/core/issue/log.js';
import type { Change, LogRow, Store } from '../../src/core/issue/store.js';
import { entry, issueChange, sha256Hex } from './store-rows.js';

/** Opens an empty store for one test; `opened` closes it. */
export type Open = (t: Test) => Promise<Store>;

export const CONFLICT = { name: 'YimaError', code: 'conflict' };
export const FAILED = { name: 'YimaError', code: 'store_failed' };

/** Commits a change with one log entry of its own. */
export async function commit(store: Store, type: string, change: Omit<Change, 'log'>): Promise<LogRow> {
  const [row] = appendLog(await store.head(), [entry(type)], sha256Hex);
  if (row === undefined) throw new Error('appendLog returned nothing');
  await store.commit({ log: [row], ...change });
  return row;
}

/** A store with so many credentials issued. */
export async function opened(t: Test, open: Open, credentials = 0): Promise<Store> {
  const store = await open(t);
  t.teardown(() => store.close());
  for (let n = 1; n <= credentials; n++) await store.commit(issueChange(await store.head(), n));
  return store;
}

/** All that a store holds, to be compared before and after. */
export async function everything(store: Store) {
  const values: unknown[] = [];
  for (const { number } of await store.lists())
    for await (const batch of store.statusValues(number)) values.push(...batch);
  return {
    log: await store.log(0, 1_000),
    lists: await store.lists(),
    credentials: await store.credentials('', 1_000),
    apiKeys: await store.apiKeys(),
    values,
  };
}
