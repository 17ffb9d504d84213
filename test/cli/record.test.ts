import t from 'tap';
import { bodySent, run } from './fake-terminal.js';

const ID = 'a'.repeat(26);
const meaning = (word: string) => ({ value: 0, word, text: { 'zh-CN': word, en: word } });
const RECORD = {
  id: ID,
  kind: 'health-code',
  issuedAt: 1_700_000_000,
  expiresAt: null,
  status: meaning('red'),
  replaces: 'e'.repeat(26),
  replacedBy: null,
  changes: [
    {
      id: 'c1',
      at: 1_700_000_000,
      form: null,
      from: meaning('green'),
      to: meaning('red'),
      by: 'rule',
      rule: { id: 'contact', version: 2 },
      ground: { 'zh-CN': '接触者', en: 'A contact' },
      reason: 'outbreak',
    },
  ],
  appeals: [
    {
      id: 'p1',
      change: 'c1',
      state: 'open',
      filedAt: 1_700_000_000,
      dueAt: 1_701_296_000,
      decidedAt: null,
      answer: null,
    },
    {
      id: 'p0',
      change: 'c0',
      state: 'rejected',
      filedAt: 1,
      dueAt: 2,
      decidedAt: 1_700_000_000,
      answer: 'Too late',
    },
  ],
};
const recorded = (change: object = {}) => ({
  answers: { [`GET /v1/credentials/${ID}/record`]: { body: { ...RECORD, ...change } } },
});

t.test('record shows each change with time, rule and reason, and its appeals', async (t) => {
  const { code, out } = await run(['record', ID], recorded());
  t.equal(code, 0);
  t.match(out, /green → red +A contact \(contact 2\) +outbreak +c1\n/);
  t.match(out, /Replaces +e{26}\n/);
  t.notMatch(out, /Replaced by/);
  t.match(out, /open +to be answered by .* +p1\n/);
  t.match(out, /rejected .*Too late +p0\n/);
  t.match(
    (await run(['record', ID], recorded({ changes: [], appeals: [] }))).out,
    /Changes\nnone\n\nAppeals\nnone\n/,
  );
  t.match(
    (await run(['record', ID], recorded({ changes: null }))).out,
    /Changes\nof this kind the log alone/,
  );
  t.match(JSON.parse((await run(['record', ID, '--json'], recorded())).out), RECORD);
});

t.test('appeals file sends what the holder says, and tells until when he is answered', async (t) => {
  const answers = {
    [`POST /v1/credentials/${ID}/appeals`]: { status: 201, body: { id: 'p1', dueAt: 1_700_000_000 } },
  };
  const words = ['appeals', 'file', ID, '--operator', 'desk-3', '--grounds', 'I was never there'];
  const filed = await run(words, { answers });
  t.match(filed, { code: 0, out: /^p1 to be answered by / });
  t.same(bodySent(filed), { operator: 'desk-3', grounds: 'I was never there' });
  const against = await run([...words, '--change', 'c1'], { answers });
  t.match(bodySent(against), { change: 'c1' });
});
