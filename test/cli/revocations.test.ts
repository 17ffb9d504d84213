import t from 'tap';
import { bodySent, run } from './fake-terminal.js';

const ID = 'r'.repeat(26);
const COUNTED = { count: 12, revoked: 3, groups: [{ kind: 'health-code', region: '330102', count: 12 }] };
const VIEW = {
  id: ID,
  state: 'running',
  scope: { batch: '2026-7' },
  total: 12,
  done: 5,
  skipped: 1,
  failure: null,
  purpose: 'printer stolen',
  evidence: 'case 9',
  proposedBy: 'a',
  proposedAt: 1,
  decidedBy: 'b',
  startedAt: 1_700_000_000,
  finishedAt: null,
};
const answers = { 'POST /v1/revocations': { body: COUNTED }, [`GET /v1/revocations/${ID}`]: { body: VIEW } };
const COUNT = ['revocations', 'count'];

t.test('a count asks for a dry run and for nothing else', async (t) => {
  const ran = await run([...COUNT, '--batch', '2026-7', '--region', '3301'], { answers });
  t.equal(ran.code, 0);
  t.equal(ran.asked.length, 1);
  t.strictSame(bodySent(ran), { scope: { batch: '2026-7', region: '3301' }, dryRun: true });
  t.match(ran.out, /Would be revoked +12\nRevoked already +3\n +health-code +330102 +12\n/);
  t.strictSame(JSON.parse((await run([...COUNT, '--batch', 'b', '--json'], { answers })).out), COUNTED);
});

t.test('every condition goes into the scope under its name', async (t) => {
  const conditions = [
    '--credential',
    ID,
    '--office',
    'k',
    '--operator',
    'me',
    '--signing-key',
    'AAECAwQFBgc',
  ];
  const ran = await run([...COUNT, ...conditions, '--kind', 'health-code', '--issued-before', '2026-11-25'], {
    answers,
  });
  t.strictSame(bodySent(ran)['scope'], {
    credentials: [ID],
    office: 'k',
    operator: 'me',
    signingKey: 'AAECAwQFBgc',
    kind: 'health-code',
    issuedBefore: Date.UTC(2026, 10, 24, 16) / 1000,
  });
  const seconds = await run([...COUNT, '--issued-before', '1700000000'], { answers });
  t.strictSame(bodySent(seconds)['scope'], { issuedBefore: 1_700_000_000 });
});

t.test(
  'with purpose and evidence it prints what is to be signed, and tells the count beside it',
  async (t) => {
    const ran = await run([...COUNT, '--batch', 'b', '--purpose', 'printer stolen', '--evidence', 'case 9'], {
      answers,
    });
    t.strictSame(JSON.parse(ran.out), {
      scope: { batch: 'b' },
      count: 12,
      purpose: 'printer stolen',
      evidence: 'case 9',
    });
    t.match(ran.talk, /Would be revoked +12[\s\S]*Nothing was revoked/);
  },
);

t.test(
  'a call without a condition, with half a reason, or with a time that is none asks nobody',
  async (t) => {
    for (const argv of [[], ['--batch', 'b', '--purpose', 'x'], ['--issued-before', 'yesterday']]) {
      const { code, asked, talk } = await run([...COUNT, ...argv], { answers });
      t.equal(code, 1);
      t.equal(asked.length, 0);
      t.match(talk, /--(?:batch|purpose|issued-before)/);
    }
  },
);

t.test('how far a revocation is, and that it stopped shows in the exit code', async (t) => {
  const show = ['revocations', 'show', ID];
  const running = await run(show, { answers });
  t.equal(running.code, 0);
  t.match(running.out, /State +under way\nRevoked +5 \/ 12\n/);
  t.match(running.out, /Scope +batch=2026-7\n/);
  const stopped = { ...VIEW, state: 'stopped', failure: 'conflict', finishedAt: 1_700_000_001 };
  const ran = await run(show, { answers: { [`GET /v1/revocations/${ID}`]: { body: stopped } } });
  t.equal(ran.code, 1);
  t.match(ran.out, /stopped before its end\nWhy +conflict\n/);
});
