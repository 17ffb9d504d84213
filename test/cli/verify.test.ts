import t from 'tap';
import { VERIFY_EXIT } from '../../src/cli/exit-codes.js';
import { REASON_CODES, REASONS, type ReasonCode } from '../../src/core/errors/reasons.js';
import { type Answer, RUNGS } from '../../src/core/verify/answer.js';
import { bodySent, run } from './fake-terminal.js';

function answer(reason: ReasonCode, more: Partial<Answer> = {}): Answer {
  const { decision, tone, text, next } = REASONS[reason];
  return {
    decision,
    reason,
    tone,
    text,
    next,
    credential: null,
    checks: RUNGS.map((rung) => ({ rung, result: 'not_reached' })),
    statusAgeSeconds: null,
    trustAgeSeconds: 0,
    assurance: null,
    replay: 'not_applicable',
    recognition: null,
    policy: null,
    ...more,
  };
}

const verify = (argv: readonly string[], body: unknown, more: Parameters<typeof run>[1] = {}) =>
  run(['verify', ...argv], { answers: { 'POST /v1/verify': { body } }, ...more });

t.test('the exit code and the sentence are those of the answer, for every reason', async (t) => {
  for (const reason of REASON_CODES) {
    const english = await verify(['YM1:X'], answer(reason));
    t.equal(english.code, VERIFY_EXIT[reason], reason);
    t.match(english.out, `(${reason})`);
    t.equal(english.leftOpen, 0, 'the node is let go');
    const chinese = await verify(['YM1:X'], answer(reason), { terminal: { language: 'zh-CN' } });
    t.ok(chinese.out.includes(REASONS[reason].next['zh-CN']));
  }
});

t.test(
  'the code comes from the line, from a file or from standard input, and only a line end is dropped',
  async (t) => {
    const body = answer('ok');
    const rows: readonly (readonly [argument: string, sent: string])[] = [
      ['YM1:A B ', 'YM1:A B '],
      ['-', 'YM1:FROM INPUT '],
      ['@code.txt', 'YM1:FROM FILE'],
    ];
    for (const [argument, sent] of rows) {
      const more = { input: 'YM1:FROM INPUT \n', files: { 'code.txt': 'YM1:FROM FILE\r\n' } };
      const { asked } = await verify([argument], body, { answers: { 'POST /v1/verify': { body } }, ...more });
      t.same(asked[0]?.body, { code: sent });
    }
  },
);

t.test('the checkpoint may say who it is, and reads how sure the answer is', async (t) => {
  const live = answer('replayed', { assurance: 'device-signed', replay: 'local' });
  const sent = await verify(['YM2:X', '--site', 'east gate'], live);
  t.same(bodySent(sent), { code: 'YM2:X', site: 'east gate' });
  t.match(sent.out, /Assurance +signed live by the holder’s phone/);
  t.match(sent.out, /Shown elsewhere +looked for at this node alone/);
  const chinese = await verify(['YM1:X'], answer('ok', { assurance: 'static' }), {
    terminal: { language: 'zh-CN' },
  });
  t.match(chinese.out, /保证程度 +静态码/);
  t.notMatch(chinese.out, /重复出示/);
});

t.test('nothing to read is a wrong call', async (t) => {
  t.match(await verify(['-'], answer('ok'), { input: '\n' }), { code: 1, asked: [] });
  t.match(await verify(['@absent'], answer('ok')), { code: 1, talk: /absent cannot be read/, asked: [] });
});

t.test('a text longer than any symbol is cut where the answer is certain', async (t) => {
  const sent = await verify(['A'.repeat(100_000)], answer('damaged'));
  t.same(bodySent(sent), { code: 'A'.repeat(4_297) });
});

t.test('the person is shown as the answer shows it, with nothing that moves the cursor', async (t) => {
  const credential: NonNullable<Answer['credential']> = {
    outcome: 'valid',
    envelope: 'YM1',
    kind: 'health-code',
    kindTitle: { 'zh-CN': '健康码', en: 'Health code' },
    issuer: '330102',
    issuedAt: 1_700_000_000,
    expiresAt: null,
    status: { value: 0, word: 'green', text: { 'zh-CN': '绿码', en: 'Green' } },
    subject: [
      { name: 'holderName', label: { 'zh-CN': '姓名', en: 'Name' }, value: '张*三\u001b[2J' },
      {
        name: 'region',
        label: { 'zh-CN': '签发地区', en: 'Issuing region' },
        value: '浙江省',
        text: { 'zh-CN': '浙江省', en: 'Zhejiang' },
      },
    ],
  };
  const { out } = await verify(['YM1:X'], answer('ok', { credential }));
  t.match(out, /Name +张\*三/);
  t.match(out, /Issuing region +Zhejiang/, 'a word in the reader’s language');
  t.match(out, /Valid until +no end/);
  t.notOk(out.includes('\u001b'));
  const coloured = await verify(['YM1:X'], answer('revoked'), { terminal: { colour: true } });
  t.ok(coloured.out.startsWith('\u001b[1;31m'), 'a red headline where colours are understood');
});

t.test('--json prints the whole answer on one line', async (t) => {
  const given = answer('suspended');
  const { out, code } = await verify(['YM1:X', '--json'], given);
  t.same(JSON.parse(out), given);
  t.equal(out.trimEnd().split('\n').length, 1);
  t.equal(code, 3);
});

t.test('a request that could not be judged is no verdict', async (t) => {
  const problem = { status: 503, body: { title: 'Not available now', code: 'unavailable', requestId: 'r1' } };
  const refused = await run(['verify', 'YM1:X'], { answers: { 'POST /v1/verify': problem } });
  t.match(refused, { code: 75, out: '', talk: /Not available now \(request r1\)/, leftOpen: 0 });
  const silent = await run(['verify', 'YM1:X'], {
    answers: { 'POST /v1/verify': { status: 502, body: 'oops' } },
  });
  t.match(silent, { code: 70, out: '' });
});
