// Lists of other authorities in a cluster: one node fetches, all judge; who is slow, dead or hostile harms nobody else.

import t from 'tap';
import { createPartnerWorld } from '../support/partner-world.js';
import { createTwinCluster } from '../support/twin-partner-store.js';

t.test('every list of the index is fetched, and again before its ttl is over', async (t) => {
  const { authority, node, pass, clocks } = createPartnerWorld();
  const from = authority('330105');
  from.serve(1, { values: { 3: 1 } });
  from.serve(2, { form: 'jwt' });
  const { value, results, age } = node();
  await pass(2);
  t.same([value(from, 1, 3), value(from, 2, 3)], [1, 0]);
  t.same(results(), ['330105 index 1', '330105 loaded 2']);
  await pass(30);
  t.equal(from.requests.length, 3, 'nothing is asked before its time');
  await pass(30);
  t.same(results(), ['330105 index 1', '330105 loaded 2', '330105 unchanged 2']);
  t.ok(age(from, 1) >= 60, 'not modified is no younger');
  from.serve(1, { issuedAt: clocks.epoch, values: { 3: 1, 4: 2 } });
  await pass(61);
  t.equal(value(from, 1, 4), 2);
  t.ok(from.requests.every(({ bearer }) => bearer === null));
});

t.test('a list that no index names is fetched when a code asks for it', async (t) => {
  const { authority, node, pass } = createPartnerWorld();
  const from = authority('330200');
  const { value, arena, partners } = node();
  await pass(2);
  from.serve(9, { bits: 4, values: { 5: 0x0d } });
  t.equal(value(from, 9, 5), undefined, 'a code asks, and its status is unknown');
  await pass(1);
  t.equal(value(from, 9, 5), 0x0d);
  from.serve(10);
  partners.wanted([
    { base: from.base, number: 10 },
    { base: 'https://nobody.example/status-lists/', number: 1 },
  ]);
  await pass(1);
  t.equal(arena.hasList(from.base, 10), true, 'asked for in another process');
  t.same(
    from.requests.filter(({ bearer }) => bearer === 'yk_ours').map(({ url }) => url),
    [`${from.base}9`, `${from.base}10`],
    'our API key goes with requests for lists of its issuer',
  );
});

t.test('a list that is not there is not asked for with every code', async (t) => {
  const { authority, node, pass } = createPartnerWorld();
  const from = authority('330105');
  const { value, results } = node();
  for (let second = 0; second < 60; second++) {
    value(from, 9);
    await pass();
  }
  t.same(results(), ['330105 index 1', '330105 not_found 3']);
});

t.test(
  'nobody is asked who is not a partner: ourselves, the demo, authorities without a key for lists',
  async (t) => {
    const { authority, node, pass, trust } = createPartnerWorld();
    const [own, withoutKey, revoked] = [authority('330101'), authority('330102'), authority('330103')];
    trust((all) =>
      all.map((record) => {
        if (record.issuer === withoutKey.issuer) return { ...record, use: 'credential' };
        return record.issuer === revoked.issuer ? { ...record, state: 'revoked' } : record;
      }),
    );
    const { value, partners } = node(undefined, { others: [own.base] });
    for (const each of [own, withoutKey, revoked]) {
      each.serve(1);
      value(each, 1);
    }
    await pass(5);
    t.same(partners.all(), []);
    for (const { requests } of [own, withoutKey, revoked]) t.same(requests, []);
  },
);

t.test('two nodes: one fetches, both judge', async (t) => {
  const { authority, node, pass } = createPartnerWorld();
  const from = authority('330105');
  from.serve(1, { values: { 3: 1 } });
  const cluster = createTwinCluster();
  const [first, second] = [node(cluster.join()), node(cluster.join())];
  await pass(3);
  t.same([first.value(from, 1, 3), second.value(from, 1, 3)], [1, 1]);
  t.same(first.results(), ['330105 index 1', '330105 loaded 1']);
  t.same(second.results(), ['330105 shared 1']);
  t.equal(from.requests.length, 2);
  from.serve(9);
  second.value(from, 9);
  await pass(3);
  t.same(
    [first.value(from, 9), second.value(from, 9)],
    [0, 0],
    'what the other node misses is fetched for it',
  );
});

t.test('with the node that fetched gone, another goes on where it was', async (t) => {
  const { authority, node, pass, clocks } = createPartnerWorld();
  const from = authority('330105');
  from.serve(1);
  const cluster = createTwinCluster();
  const first = node(cluster.join());
  const second = node(cluster.join());
  await pass(3);
  const before = from.requests.length;
  await first.partners.stop();
  from.serve(1, { issuedAt: clocks.epoch, values: { 3: 1 } });
  await pass(60);
  t.equal(second.value(from, 1, 3), 1);
  t.same(
    from.requests.slice(before).map(({ url, etag }) => [url === `${from.base}1`, etag !== null]),
    [
      [false, false],
      [true, true],
    ],
    'the index, and the list with the entity tag that the first had',
  );
});

t.test('who lost the lock puts nothing into the store any more', async (t) => {
  const { authority, node, pass } = createPartnerWorld();
  const from = authority('330105');
  const cluster = createTwinCluster();
  node(cluster.join());
  await pass(2);
  const late = from.answer;
  let release: () => void = () => undefined;
  from.answer = async (request) => {
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    return late(request);
  };
  from.serve(1, { values: { 2: 2 } });
  node(cluster.join()).value(from, 1);
  await pass(2);
  cluster.expireLock();
  const stranger = cluster.join();
  t.equal(await stranger.lead(), true);
  release();
  await pass(1);
  t.equal(cluster.stored(`${from.base}1`), undefined);
});

t.test('what somebody wrote into the store is judged like anything else', async (t) => {
  const { authority, node, pass, clocks } = createPartnerWorld();
  const [from, other] = [authority('330105'), authority('330106')];
  const cluster = createTwinCluster();
  await cluster.join().lead();
  const { arena, results, value } = node(cluster.join());
  const put = (uri: string, parts: object): void =>
    cluster.write({ uri, issuedAt: clocks.epoch, ...from.delivery(1, { values: { 3: 1 } }), ...parts });
  put(`${from.base}1`, {});
  await pass(2);
  t.equal(value(from, 1, 3), 1);
  put(`${from.base}1`, { ...from.delivery(1, { issuedAt: clocks.epoch - 100 }), issuedAt: clocks.epoch + 9 });
  await pass(1);
  put(`${from.base}1`, { ...from.delivery(1, { signer: other.status.signer }), issuedAt: clocks.epoch + 9 });
  await pass(1);
  put(`${from.base}1`, { body: new Uint8Array(99), issuedAt: clocks.epoch + 9 });
  put(`${other.base}1`, {});
  put('https://nobody.example/status-lists/1', {});
  put(`${from.base}x`, {});
  await pass(1);
  t.equal(value(from, 1, 3), 1, 'what is held stays');
  t.equal(arena.hasList(other.base, 1), false);
  t.same(results(), [
    '330105 list_key 1',
    '330105 list_older 1',
    '330105 list_tag 1',
    '330105 shared 1',
    '330106 list_key 1',
  ]);
  t.same(from.requests, []);
});

t.test('a store that was emptied is filled again', async (t) => {
  const { authority, node, pass } = createPartnerWorld();
  const from = authority('330105');
  from.serve(1);
  const cluster = createTwinCluster();
  node(cluster.join());
  await pass(3);
  t.ok(cluster.stored(`${from.base}1`));
  cluster.clear();
  await pass(3);
  t.ok(cluster.stored(`${from.base}1`));
  const late = node(cluster.join());
  await pass(2);
  t.equal(late.value(from, 1), 0, 'for a node that comes later');
});

t.test('what the store lost of a list that is held is fetched again when a node asks for it', async (t) => {
  const { authority, node, pass } = createPartnerWorld();
  const from = authority('330105');
  from.serve(1, { ttlSeconds: 3_600 });
  const cluster = createTwinCluster();
  node(cluster.join());
  await pass(3);
  cluster.drop(`${from.base}1`);
  const late = node(cluster.join());
  await pass(3);
  t.equal(late.value(from, 1), undefined);
  await pass(70);
  t.equal(late.value(from, 1), 0);
  t.equal(from.requests.length, 3, 'the index, and twice the list');
});

t.test('without the store for long, every node fetches for itself', async (t) => {
  const { authority, node, pass, clocks } = createPartnerWorld();
  const from = authority('330105');
  from.serve(1);
  const cluster = createTwinCluster();
  const nodes = [node(cluster.join()), node(cluster.join())];
  await pass(3);
  cluster.isDown = true;
  from.serve(1, { issuedAt: clocks.epoch, values: { 3: 1 } });
  await pass(29);
  t.equal(from.requests.length, 2, 'a while without it is nothing');
  await pass(70);
  for (const { value } of nodes) t.equal(value(from, 1, 3), 1);
  cluster.isDown = false;
  await pass(5);
  const before = from.requests.length;
  await pass(70);
  t.equal(from.requests.length - before, 1, 'then one does again');
});

t.test('dead partners, slow ones and hostile ones delay nobody', async (t) => {
  const { authority, node, pass, hang } = createPartnerWorld();
  for (let n = 0; n < 60; n++) authority(`3302${n}`).answer = hang;
  for (let n = 0; n < 60; n++)
    authority(`3303${n}`).answer = async () => ({ kind: 'failed', rule: 'connection' });
  const hostile = authority('330107');
  const body = Uint8Array.of(1, 2, 3);
  hostile.answer = async () => ({ kind: 'fresh', mediaType: 'application/json', body, etag: null });
  const good = authority('330105');
  good.serve(1, { ttlSeconds: 10 });
  const { value, results, age } = node();
  await pass(20);
  good.serve(1, { ttlSeconds: 10 });
  await pass(10);
  t.equal(value(good, 1), 0, 'before anybody is known there is one turn of waiting');
  for (let minute = 0; minute < 5; minute++) {
    good.serve(1, { ttlSeconds: 10 });
    await pass(11);
    t.ok(age(good, 1) <= 11, `${age(good, 1)} s old`);
  }
  t.ok(results().some((result) => /^330107 list_damaged \d$/.test(result)));
  t.ok(results().some((result) => /^33020 deadline \d$/.test(result)));
  t.ok(results().some((result) => /^33030 connection \d$/.test(result)));
});

t.test('one thing at a time is asked of a partner', async (t) => {
  const { authority, node, pass } = createPartnerWorld();
  const from = authority('330105');
  for (let number = 0; number < 30; number++) from.serve(number);
  const serve = from.answer;
  let now = 0;
  let most = 0;
  from.answer = async (request) => {
    now += 1;
    most = Math.max(most, now);
    await new Promise((resolve) => setImmediate(resolve));
    now -= 1;
    return serve(request);
  };
  node();
  await pass(10);
  t.equal(from.requests.length, 31);
  t.equal(most, 1);
});

t.test('keys that change withdraw lists and bring partners, without a restart', async (t) => {
  const { authority, node, pass, trust } = createPartnerWorld();
  const [from, other] = [authority('330105'), authority('330106')];
  from.serve(1);
  other.serve(1);
  trust((all) => all.filter(({ issuer }) => issuer !== other.issuer));
  const { value, arena, partners } = node();
  await pass(3);
  t.same([value(from, 1), value(other, 1)], [0, undefined]);
  trust(() => [other.status.record]);
  await pass(3);
  t.same(
    partners.all().map(({ issuer }) => issuer),
    [other.issuer],
  );
  t.equal(value(other, 1), 0);
  t.equal(arena.confirmedAt(from.base, 1).epoch, 0);
});

t.test('a defect that an answer shows is counted, and costs that partner alone', async (t) => {
  const { authority, node, pass } = createPartnerWorld();
  const [from, good] = [authority('330105'), authority('330106')];
  good.serve(1);
  from.answer = async () => {
    throw new TypeError('a defect');
  };
  const { value, results } = node();
  await pass(3);
  t.equal(value(good, 1), 0);
  t.ok(results().includes('330105 internal 1'));
});
