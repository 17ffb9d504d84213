// Hostile trust documents, one row each with the rule that it is refused with. Nothing that is stored or trusted changes by any of
// them, the log tells of each, and a restart comes to the same.

import { type Test, test } from 'tap';
import { encodeBase64url } from '../../src/core/codec/base64url.js';
import { utf8Encode } from '../../src/core/codec/bytes.js';
import { canonicalJson, type JsonObject } from '../../src/core/codec/json.js';
import type { SignedDocument } from '../../src/core/trust/documents/signed-document.js';
import {
  A_KEY,
  A_NEXT,
  COUNTRY,
  CUSTODIANS,
  createWorld,
  ENTRIES,
  IN_ORDER,
  kidOf,
  type RunningService,
  revokedItem,
  ruleOf,
  startService,
  stored,
  successor,
  type World,
} from '../server/support/trust-world.js';
import { NOW } from '../support/fixtures.js';
import {
  authorityEntry,
  type DeskKey,
  deskKeys,
  listPayload,
  nextVersion,
  rootPayload,
  sign,
  signerEntry,
} from '../support/trust-desk.js';

const YEAR = 365 * 86_400;
const { root: ROOT, hub: HUB, a: A, b: B } = CUSTODIANS;
const [CITY, STRANGERS] = [deskKeys(2), deskKeys(3)];
const [CITY_KEY, SPARE, DEAD] = deskKeys(3) as [DeskKey, DeskKey, DeskKey];
const BASE = 'https://33.example/';

const cityEntry = (change: JsonObject = {}): JsonObject =>
  authorityEntry('3301', CITY, {
    scope: { region: '3301', kinds: ['health-code', 'driving-licence'], depth: 0 },
    statusBase: `${BASE}3301/`,
    ...change,
  });
const deadEntry = signerEntry('33', [DEAD], { state: 'revoked' });
/** The province's second version: a city below it, and a key that was revoked. */
const A2 = successor('a', COUNTRY.a, {
  entries: [ENTRIES.a, cityEntry(), deadEntry],
  revoked: [revokedItem(DEAD)],
});
const A_ENTRIES = A2.payload['entries'] as readonly JsonObject[];
const CITY_LIST = sign(
  'list',
  listPayload('3301', [signerEntry('330102', [CITY_KEY], { statusBase: `${BASE}3301/a/` })]),
  CITY,
);
const SETUP: readonly SignedDocument[] = [...IN_ORDER, A2, CITY_LIST];

async function settle(): Promise<{ world: World; service: RunningService }> {
  const world = createWorld();
  const service = await startService(world);
  for (const document of SETUP) await service.accept(document);
  return { world, service };
}

const records = ({ network }: RunningService): readonly string[] =>
  [...network.records()].map(({ kid, state, issuer, use }) => `${issuer} ${kid} ${use} ${state}`).sort();

/** Another text than the canonical one for the same claims: signatures and all stay as they are. */
function respell(document: SignedDocument, spell: (text: string) => string): string {
  return spell(document.text);
}

function payloadText(document: SignedDocument, payload: string): string {
  const outer = JSON.parse(document.text) as JsonObject;
  return JSON.stringify({ ...outer, payload: encodeBase64url(utf8Encode(payload)) });
}

function withHeader(document: SignedDocument, header: JsonObject): string {
  const outer = JSON.parse(document.text) as { payload: string; signatures: { signature: string }[] };
  const signatures = outer.signatures.map((each) => ({
    ...each,
    protected: encodeBase64url(utf8Encode(JSON.stringify(header))),
  }));
  return JSON.stringify({
    payload: outer.payload,
    signatures: signatures.map(({ signature, ...rest }) => ({ ...rest, signature })),
  });
}

const A3 = (change: JsonObject, by: readonly DeskKey[] = A.slice(0, 2)): SignedDocument =>
  sign('list', nextVersion(A2, change), by);
const R2 = (change: JsonObject, by: readonly DeskKey[]): SignedDocument =>
  sign('root', nextVersion(COUNTRY.root, change), by);
const jwks = (keys: readonly DeskKey[]): readonly JsonObject[] => keys.map(({ jwk }) => jwk);
const two = (keys: readonly DeskKey[]): readonly DeskKey[] => keys.slice(0, 2);
const [A_FIRST, A_SECOND] = A as readonly [DeskKey, DeskKey];

/** What is refused as a whole: name, rule, text. */
const REFUSED: readonly (readonly [string, string, string])[] = [
  ['rollback of a list', 'rollback', COUNTRY.a.text],
  [
    'rollback by a re-signed old version',
    'rollback',
    sign('list', COUNTRY.a.payload, [A_SECOND, A[2] as DeskKey]).text,
  ],
  ['another document of the same version', 'fork', successor('a', COUNTRY.a, { exp: NOW + 7 }).text],
  ['fast-forward', 'fast_forward', A3({ version: 2_000_000 }).text],
  ['fast-forward to 2^53', 'form', A3({ version: 2 ** 53 }).text],
  ['a version that skips and hides its predecessor', 'key_dropped', A3({ version: 9, entries: [] }).text],
  ['prev of somebody else', 'prev', A3({ prev: COUNTRY.b.hash }).text],
  ['signed before its predecessor', 'time_back', A3({ iat: NOW - 10 }).text],
  ['expired', 'expired', A3({ iat: NOW + 1, exp: NOW + 2 }).text.replace(/$/, '')],
  ['from the future', 'from_future', A3({ iat: NOW + 7_000, exp: NOW + 8_000 }).text],
  ['valid for ten years', 'lifetime', A3({ exp: NOW + 10 * YEAR }).text],
  ['ends before it begins', 'lifetime', A3({ exp: NOW - 1 }).text],
  ['one signature', 'threshold', A3({}, [A_FIRST]).text],
  ['no signature', 'threshold', A3({}, []).text],
  ['one key signs twice', 'signature_order', JSON.stringify(doubled(A3({}, [A_FIRST])))],
  ['signed by a sibling', 'threshold', A3({}, two(B)).text],
  ['signed by the parent', 'threshold', A3({}, two(HUB)).text],
  ['signed by the root', 'threshold', A3({}, two(ROOT)).text],
  ['signed by strangers', 'threshold', A3({}, two(STRANGERS)).text],
  ['signed by a key for codes', 'threshold', A3({}, [A_FIRST, A_KEY]).text],
  [
    "upload for a sibling, signed by one's own",
    'threshold',
    sign('list', nextVersion(COUNTRY.b, {}), two(A)).text,
  ],
  [
    'an authority that nobody lists',
    'unknown_authority',
    sign('list', listPayload('35', []), two(STRANGERS)).text,
  ],
  [
    'a sub-authority that names itself a province',
    'unknown_authority',
    sign('list', listPayload('44', []), CITY).text,
  ],
  ['a list under the name of the root', 'form', sign('list', listPayload('root', []), two(ROOT)).text],
  [
    'altered after signing',
    'threshold',
    payloadText(A3({}), canonicalJson(nextVersion(A2, { exp: NOW + 9 }))),
  ],
  ['a signature over another document', 'threshold', spliced(A3({}), A3({ exp: NOW + 77 }))],
  ['tombstone removed', 'tombstone_removed', A3({ revoked: [] }).text],
  ['revoked entry removed', 'tombstone_removed', A3({ entries: A_ENTRIES.slice(0, 2) }).text],
  [
    'revoked key active again',
    'key_revoked',
    A3({ entries: [...A_ENTRIES.slice(0, 2), signerEntry('33', [DEAD])] }).text,
  ],
  ['key in use dropped without a word', 'key_dropped', A3({ entries: A_ENTRIES.slice(1) }).text],
  ['city cut off by leaving it out', 'key_dropped', A3({ entries: [ENTRIES.a, deadEntry] }).text],
  [
    'active key back to announced',
    'state_back',
    A3({ entries: [{ ...ENTRIES.a, state: 'announced' }, ...A_ENTRIES.slice(1)] }).text,
  ],
  ['root signed by the new keys only', 'threshold', R2({ keys: jwks(STRANGERS) }, two(STRANGERS)).text],
  ['root signed by the old keys only', 'threshold', R2({ keys: jwks(STRANGERS) }, two(ROOT)).text],
  [
    'root signed by one old and two new',
    'threshold',
    R2({ keys: jwks(STRANGERS) }, [ROOT[0] as DeskKey, ...two(STRANGERS)]).text,
  ],
  ['root that skips a version', 'prev', R2({ version: 3 }, two(ROOT)).text],
  [
    'root of the same version',
    'fork',
    sign('root', { ...COUNTRY.root.payload, exp: NOW + YEAR - 1 }, two(ROOT)).text,
  ],
  ['another first root', 'fork', sign('root', rootPayload(STRANGERS, STRANGERS), two(STRANGERS)).text],
  ['root that one person can sign', 'form', R2({ threshold: 1 }, two(ROOT)).text],
  ['root with a threshold that nobody can meet', 'form', R2({ threshold: 4 }, two(ROOT)).text],
  [
    'root that names one key twice',
    'key_twice',
    R2({ keys: jwks([ROOT[0], ROOT[0], ROOT[1]] as DeskKey[]) }, two(ROOT)).text,
  ],
  ['root with a key of small order', 'key', R2({ keys: [...jwks(ROOT), SMALL_ORDER()] }, two(ROOT)).text],
  [
    'hub whose list one person can sign',
    'form',
    R2({ hub: { sub: 'cn.example', threshold: 1, keys: jwks(HUB), depth: 3 } }, two(ROOT)).text,
  ],
  ['100,000 entries', 'too_long', oversize()],
  ['5,000 entries', 'too_many', A3({ entries: Array.from({ length: 5_000 }, () => 0) }).text],
  ['nine keys an entry', 'form', A3({ entries: [signerEntry('33', deskKeys(9))] }).text],
  ['an entry with a member too many', 'form', A3({ entries: [{ ...ENTRIES.a, jku: 'https://x/' }] }).text],
  ['a list that one person may sign', 'form', A3({ entries: [cityEntry({ threshold: 1 })] }).text],
  ['an unknown state', 'form', A3({ entries: [{ ...ENTRIES.a, state: 'alive' }] }).text],
  ['an unknown use', 'form', A3({ entries: [{ ...ENTRIES.a, use: 'everything' }] }).text],
  ['an unknown format', 'form', A3({ entries: [{ ...ENTRIES.a, format: 'x509' }] }).text],
  [
    'a region that is none',
    'form',
    A3({ entries: [{ ...ENTRIES.a, scope: { region: '331', kinds: null } }] }).text,
  ],
  ['a window that ends before it begins', 'form', A3({ entries: [{ ...ENTRIES.a, nbf: 9, exp: 8 }] }).text],
  [
    'a status base with a query',
    'form',
    A3({ entries: [{ ...ENTRIES.a, statusBase: 'https://33.example/?x=' }] }).text,
  ],
  ['64 levels', 'not_json', A3({ entries: [nested(64)] }).text],
  [
    'unknown crit',
    'header',
    withHeader(A3({}), {
      alg: 'Ed25519',
      crit: ['exp'],
      kid: A_FIRST.thumbprint,
      typ: 'yima-trust-list+json',
    }),
  ],
  [
    'alg none',
    'header',
    withHeader(A3({}, [A_FIRST]), { alg: 'none', kid: A_FIRST.thumbprint, typ: 'yima-trust-list+json' }),
  ],
  [
    'alg HS256',
    'header',
    withHeader(A3({}, [A_FIRST]), { alg: 'HS256', kid: A_FIRST.thumbprint, typ: 'yima-trust-list+json' }),
  ],
  [
    'key in the header',
    'header',
    withHeader(A3({}, [A_FIRST]), {
      alg: 'Ed25519',
      kid: A_FIRST.thumbprint,
      jwk: A_FIRST.jwk,
      typ: 'yima-trust-list+json',
    }),
  ],
  [
    'a list that passes as a root',
    'type',
    withHeader(A3({}, [A_FIRST]), { alg: 'Ed25519', kid: A_FIRST.thumbprint, typ: 'yima-trust-root+json' }),
  ],
  [
    'duplicate members',
    'not_json',
    payloadText(
      A3({}),
      canonicalJson(nextVersion(A2, {})).replace('"type":"list"', '"type":"list","type":"list"'),
    ),
  ],
  ['prototype names', 'not_json', payloadText(A3({}), '{"__proto__":1}')],
  [
    'members in another order',
    'not_canonical',
    payloadText(A3({}), JSON.stringify({ ...nextVersion(A2, {}), type: 'list', iss: '33' })),
  ],
  ['white space', 'not_canonical', respell(A3({}), (text) => ` ${text}`)],
  ['a line feed at the end', 'not_canonical', respell(A3({}), (text) => `${text}\n`)],
  [
    'an unprotected header',
    'not_canonical',
    respell(A3({}), (text) => text.replace('{"protected"', '{"header":{},"protected"')),
  ],
  ['padding', 'not_canonical', respell(A3({}), (text) => text.replace('","signatures"', '=","signatures"'))],
  ['a byte order mark', 'not_json', `\ufeff${A3({}).text}`],
  ['cut off', 'not_json', A3({}).text.slice(0, -40)],
  ['empty', 'not_json', ''],
  ['an array', 'form', '[]'],
  ['a compact token', 'not_json', 'e30.e30.AA'],
];

/** Entries that are dropped while the rest stands: name, reason, entry. */
const DROPPED: readonly (readonly [string, string, JsonObject])[] = [
  [
    "a sibling's region",
    'region_outside',
    signerEntry('33', [SPARE], { scope: { region: '34', kinds: null } }),
  ],
  ['the whole country', 'region_outside', signerEntry('33', [SPARE], { scope: { region: '', kinds: null } })],
  ["a sibling's name", 'name_outside', signerEntry('34', [SPARE], { scope: { region: '33', kinds: null } })],
  [
    "the hub's name",
    'name_outside',
    signerEntry('cn.example', [SPARE], { scope: { region: '33', kinds: null } }),
  ],
  [
    'a name that looks like a part of the own',
    'name_outside',
    signerEntry('333.example', [SPARE], { scope: { region: '33', kinds: null } }),
  ],
  [
    'a city by the name of another city',
    'name_outside',
    signerEntry('3302', [SPARE], { scope: { region: '3301', kinds: null } }),
  ],
  [
    'depth exceeded',
    'depth_exceeded',
    authorityEntry('3303', two(STRANGERS), {
      scope: { region: '3303', kinds: null, depth: 2 },
      statusBase: null,
    }),
  ],
  [
    'itself below itself',
    'cycle',
    authorityEntry('33', [SPARE, A_NEXT], {
      scope: { region: '33', kinds: null, depth: 0 },
      statusBase: null,
    }),
  ],
  [
    "a sibling's status lists",
    'status_base_outside',
    signerEntry('33', [SPARE], { statusBase: 'https://34.example/status-lists/' }),
  ],
  [
    "its own city's status lists",
    'status_base_overlaps',
    signerEntry('33', [SPARE], { statusBase: `${BASE}3301/x/` }),
  ],
  [
    'the same city twice, wider',
    'entry_twice',
    cityEntry({ scope: { region: '3301', kinds: null, depth: 0 } }),
  ],
  [
    'a foreign format from a province',
    'format_outside',
    signerEntry('33', [SPARE], { format: 'eu-dcc', sub: null, keys: [{ ...SPARE.jwk, kid: 'AAAAAAAAAAA' }] }),
  ],
  ['a key with private parts', 'no_key', signerEntry('33', [SPARE], { keys: [{ ...SPARE.jwk, d: 'AAAA' }] })],
  ['a key of small order', 'no_key', signerEntry('33', [SPARE], { keys: [SMALL_ORDER()] })],
];

function SMALL_ORDER(): JsonObject {
  return {
    kty: 'OKP',
    crv: 'Ed25519',
    alg: 'Ed25519',
    x: encodeBase64url(Uint8Array.of(1, ...new Array(31).fill(0))),
  };
}

function doubled(document: SignedDocument): JsonObject {
  const outer = JSON.parse(document.text) as { payload: string; signatures: JsonObject[] };
  return { payload: outer.payload, signatures: [...outer.signatures, ...outer.signatures] };
}

/** The one's payload under the other's signatures. */
function spliced(payload: SignedDocument, signatures: SignedDocument): string {
  const [one, other] = [JSON.parse(payload.text) as JsonObject, JSON.parse(signatures.text) as JsonObject];
  return JSON.stringify({ payload: one['payload'], signatures: other['signatures'] });
}

function oversize(): string {
  return A3({ entries: Array.from({ length: 100_000 }, () => ENTRIES.b) }).text;
}

function nested(levels: number): JsonObject {
  return levels === 0 ? {} : { below: nested(levels - 1) };
}

async function unchanged(
  t: Test,
  world: World,
  before: Awaited<ReturnType<typeof stored>>,
  name: string,
): Promise<void> {
  const { documents, tombstones } = await stored(world);
  t.strictSame([documents, tombstones], [before.documents, before.tombstones], `${name}: nothing stored`);
}

test('hostile documents are refused, each with its reason', async (t) => {
  const { world, service } = await settle();
  const before = await stored(world);
  const trusted = records(service);
  for (const [name, rule, text] of REFUSED) {
    // 'expired' needs a clock that has moved on.
    world.now = rule === 'expired' ? NOW + 30 : NOW;
    const rows = (await service.log()).length;
    t.equal(
      await ruleOf(service.desk.accept(text, { via: 'upload', name: `row ${rows}` }, null)),
      rule,
      name,
    );
    await unchanged(t, world, before, name);
    t.strictSame(records(service), trusted, `${name}: nothing trusted`);
    t.match((await service.log()).at(-1), { type: 'trust.refused', rule }, `${name}: in the log`);
  }
  world.now = NOW;
  const again = await startService(world);
  t.strictSame(records(again), trusted, 'a restart comes to the same');
  t.ok(REFUSED.length + DROPPED.length >= 60, `${REFUSED.length + DROPPED.length} scenarios`);
});

test('an entry that goes too far is dropped, and the rest stands', async (t) => {
  for (const [name, reason, entry] of DROPPED) {
    const { service } = await settle();
    const trusted = records(service);
    await service.accept(A3({ entries: [...A_ENTRIES, entry] }));
    t.strictSame(records(service), trusted, `${name}: nothing more is trusted`);
    const rules = (await service.desk.dropped('33')).map(({ rule }) => rule);
    t.ok(rules.includes(reason), `${name}: ${reason} among ${rules.join()}`);
  }
});

test('a key of use status signs no credential, and one of a kind outside neither', async (t) => {
  const { service } = await settle();
  const city = [...service.network.records()].find(({ kid }) => kid === kidOf(CITY_KEY));
  t.same(
    city?.scope,
    { region: '330102', kinds: ['health-code', 'driving-licence'] },
    'kinds come from above',
  );
  const entry = signerEntry('33', [SPARE], { use: 'status' });
  await service.accept(A3({ entries: [...A_ENTRIES, entry] }));
  t.equal([...service.network.records()].find(({ kid }) => kid === kidOf(SPARE))?.use, 'status');
});

test('one document twice is taken once, and what is signed by more keys is the same', async (t) => {
  const { world, service } = await settle();
  const before = await stored(world);
  t.match(await service.accept(A2), { changes: 'nothing' });
  t.match(await service.accept(sign('list', A2.payload, A)), { changes: 'nothing' });
  await unchanged(t, world, before, 'replay');
});

test('a parent that has expired or revoked its child takes no more of its lists', async (t) => {
  const { world, service } = await settle();
  const next = sign('list', nextVersion(CITY_LIST, {}), CITY);
  world.now = NOW + YEAR - 10;
  const late = sign('list', nextVersion(CITY_LIST, { iat: NOW + YEAR - 20, exp: NOW + YEAR + 500 }), CITY);
  world.now = NOW + YEAR + 10;
  t.equal(await ruleOf(service.accept(late)), 'parent_expired');
  world.now = NOW;
  const cut = [ENTRIES.a, cityEntry({ state: 'revoked' }), deadEntry];
  await service.accept(A3({ entries: cut }));
  t.equal(await ruleOf(service.accept(next)), 'unknown_authority');
  t.notOk(
    records(service).some((record) => record.includes(kidOf(CITY_KEY))),
    'and what it vouched for is gone',
  );
});

test('a key that another authority holds is refused at the hub', async (t) => {
  const { service } = await settle();
  const stolen = successor('b', COUNTRY.b, { entries: [ENTRIES.b, signerEntry('34', [A_KEY])] });
  const rule = await ruleOf(service.accept(stolen));
  t.ok(['key_reused', 'accepted'].includes(rule), rule);
  const held = [...service.network.records()].filter(({ kid }) => kid === kidOf(A_KEY));
  t.ok(
    held.some(({ issuer, state }) => issuer === '33' && state === 'active'),
    'its owner has it still',
  );
  await service.accept(
    successor('b', rule === 'accepted' ? stolen : COUNTRY.b, { revoked: [revokedItem(A_KEY)] }),
  );
  const owner = [...service.network.records()].find(
    ({ kid, issuer }) => kid === kidOf(A_KEY) && issuer === '33',
  );
  t.equal(owner?.state, 'active', 'and nobody beside can kill it');
});

test("a city's entries stay inside what its province gave it", async (t) => {
  const { service } = await settle();
  const windowed = cityEntry({ nbf: NOW - 100, exp: NOW + 1_000 });
  await service.accept(A3({ entries: [ENTRIES.a, windowed, deadEntry] }));
  const rows: readonly (readonly [string, JsonObject])[] = [
    ['kinds_outside', { scope: { region: '3301', kinds: ['business-licence'] } }],
    ['region_outside', { scope: { region: '3302', kinds: null } }],
    ['window_outside', { nbf: NOW - 101 }],
    ['window_outside', { exp: NOW + 1_001 }],
    ['window_outside', { nbf: NOW + 2_000, exp: NOW + 3_000 }],
    [
      'depth_exceeded',
      {
        use: 'list',
        threshold: 2,
        keys: jwks(deskKeys(2)),
        sub: '330101',
        scope: { region: '330101', kinds: null, depth: 0 },
      },
    ],
    ['status_base_outside', { statusBase: `${BASE}3302/` }],
  ];
  const entries = rows.map(([, change]) => signerEntry('3301', deskKeys(1), change));
  const list = sign(
    'list',
    nextVersion(CITY_LIST, { entries: [...(CITY_LIST.payload['entries'] as JsonObject[]), ...entries] }),
    CITY,
  );
  await service.accept(list);
  const dropped = await service.desk.dropped('3301');
  t.same(
    dropped.map(({ rule }) => rule),
    rows.map(([rule]) => rule),
  );
  const sound = [...service.network.records()].filter(
    ({ issuer }) => issuer === '330102' || issuer === '3301',
  );
  t.same(
    sound.filter(({ use }) => use === 'credential').map(({ notBefore, notAfter }) => [notBefore, notAfter]),
    [[NOW - 100, NOW + 1_000]],
    'the one that is inside has the window of the city',
  );
});
