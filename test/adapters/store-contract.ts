// What every store must do, run against each adapter. A store that passes can stand behind the registry.

import type { Test } from 'tap';
import { appendLog } from '../../src/core/issue/log.js';
import { decisions } from './decision-contract.js';
import { heldRequests } from './held-contract.js';
import { phones } from './phone-contract.js';
import { scopes } from './scope-contract.js';
import { conflicts, oneWay } from './store-refusals.js';
import {
  API_KEY,
  credentialRow,
  encodingRow,
  entry,
  idempotencyRow,
  idOf,
  issueChange,
  LIST,
  releasedRow,
  SHORT_ID,
  sha256Hex,
} from './store-rows.js';
import { CONFLICT, commit, everything, FAILED, type Open, opened } from './store-session.js';
import { trustNetwork } from './trust-contract.js';

/** @param open an empty store for one test; the contract closes it */
export function storeContract(t: Test, name: string, open: Open): void {
  t.test(`${name}: reads and writes`, async (t) => readsAndWrites(t, open));
  t.test(`${name}: refuses what conflicts, whole`, async (t) => conflicts(t, open));
  t.test(`${name}: states and counters go one way`, async (t) => oneWay(t, open));
  t.test(`${name}: who decided what`, async (t) => decisions(t, open));
  t.test(`${name}: phones`, async (t) => phones(t, open));
  t.test(`${name}: held requests`, async (t) => heldRequests(t, open));
  t.test(`${name}: trust network`, async (t) => trustNetwork(t, open));
  t.test(`${name}: scopes`, async (t) => scopes(t, open));
  t.test(`${name}: pages and batches`, async (t) => pages(t, open));
  t.test(`${name}: fails after it was closed`, async (t) => {
    const store = await opened(t, open, 1);
    await store.close();
    await t.rejects(store.head(), FAILED);
    await t.rejects(store.commit({ log: appendLog(undefined, [entry('late')], sha256Hex) }), FAILED);
  });
}

async function readsAndWrites(t: Test, open: Open): Promise<void> {
  await t.test('a new store is empty', async (t) => {
    const store = await opened(t, open);
    t.equal(await store.head(), undefined);
    t.equal(await store.findCredential(idOf(1)), undefined);
    t.equal(await store.findKind(idOf(1)), undefined);
    t.equal(await store.findIdempotency('office', 'request 1'), undefined);
    t.strictSame(await everything(store), { log: [], lists: [], credentials: [], apiKeys: [], values: [] });
  });

  await t.test('what was committed is read back as it was', async (t) => {
    const store = await opened(t, open);
    const change = issueChange(undefined, 1);
    await store.commit({ ...change, apiKeys: [API_KEY] });
    t.strictSame(await store.head(), change.log[0]);
    t.strictSame(await store.findCredential(idOf(1)), {
      credential: credentialRow(1),
      encodings: [encodingRow(1)],
    });
    const { kind, demo } = credentialRow(1);
    t.strictSame(await store.findKind(idOf(1)), { kind, demo });
    t.strictSame(await store.findIdempotency('office', 'request 1'), idempotencyRow(1));
    t.equal(await store.findIdempotency('other', 'request 1'), undefined);
    t.strictSame(await store.lists(), [{ ...LIST, next: 2 }]);
    t.strictSame(await store.apiKeys(), [API_KEY]);
  });

  await t.test('a list is given up once, and eras only grow', async (t) => {
    const store = await opened(t, open);
    t.equal(await store.era(), 0);
    await commit(store, 'list', { lists: [LIST, { ...LIST, number: 900_000_000 }] });
    await commit(store, 'restored', {
      era: 30_000_000,
      lists: [{ ...LIST, next: LIST.entries, burntFrom: 1 }],
    });
    t.equal(await store.era(), 30_000_000);
    t.strictSame((await store.lists())[0], { ...LIST, next: LIST.entries, burntFrom: 1 });
    for (const era of [30_000_000, 5]) await t.rejects(commit(store, 'again', { era }), CONFLICT);
    await commit(store, 'issued', {
      credentials: [credentialRow(1)],
      encodings: [
        releasedRow(1, { list: 900_000_000, counter: 3 }),
        releasedRow(1, { list: 900_000_000, counter: 4 }),
      ],
    });
    t.equal((await store.lists())[1]?.next, 5, 'however high the number of a list');
    await t.rejects(
      commit(store, 'twice', { encodings: [releasedRow(1, { list: 900_000_000, counter: 4 })] }),
      CONFLICT,
    );
  });

  await t.test('entries about API keys are read apart from the others', async (t) => {
    const store = await opened(t, open, 1);
    const created = await commit(store, 'api_key_created', { apiKeys: [API_KEY] });
    await commit(store, 'key_created', {});
    const revoked = await commit(store, 'api_key_revoked', {
      apiKeys: [{ ...API_KEY, revokedAt: 1_700_000_001 }],
    });
    t.strictSame(await store.apiKeyLog(), [created, revoked]);
  });

  await t.test(
    'entries about sites are read apart from the others, and of overrides the newest of each site',
    async (t) => {
      const store = await opened(t, open, 1);
      const created = await commit(store, 'site_created', {});
      await commit(store, 'api_key_revoked', {});
      const revoked = await commit(store, 'site_revoked', {});
      t.strictSame(await store.siteLog(), [created, revoked]);
      t.equal(await store.lastOverride(created.actor), undefined);
      await commit(store, 'site_override', {});
      const newest = await commit(store, 'site_override', {});
      t.strictSame(await store.lastOverride(newest.actor), newest);
      t.equal(await store.lastOverride('site-of-others'), undefined);
    },
  );

  await t.test('encodings come back in the order of their release', async (t) => {
    const store = await opened(t, open, 1);
    const later = [9, 3].map((index) => encodingRow(1, { form: 'paper', index }));
    const encodings = later.map((row, at) => ({ ...row, counter: 2 + at }));
    await commit(store, 'released', { encodings });
    t.strictSame((await store.findCredential(idOf(1)))?.encodings, [encodingRow(1), ...later]);
  });

  await t.test('a successor is found by what it replaces', async (t) => {
    const store = await opened(t, open, 1);
    t.equal(await store.findSuccessor(idOf(1)), undefined);
    const credential = credentialRow(2, { replaces: idOf(1) });
    await commit(store, 'issued', { credentials: [credential], encodings: [releasedRow(2)] });
    t.strictSame(await store.findSuccessor(idOf(1)), { credential, encodings: [encodingRow(2)] });
    t.equal(await store.findSuccessor(idOf(2)), undefined);
  });

  await t.test('an encoding is found by the short id on its paper, and by no other', async (t) => {
    const store = await opened(t, open, 1);
    t.equal(await store.findByShortId(SHORT_ID), undefined);
    const paper = encodingRow(1, { form: 'paper', index: 9, shortId: SHORT_ID });
    await commit(store, 'released', { encodings: [{ ...paper, counter: 2 }] });
    t.strictSame(await store.findByShortId(SHORT_ID), paper);
    t.equal(await store.findByShortId(SHORT_ID.toLowerCase()), undefined);
    t.strictSame((await store.findCredential(idOf(1)))?.encodings, [encodingRow(1), paper]);
  });

  await t.test("a list's counter is past every one that an encoding has", async (t) => {
    const store = await opened(t, open, 1);
    await commit(store, 'list', { lists: [{ ...LIST, number: 2, next: 0 }] });
    const next = async () => (await store.lists()).map((list) => list.next);
    t.same(await next(), [2, 0]);
    await commit(store, 'released', { encodings: [releasedRow(1, { list: 2, counter: 0 })] });
    t.same(await next(), [2, 1]);
    await commit(store, 'released', { encodings: [releasedRow(1, { counter: LIST.entries - 1 })] });
    t.same(await next(), [LIST.entries, 1]);
  });

  await t.test('no end of validity, flags and a level survive', async (t) => {
    const store = await opened(t, open, 1);
    const row = credentialRow(2, {
      expiresAt: null,
      revoked: true,
      suspended: true,
      level: 0x0e,
      demo: true,
    });
    await commit(store, 'issued', { credentials: [row] });
    t.strictSame((await store.findCredential(idOf(2)))?.credential, row);
  });
}

async function pages(t: Test, open: Open): Promise<void> {
  await t.test('the log, credentials, lists and keys come in order, in pages', async (t) => {
    const store = await opened(t, open);
    const order = [5, 2, 4, 1, 3];
    await commit(store, 'lists', { lists: [{ ...LIST, number: 7 }, LIST, { ...LIST, number: 3 }] });
    for (const n of order) {
      await commit(store, 'issued', { credentials: [credentialRow(n)], encodings: [releasedRow(n)] });
    }
    t.same(
      (await store.log(0, 1_000)).map(({ seq }) => seq),
      [1, 2, 3, 4, 5, 6],
    );
    t.same(
      (await store.log(2, 2)).map(({ seq }) => seq),
      [3, 4],
    );
    t.same(await store.log(6, 1), []);
    const ids = async (after: string, limit: number) =>
      (await store.credentials(after, limit)).map((row) => row.credential.id);
    t.same(await ids('', 1_000), [1, 2, 3, 4, 5].map(idOf));
    t.same(await ids(idOf(2), 2), [idOf(3), idOf(4)]);
    t.same(await ids(idOf(5), 2), []);
    t.same(
      (await store.credentials(idOf(2), 2)).map((row) => row.encodings),
      [[encodingRow(3)], [encodingRow(4)]],
    );
    t.same(
      (await store.lists()).map(({ number }) => number),
      [1, 3, 7],
    );
    const keys = ['b', 'c', 'a'].map((letter) => ({ ...API_KEY, id: letter.repeat(16) }));
    await commit(store, 'keys', { apiKeys: keys });
    t.same(
      (await store.apiKeys()).map(({ id }) => id[0]),
      ['a', 'b', 'c'],
    );
  });

  for (const limit of [0, -1, 1_001, 1.5, Number.NaN]) {
    await t.test(`a page of ${limit} rows is refused`, async (t) => {
      const store = await opened(t, open);
      await t.rejects(store.log(0, limit), { code: 'invalid_request', field: 'limit' });
      await t.rejects(store.credentials('', limit), { code: 'invalid_request', field: 'limit' });
    });
  }

  await t.test('a large list yields each value that is not 0 once, ascending, in batches', async (t) => {
    const store = await opened(t, open);
    const count = 25_000;
    const encodings = Array.from({ length: count }, (_, n) =>
      releasedRow(1, {
        counter: n,
        index: ((n * 7_919) % count) * 2,
        value: n % 5 === 0 ? 0 : 1 + (n % 15),
        code: 'YM1:',
      }),
    );
    const other = releasedRow(1, { list: 2, index: 1, value: 1 });
    await commit(store, 'issued', {
      lists: [LIST, { ...LIST, number: 2 }],
      credentials: [credentialRow(1)],
      encodings: [...encodings, other],
    });
    const seen: { index: number; value: number }[] = [];
    let batches = 0;
    for await (const batch of store.statusValues(1)) {
      seen.push(...batch);
      batches += 1;
    }
    const expected = encodings
      .filter(({ value }) => value !== 0)
      .map(({ index, value }) => ({ index, value }))
      .sort((a, b) => a.index - b.index);
    t.equal(seen.length, expected.length);
    t.equal(JSON.stringify(seen), JSON.stringify(expected));
    t.ok(batches > 1, `${batches} batches`);
    for await (const batch of store.statusValues(3)) t.fail('a list that is absent has no values', { batch });
  });
}
