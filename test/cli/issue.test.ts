import t from 'tap';
import { bodySent, run } from './fake-terminal.js';

const VIEW = {
  id: 'a'.repeat(26),
  kind: 'health-code',
  region: '330102',
  state: 'active',
  level: 0,
  operator: 'me',
  evidence: 'case-1',
  issuedAt: 1_700_000_000,
  expiresAt: 1_700_086_400,
  demo: false,
  batch: null,
  replaces: null,
  encodings: [
    {
      form: 'screen',
      code: 'YM1:ABC',
      kid: 'k',
      list: 1,
      index: 5,
      status: 0,
      revokedAlone: false,
      svg: '',
      png: '',
    },
    {
      form: 'jws',
      code: 'eyJh.b.c',
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
const answers = { 'POST /v1/credentials': { status: 201, body: VIEW } };
const BASE = [
  'issue',
  'health-code',
  '--region',
  '330102',
  '--operator',
  'me',
  '--evidence',
  'case-1',
] as const;

t.test('prints id and codes, and sends what was typed', async (t) => {
  const { code, out, asked, leftOpen } = await run(
    [
      ...BASE,
      '--claim',
      'holderName=张三',
      '--claim',
      'ruleId=a=b',
      '--form',
      'screen',
      '--form',
      'jws',
      '--valid-seconds',
      '60',
      '--batch',
      '2026-7',
    ],
    { answers },
  );
  t.equal(code, 0);
  t.match(out, VIEW.id);
  t.match(out, /screen +YM1:ABC/);
  t.match(out, /eyJh\.b\.c/);
  t.equal(leftOpen, 0);
  t.same(asked[0]?.body, {
    kind: 'health-code',
    region: '330102',
    claims: { holderName: '张三', ruleId: 'a=b' },
    forms: ['screen', 'jws'],
    validSeconds: 60,
    operator: 'me',
    evidence: 'case-1',
    batch: '2026-7',
  });
});

t.test('typed numbers become numbers by the field’s type alone', async (t) => {
  const typed = [
    '--claim',
    'checkedAt=1700000000',
    '--claim',
    'holderId=330102190001010011',
    '--claim',
    'other=5',
  ];
  const sent = await run([...BASE, ...typed], { answers });
  t.same(bodySent(sent)['claims'], {
    checkedAt: 1_700_000_000,
    holderId: '330102190001010011',
    other: '5',
  });
  const odd = await run([...BASE, '--claim', 'checkedAt=soon'], { answers });
  t.same(bodySent(odd)['claims'], { checkedAt: 'soon' }, 'the node names the fault');
});

t.test('claims come from a JSON file or standard input, with typed ones beside them', async (t) => {
  const files = { 'c.json': '{"holderName":"张三","checkedAt":1}' };
  const sent = await run([...BASE, '--claims', 'c.json', '--claim', 'holderIdType=111'], {
    answers,
    files,
  });
  const claims = { holderName: '张三', checkedAt: 1, holderIdType: '111' };
  t.same(bodySent(sent)['claims'], claims);
  const piped = await run([...BASE, '--claims', '-'], { answers, input: '{"a":1}\n' });
  t.same(bodySent(piped)['claims'], { a: 1 });
});

t.test('an idempotency key goes into its header', async (t) => {
  const { asked } = await run([...BASE, '--idempotency-key', 'k-1'], { answers });
  t.same(asked[0]?.headers, { 'idempotency-key': 'k-1' });
});

t.test('wrong calls are refused before anything is asked', async (t) => {
  const rows: readonly (readonly [argv: readonly string[], says: RegExp])[] = [
    [['--claim', 'holderName'], /NAME=VALUE/],
    [['--claim', '=x'], /NAME=VALUE/],
    [['--claim', 'a=1', '--claim', 'a=2'], /twice.*\[claims\.a\]/],
    [['--claims', 'bad.json'], /not JSON/],
    [['--claims', 'twice.json'], /member twice/],
    [['--claims', 'list.json'], /one JSON object/],
    [['--claims', 'absent.json'], /cannot be read/],
    [['--valid-seconds', '1e3'], /whole number/],
    [['--qr', '--json'], /leave out --json/],
  ];
  const files = { 'bad.json': '{', 'twice.json': '{"a":1,"a":2}', 'list.json': '[]' };
  for (const [argv, says] of rows) {
    const { code, out, talk, asked } = await run([...BASE, ...argv], { answers, files });
    t.match({ code, out, asked }, { code: 1, out: '', asked: [] }, argv.join(' '));
    t.match(talk, says);
  }
});

t.test('a refusal names the field', async (t) => {
  const body = {
    title: 'A claim breaks the rules of its kind',
    detail: 'The check character is wrong.',
    code: 'claims_rejected',
    field: 'claims.holderId',
    rule: 'check_character',
  };
  const refusing = { answers: { 'POST /v1/credentials': { status: 422, body } } };
  const { code, talk, out } = await run([...BASE], refusing);
  t.equal(code, 1);
  t.equal(out, '');
  t.match(talk, /A claim breaks the rules of its kind: The check character is wrong\. \[claims\.holderId\]/);
  const machine = await run([...BASE, '--json'], refusing);
  t.match(JSON.parse(machine.talk), {
    code: 'claims_rejected',
    field: 'claims.holderId',
    rule: 'check_character',
  });
});

t.test('--only prints one thing, bare', async (t) => {
  t.equal((await run([...BASE, '--only', 'id'], { answers })).out, `${VIEW.id}\n`);
  t.equal((await run([...BASE, '--only', 'code'], { answers })).out, 'YM1:ABC\neyJh.b.c\n');
  t.equal((await run([...BASE, '--json'], { answers })).out.trim(), JSON.stringify(VIEW));
});

t.test('--qr draws the symbol of what is scanned, not of the JWS', async (t) => {
  const { out } = await run([...BASE, '--qr'], { answers });
  t.match(out, /screen\n[ ▄▀█]+\n/);
  t.notMatch(out, /JWS\n/);
});
