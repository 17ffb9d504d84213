// What a root must say, each refusal for its rule and with the member that is wrong.

import { test } from 'tap';
import { sha256 } from '../../../../src/adapters/crypto-node.js';
import { encodeBase64url } from '../../../../src/core/codec/base64url.js';
import type { JsonObject } from '../../../../src/core/codec/json.js';
import { SMALL_ORDER_ENCODINGS } from '../../../../src/core/signature/edwards.js';
import { readRoot } from '../../../../src/core/trust/documents/root.js';
import { createSignedDocument } from '../../../../src/core/trust/documents/signed-document.js';
import { NOW } from '../../../support/fixtures.js';
import {
  type DeskKey,
  deskKey,
  deskKeys,
  listPayload,
  rootPayload,
  sign,
} from '../../../support/trust-desk.js';
import { ADMIT, finish, outcome, rootOf } from './reading.js';

const KEYS = deskKeys(3);
const HUB = [deskKey(), deskKey('ES256')];
const [FIRST] = KEYS as [DeskKey, ...DeskKey[]];
const DAY = 86_400;
const HASH = encodeBase64url(new Uint8Array(32));
const HUB_MEMBERS = rootPayload(KEYS, HUB)['hub'] as JsonObject;
const VKEY = `log.example+0123abcd+${'A'.repeat(44)}`;
const LOG = { origin: 'log.example', key: VKEY, witnesses: { quorum: 1, keys: [VKEY] } };
const jwks = (keys: readonly DeskKey[]): readonly JsonObject[] => keys.map(({ jwk }) => jwk);
const hub = (change: JsonObject): JsonObject => ({ hub: { ...HUB_MEMBERS, ...change } });
const log = (change: JsonObject): JsonObject => ({ log: { ...LOG, ...change } });
const small = (bytes: Uint8Array): JsonObject => ({ ...FIRST.jwk, x: encodeBase64url(bytes) });

/** Name, rule, field, what is changed in a sound root. */
const ROWS: readonly (readonly [string, string, string | undefined, JsonObject])[] = [
  ['as it is', 'accepted', undefined, {}],
  ['with a log', 'accepted', undefined, { log: LOG }],
  ['with a log that nobody witnesses', 'accepted', undefined, log({ witnesses: { quorum: 0, keys: [] } })],
  ['of 400 days', 'accepted', undefined, { exp: NOW + 400 * DAY }],
  ['of a second more', 'lifetime', undefined, { exp: NOW + 400 * DAY + 1 }],
  ['that ends as it begins', 'lifetime', undefined, { exp: NOW }],
  ['a member too many', 'form', '(all)', { note: '' }],
  ['version 0', 'form', 'version', { version: 0 }],
  ['a version in parts', 'form', 'version', { version: 1.5, prev: HASH }],
  ['a version past counting', 'form', 'version', { version: 2 ** 53, prev: HASH }],
  ['a version in letters', 'form', 'version', { version: '1' }],
  ['iat before 1970', 'form', 'iat', { iat: -1 }],
  ['exp in letters', 'form', 'exp', { exp: '2030' }],
  ['no exp', 'form', 'exp', { exp: null }],
  ['version 1 with prev', 'form', 'prev', { prev: HASH }],
  ['version 2 without prev', 'form', 'prev', { version: 2 }],
  ['version 2', 'accepted', undefined, { version: 2, prev: HASH }],
  ['prev that is no hash', 'form', 'prev', { version: 2, prev: HASH.slice(1) }],
  ['prev with trailing bits', 'form', 'prev', { version: 2, prev: `${HASH.slice(0, -1)}B` }],
  ['threshold 1', 'form', 'keys: threshold', { threshold: 1 }],
  ['threshold 3 of 3', 'accepted', undefined, { threshold: 3 }],
  ['threshold 4 of 3', 'form', 'keys: threshold', { threshold: 4 }],
  ['threshold in letters', 'form', 'keys: threshold', { threshold: '2' }],
  ['no keys', 'form', 'keys: threshold', { keys: [] }],
  ['keys that are no array', 'form', 'keys', { keys: {} }],
  ['33 keys', 'too_many', 'keys', { keys: Array.from({ length: 33 }, () => FIRST.jwk) }],
  ['one key twice', 'key_twice', 'keys.1', { keys: jwks([FIRST, FIRST, ...KEYS]) }],
  [
    'one key twice, once with its kid',
    'key_twice',
    'keys.3',
    { keys: [...jwks(KEYS), { ...FIRST.jwk, kid: ADMIT(FIRST.jwk, 'yima').kid }] },
  ],
  ['a private part', 'key', 'keys.3: jwk_private', { keys: [...jwks(KEYS), { ...FIRST.jwk, d: 'AAAA' }] }],
  ['a key that is no object', 'key', 'keys.0: jwk_form', { keys: [null, ...jwks(KEYS)] }],
  [
    'the old name of the algorithm',
    'key',
    'keys.0: algorithm',
    { keys: [{ ...FIRST.jwk, alg: 'EdDSA' }, ...jwks(KEYS).slice(1)] },
  ],
  ...SMALL_ORDER_ENCODINGS.map(
    (bytes, i) =>
      [
        `a key of small order (${i})`,
        'key',
        'keys.3: ed25519_small_order',
        { keys: [...jwks(KEYS), small(bytes)] },
      ] as const,
  ),
  ['no hub', 'form', 'hub', { hub: null }],
  ['a hub with a member too many', 'form', 'hub', hub({ scope: '' })],
  ['a hub that one can sign for', 'form', 'hub.keys: threshold', hub({ threshold: 1 })],
  ['a hub with an unsound key', 'key', 'hub.keys.0: jwk_form', hub({ keys: ['', ...jwks(HUB)] })],
  ['a hub in capitals', 'form', 'hub.sub', hub({ sub: 'CN.example' })],
  ['a hub without name', 'form', 'hub.sub', hub({ sub: '' })],
  ['7 levels below the hub', 'accepted', undefined, hub({ depth: 7 })],
  ['8 levels below the hub', 'form', 'hub.depth', hub({ depth: 8 })],
  ['less than no level', 'form', 'hub.depth', hub({ depth: -1 })],
  ['a log that is a text', 'form', 'log', { log: VKEY }],
  ['a log without witnesses', 'form', 'log.witnesses', log({ witnesses: null })],
  ['a log whose name has a blank', 'form', 'log.origin', log({ origin: 'log example' })],
  ['a log whose name has a plus', 'form', 'log.origin', log({ origin: 'log+example' })],
  ['a log whose key is no verifier key', 'form', 'log.key', log({ key: HASH })],
  ['a quorum that nobody can meet', 'form', 'log.witnesses', log({ witnesses: { quorum: 2, keys: [VKEY] } })],
  [
    '65 witnesses',
    'form',
    'log.witnesses',
    log({ witnesses: { quorum: 1, keys: Array.from({ length: 65 }, () => VKEY) } }),
  ],
];

test('a root is read, or refused for its rule', async (t) => {
  for (const [name, rule, field, change] of ROWS) {
    t.same(
      outcome(() => rootOf(rootPayload(KEYS, HUB, change))),
      { rule, field },
      name,
    );
  }
  for (const name of Object.keys(rootPayload(KEYS, HUB)).filter((each) => each !== 'type')) {
    const { [name]: _left, ...rest } = rootPayload(KEYS, HUB);
    t.same(
      outcome(() => rootOf(rest)),
      { rule: 'form', field: '(all)' },
      `without ${name}`,
    );
  }
});

test('a root says what it says', async (t) => {
  const root = rootOf(rootPayload(KEYS, HUB, { log: LOG }));
  t.match(root, {
    version: 1,
    issuedAt: NOW,
    previous: null,
    threshold: 2,
    log: LOG,
    hub: { name: 'cn.example', threshold: 2, depth: 3 },
  });
  t.same(
    root.keys.map(({ thumbprint }) => thumbprint),
    KEYS.map(({ thumbprint }) => thumbprint),
  );
  t.same(
    root.hub.keys.map(({ thumbprint }) => thumbprint),
    HUB.map(({ thumbprint }) => thumbprint),
  );
});

test('a list is no root', async (t) => {
  const list = sign('list', listPayload('33', []), []);
  t.equal(outcome(() => finish(readRoot(list, ADMIT))).rule, 'type');
});

test('reading pauses after each key, and checks the form before any key', async (t) => {
  let admitted = 0;
  const counting: typeof ADMIT = (jwk, format) => {
    admitted++;
    return ADMIT(jwk, format);
  };
  const steps = readRoot(createSignedDocument('root', rootPayload(KEYS, HUB), [], sha256), counting);
  for (let pause = 1; pause <= 5; pause++) {
    t.notOk(steps.next().done);
    t.equal(admitted, pause);
  }
  t.ok(steps.next().done);
  admitted = 0;
  for (const change of [{ log: 1 }, hub({ depth: 9 }), { exp: 1 }, { threshold: 9 }]) {
    const document = createSignedDocument('root', rootPayload(KEYS, HUB, change), [], sha256);
    t.equal(outcome(() => finish(readRoot(document, counting))).rule, 'exp' in change ? 'lifetime' : 'form');
  }
  t.equal(admitted, 0);
});

test('an error that is no refusal of a key comes through', async (t) => {
  const broken = new TypeError('broken');
  const document = createSignedDocument('root', rootPayload(KEYS, HUB), [], sha256);
  const fails = (): never => {
    throw broken;
  };
  t.throws(() => finish(readRoot(document, fails)), broken);
});
