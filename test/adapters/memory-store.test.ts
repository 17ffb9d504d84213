import t from 'tap';
import { createMemoryStore } from '../../src/adapters/memory-store.js';
import { storeContract } from './store-contract.js';
import { idOf, issueChange } from './store-rows.js';

storeContract(t, 'memory', async () => createMemoryStore());

for (const when of ['before', 'after'] as const) {
  t.test(`told to fail ${when} writing, it fails once and its head says what happened`, async (t) => {
    const store = createMemoryStore();
    const first = issueChange(undefined, 1);
    await store.commit(first);
    store.failNext(when);
    const second = issueChange(first.log[0], 2);
    await t.rejects(store.commit(second), { code: 'store_failed' });
    const written = when === 'after';
    t.equal((await store.head())?.seq, written ? 2 : 1);
    t.equal((await store.findCredential(idOf(2))) !== undefined, written);
    if (written) await t.rejects(store.commit(second), { code: 'conflict' });
    else await store.commit(second);
    t.equal((await store.head())?.seq, 2);
  });
}

t.test('rows that the caller changes afterwards stay as they were committed', async (t) => {
  const store = createMemoryStore();
  const change = issueChange(undefined, 1);
  const [list] = change.lists ?? [];
  await store.commit(change);
  list?.seed.fill(0);
  t.equal((await store.lists())[0]?.seed[0], 7);
});
