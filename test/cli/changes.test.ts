import { createHash } from 'node:crypto';
import t from 'tap';
import { run } from './fake-terminal.js';

const ID = 'b'.repeat(26);
const VIEW = {
  id: ID,
  kind: 'driving-licence',
  region: '330102',
  state: 'active',
  level: 0,
  operator: 'me',
  evidence: 'case-1',
  issuedAt: 1_700_000_000,
  expiresAt: null,
  demo: false,
  batch: null,
  replaces: null,
  encodings: [
    {
      form: 'screen',
      code: 'YM1:A',
      kid: 'k',
      list: 1,
      index: 5,
      status: 0,
      revokedAlone: false,
      svg: '',
      png: '',
    },
    {
      form: 'paper',
      code: 'YM1:B',
      kid: 'k',
      list: 1,
      index: 6,
      status: 0,
      revokedAlone: false,
      svg: '',
      png: '',
    },
  ],
};
const OFFERED = {
  id: 'd'.repeat(26),
  offerUri: 'openid-credential-offer://?credential_offer_uri=x',
  walletUrl: 'https://yima.test/wallet#offer=x',
  txCode: '012345',
  expiresAt: 1_700_000_900,
};
const KEY = {
  id: 'c'.repeat(16),
  name: 'gate',
  scopes: ['verify'],
  createdAt: 1,
  expiresAt: null,
  revokedAt: null,
  createdBy: 'local',
  publicKey: null,
  confirmedBy: null,
  confirmedAt: null,
  region: null,
  kinds: null,
  site: null,
  oldSalt: null,
  oldHash: null,
  oldEndsAt: null,
};
const SIGNING = {
  kid: 'abc',
  algorithm: 'Ed25519',
  use: 'credential',
  state: 'active',
  notBefore: 1_700_000_000,
  notAfter: null,
};
const answers = {
  [`GET /v1/credentials/${ID}`]: { body: VIEW },
  [`POST /v1/credentials/${ID}/status`]: { body: { ...VIEW, state: 'revoked', logSeq: 9 } },
  'POST /v1/papers/lost': { body: { ...VIEW, logSeq: 9 } },
  'GET /v1/api-keys': { body: { keys: [KEY] } },
  [`DELETE /v1/api-keys/${KEY.id}`]: { body: { ...KEY, revokedAt: 1_700_000_000 } },
  'POST /v1/api-keys': { status: 201, body: { ...KEY, key: 'yk_x_y' } },
  [`POST /v1/api-keys/${KEY.id}/rotation`]: { body: { ...KEY, key: 'yk_x_z' } },
  'POST /v1/keys/rotate': { status: 201, body: SIGNING },
  'GET /v1/keys': { body: { keys: [SIGNING] } },
};

const DESTRUCTIVE: readonly (readonly string[])[] = [
  ['revoke', ID, '--reason', 'lost'],
  ['status', 'revoke', ID, '--reason', 'lost', '--form', 'paper'],
  ['revoke', '--short-id', '7k3q mxw2 pd41', '--reason', 'lost'],
  ['keys', 'rotate'],
  ['api-keys', 'revoke', KEY.id],
];
const changesOf = (asked: readonly { method: string }[]) =>
  asked.filter(({ method }) => method !== 'GET').length;

for (const argv of DESTRUCTIVE) {
  const name = argv.slice(0, 2).join(' ');
  t.test(`${name} is refused when nobody can be asked`, async (t) => {
    const { code, out, talk, asked, leftOpen } = await run(argv, { answers });
    t.match({ code, out, leftOpen }, { code: 1, out: '', leftOpen: 0 });
    t.match(talk, /--yes.*Nothing was changed/);
    t.equal(changesOf(asked), 0);
  });

  t.test(`${name} shows a count and asks; only a yes goes on`, async (t) => {
    for (const [typed, changes] of [
      ['y', 1],
      ['YES', 1],
      ['是', 1],
      ['', 0],
      ['n', 0],
      ['yy', 0],
    ] as const) {
      const questions: string[] = [];
      const ask = async (question: string) => {
        questions.push(question);
        return typed;
      };
      const { code, talk, asked } = await run(argv, { answers, terminal: { interactive: true, ask } });
      t.match(talk, /\d/, 'a count');
      t.equal(questions.length, 1);
      t.equal(changesOf(asked), changes, `"${typed}"`);
      t.equal(code, changes === 1 ? 0 : 1);
    }
  });

  t.test(`${name} --yes asks nobody`, async (t) => {
    const { code, asked } = await run([...argv, '--yes'], { answers });
    t.equal(code, 0);
    t.equal(changesOf(asked), 1);
  });
}

t.test('a change of state is sent with its reason, and its log entry is shown', async (t) => {
  const { asked, out } = await run(['revoke', ID, '--reason', 'paper lost', '--form', 'paper', '--yes'], {
    answers,
  });
  t.same(asked.at(-1)?.body, { action: 'revoke', reason: 'paper lost', form: 'paper' });
  t.match(out, /Log entry 9/);
  for (const action of ['suspend', 'reinstate']) {
    const { asked, code } = await run(['status', action, ID, '--reason', 'why'], { answers });
    t.equal(code, 0, `${action} does not ask`);
    t.same(asked[0]?.body, { action, reason: 'why' });
  }
});

t.test('lost paper is reported by its short id alone', async (t) => {
  const argv = ['revoke', '--short-id', '7k3q-mxw2-pd41', '--reason', 'lost', '--yes'];
  const { asked, out } = await run(argv, { answers });
  t.same(asked, [
    { method: 'POST', path: '/v1/papers/lost', body: { shortId: '7k3q-mxw2-pd41', reason: 'lost' } },
  ]);
  t.match(out, /Log entry 9/);
  for (const [words, rule] of [
    [['revoke', '--reason', 'lost', '--yes'], /an ID, or the paper/],
    [['revoke', ID, '--short-id', '7K3Q-MXW2-PD41', '--reason', 'lost', '--yes'], /names one paper/],
    [['revoke', '--short-id', '7K3Q-MXW2-PD42', '--reason', 'lost', '--yes'], /character of the short id/],
  ] as const) {
    t.match(await run(words, { answers }), { code: 1, asked: [], talk: rule });
  }
});

t.test('an id never leaves its place in the path', async (t) => {
  const { asked } = await run(['show', '../keys?x=1#y']);
  t.equal(asked[0]?.path, '/v1/credentials/..%2Fkeys%3Fx%3D1%23y');
});

t.test('status show prints what each form publishes, without codes', async (t) => {
  const { out } = await run(['status', 'show', ID], { answers });
  t.match(out, /paper +1\/6 +0/);
  t.notMatch(out, 'YM1:');
  const { out: json } = await run(['status', 'show', ID, '--json'], { answers });
  t.match(JSON.parse(json), {
    id: ID,
    state: 'active',
    forms: [{ form: 'screen', index: 5 }, { form: 'paper' }],
  });
});

const HELD = {
  id: 'h'.repeat(26),
  state: 'open',
  proposal: 'p'.repeat(26),
  office: 'local',
  kind: 'health-code',
  region: '330102',
  operator: 'desk',
  evidence: 'case',
  heldAt: 1,
  content: '{"claims":{"holderName":"测*样"}}',
  credential: null,
};

t.test('a request that waits is told apart, shown, and fetched once it was approved', async (t) => {
  const path = `/v1/held-issues/${HELD.id}`;
  const digest = createHash('sha256').update(HELD.content).digest('hex');
  const proposal = (body: object) => ({ [`GET /v1/proposals/${HELD.proposal}`]: { body: { body } } });
  const waiting = {
    'POST /v1/credentials': { status: 202, body: HELD },
    [`GET ${path}`]: { body: HELD },
    [`POST ${path}/credential`]: { status: 201, body: VIEW },
  };
  const issue = ['issue', 'health-code', '--region', '330102', '--operator', 'a', '--evidence', 'b'];
  t.match(await run([...issue, '--only', 'code'], { answers: waiting }), {
    code: 75,
    out: '',
    talk: /held fetch/,
  });
  t.match(await run([...issue, '--json'], { answers: waiting }), { code: 75, out: /"state": ?"open"/ });
  t.match(await run(['held', 'show', HELD.id], { answers: waiting }), { code: 0, out: /second person/ });
  const files = { 'officer.key': `yk_${'a'.repeat(16)}_${'a'.repeat(52)}\n` };
  const show = ['held', 'show', HELD.id, '--api-key', 'officer.key'];
  const sound = { answers: { ...waiting, ...proposal({ digest }) }, files };
  t.match(await run(show, sound), { code: 0, out: /测\*样/ });
  const other = { answers: { ...waiting, ...proposal({ digest: 'ab' }) }, files };
  t.match(await run(show, other), { code: 1, out: '', talk: /Sign nothing/ });
  t.match(await run(['held', 'fetch', HELD.id, '--only', 'id'], { answers: waiting }), {
    code: 0,
    out: `${ID}\n`,
  });
});

t.test('a rotated key alone is printed', async (t) => {
  const { out, asked } = await run(['api-keys', 'rotate', KEY.id, '--overlap-hours', '2'], { answers });
  t.equal(out, 'yk_x_z\n');
  t.same(asked[0]?.body, { overlapSeconds: 7_200 });
});

t.test('a new API key alone is printed, so that it can be piped into a file', async (t) => {
  const { out, talk, asked } = await run(
    ['api-keys', 'create', 'gate', '--scope', 'verify', '--valid-days', '2'],
    { answers },
  );
  t.equal(out, 'yk_x_y\n');
  t.match(talk, /once/);
  t.same(asked[0]?.body, { name: 'gate', scopes: ['verify'], expiresAt: 1_700_000_000 + 2 * 86_400 });
});

t.test('the use of a key to rotate is credential or status', async (t) => {
  t.same((await run(['keys', 'rotate', '--yes'], { answers })).asked[0]?.body, { use: 'credential' });
  t.same((await run(['keys', 'rotate', 'status', '--yes'], { answers })).asked[0]?.body, { use: 'status' });
  t.match(await run(['keys', 'rotate', 'log', '--yes'], { answers }), { code: 1, asked: [] });
});

t.test('an offer is a link and a code for the person alone; its symbol holds the link', async (t) => {
  const answers = { [`POST /v1/credentials/${ID}/offers`]: { status: 201, body: OFFERED } };
  const plain = await run(['offer', ID], { answers });
  t.match(plain.out, OFFERED.walletUrl);
  t.match(plain.out, '012345');
  t.same(plain.asked.at(-1)?.body, {});
  const drawn = await run(['offer', ID, '--qr', '--keep-devices'], { answers });
  t.same(drawn.asked.at(-1)?.body, { keepDevices: true });
  t.ok(drawn.out.length > plain.out.length + 400 && drawn.out.includes('█'));
  t.same(JSON.parse((await run(['offer', ID, '--json'], { answers })).out), OFFERED);
});

t.test('one code is revoked by its number', async (t) => {
  const answers = {
    [`GET /v1/credentials/${ID}`]: { body: VIEW },
    [`POST /v1/credentials/${ID}/status`]: { body: { ...VIEW, logSeq: 7 } },
  };
  const { asked } = await run(['revoke', ID, '--reason', 'lost', '--encoding', '2', '--yes'], { answers });
  t.same(asked.at(-1)?.body, { action: 'revoke', reason: 'lost', encoding: 2 });
  const bad = await run(['revoke', ID, '--reason', 'lost', '--encoding', 'two', '--yes'], { answers });
  t.equal(bad.code, 1);
});
