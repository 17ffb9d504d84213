import { test } from 'tap';
import { createNodeVerify, sha256 } from '../../../../src/adapters/crypto-node.js';
import type { JsonObject } from '../../../../src/core/codec/json.js';
import { YimaError } from '../../../../src/core/errors/yima-error.js';
import {
  parseSignedDocument,
  type SignedDocument,
} from '../../../../src/core/trust/documents/signed-document.js';
import { createAdmission } from '../../../../src/core/trust/documents/trusted-key.js';
import { createTrustNetwork, type TrustNetwork } from '../../../../src/core/trust/network/network.js';
import { NOW } from '../../../support/fixtures.js';
import {
  authorityEntry,
  type DeskKey,
  deskKeys,
  listPayload,
  nextVersion,
  rootPayload,
  sign,
  signerEntry,
} from '../../../support/trust-desk.js';

function run<T>(steps: Generator<void, T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

const ROOT = deskKeys(3);
const HUB = deskKeys(3);
const A = deskKeys(3);
const B = deskKeys(3);
const CITY = deskKeys(2);
const [A_KEY, A_NEXT, B_KEY, CITY_KEY] = deskKeys(4) as [DeskKey, DeskKey, DeskKey, DeskKey];

function open(root: SignedDocument): TrustNetwork {
  return createTrustNetwork({
    admit: createAdmission({ sha256 }),
    verify: createNodeVerify(),
    pin: root.hash,
  });
}

function accept(network: TrustNetwork, document: SignedDocument, now: number | null = NOW) {
  const acceptance = run(network.judge(parseSignedDocument(document.text, sha256), now));
  return { acceptance, patch: run(network.apply(acceptance)) };
}

function ruleOf(run: () => unknown): string {
  try {
    run();
    return 'accepted';
  } catch (error) {
    return error instanceof YimaError ? (error.rule ?? error.code) : String(error);
  }
}

function signed(type: 'root' | 'list', payload: JsonObject, by: readonly DeskKey[]): SignedDocument {
  return sign(type, payload, by.slice(0, 2));
}

function country() {
  const root = signed('root', rootPayload(ROOT, HUB), ROOT);
  const hub = signed(
    'list',
    listPayload('cn.example', [authorityEntry('33', A), authorityEntry('34', B)]),
    HUB,
  );
  const a = signed(
    'list',
    listPayload('33', [
      signerEntry('33', [A_KEY], { statusBase: 'https://33.example/lists/' }),
      authorityEntry('3301', CITY, {
        statusBase: 'https://33.example/3301/',
        scope: { region: '3301', kinds: null, depth: 0 },
      }),
    ]),
    A,
  );
  const b = signed('list', listPayload('34', [signerEntry('34', [B_KEY])]), B);
  const city = signed('list', listPayload('3301', [signerEntry('330102', [CITY_KEY])]), CITY);
  const network = open(root);
  for (const each of [root, hub, a, b, city]) accept(network, each);
  return { network, root, hub, a, b, city };
}

test('a country resolves to one flat list of records', async (t) => {
  const { network } = country();
  const records = [...network.records()];
  t.equal(records.filter(({ use }) => use === 'credential').length, 3);
  const city = records.find(({ issuer, use }) => issuer === '330102' && use === 'credential');
  t.match(city, {
    scope: { region: '330102', kinds: null },
    state: 'active',
    trustedUntil: NOW + 365 * 86_400,
  });
  t.same([...network.authorities().keys()], ['cn.example', '33', '34', '3301']);
});

test('what one list changes leaves the records of all others as they are', async (t) => {
  const { network, a } = country();
  const before = [...network.records()];
  const entries = [
    ...(a.payload['entries'] as JsonObject[]),
    signerEntry('33', [A_NEXT], { statusBase: 'https://33.example/lists/' }),
  ];
  const { patch } = accept(network, signed('list', nextVersion(a, { entries }), A));
  t.match([patch.remove.length, patch.add.length], [0, 1]);
  const after = new Set(network.records());
  t.ok(before.every((record) => after.has(record)));
});

test('an emergency revocation reaches everything below and nothing beside', async (t) => {
  const { network, a, hub } = country();
  const revoked = [{ key: A_KEY.thumbprint, at: NOW, reason: 'stolen' }];
  const { acceptance, patch } = accept(network, signed('list', nextVersion(hub, { revoked }), HUB));
  t.same(acceptance.tombstones, [{ authority: 'cn.example', thumbprint: A_KEY.thumbprint }]);
  t.match(patch.add, [{ issuer: '33', state: 'revoked' }]);
  t.equal(patch.add.length, 1);
  const back = nextVersion(a, { entries: [signerEntry('33', [A_KEY])], version: 3, prev: a.hash });
  t.equal(
    ruleOf(() => accept(network, signed('list', back, A))),
    'key_dropped',
  );
  const records = [...network.records()].filter(({ issuer }) => issuer === '33');
  t.ok(records.some(({ state, use }) => use === 'credential' && state === 'revoked'));
});

test('who may not sign is refused, and nothing changes', async (t) => {
  const { network, a, b, hub, root } = country();
  const before = [...network.records()];
  const rows: readonly (readonly [string, SignedDocument])[] = [
    ['threshold', sign('list', nextVersion(a, {}), A.slice(0, 1))],
    ['threshold', signed('list', nextVersion(a, {}), B)],
    [
      'rollback',
      signed('list', { ...nextVersion(hub, {}), version: 1, prev: null, iss: '33', entries: [] }, A),
    ],
    ['unknown_authority', signed('list', listPayload('35', []), B)],
    ['prev', signed('list', { ...nextVersion(b, {}), prev: a.hash }, B)],
    ['threshold', signed('root', nextVersion(root, { keys: A.map(({ jwk }) => jwk) }), A)],
    ['threshold', signed('root', nextVersion(root, { keys: A.map(({ jwk }) => jwk) }), ROOT)],
  ];
  for (const [rule, document] of rows.filter(([rule]) => rule !== 'rollback')) {
    t.equal(
      ruleOf(() => accept(network, document)),
      rule,
    );
  }
  t.same([...network.records()], before);
  const next = sign('root', nextVersion(root, { keys: A.map(({ jwk }) => jwk) }), [
    ...ROOT.slice(0, 2),
    ...A.slice(0, 2),
  ]);
  t.equal(
    ruleOf(() => accept(network, next)),
    'accepted',
  );
  t.equal(network.root()?.version, 2);
});

test('no key of a list is looked at before enough of its authority have signed it', async (t) => {
  const { root, hub } = country();
  let looked = 0;
  const admit = createAdmission({ sha256 });
  const network = createTrustNetwork({
    admit: (jwk, format) => {
      looked += 1;
      return admit(jwk, format);
    },
    verify: createNodeVerify(),
    pin: root.hash,
  });
  for (const document of [root, hub]) accept(network, document);
  const before = looked;
  const entries = Array.from({ length: 500 }, () => signerEntry('33', [A_KEY]));
  t.equal(
    ruleOf(() => accept(network, signed('list', listPayload('33', entries), B))),
    'threshold',
  );
  t.equal(
    ruleOf(() => accept(network, signed('list', listPayload('35', entries), B))),
    'unknown_authority',
  );
  t.equal(looked, before);
});

test('a long document is worked through key by key: no step checks more than one signature', async (t) => {
  const signers = deskKeys(6);
  const root = signed('root', rootPayload(ROOT, signers), ROOT);
  const verify = createNodeVerify();
  let checked = 0;
  const network = createTrustNetwork({
    admit: createAdmission({ sha256 }),
    verify: (...args) => {
      checked += 1;
      return verify(...args);
    },
    pin: root.hash,
  });
  accept(network, root);
  checked = 0;
  const steps = network.judge(sign('list', listPayload('cn.example', []), signers), NOW);
  for (let before = 0, done: boolean | undefined = false; done !== true; before = checked) {
    ({ done } = steps.next());
    t.ok(checked - before <= 1);
  }
  t.equal(checked, 6);
});

test('a key stands under one kid of one holder at most 32 times in a list', async (t) => {
  const { network, a, b } = country();
  const many = Array.from({ length: 40 }, (_, i) =>
    signerEntry('34', [A_NEXT], { scope: { region: '34', kinds: [`k${i}`] } }),
  );
  const entries = [...(b.payload['entries'] as JsonObject[]), ...many];
  accept(network, signed('list', nextVersion(b, { entries }), B));
  const refused = network.list('34')?.refusedKeys ?? [];
  t.strictSame([refused.length, new Set(refused.map(({ rule }) => rule))], [8, new Set(['kid_crowded'])]);
  t.equal(
    [...network.records()].filter(({ issuer, use }) => issuer === '34' && use === 'credential').length,
    33,
  );
  t.equal(network.list('33')?.document.hash, a.hash);
});

test('an authority whose window is over brings no new lists, and its last one stands', async (t) => {
  const { network, hub, b } = country();
  const entries = [authorityEntry('33', A), authorityEntry('34', B, { exp: NOW + 100 })];
  accept(network, signed('list', nextVersion(hub, { entries }), HUB));
  const next = signed('list', nextVersion(b, { entries: [signerEntry('34', [B_KEY, A_NEXT])] }), B);
  t.equal(
    ruleOf(() => run(network.judge(next, NOW + 101))),
    'unknown_authority',
  );
  t.equal(
    ruleOf(() => run(network.judge(next, NOW + 100))),
    'accepted',
  );
  t.match(
    [...network.records()].filter(({ issuer, use }) => issuer === '34' && use === 'credential'),
    [{ notAfter: NOW + 100, state: 'active' }],
  );
});

test('a hub that gets another name keeps what it called dead', async (t) => {
  const { network, root, hub } = country();
  const revoked = [{ key: A_KEY.thumbprint, at: NOW, reason: 'stolen' }];
  const dead = signed('list', nextVersion(hub, { revoked }), HUB);
  accept(network, dead);
  const renamed = nextVersion(root, {
    hub: { sub: 'hub.example', threshold: 2, keys: HUB.map(({ jwk }) => jwk), depth: 3 },
  });
  accept(network, signed('root', renamed, ROOT));
  const entries = dead.payload['entries'] as JsonObject[];
  accept(network, signed('list', listPayload('hub.example', entries), HUB));
  const states = [...network.records()]
    .filter(({ issuer, use }) => issuer === '33' && use === 'credential')
    .map(({ state }) => state);
  t.same(states, ['revoked']);
});

test('an authority that two lists name belongs to the first, and the other is told', async (t) => {
  const root = signed('root', rootPayload(ROOT, HUB), ROOT);
  const listed = authorityEntry('3301', CITY, { scope: { region: '3301', kinds: null, depth: 0 } });
  const hub = signed('list', listPayload('cn.example', [authorityEntry('33', A), listed]), HUB);
  const a = signed('list', listPayload('33', [{ ...listed, statusBase: null }]), A);
  const network = open(root);
  for (const each of [root, hub, a]) accept(network, each);
  const taken = [{ entry: 0, sub: '3301', reason: 'authority_taken' }];
  t.same(network.authorities().get('3301')?.grant.path, ['cn.example'], 'the hub comes first');
  t.same(network.authorities().get('33')?.dropped, taken);
  const entries = [authorityEntry('33', A), { ...listed, state: 'removed' }];
  const next = signed('list', nextVersion(hub, { entries }), HUB);
  accept(network, next);
  t.same(network.authorities().get('3301')?.grant.path, ['cn.example', '33'], 'until it lets go of it');
  t.same(network.authorities().get('33')?.dropped, []);
  const { patch } = accept(network, signed('list', nextVersion(next, {}), HUB));
  t.same(patch, { remove: [], add: [] });
});
