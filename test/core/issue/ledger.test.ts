import t from 'tap';
import { sha256Hex } from '../../../src/adapters/crypto-node.js';
import { createMemoryStore } from '../../../src/adapters/memory-store.js';
import { createLedger, type Plan } from '../../../src/core/issue/ledger.js';
import { refuses } from '../../support/refusal.js';

async function open() {
  const memory = createMemoryStore();
  const state = { isDead: false };
  const store = {
    ...memory,
    head: async () => {
      if (state.isDead) throw new Error('disk');
      return memory.head();
    },
  };
  const waiting: (() => void)[] = [];
  const defer = (run: () => void) => setImmediate(run);
  const ledger = await createLedger({ store, sha256Hex, defer, later: (run) => waiting.push(run) });
  /** What the timer does when its time has come. */
  const tick = async (): Promise<number> => {
    const due = waiting.splice(0);
    for (const run of due) run();
    await ledger.idle();
    return due.length;
  };
  return { ledger, memory, state, tick };
}

const entry = { at: 1, actor: 'local', type: 'test', body: {} };
const plan = (unsure: () => Promise<void>): Plan<string> => ({
  entries: [entry],
  change: {},
  unsure,
  done: () => 'done',
});

t.test('while an outcome is in doubt the store is asked again without any command', async (t) => {
  const { ledger, memory, state, tick } = await open();
  let reads = 0;
  const readAgain = async () => void reads++;
  memory.failNext('after');
  state.isDead = true;
  await refuses(
    t,
    ledger.submit(['a'], async () => plan(readAgain)),
    'store_failed',
  );
  await ledger.idle();
  t.notOk(ledger.isCertain());
  t.equal(await tick(), 1);
  t.notOk(ledger.isCertain(), 'the store is still out of reach');
  state.isDead = false;
  t.equal(await tick(), 1, 'one timer at a time');
  t.ok(ledger.isCertain());
  t.equal(reads, 1);
  t.equal(ledger.head()?.seq, 1);
  t.equal(await tick(), 0, 'and none once it is certain');
});

t.test('a command is planned from settled state only', async (t) => {
  const { ledger, memory, state } = await open();
  let known = 'old';
  const readAgain = async () => {
    known = 'read again';
  };
  memory.failNext('after');
  state.isDead = true;
  await refuses(
    t,
    ledger.submit(['a'], async () => plan(readAgain)),
    'store_failed',
  );
  await t.rejects(
    ledger.submit(['a'], async () => {
      t.fail('planned from unsettled state');
      return plan(readAgain);
    }),
    { message: 'disk' },
  );
  state.isDead = false;
  await ledger.submit(['a'], async () => {
    t.equal(known, 'read again');
    return plan(readAgain);
  });
  t.equal(ledger.head()?.seq, 2);
});
