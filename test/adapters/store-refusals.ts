// The part of the store contract that says no: what conflicts is refused whole, what was revoked or counted stays so.

import type { Test } from 'tap';
import { appendLog } from '../../src/core/issue/log.js';
import type { Change, LogRow, StateUpdate } from '../../src/core/issue/store.js';
import {
  API_KEY,
  credentialRow,
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

export async function conflicts(t: Test, open: Open): Promise<void> {
  const links: [string, (head: LogRow) => readonly LogRow[]][] = [
    ['nothing to log', () => []],
    ['the head again', (head) => [head]],
    ['a first entry', () => appendLog(undefined, [entry('fork')], sha256Hex)],
    ['a gap', (head) => appendLog({ ...head, seq: head.seq + 1 }, [entry('gap')], sha256Hex)],
    ['another history', (head) => appendLog({ ...head, hash: 'f'.repeat(64) }, [entry('fork')], sha256Hex)],
    [
      'a second row that does not follow the first',
      (head) => {
        const [row] = appendLog(head, [entry('twice')], sha256Hex);
        return row === undefined ? [] : [row, row];
      },
    ],
  ];
  for (const [what, rows] of links) {
    await t.test(`a log that does not continue the head: ${what}`, async (t) => {
      const store = await opened(t, open, 1);
      const before = await everything(store);
      const head = await store.head();
      t.ok(head);
      if (head === undefined) return;
      await t.rejects(store.commit({ log: rows(head), credentials: [credentialRow(2)] }), CONFLICT);
      t.strictSame(await everything(store), before);
    });
  }

  const taken: [string, Omit<Change, 'log'>][] = [
    ['a credential id', { credentials: [credentialRow(1)] }],
    [
      'a credential that has a successor',
      { credentials: [credentialRow(3, { replaces: idOf(1) }), credentialRow(4, { replaces: idOf(1) })] },
    ],
    ['a counter of a list', { encodings: [releasedRow(2, { counter: 1 })] }],
    [
      'a short id',
      {
        encodings: [
          releasedRow(2, { shortId: SHORT_ID }),
          releasedRow(2, { index: 3, counter: 3, shortId: SHORT_ID }),
        ],
      },
    ],
    ['an idempotency key', { idempotency: [idempotencyRow(2, { key: 'request 1' })] }],
    ['a counter twice in one change', { encodings: [releasedRow(2), releasedRow(2, { index: 3 })] }],
  ];
  for (const [what, last] of taken) {
    await t.test(`taken already: ${what}; the rows before it are not written`, async (t) => {
      const store = await opened(t, open, 1);
      const before = await everything(store);
      const good = {
        lists: [{ ...LIST, next: 50 }],
        credentials: [credentialRow(2), ...(last.credentials ?? [])],
      };
      await t.rejects(commit(store, 'issued', { ...last, ...good, apiKeys: [API_KEY] }), CONFLICT);
      t.strictSame(await everything(store), before);
      await store.commit(issueChange(await store.head(), 2));
      t.same((await store.findCredential(idOf(2)))?.encodings.length, 1, 'and the next commit passes');
    });
  }

  await t.test('a reference to nothing is a failure, and nothing is written', async (t) => {
    const store = await opened(t, open, 1);
    const before = await everything(store);
    await t.rejects(commit(store, 'issued', { encodings: [releasedRow(2)] }), FAILED);
    await t.rejects(commit(store, 'issued', { encodings: [releasedRow(1, { list: 2 })] }), FAILED);
    await t.rejects(commit(store, 'issued', { idempotency: [idempotencyRow(2)] }), FAILED);
    const stranger = { credentials: [credentialRow(2, { replaces: idOf(9) })] };
    await t.rejects(commit(store, 'issued', stranger), FAILED);
    t.strictSame(await everything(store), before);
  });
}

function stateOf(n: number, change: Partial<StateUpdate> = {}, value = 0, revoked = false): StateUpdate {
  const encodings = [{ list: 1, index: n, revoked, value, endsAt: null }];
  return { credentialId: idOf(n), revoked: false, suspended: false, level: 0, encodings, ...change };
}

export async function oneWay(t: Test, open: Open): Promise<void> {
  await t.test('a suspended credential comes back with the colour underneath', async (t) => {
    const store = await opened(t, open, 1);
    await commit(store, 'suspended', { states: [stateOf(1, { suspended: true, level: 0x0c }, 2)] });
    const suspended = await store.findCredential(idOf(1));
    t.match(suspended, { credential: { suspended: true, level: 0x0c }, encodings: [{ value: 2 }] });
    await commit(store, 'reinstated', { states: [stateOf(1, { level: 0x0c }, 0x0c)] });
    const back = await store.findCredential(idOf(1));
    t.match(back, { credential: { suspended: false, level: 0x0c }, encodings: [{ value: 0x0c }] });
  });

  await t.test(
    'what the log tells is written over whatever is there, and what was revoked stays so again',
    async (t) => {
      const store = await opened(t, open, 1);
      await commit(store, 'edited', { states: [stateOf(1, { revoked: true }, 1, true)] });
      await commit(store, 'restored', { restored: [stateOf(1, { level: 0x0c }, 0x0c)] });
      t.match(await store.findCredential(idOf(1)), {
        credential: { revoked: false, level: 0x0c },
        encodings: [{ revoked: false, value: 0x0c }],
      });
      await commit(store, 'revoked', { states: [stateOf(1, { revoked: true }, 1)] });
      await t.rejects(commit(store, 'back', { states: [stateOf(1)] }), CONFLICT);
      await t.rejects(commit(store, 'restored', { restored: [stateOf(9)] }), CONFLICT, 'nothing is made');
    },
  );

  const refused: [string, Omit<Change, 'log'>][] = [
    ['a revoked credential comes back', { states: [stateOf(1, {}, 1, true)] }],
    ['a revoked encoding comes back', { states: [stateOf(1, { revoked: true }, 0, false)] }],
    ['a published 1 becomes another value', { states: [stateOf(1, { revoked: true }, 0, true)] }],
    ['the credential is absent', { states: [stateOf(9)] }],
    [
      'the encoding is absent',
      { states: [stateOf(2, { encodings: [{ list: 1, index: 9, revoked: true, value: 1, endsAt: null }] })] },
    ],
    [
      "the encoding is another credential's",
      { states: [stateOf(2, { encodings: stateOf(1, {}, 1, true).encodings })] },
    ],
    ['a counter stands still', { lists: [{ ...LIST, next: 3 }] }],
    ['a counter goes back', { lists: [{ ...LIST, next: 2 }] }],
    ['a list gets another seed', { lists: [{ ...LIST, next: 9, seed: new Uint8Array(32) }] }],
    ['a list is given up that goes no further', { lists: [{ ...LIST, next: 3, burntFrom: 1 }] }],
    ['a list gets other bits', { lists: [{ ...LIST, next: 9, bits: 2 }] }],
    ['an API key comes back', { apiKeys: [API_KEY] }],
    [
      'an API key gets other scopes',
      { apiKeys: [{ ...API_KEY, scopes: ['verify'], revokedAt: 1_700_000_002 }] },
    ],
  ];
  for (const [what, change] of refused) {
    await t.test(`refused: ${what}`, async (t) => {
      const store = await opened(t, open, 2);
      await commit(store, 'revoked', {
        states: [stateOf(1, { revoked: true }, 1, true)],
        apiKeys: [API_KEY],
      });
      await commit(store, 'key-revoked', { apiKeys: [{ ...API_KEY, revokedAt: 1_700_000_001 }] });
      const before = await everything(store);
      await t.rejects(commit(store, 'wrong', change), CONFLICT);
      t.strictSame(await everything(store), before);
    });
  }

  await t.test('an encoding dies alone', async (t) => {
    const store = await opened(t, open, 1);
    await commit(store, 'released', { encodings: [releasedRow(1, { form: 'paper', counter: 2, index: 8 })] });
    await commit(store, 'revoked', {
      states: [stateOf(1, { encodings: [{ list: 1, index: 8, revoked: true, value: 1, endsAt: null }] })],
    });
    const found = await store.findCredential(idOf(1));
    t.equal(found?.credential.revoked, false);
    t.same(
      found?.encodings.map(({ form, revoked }) => [form, revoked]),
      [
        ['screen', false],
        ['paper', true],
      ],
    );
  });

  await t.test('an API key is revoked, a list is filled to its end and no further', async (t) => {
    const store = await opened(t, open, 1);
    await commit(store, 'key-created', { apiKeys: [API_KEY] });
    await commit(store, 'key-revoked', { apiKeys: [{ ...API_KEY, revokedAt: 1_700_000_001 }] });
    t.equal((await store.apiKeys())[0]?.revokedAt, 1_700_000_001);
    await commit(store, 'full', { lists: [{ ...LIST, next: LIST.entries }] });
    await t.rejects(commit(store, 'over', { lists: [{ ...LIST, next: LIST.entries + 1 }] }), FAILED);
    t.equal((await store.lists())[0]?.next, LIST.entries);
  });
}
