import t from 'tap';
import { bodySent, run } from './fake-terminal.js';

const row = (seq: number) => ({
  seq,
  at: 1_700_000_000,
  actor: 'local',
  type: 'issued',
  body: '{}',
  prev: 'p',
  hash: `h${seq}`,
});
const page = (head: number | null, ...seqs: number[]) => ({ body: { head, entries: seqs.map(row) } });

const NO_STRAYS = {
  strayCredentials: [],
  strayApiKeys: [],
  strayProposals: [],
  strayRules: [],
  strayChanges: [],
  strayAppeals: [],
  strayOffers: [],
  strayTrust: [],
};

t.test('log show begins so that the newest entries are shown', async (t) => {
  const answers = {
    'GET /v1/log?after=0&limit=1': page(30, 1),
    'GET /v1/log?after=28&limit=2': page(30, 29, 30),
  };
  const { code, out } = await run(['log', 'show', '--limit', '2'], { answers });
  t.equal(code, 0);
  t.match(out, /^29 .*\n30 .*\n$/);
});

t.test('log show reads page after page, one JSON entry a line', async (t) => {
  const first = Array.from({ length: 1000 }, (_, i) => i + 6);
  const answers = {
    'GET /v1/log?after=5&limit=1000': page(1007, ...first),
    'GET /v1/log?after=1005&limit=500': page(1007, 1006, 1007),
    'GET /v1/log?after=1007&limit=498': page(1007),
  };
  const { code, out } = await run(['log', 'show', '--after', '5', '--limit', '1500', '--json'], { answers });
  t.equal(code, 0);
  const lines = out.trimEnd().split('\n');
  t.equal(lines.length, 1002);
  t.match(JSON.parse(lines.at(-1) ?? ''), { seq: 1007 });
});

t.test('log verify exits 1 when the log or the database was changed', async (t) => {
  const check = (body: unknown) => run(['log', 'verify'], { answers: { 'GET /v1/log/check': { body } } });
  t.match(
    await check({
      ok: true,
      entries: 3,
      brokenAt: null,
      head: 'abc',
      ...NO_STRAYS,
    }),
    {
      code: 0,
      out: /holds: 3 \/ abc/,
    },
  );
  t.match(await check({ ok: false, entries: 2, brokenAt: 2, head: 'a', ...NO_STRAYS }), {
    code: 1,
    out: /from entry 2/,
  });
  const strays = { ok: false, entries: 3, brokenAt: null, head: 'a', ...NO_STRAYS };
  t.match(await check({ ...strays, strayCredentials: ['abc'], strayApiKeys: ['k1', 'k2'] }), {
    code: 1,
    out: /database differs.*: credentials abc; API keys k1 k2\n$/,
  });
  t.match(await check({ ...strays, strayApiKeys: ['k1'], strayRules: ['contact 2'] }), {
    code: 1,
    out: /database differs.*: API keys k1; rules contact 2\n$/,
  });
});

t.test('log head prints number and hash; an empty log has none', async (t) => {
  const answers = { 'GET /v1/log?after=0&limit=1': page(8, 1), 'GET /v1/log?after=7&limit=1': page(8, 8) };
  t.match(await run(['log', 'head'], { answers }), { code: 0, out: /^8 h8 / });
  const empty = { 'GET /v1/log?after=0&limit=1': page(null) };
  t.match(await run(['log', 'head', '--json'], { answers: empty }), { code: 0, out: 'null\n' });
});

const HEAD = { issuer: '330102', seq: 8, hash: 'h8', at: 1_700_000_000 };

t.test('log head --signed prints the note alone, to be kept as a file', async (t) => {
  const answers = { 'GET /v1/log/head': { body: { ...HEAD, signed: 'h.p.s' } } };
  t.match(await run(['log', 'head', '--signed'], { answers }), { code: 0, out: 'h.p.s\n' });
});

t.test('log check-head exits 1 unless the log is still the one that was signed', async (t) => {
  const check = (finding: string, input?: string) =>
    run(['log', 'check-head', input === undefined ? 'kept.jws' : '-'], {
      answers: { 'POST /v1/log/head/check': { body: { ...HEAD, finding, ok: finding === 'same' } } },
      files: { 'kept.jws': 'h.p.s\n' },
      ...(input === undefined ? {} : { input }),
    });
  const same = await check('same');
  t.match(same, { code: 0, out: /still the one that was signed: 8 h8 / });
  t.same(bodySent(same), { signed: 'h.p.s' });
  t.match(await check('same', 'i.n.p\n'), { code: 0, asked: [{ body: { signed: 'i.n.p' } }] });
  for (const finding of ['rewritten', 'broken', 'shorter'])
    t.match(await check(finding), { code: 1 }, finding);
});

const SOUND = { ok: true, entries: 9, brokenAt: null, head: 'h9', ...NO_STRAYS };
const KEPT = { credential: 'abc', form: 'screen', list: 0, index: 3 };
const found = (restored: number, kept = 0, check: object = SOUND) => ({
  answers: {
    'POST /v1/log/restore': {
      body: {
        restored,
        keptRevoked: Array.from({ length: kept }, () => KEPT),
        keptRevokedCount: kept,
        strayCredentials: [],
        logSeqs: [9],
      },
    },
    'GET /v1/log/check': { body: check },
  },
});

t.test(
  'log restore tells what it would do, asks, does it, and holds the log against the result',
  async (t) => {
    const yes = { interactive: true, ask: async () => 'y' };
    const done = await run(['log', 'restore'], { ...found(3), terminal: yes });
    t.match(done, {
      code: 0,
      talk: /sets 3 credential\(s\) back/,
      out: /3 credential\(s\) set back \(log 9\).*\n.*holds/,
    });
    t.same(
      done.asked.map(({ path, body }) => [path, body]),
      [
        ['/v1/log/restore', { dryRun: true, neverServed: false }],
        ['/v1/log/restore', { dryRun: false, neverServed: false }],
        ['/v1/log/check', undefined],
      ],
    );
    const no = await run(['log', 'restore'], { ...found(3), terminal: { ...yes, ask: async () => 'n' } });
    t.match([no.code, no.asked.length], [1, 1]);
    t.match(await run(['log', 'restore'], found(3)), { code: 1, asked: { length: 1 } }, 'nobody to ask');
    t.match(await run(['log', 'restore'], found(0)), { code: 0, asked: { length: 2 } }, 'nothing to do');
  },
);

t.test(
  'log restore names what has to be issued anew, and exits 1 while anything is not as told',
  async (t) => {
    const kept = await run(['log', 'restore', '--yes'], found(3, 2));
    t.match(kept, { code: 1, out: /2 code\(s\) to be issued anew\nabc screen\nabc screen\n/ });
    const strays = { ...SOUND, ok: false, strayApiKeys: ['k1'] };
    t.match(await run(['log', 'restore', '--yes'], found(3, 0, strays)), { code: 1, out: /API keys k1/ });
  },
);

t.test('log restore --never-served is refused while a node runs', async (t) => {
  const settings = { YIMA_REDIS_URL: 'redis://127.0.0.1:1' };
  const opened: unknown[] = [];
  const answers = found(1);
  const stopped = await run(['log', 'restore', '--yes', '--never-served'], {
    ...answers,
    terminal: { env: settings },
    onConnect: ({ redis }) => opened.push(redis),
  });
  t.same(opened, [null], 'nor does the node that is opened for this tell verifiers what the file says');
  t.match(stopped.asked[1], { body: { dryRun: false, neverServed: true } });
  const running = await run(['log', 'restore', '--yes', '--never-served'], { ...found(1), via: 'socket' });
  t.match(running, { code: 1, asked: { length: 0 } });
});
