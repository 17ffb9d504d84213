// Drafting, reading and signing at the desk, by files alone.

import t, { type Test } from 'tap';
import { sha256 } from '../../src/adapters/crypto-node.js';
import { encodeBundle } from '../../src/core/trust/bundle.js';
import { parseSignedDocument, type SignedDocument } from '../../src/core/trust/documents/signed-document.js';
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
import { type Ran, run } from './fake-terminal.js';

const ROOT_KEYS = deskKeys(3);
const HUB_KEYS = deskKeys(3);
const REGION_KEYS = deskKeys(3);
const [OFFICE] = deskKeys(1) as [DeskKey];
const ROOT = sign('root', rootPayload(ROOT_KEYS, HUB_KEYS), ROOT_KEYS);
const HUB = sign('list', listPayload('cn.example', [authorityEntry('33', REGION_KEYS)]), HUB_KEYS);
const REGION = sign('list', listPayload('33', [signerEntry('330102', [OFFICE])]), REGION_KEYS);
const BUNDLE = encodeBundle({ roots: [ROOT], lists: [REGION, HUB], log: null });

const jwks = (prefix: string, keys: readonly DeskKey[]): Record<string, string> =>
  Object.fromEntries(keys.map(({ jwk }, i) => [`${prefix}${i}.jwk`, JSON.stringify(jwk)]));
const FILES: Record<string, string> = {
  ...jwks('root', ROOT_KEYS),
  ...jwks('hub', HUB_KEYS),
  ...jwks('region', REGION_KEYS),
  'office.jwk': JSON.stringify(OFFICE.jwk),
  'bundle.yima': BUNDLE,
  'root-1.json': ROOT.text,
  'hub-1.json': HUB.text,
  'region-1.json': REGION.text,
};

const desk = (argv: readonly string[], files: Record<string, string> = {}, language: 'en' | 'zh-CN' = 'en') =>
  run(argv, { files: { ...FILES, ...files }, terminal: { now: () => NOW + 10, language } });

const documentOf = ({ out }: Ran): SignedDocument => parseSignedDocument(out.trimEnd(), sha256);

/** A custodian's key file, as the command makes it, and its fingerprint. */
async function custodian(
  env: Record<string, string> = {},
): Promise<{ file: string; jwk: string; thumbprint: string }> {
  const made = await run(['trust', 'key', 'new', 'k'], { terminal: { env } });
  const file = made.written.get('k') ?? '';
  const shown = await run(['trust', 'key', 'show', 'k', '--only', 'fingerprint'], { files: { k: file } });
  return { file, jwk: made.out, thumbprint: shown.out.trim() };
}

t.test('a key is made once, and shown by its public part', async (t) => {
  const made = await run(['trust', 'key', 'new', 'k', '--algorithm', 'ES256', '--json']);
  const { jwk, thumbprint, fingerprint, kid } = JSON.parse(made.out);
  t.match(jwk, { kty: 'EC', alg: 'ES256', d: undefined });
  t.equal(fingerprint.replaceAll(' ', ''), thumbprint);
  t.equal(fingerprint.split(' ')[0].length, 4);
  t.match(made.talk, /not encrypted/);
  const file = made.written.get('k') ?? '';
  t.match(await run(['trust', 'key', 'show', 'k'], { files: { k: file } }), {
    code: 0,
    out: `${JSON.stringify(jwk)}\n`,
    talk: new RegExp(fingerprint),
  });
  for (const k of [file, JSON.stringify(jwk)])
    t.equal((await run(['trust', 'key', 'show', 'k', '--only', 'kid'], { files: { k } })).out, `${kid}\n`);
  t.match(await run(['trust', 'key', 'show', 'k'], { files: { k: '{}' } }), {
    code: 1,
    talk: /no custodian's key/,
  });
});

t.test('a key under a passphrase signs with it alone', async (t) => {
  const env = { YIMA_KEY_PASSPHRASE: 'correct horse battery staple' };
  const { file, jwk, thumbprint } = await custodian(env);
  t.notMatch(file, /"d":/);
  const draft = await desk(
    [
      'trust',
      'init',
      '--hub',
      'cn.example',
      '--root-keys',
      'k.jwk,root0.jwk',
      '--hub-keys',
      'hub0.jwk,hub1.jwk',
    ],
    { 'k.jwk': jwk },
  );
  const line = ['trust', 'sign', '-', '--key', 'k', '--yes'];
  const signing = (given: Record<string, string>) =>
    run(line, { files: { k: file }, input: draft.out, terminal: { env: given, now: () => NOW + 10 } });
  t.same(
    documentOf(await signing(env)).signatures.map(({ kid }) => kid),
    [thumbprint],
  );
  t.match(await signing({}), { code: 1, out: '', talk: /YIMA_KEY_PASSPHRASE/ });
  t.match(await signing({ YIMA_KEY_PASSPHRASE: 'another passphrase here' }), {
    code: 1,
    out: '',
    talk: /does not open/,
  });
});

t.test('a key file whose public part is another key signs nothing', async (t) => {
  const { file } = await custodian();
  const forged = JSON.stringify({ ...JSON.parse(file), public: OFFICE.jwk });
  const line = ['trust', 'sign', 'root-1.json', '--key', 'k', '--yes'];
  t.match(await desk(line, { k: forged }), { code: 1, out: '', talk: /no custodian's key/ });
});

const INIT = ['trust', 'init', '--hub', 'cn.example'];
const SETS = ['--root-keys', 'root0.jwk,root1.jwk,root2.jwk', '--hub-keys', 'hub0.jwk,hub1.jwk'];

t.test('init drafts the first root and shows its pin', async (t) => {
  const ran = await desk([...INIT, ...SETS, '--depth', '2', '--days', '100']);
  const draft = documentOf(ran);
  t.same(draft.signatures, []);
  t.match(draft.payload, {
    version: 1,
    prev: null,
    threshold: 2,
    hub: { sub: 'cn.example', depth: 2 },
    log: null,
  });
  t.equal(Number(draft.payload['exp']) - NOW - 10, 100 * 86_400);
  t.match(ran.talk.replaceAll(' ', ''), draft.hash);
  const toFile = await desk([...INIT, ...SETS, '--depth', '2', '--days', '100', '--out', 'r.json']);
  t.equal(toFile.out, `${draft.hash}\n`, 'the pin is all that is printed');
  t.equal(toFile.written.get('r.json'), ran.out);
});

t.test('what cannot be a root is not drafted', async (t) => {
  const rows: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['a threshold of one', [...SETS, '--threshold', '1'], /not of its form/],
    ['more signatures than keys', [...SETS, '--threshold', '4'], /not of its form/],
    ['a key twice', ['--root-keys', 'root0.jwk,root0.jwk', '--hub-keys', 'hub0.jwk,hub1.jwk'], /twice/],
    [
      'a root key that is a hub key',
      ['--root-keys', 'root0.jwk,hub0.jwk', '--hub-keys', 'hub0.jwk,hub1.jwk'],
      /make one for each/,
    ],
    ['too long', [...SETS, '--days', '401'], /from 1 to 400/],
    ['witnesses without a log', [...SETS, '--quorum', '1'], /--log/],
    ['a log whose key is none', [...SETS, '--log', 'cn.example/log+00000000+AAAA'], /sound key/],
    ['no such file', ['--root-keys', 'none.jwk', '--hub-keys', 'hub0.jwk,hub1.jwk'], /cannot be read/],
  ];
  for (const [name, options, says] of rows)
    t.match(await desk([...INIT, ...options]), { code: 1, out: '', talk: says }, name);
});

t.test('the next root keeps what is not named, and tells what becomes different', async (t) => {
  const gone = ROOT_KEYS[2]?.thumbprint ?? '';
  const line = [
    'trust',
    'draft',
    'root',
    '--from',
    'root-1.json',
    '--drop-key',
    gone,
    '--add-key',
    'office.jwk',
  ];
  const ran = await desk(line);
  const draft = documentOf(ran);
  t.match(draft.payload, { version: 2, prev: ROOT.hash, threshold: 2 });
  t.same(draft.payload['hub'], ROOT.payload['hub']);
  t.match(
    ran.talk.replaceAll(' ', ''),
    new RegExp(`\\+Newrootkey:${OFFICE.thumbprint}\\n-Rootkeygone:${gone}`),
  );
  t.match(ran.talk, /keys of the root before: 0 \/ 2/);
  t.match(await desk([...line.slice(0, 5), '--drop-key', OFFICE.thumbprint]), {
    code: 1,
    talk: /There is no key/,
  });
});

const NEXT = ['trust', 'draft', 'list', '33', '--from', 'bundle.yima'];

t.test('a list is drafted entry by entry', async (t) => {
  const [added] = deskKeys(1) as [DeskKey];
  const files = { 'a.jwk': JSON.stringify(added.jwk) };
  const ran = await desk(
    [
      ...NEXT,
      '--sub',
      '3301',
      '--key',
      'a.jwk',
      '--kinds',
      'health-code,food-handler',
      '--exp',
      '2027-06-30',
    ],
    files,
  );
  const draft = documentOf(ran);
  t.match(draft.payload, { version: 2, prev: REGION.hash, iss: '33' });
  t.match((draft.payload['entries'] as unknown[])[1], {
    sub: '3301',
    use: 'credential',
    scope: { region: '3301', kinds: ['health-code', 'food-handler'] },
    state: 'active',
  });
  t.match(ran.talk, /kinds: health-code, food-handler/);
  const outside = await desk([...NEXT, '--sub', '34', '--key', 'a.jwk'], files);
  t.match(outside, { code: 0, talk: /count for nothing: entry 1 \(34\): name_outside/ });
});

t.test('states go forward, and no key in use is gone without a word', async (t) => {
  const retired = documentOf(await desk([...NEXT, '--state', `${OFFICE.thumbprint}=retired`]));
  t.match(retired.payload, { entries: [{ state: 'retired' }] });
  const files = { 'next.json': retired.text };
  const from = ['trust', 'draft', 'list', '33', '--from', 'next.json'];
  const rows: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['back', [...from, '--state', `${OFFICE.thumbprint}=active`], /States go forward/],
    ['gone', [...from, '--drop', OFFICE.thumbprint], /List it as removed first/],
    ['no such state', [...from, '--state', `${OFFICE.thumbprint}=lost`], /A state is one of/],
    ['no such key', [...from, '--state', `${REGION_KEYS[0]?.thumbprint}=retired`], /No entry names/],
    ['no fingerprint', [...from, '--revoke', 'abc', '--reason', 'x'], /43 characters/],
    ['no reason', [...from, '--revoke', OFFICE.thumbprint], /--reason/],
    [
      'a first version of what is there',
      ['trust', 'draft', 'list', '33', '--first', '--from', 'bundle.yima'],
      /already/,
    ],
    ['no version before', ['trust', 'draft', 'list', '44', '--from', 'bundle.yima'], /--first/],
    ['a key of another holder', [...from, '--sub', '330103', '--key', 'office.jwk'], /key_reused/],
  ];
  for (const [name, line, says] of rows)
    t.match(await desk(line, files), { code: 1, out: '', talk: says }, name);
});

t.test('a revocation stays, and its key is found by its kid', async (t) => {
  const { out: kid } = await desk(['trust', 'key', 'show', 'office.jwk', '--only', 'kid']);
  const ran = await desk([...NEXT, '--revoke', kid.trim(), '--reason', 'stolen']);
  const revoked = documentOf(ran);
  t.match(revoked.payload, { revoked: [{ key: OFFICE.thumbprint, reason: 'stolen', at: NOW + 10 }] });
  t.match(ran.talk.replaceAll(' ', ''), `REVOKED,forthisauthorityandallbelow:${OFFICE.thumbprint}(stolen)`);
  const forgotten = sign('list', nextVersion(revoked, { revoked: [] }), []);
  const files = { 'r.json': revoked.text, 'f.json': forgotten.text };
  t.match(await desk(['trust', 'diff', 'r.json', 'f.json'], files), { code: 1, out: /tombstone_removed/ });
});

t.test('the keys that a node publishes are added, and those that are listed stay as they are', async (t) => {
  const { jwk } = deskKeys(1)[0] as DeskKey;
  const kidOf = async (key: object) =>
    (await desk(['trust', 'key', 'show', 'x', '--only', 'kid'], { x: JSON.stringify(key) })).out.trim();
  const published = {
    issuer: '330102',
    scope: { region: '330102', kinds: null },
    statusBase: 'https://33.example/330102/',
    keys: [
      {
        ...OFFICE.jwk,
        kid: await kidOf(OFFICE.jwk),
        use: 'sig',
        purpose: 'credential',
        nbf: 1,
        exp: 2,
        state: 'retired',
      },
      { ...jwk, kid: await kidOf(jwk), use: 'sig', purpose: 'credential', nbf: 2, state: 'active' },
    ],
  };
  const draft = documentOf(
    await desk([...NEXT, '--from-node', 'jwks.json'], { 'jwks.json': JSON.stringify(published) }),
  );
  t.match(draft.payload['entries'], [
    { state: 'active', keys: [OFFICE.jwk], exp: null },
    {
      state: 'active',
      keys: [jwk],
      nbf: null,
      exp: null,
      sub: '330102',
      statusBase: 'https://33.example/330102/',
    },
  ]);
  const asked = await run([...NEXT, '--from-node', 'https://node.example/'], {
    files: FILES,
    terminal: { now: () => NOW + 10 },
    answers: { 'GET https://node.example/.well-known/jwks.json': { body: published } },
  });
  t.same(documentOf(asked).payload, draft.payload);
});

t.test(
  'a difference is told in words, in both languages, with scope and state before and after',
  async (t) => {
    const after = sign(
      'list',
      nextVersion(HUB, {
        entries: [
          authorityEntry('33', REGION_KEYS, { scope: { region: '3301', kinds: ['health-code'], depth: 0 } }),
        ],
      }),
      HUB_KEYS.slice(0, 1),
    );
    const files = { 'after.json': after.text };
    const line = ['trust', 'diff', 'bundle.yima', 'after.json'];
    const { code, out } = await desk(line, files);
    t.equal(code, 0);
    t.match(out, 'region: 33 -> 3301');
    t.match(out, 'kinds: every kind of its parent -> health-code');
    t.match(out, 'levels below: 2 -> 0');
    t.match(out, /keys that its parent lists: 1 \/ 2/);
    t.equal(out.match(/region: 33 -> 3301/g)?.length, 1, 'said once for keys that are changed alike');
    t.match((await desk(line, files, 'zh-CN')).out, '地区: 33 -> 3301');
    const value = JSON.parse((await desk([...line, '--json'], files)).out);
    t.match(value, { authority: 'cn.example', version: 2, refusal: null, list: { changed: { length: 3 } } });
  },
);

t.test('what the revocations strand is asked of the own node', async (t) => {
  const after = sign(
    'list',
    nextVersion(REGION, { revoked: [{ key: OFFICE.thumbprint, at: NOW, reason: 'x' }] }),
    [],
  );
  const ran = await run(['trust', 'diff', 'region-1.json', 'after.json', '--stranded'], {
    files: { ...FILES, 'after.json': after.text },
    terminal: { now: () => NOW + 10 },
    answers: { 'POST /v1/revocations': { body: { count: 7, revoked: 0, groups: [] } } },
  });
  t.match(ran, { code: 0, out: /strands: 7\n/ });
  t.match(ran.asked[0]?.body, { scope: { signingKey: /^[\w-]{11}$/ }, dryRun: true });
});

/** A draft of the hub's next list whose second custodian is the one of `k`. */
async function drafted(
  t: Test,
): Promise<{ files: Record<string, string>; thumbprint: string; draft: SignedDocument }> {
  const { file, jwk, thumbprint } = await custodian();
  const root = sign(
    'root',
    rootPayload(ROOT_KEYS, [...HUB_KEYS.slice(0, 1), { ...OFFICE, jwk: JSON.parse(jwk) }]),
    ROOT_KEYS,
  );
  const draft = sign('list', listPayload('cn.example', [authorityEntry('33', REGION_KEYS)]), []);
  t.same(draft.signatures, []);
  const bundle = encodeBundle({ roots: [root], lists: [], log: null });
  return { files: { k: file, 'new.yima': bundle, 'draft.json': draft.text }, thumbprint, draft };
}

t.test('nobody signs unasked, or for somebody else', async (t) => {
  const { files, thumbprint } = await drafted(t);
  const line = ['trust', 'sign', 'draft.json', '--key', 'k', '--before', 'new.yima'];
  t.match(await desk(line, files), { code: 1, out: '', talk: /--yes/ });
  const asked = (answer: string) =>
    run(line, {
      files: { ...FILES, ...files },
      terminal: { interactive: true, ask: async () => answer, now: () => NOW + 10 },
    });
  const no = await asked('n');
  t.match(no, { code: 1, talk: /New: 33 \(list\)/ }, 'he was shown what it changes');
  t.equal(no.written.size, 0);
  const yes = await asked('y');
  t.equal(yes.code, 0);
  t.same(
    parseSignedDocument(yes.written.get('draft.json')?.trimEnd() ?? '', sha256).signatures.map(
      ({ kid }) => kid,
    ),
    [thumbprint],
  );
  t.match(yes.talk, /sound\n[\s\S]*1 \/ 2/);
  const stranger = await desk([...line, '--yes'], { ...files, k: (await custodian()).file });
  t.match(stranger, { code: 1, out: '', talk: /none of those that sign for cn.example/ });
});

t.test('nothing is signed that would not be taken', async (t) => {
  const { files, draft } = await drafted(t);
  const rows: readonly (readonly [string, string, string, RegExp])[] = [
    [
      'an old one',
      'bundle.yima',
      sign('list', { ...draft.payload, version: 1, iat: NOW - 5 }, []).text,
      /Two versions exist/,
    ],
    [
      'an expired one',
      'new.yima',
      sign('list', { ...draft.payload, iat: NOW - 90_000, exp: NOW - 1 }, []).text,
      /has expired/,
    ],
    [
      'one whose authority nobody names',
      'new.yima',
      sign('list', listPayload('44', []), []).text,
      /names this authority/,
    ],
    [
      'a false signature',
      'bundle.yima',
      HUB.text.replace(/"signature":"..../, '"signature":"AAAA'),
      /signature under the document is false/,
    ],
    ['not canonical', 'new.yima', ` ${draft.text}`, /one form/],
  ];
  for (const [name, before, text, says] of rows) {
    const line = ['trust', 'sign', 'x.json', '--key', 'k', '--before', before, '--yes'];
    t.match(await desk(line, { ...files, 'x.json': text }), { code: 1, out: '', talk: says }, name);
  }
});

t.test('copies are put together when they say the same', async (t) => {
  const [a, b, c] = [0, 1, 2].map((i) => sign('list', REGION.payload, REGION_KEYS.slice(i, i + 1)));
  const files = {
    a: a?.text ?? '',
    b: b?.text ?? '',
    c: c?.text ?? '',
    d: sign('list', listPayload('33', []), []).text,
  };
  const merged = await desk(['trust', 'merge', 'a', 'b', 'c', '--before', 'bundle.yima'], files);
  t.equal(merged.out.trimEnd(), REGION.text);
  t.match(merged.talk, /3 \/ 2/);
  t.match(await desk(['trust', 'merge', 'a', 'd'], files), { code: 1, out: '', talk: /Two versions exist/ });
  t.match(await desk(['trust', 'merge', 'a'], files), { code: 1, talk: /needs FILE/ });
});
