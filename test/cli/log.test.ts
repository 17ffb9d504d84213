import t from 'tap';
import { run } from './fake-terminal.js';

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
