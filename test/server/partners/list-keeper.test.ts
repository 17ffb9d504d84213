// What becomes of a token that a partner gave, in both forms: taken whole, or refused with its rule and nothing changed.

import { deflateSync } from 'node:zlib';
import t, { type Test } from 'tap';
import { STATUS_BITS } from '../../../src/core/status/packed.js';
import { createIssuer } from '../../support/fixtures.js';
import { type Authority, createPartnerWorld, type TokenParts } from '../support/partner-world.js';

const LIST = 7;

function open() {
  const world = createPartnerWorld();
  const from = world.authority('330105');
  const { keeper, ...node } = world.node();
  const take = (parts?: TokenParts, by: Authority = from) =>
    keeper.take(from, LIST, by.delivery(LIST, parts));
  const refuses = (t: Test, rule: string, parts?: TokenParts, name = rule): void => {
    const before = node.arena.snapshot(from.base, LIST);
    t.throws(() => take(parts), { code: 'list_refused', rule }, name);
    t.same(node.arena.snapshot(from.base, LIST), before, `${name}: what is held stays`);
  };
  return { world, from, keeper, take, refuses, ...node };
}

t.test('a list of any width is taken in both forms, and is as old as it says', async (t) => {
  for (const form of ['jwt', 'cwt'] as const)
    for (const bits of STATUS_BITS) {
      const { world, from, take, value, arena } = open();
      const issuedAt = world.clocks.epoch - 40;
      const { result, list } = take({ form, bits, values: { 3: 1, 9: 2 ** bits - 1 }, issuedAt });
      t.equal(result, 'loaded');
      t.match(list, { number: LIST, etag: `"${issuedAt}"`, renewAt: world.clocks.epoch + 60 });
      t.same(
        [value(from, LIST, 3), value(from, LIST, 9), value(from, LIST, 0)],
        [1, 2 ** bits - 1, 0],
        `${form} ${bits}`,
      );
      t.same(arena.confirmedAt(from.base, LIST), { epoch: issuedAt, steady: world.clocks.steady - 40 });
    }
});

t.test('whoever follows hears of values and time in one turn', async (t) => {
  const { take, updates } = open();
  take();
  t.match(updates, [{ type: 'packed' }, { type: 'confirm', number: LIST }]);
});

t.test('a time a little ahead of ours makes nothing younger than now', async (t) => {
  const { world, take, age, from } = open();
  take({ issuedAt: world.clocks.epoch + 59 });
  t.equal(age(from, LIST), 0);
});

t.test('a version is verified once', async (t) => {
  const { world, from, keeper } = open();
  const delivery = from.delivery(LIST);
  t.equal(keeper.take(from, LIST, delivery).result, 'loaded');
  world.clocks.epoch += 30;
  const { result, list } = keeper.take(from, LIST, delivery);
  t.equal(result, 'same');
  t.equal(list.renewAt, world.clocks.epoch + 60, 'it may be kept for another ttl');
});

t.test('another list at this uri is refused', async (t) => {
  const { refuses, from } = open();
  refuses(t, 'sub', { uri: `${from.base}8` });
  refuses(t, 'sub', { uri: 'https://330200.example/status-lists/7' }, "another issuer's");
});

t.test('only a key of this issuer that is for lists, and not withdrawn, stands behind a list', async (t) => {
  const { world, from, take, refuses } = open();
  const stranger = world.authority('330200');
  refuses(t, 'key', { signer: stranger.status.signer }, "another issuer's key");
  refuses(t, 'key', { signer: createIssuer().signer }, 'a key that nobody knows');
  const forCodes = createIssuer({ issuer: from.issuer, statusBase: from.base });
  world.trust((all) => [...all, forCodes.record]);
  refuses(t, 'key', { signer: forCodes.signer }, 'a key for credentials');
  take();
  for (const state of ['announced', 'removed', 'revoked'] as const) {
    world.trust((all) => all.map((record) => ({ ...record, state })));
    world.clocks.epoch += 1;
    refuses(t, 'key', {}, `a key that is ${state}`);
  }
  world.trust((all) => all.map((record) => ({ ...record, state: 'retired' })));
  t.equal(take().result, 'same', 'a retired key still does');
  const { epoch } = world.clocks;
  world.trust((all) => all.map((record) => ({ ...record, notAfter: epoch })));
  world.clocks.epoch += 1;
  refuses(t, 'key', {}, 'signed after its window');
});

t.test('a signature that does not fit is refused', async (t) => {
  const { from, keeper } = open();
  for (const form of ['jwt', 'cwt'] as const) {
    const { body, etag } = from.delivery(LIST, { form });
    const spoilt = body.slice();
    const last = spoilt.length - 3;
    spoilt[last] = form === 'jwt' ? (spoilt[last] === 65 ? 66 : 65) : (spoilt[last] ?? 0) ^ 1;
    t.throws(() => keeper.take(from, LIST, { form, body: spoilt, etag }), {
      code: 'list_refused',
      rule: 'signature',
    });
    const other = form === 'jwt' ? 'cwt' : 'jwt';
    t.throws(() => keeper.take(from, LIST, { form: other, body, etag }), 'called the other form');
  }
});

t.test('a version never goes back', async (t) => {
  const { world, take, refuses } = open();
  take();
  refuses(t, 'older', { issuedAt: world.clocks.epoch - 1 });
  refuses(t, 'rewritten', { values: { 3: 2 } }, 'the same time with other values');
  world.clocks.epoch += 1;
  refuses(t, 'shrunk', { entries: 32 });
  t.equal(take({ values: { 3: 2 } }).result, 'loaded', 'a newer one is taken');
});

t.test('signed anew with the same values, a list is younger and is not loaded again', async (t) => {
  const { world, from, take, age, updates } = open();
  take();
  world.clocks.epoch += 60;
  t.equal(age(from, LIST), 60);
  updates.length = 0;
  t.equal(take({ form: 'jwt' }).result, 'same');
  t.equal(age(from, LIST), 0);
  t.match(updates, [{ type: 'confirm' }]);
});

t.test('what was revoked stays so when a newer list says otherwise, and is counted', async (t) => {
  const { world, from, take, value, tally } = open();
  take({ values: { 3: 1, 4: 1, 5: 2 } });
  world.clocks.epoch += 1;
  t.equal(take({ values: { 4: 1 } }).result, 'loaded');
  t.same(
    [3, 4, 5].map((index) => value(from, LIST, index)),
    [1, 1, 0],
    'suspended comes back',
  );
  t.same([...tally.kept()], [[from.issuer, 1]]);
  world.clocks.epoch += 1;
  take({ bits: 4, values: { 9: 0x0d } });
  t.same(
    [3, 4, 9].map((index) => value(from, LIST, index)),
    [1, 1, 0x0d],
    'with another width too',
  );
  t.same([...tally.kept()], [[from.issuer, 3]]);
});

t.test('a list may grow and become wider', async (t) => {
  const { world, from, take, value } = open();
  take({ bits: 1, entries: 64, values: { 3: 1 } });
  t.equal(value(from, LIST, 64), undefined);
  world.clocks.epoch += 1;
  take({ bits: 1, entries: 4_096, values: { 3: 1, 4000: 1 } });
  t.same(
    [3, 64, 4_000].map((index) => value(from, LIST, index)),
    [1, 0, 1],
  );
  world.clocks.epoch += 1;
  take({ bits: 8, entries: 4_096, values: { 3: 1, 4000: 1, 64: 0x0e } });
  t.same(
    [3, 64, 4_000].map((index) => value(from, LIST, index)),
    [1, 0x0e, 1],
  );
});

t.test('times that cannot be are refused', async (t) => {
  const { world, refuses } = open();
  const { epoch } = world.clocks;
  refuses(t, 'expired', { expiresAt: epoch });
  refuses(t, 'issued_in_future', { issuedAt: epoch + 61 });
  refuses(t, 'not_yet_valid', { notBefore: epoch + 61 });
  refuses(t, 'claims', { ttlSeconds: 0 });
});

t.test('the ttl is believed within bounds', async (t) => {
  const { world, take } = open();
  const times: number[] = [];
  for (const ttlSeconds of [1, 1e9, null]) {
    world.clocks.epoch += 1;
    times.push(take({ ttlSeconds, expiresAt: null }).list.renewAt - world.clocks.epoch);
  }
  t.same(times, [10, 86_400, 86_400]);
});

t.test('bombs, empty lists and too long ones are refused', async (t) => {
  const { refuses } = open();
  refuses(t, 'inflate', { bits: 1, compressed: deflateSync(Buffer.alloc(2 ** 17 + 1)) }, 'one byte too long');
  refuses(t, 'inflate', { bits: 8, compressed: deflateSync(Buffer.alloc(2 ** 30 / 8)) }, 'bomb');
  refuses(t, 'inflate', { compressed: deflateSync(Buffer.alloc(16)).subarray(0, -1) }, 'cut');
  refuses(
    t,
    'inflate',
    { compressed: Buffer.concat([deflateSync(Buffer.alloc(16)), Buffer.of(0)]) },
    'bytes after it',
  );
  refuses(t, 'empty', { compressed: deflateSync(Buffer.alloc(0)) });
});

t.test('one partner has room for so much and no more', async (t) => {
  const { from, keeper } = open();
  const full = { bits: 8, entries: 2 ** 20, compressed: deflateSync(Buffer.alloc(2 ** 20)) } as const;
  for (let number = 0; number < 128; number++) keeper.take(from, number, from.delivery(number, full));
  const more = from.delivery(128, { entries: 8 });
  t.throws(() => keeper.take(from, 128, more), { code: 'list_refused', rule: 'too_much' });
});

t.test('a list that expires is used no more; what it says revoked stays so', async (t) => {
  const { world, from, keeper, take, age, arena } = open();
  take({ expiresAt: world.clocks.epoch + 100, values: { 3: 1 } });
  world.clocks.epoch += 99;
  keeper.review(null);
  t.equal(age(from, LIST), 99);
  world.clocks.epoch += 1;
  keeper.review(null);
  t.equal(arena.confirmedAt(from.base, LIST).epoch, 0, 'too old for any kind');
  t.match(keeper.find(`${from.base}${LIST}`), { isOver: true, etag: null });
  t.equal(take({ values: { 3: 1 } }).result, 'same', 'a new token brings it back');
  t.equal(age(from, LIST), 0);
});

t.test('with the key that signed it, a list is withdrawn, and comes back only under another', async (t) => {
  const { world, from, keeper, take, arena, age } = open();
  const second = createIssuer({ issuer: from.issuer, use: 'status', statusBase: from.base });
  world.trust((all) => [...all, second.record]);
  take();
  world.trust((all) =>
    all.map((each) => (each.kid === from.status.record.kid ? { ...each, state: 'revoked' } : each)),
  );
  keeper.review([from]);
  t.equal(arena.confirmedAt(from.base, LIST).epoch, 0);
  world.clocks.epoch += 1;
  t.equal(take({ signer: second.signer }).result, 'same');
  t.equal(age(from, LIST), 0);
});

t.test('a base that becomes another issuer’s begins anew', async (t) => {
  const { world, from, keeper, take, arena } = open();
  take();
  const heir = createIssuer({ issuer: '330106', use: 'status', statusBase: from.base });
  world.trust(() => [heir.record]);
  const partner = { issuer: '330106', base: from.base };
  keeper.review([partner]);
  t.equal(
    arena.confirmedAt(from.base, LIST).epoch,
    0,
    'the lists of the one say nothing of codes of the other',
  );
  const older = from.delivery(LIST, {
    signer: heir.signer,
    issuedAt: world.clocks.epoch - 500,
    values: { 2: 2 },
  });
  t.equal(keeper.take(partner, LIST, older).result, 'loaded');
});
