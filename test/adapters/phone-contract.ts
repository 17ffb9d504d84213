// The part of the store contract about phones: what is bound to a key, when codes end, and offers that go one way.

import type { Test } from 'tap';
import type { OfferRow } from '../../src/core/issue/offer-rows.js';
import type { StateUpdate, Store } from '../../src/core/issue/store.js';
import { credentialRow, idOf, releasedRow } from './store-rows.js';
import { CONFLICT, commit, FAILED, type Open, opened } from './store-session.js';

const AT = 1_700_000_000;
const [PHONE, OTHER] = ['P'.repeat(43), 'Q'.repeat(43)];

export function offerRow(n: number, change: Partial<OfferRow> = {}): OfferRow {
  return {
    id: idOf(n),
    credentialId: idOf(1),
    secretHash: 'ab'.repeat(32),
    txCodeHash: 'cd'.repeat(32),
    forms: ['device', 'sd-jwt'],
    keepDevices: false,
    madeBy: 'office',
    madeAt: AT,
    expiresAt: AT + 900,
    wrongCodes: 0,
    redeemed: 0,
    tokenHash: null,
    tokenExpiresAt: null,
    device: null,
    claimed: [],
    ...change,
  };
}

const stateOf = (n: number, index: number, revoked: boolean, endsAt: number | null): StateUpdate => ({
  credentialId: idOf(n),
  revoked: false,
  suspended: false,
  level: 0,
  encodings: [{ list: 1, index, revoked, value: revoked ? 1 : 0, endsAt }],
});

export async function phones(t: Test, open: Open): Promise<void> {
  await t.test('what is bound to a key is found by it, newest first', async (t) => {
    const store = await opened(t, open, 3);
    const bound = (n: number, counter: number, device: string) =>
      releasedRow(n, { counter, index: counter, form: 'device', device });
    await commit(store, 'bound', {
      encodings: [bound(1, 10, PHONE), bound(3, 11, PHONE), bound(3, 12, PHONE), bound(2, 13, OTHER)],
    });
    const ids = async (device: string, limit = 10, since = AT) =>
      (await store.credentialsOf(device, since, limit)).map(({ credential }) => credential.id);
    t.same(await ids(PHONE), [idOf(3), idOf(1)]);
    t.same(await ids(PHONE, 1), [idOf(3)]);
    t.same(await ids(OTHER), [idOf(2)]);
    t.same(await ids('R'.repeat(43)), []);
    t.same(await ids(PHONE, 10, AT + 86_400), [], 'what has expired is left out');
    await commit(store, 'later', {
      credentials: [
        credentialRow(4, { issuedAt: AT + 1, expiresAt: null }),
        credentialRow(5, { issuedAt: AT - 1, expiresAt: AT + 86_401 }),
      ],
      encodings: [bound(4, 14, PHONE), bound(5, 15, PHONE)],
    });
    t.same(await ids(PHONE), [idOf(4), idOf(3), idOf(1), idOf(5)], 'by when they were issued');
    t.same(await ids(PHONE, 10, AT + 86_400), [idOf(4), idOf(5)]);
    const [, first] = await store.credentialsOf(PHONE, AT, 2);
    t.strictSame(first, await store.findCredential(idOf(3)), 'with all its encodings');
    await t.rejects(store.credentialsOf(PHONE, AT, 0), { code: 'invalid_request' });
  });

  await t.test('what lives although its end has come is found until it is revoked', async (t) => {
    const store = await opened(t, open, 3);
    for (const [n, endsAt] of [
      [1, AT + 10],
      [2, AT + 20],
      [3, null],
    ] as const)
      await commit(store, 'ends', { states: [stateOf(n, n, false, endsAt)] });
    t.same(await store.overdue(AT + 9, 10), []);
    t.same(await store.overdue(AT + 10, 10), [idOf(1)]);
    t.same([...(await store.overdue(AT + 20, 10))].sort(), [idOf(1), idOf(2)]);
    t.equal((await store.overdue(AT + 20, 1)).length, 1);
    await commit(store, 'ended', { states: [stateOf(1, 1, true, AT + 10)] });
    t.same(await store.overdue(AT + 20, 10), [idOf(2)]);
    await t.rejects(store.overdue(AT, 1_001), { code: 'invalid_request' });
  });

  await t.test('offers are read back as they were made, and as they went on', async (t) => {
    const store = await opened(t, open, 1);
    const [first, second] = [offerRow(1), offerRow(2, { forms: ['device'], keepDevices: true })];
    await commit(store, 'made', { offers: [first, second] });
    t.strictSame(await store.findOffer(first.id), first);
    t.equal(await store.findOffer(idOf(9)), undefined);
    const steps: readonly Partial<OfferRow>[] = [
      { wrongCodes: 1 },
      { redeemed: 1, tokenHash: 'ef'.repeat(32), tokenExpiresAt: AT + 300 },
      { redeemed: 2, tokenHash: '01'.repeat(32), tokenExpiresAt: AT + 400 },
      { device: PHONE, claimed: ['device'] },
      { claimed: ['device', 'sd-jwt'] },
    ];
    let row = first;
    for (const step of steps) {
      row = { ...row, ...step };
      await commit(store, 'went on', { offers: [row] });
      t.strictSame(await store.findOffer(row.id), row);
    }
    t.strictSame(await store.offers('', 10), [row, second]);
    t.strictSame(await store.offers(row.id, 10), [second]);
    t.strictSame(await store.offers('', 1), [row]);
  });

  await t.test('nothing of an offer goes back, and nobody else becomes who claimed it', async (t) => {
    const store = await opened(t, open, 2);
    const row = offerRow(1, { wrongCodes: 2, redeemed: 1, device: PHONE, claimed: ['device'] });
    await commit(store, 'made', { offers: [row] });
    const edits: readonly Partial<OfferRow>[] = [
      { wrongCodes: 1 },
      { redeemed: 0 },
      { claimed: [] },
      { device: OTHER },
      { device: null },
      { credentialId: idOf(2) },
      { expiresAt: AT + 901 },
      { txCodeHash: '00'.repeat(32) },
      { secretHash: '00'.repeat(32) },
      { forms: ['device'] },
      { keepDevices: true },
      { madeBy: 'me' },
    ];
    for (const edit of edits) {
      await t.rejects(commit(store, 'edited', { offers: [{ ...row, ...edit }] }), CONFLICT);
      t.strictSame(await store.findOffer(row.id), row, Object.keys(edit).join());
    }
    await t.rejects(commit(store, 'dangling', { offers: [offerRow(3, { credentialId: idOf(9) })] }), FAILED);
  });

  await t.test('what a code is bound to stays', async (t) => refusesRebinding(t, await opened(t, open, 1)));
}

async function refusesRebinding(t: Test, store: Store): Promise<void> {
  const bound = releasedRow(1, { counter: 10, index: 10, form: 'device', device: PHONE });
  await commit(store, 'bound', { encodings: [bound] });
  await t.rejects(commit(store, 'again', { encodings: [{ ...bound, device: OTHER }] }), CONFLICT);
  const [, stored] = (await store.findCredential(idOf(1)))?.encodings ?? [];
  t.equal(stored?.device, PHONE);
}
