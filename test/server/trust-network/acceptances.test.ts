// How a document comes into force: judged, durable, taken up, told - and how nothing of it happens when one step fails.

import t from 'tap';
import { sha256 } from '../../../src/adapters/crypto-node.js';
import { auditLog } from '../../../src/core/issue/log-audit.js';
import type { Store } from '../../../src/core/issue/store.js';
import type { TrustDocumentRow } from '../../../src/core/issue/trust-rows.js';
import { deskKeys, listPayload, nextVersion, sign, signerEntry } from '../../support/trust-desk.js';
import {
  A_KEY,
  A_NEXT,
  B_KEY,
  COUNTRY,
  createWorld,
  ENTRIES,
  revokedItem,
  ruleOf,
  signedBy,
  startCountry,
  startService,
  stateOf,
  stored,
  successor,
  UPLOAD,
} from '../support/trust-world.js';

t.test('what is accepted is stored, logged, taken up and told', async (t) => {
  const world = createWorld();
  const service = await startCountry(world);
  t.strictSame(
    await service.log(),
    [COUNTRY.root, COUNTRY.hub, COUNTRY.a, COUNTRY.b].map(({ type, hash, payload }) => ({
      type: 'trust.accepted',
      actor: 'office',
      authority: payload['iss'] ?? 'root',
      document: type,
      hash,
      leftOut: 0,
      revoked: [],
      version: 1,
      via: 'upload',
    })),
  );
  t.equal(stateOf(service, A_KEY), 'active');
  t.equal(service.patches.flatMap(({ add }) => add).length, 4 + 3 * 2 - 2, 'six list keys and two that sign');
  t.same(
    service.updates.map(
      (update) => update.type === 'trust-news' && update.marks.map(({ authority }) => authority),
    ),
    [[], ['root'], ['cn.example'], ['33'], ['34']],
  );
  t.equal(service.news.version('33'), 1);
  t.equal((await service.desk.find('33'))?.text, COUNTRY.a.text);
  t.strictSame(await service.desk.marks(), [
    { authority: 'root', version: 1, hash: COUNTRY.root.hash },
    { authority: 'cn.example', version: 1, hash: COUNTRY.hub.hash },
    { authority: '33', version: 1, hash: COUNTRY.a.hash },
    { authority: '34', version: 1, hash: COUNTRY.b.hash },
  ]);
});

t.test('the same again changes nothing, not even the log', async (t) => {
  const world = createWorld();
  const service = await startCountry(world);
  const before = await stored(world);
  t.strictSame(await service.accept(COUNTRY.a), {
    changes: 'nothing',
    authority: '33',
    version: 1,
    hash: COUNTRY.a.hash,
  });
  t.equal((await service.accept(COUNTRY.root)).changes, 'nothing');
  t.strictSame(await stored(world), before);
});

t.test('what is refused leaves one entry in the log and nothing else', async (t) => {
  const world = createWorld();
  const service = await startCountry(world);
  const before = await stored(world);
  const newer = successor('a', COUNTRY.a, { entries: [ENTRIES.a, signerEntry('3301', [A_NEXT])] });
  const rows: [string, Promise<unknown>][] = [
    [
      'threshold',
      service.accept(signedBy('b', listPayload('33', [ENTRIES.a], { version: 2, prev: COUNTRY.a.hash }))),
    ],
    ['wrong_authority', service.accept(newer, '34')],
    ['wrong_authority', service.accept(COUNTRY.hub, 'root')],
    ['fork', service.accept(signedBy('a', listPayload('33', [])))],
    ['unknown_authority', service.accept(signedBy('a', listPayload('35', [])))],
    ['form', service.accept(signedBy('a', listPayload('root', [])))],
    ['not_json', service.desk.accept('{', UPLOAD, null)],
    ['not_canonical', service.desk.accept(` ${COUNTRY.a.text}`, UPLOAD, null)],
  ];
  for (const [rule, done] of rows) t.equal(await ruleOf(done), rule);
  const now = await stored(world);
  t.strictSame({ ...now, log: now.log.slice(0, 4) }, before);
  t.same(
    (await service.log()).slice(4).map(({ type, rule, authority }) => [type, rule, authority]),
    [
      ['trust.refused', 'threshold', '33'],
      ['trust.refused', 'wrong_authority', '33'],
      ['trust.refused', 'wrong_authority', 'cn.example'],
      ['trust.refused', 'fork', '33'],
      ['trust.refused', 'unknown_authority', '35'],
      ['trust.refused', 'form', 'root'],
      ['trust.refused', 'not_json', null],
      ['trust.refused', 'not_canonical', null],
    ],
  );
  t.equal(service.refusals.byRule().get('wrong_authority'), 2);
  t.equal((await service.accept(newer)).version, 2, 'and the next good one is taken');
});

t.test('a sender who is refused without end fills no log', async (t) => {
  const world = createWorld();
  const service = await startService(world);
  for (let n = 0; n < 230; n++) await ruleOf(service.desk.accept('{', UPLOAD, null));
  t.equal((await service.log()).length, 200);
  world.now += 3_600;
  await ruleOf(service.desk.accept('{', UPLOAD, null));
  t.strictSame(
    (await service.log()).slice(200).map(({ type, actor, count }) => [type, actor, count]),
    [
      ['trust.refused_more', 'upload office', 30],
      ['trust.refused', 'office', undefined],
    ],
  );
});

t.test('what was only counted is told at the end', async (t) => {
  const world = createWorld();
  const service = await startService(world);
  for (let n = 0; n < 203; n++) await ruleOf(service.desk.accept('{', UPLOAD, null));
  await service.close();
  t.match((await service.log()).slice(200), [
    { type: 'trust.refused_more', actor: 'upload office', count: 3 },
  ]);
});

t.test('a store that fails before writing leaves everything as it was', async (t) => {
  const world = createWorld();
  const service = await startCountry(world);
  const before = await stored(world);
  const newer = successor('a', COUNTRY.a, { entries: [ENTRIES.a, signerEntry('3301', [A_NEXT])] });
  world.store.failNext('before');
  t.equal(await ruleOf(service.accept(newer)), 'store_failed');
  await service.retry();
  t.strictSame(await stored(world), before);
  t.equal(stateOf(service, A_NEXT), undefined, 'nothing is in force that is not durable');
  t.equal(service.news.version('33'), 1);
  t.equal((await service.accept(newer)).changes, 'list');
  t.equal(stateOf(service, A_NEXT), 'active');
});

t.test('a store that fails after writing has it in force as soon as that is known', async (t) => {
  const world = createWorld();
  const service = await startCountry(world);
  const newer = successor('a', COUNTRY.a, { entries: [ENTRIES.a, signerEntry('3301', [A_NEXT])] });
  world.store.failNext('after');
  t.equal(await ruleOf(service.accept(newer)), 'store_failed');
  await service.retry();
  t.equal(stateOf(service, A_NEXT), 'active');
  t.equal(service.news.version('33'), 2);
  t.equal((await service.accept(newer)).changes, 'nothing');
  const third = successor('a', newer, {});
  t.equal((await service.accept(third)).version, 3);
});

t.test('the next document is judged by what a failed write had written', async (t) => {
  const world = createWorld();
  const service = await startCountry(world);
  const second = successor('a', COUNTRY.a, { entries: [ENTRIES.a, signerEntry('3301', [A_NEXT])] });
  const third = successor('a', second, {});
  world.store.failNext('after');
  const both = [ruleOf(service.accept(second)), ruleOf(service.accept(third))];
  t.same(await Promise.all(both), ['store_failed', 'accepted']);
  t.equal(service.network.list('33')?.version, 3);
  t.same(
    (await service.log()).map(({ version }) => version),
    [1, 1, 1, 1, 2, 3],
  );
});

t.test('a restart finds everything as it was', async (t) => {
  const world = createWorld();
  const first = await startCountry(world);
  const second = successor('a', COUNTRY.a, {
    entries: [ENTRIES.a, signerEntry('3301', [A_NEXT])],
    revoked: [revokedItem(A_KEY)],
  });
  await first.accept(second);
  // The hub's list is stored behind those that stand on it.
  await first.accept(successor('hub', COUNTRY.hub, {}));
  const again = await startService(world);
  t.same(await again.desk.marks().then(sorted), await first.desk.marks().then(sorted));
  t.equal(stateOf(again, A_KEY), 'revoked');
  t.equal(stateOf(again, A_NEXT), 'active');
  t.equal(stateOf(again, B_KEY), 'active');
  t.equal(again.news.version('33'), 2);
  t.equal((await again.desk.find('33'))?.acceptedAt, world.now);
});

t.test('after a restart an older version is still older', async (t) => {
  const world = createWorld();
  const first = await startCountry(world);
  await first.accept(successor('a', COUNTRY.a, {}));
  const again = await startService(world);
  t.equal(await ruleOf(again.accept(COUNTRY.a)), 'rollback');
  t.equal(
    await ruleOf(again.accept(signedBy('a', listPayload('33', [], { version: 2, prev: COUNTRY.a.hash })))),
    'fork',
  );
});

t.test('a dead key stays dead, whatever is imported', async (t) => {
  const world = createWorld();
  const first = await startCountry(world);
  await first.accept(successor('a', COUNTRY.a, { revoked: [revokedItem(A_KEY)] }));
  t.same(await world.store.trustTombstones(), [
    { authority: '33', thumbprint: A_KEY.thumbprint, at: world.now },
  ]);
  const again = await startService(world);
  t.equal(stateOf(again, A_KEY), 'revoked');
  t.equal(await ruleOf(again.accept(COUNTRY.a)), 'rollback');
  const bundle = { from: { via: 'import', name: 'stick' } as const };
  t.equal(await ruleOf(again.accept(COUNTRY.a, '33', bundle.from)), 'rollback');
  t.equal(stateOf(again, A_KEY), 'revoked');
});

t.test('what stood on a list that counts no more stands again, as it was, on the next one', async (t) => {
  const world = createWorld();
  const first = await startCountry(world);
  await first.accept(successor('a', COUNTRY.a, {}));
  const others = deskKeys(2);
  const hub = { sub: 'cn.example', threshold: 2, keys: others.map(({ jwk }) => jwk), depth: 3 };
  await first.accept(successor('root', COUNTRY.root, { hub }));
  t.equal(stateOf(first, A_KEY), undefined, 'the hub has other keys, and has not signed its list with them');

  const again = await startService(world);
  t.equal(again.network.root()?.version, 2);
  t.equal(again.network.list('33'), undefined);
  t.equal(await ruleOf(again.accept(COUNTRY.hub)), 'threshold');
  const signed = sign('list', nextVersion(COUNTRY.hub, {}), others);
  t.equal((await again.accept(signed)).changes, 'list');
  t.equal(again.network.list('33')?.version, 2);
  t.equal(stateOf(again, A_KEY), 'active');
  t.equal(stateOf(again, B_KEY), 'active');
  t.equal(await ruleOf(again.accept(COUNTRY.a)), 'rollback');
  t.equal(again.patches.flatMap(({ add }) => add).length, 8, 'and the table hears of all of it');
});

t.test('a version that was accepted once is not taken up in the place of a newer one', async (t) => {
  const world = createWorld();
  const first = await startCountry(world);
  const second = successor('hub', COUNTRY.hub, {});
  await first.accept(second);
  const spoiled = {
    ...world,
    store: {
      ...world.store,
      async *trustDocuments() {
        for await (const rows of world.store.trustDocuments())
          yield rows.filter(({ authority }) => authority !== 'cn.example');
      },
    },
  };
  const again = await startService(spoiled);
  t.equal(again.network.list('cn.example'), undefined);
  t.equal(await ruleOf(again.accept(COUNTRY.hub)), 'rollback');
  const otherSecond = successor('hub', COUNTRY.hub, { iat: Number(COUNTRY.hub.payload['iat']) + 5 });
  t.equal(await ruleOf(again.accept(otherSecond)), 'fork');
  t.equal((await again.accept(second)).changes, 'nothing', 'it was accepted already, and is taken up');
  t.equal(stateOf(again, A_KEY), 'active');
});

t.test('a key that was left out as unsound stays out after a restart', async (t) => {
  const world = createWorld();
  const first = await startCountry(world);
  // The identity: one constant signature would pass for every message.
  const weak = { jwk: { kty: 'OKP', crv: 'Ed25519', x: `AQ${'A'.repeat(41)}`, alg: 'Ed25519' } };
  const entries = [ENTRIES.a, signerEntry('3301', [weak, A_NEXT])];
  await first.accept(successor('a', COUNTRY.a, { entries }));
  const held = ({ network }: typeof first) =>
    [...network.records()].filter(({ issuer }) => issuer === '3301');
  t.equal(held(first).length, 1);
  const again = await startService(world);
  t.equal(held(again).length, 1);
  t.equal(stateOf(again, A_NEXT), 'active');
  t.match(await again.desk.dropped('33'), [{ rule: (await first.desk.dropped('33'))[0]?.rule ?? 'none' }]);
});

t.test('another pin than the one that the data folder began with is refused at the start', async (t) => {
  const world = createWorld();
  await startCountry(world);
  await t.rejects(startService(world, `${'A'.repeat(42)}A`), {
    code: 'config_invalid',
    field: 'YIMA_TRUST_PIN',
  });
});

t.test('a row that was edited behind the log counts for nothing', async (t) => {
  const world = createWorld();
  await startCountry(world);
  const spoiled = {
    ...world,
    store: {
      ...world.store,
      async *trustDocuments() {
        for await (const rows of world.store.trustDocuments())
          yield rows.map((row) =>
            row.authority === '33' ? { ...row, text: (row.text ?? '').replace('eyJ', 'eyK') } : row,
          );
      },
    },
  };
  const service = await startService(spoiled);
  t.equal(stateOf(service, A_KEY), undefined);
  t.equal(stateOf(service, B_KEY), 'active');
});

t.test('what is edited in the store behind the log is found', async (t) => {
  const world = createWorld();
  const service = await startCountry(world);
  await service.accept(successor('a', COUNTRY.a, { revoked: [revokedItem(A_KEY)] }));
  await ruleOf(service.accept(COUNTRY.a));
  const audit = (store: Store) => auditLog({ store, sha256, nextTurn: async () => undefined });
  t.match(await audit(world.store), { ok: true, strayTrust: [] });
  const edited = (change: (row: TrustDocumentRow) => readonly TrustDocumentRow[]): Store => ({
    ...world.store,
    async *trustDocuments() {
      for await (const rows of world.store.trustDocuments()) yield rows.flatMap(change);
    },
  });
  const isA = ({ authority }: TrustDocumentRow): boolean => authority === '33';
  const dead = `dead 33 ${A_KEY.thumbprint}`;
  for (const [stray, store] of [
    ['list 33', edited((row) => (isA(row) ? [{ ...row, version: 1 }] : [row]))],
    ['list 33', edited((row) => (isA(row) ? [{ ...row, hash: COUNTRY.a.hash }] : [row]))],
    ['list 33', edited((row) => (isA(row) ? [{ ...row, leftOut: 1 }] : [row]))],
    ['list 33', edited((row) => (isA(row) ? [] : [row]))],
    ['list 35', edited((row) => (isA(row) ? [row, { ...row, authority: '35' }] : [row]))],
    ['root 1', edited((row) => (row.type === 'root' ? [] : [row]))],
    [dead, { ...world.store, trustTombstones: async () => [] }],
  ] as const)
    t.match(await audit(store), { ok: false, strayTrust: [stray] }, stray);
});

function sorted<T extends { readonly authority: string }>(marks: readonly T[]): readonly T[] {
  return [...marks].sort((a, b) => (a.authority < b.authority ? -1 : 1));
}

t.test('a long document is read when somebody known has signed it, and not before', async (t) => {
  const service = await startCountry(createWorld());
  const junk = Buffer.from('{'.repeat(100_000)).toString('base64url');
  const sealed = ({ text }: { readonly text: string }): string =>
    JSON.stringify({ ...JSON.parse(text), payload: junk });
  const ruleFor = (text: string) => ruleOf(service.accept({ text }));
  t.equal(await ruleFor(sealed(COUNTRY.a)), 'threshold', 'signatures of known keys over something else');
  const long = { ...listPayload('33', []), note: 'x'.repeat(100_000) };
  t.equal(await ruleFor(sign('list', long, deskKeys(2)).text), 'threshold', 'sound ones of strangers');
  t.equal(await ruleFor(signedBy('a', long).text), 'form', 'read, and then judged as any other');
  t.equal(await ruleFor(JSON.stringify({ payload: junk, signatures: [] })), 'threshold');
  t.equal(await ruleFor(JSON.stringify({ payload: junk })), 'not_canonical');
  t.equal(await ruleFor(`[${'{},'.repeat(50_000)}{}]`), 'not_canonical');
  t.equal(await ruleFor(`{"payload":"${junk}","signatures":[${'0,'.repeat(20_000)}0]}`), 'not_canonical');
});

t.test('the first long document must be the pinned root', async (t) => {
  const service = await startService(createWorld());
  const long = signedBy('a', { ...listPayload('33', []), note: 'x'.repeat(100_000) });
  t.equal(await ruleOf(service.accept(long)), 'no_root');
  const root = sign('root', { ...COUNTRY.root.payload, note: 'x'.repeat(100_000) }, deskKeys(2));
  t.equal(await ruleOf(service.accept(root)), 'pin');
});
