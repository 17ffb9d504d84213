import type { InjectOptions } from 'fastify';
import { Registry } from 'prom-client';
import t from 'tap';
import type { App } from '../../src/http/app-types.js';
import { createLogger } from '../../src/http/logging.js';
import { ADMIT, NOT_OURS } from './support/answers.js';
import { bothWays } from './support/ask.js';
import { exchange, listen, post } from './support/raw-post.js';
import { bearer, buildTwinApp, createTwinDeps } from './support/twin-deps.js';

const verify = (payload: NonNullable<InjectOptions['payload']>, headers = {}): InjectOptions => ({
  method: 'POST',
  url: '/v1/verify',
  headers: { ...bearer('verify'), 'content-type': 'application/json', ...headers },
  payload,
});

/** Bodies of the usual shape and their neighbours, which JSON reads otherwise. */
const BODIES = [
  '{"code":"YM1:AA"}',
  '{"code": "YM1:AA"}',
  '{"code":"hello"}',
  '{"code":""}',
  '{"code": ""}',
  '{"code":"YM1:\\u0041"}',
  '{"code":"a\\/b"}',
  '{"code":"张三"}',
  '{"code":"\u007f"}',
  '{"code":"a"b"}',
  '{"code":"a","code":"b"}',
  '{"code":"a\\"}',
  '{"code":"a\tb"}',
  '{"code":  "YM1:AA"}',
  ' {"code":"YM1:AA"}',
  '{"code":"YM1:AA"} ',
  '{"code":"YM1:AA" }',
  '{"code":"}',
  '{"code":""',
  '{"code":1}',
  '{"Code":"YM1:AA"}',
  '"}',
  '{}',
  '{"code":"YM1:AA","site":"east gate"}',
  '{"code": "YM1:AA", "site": "east gate"}',
  '{"site":"east gate","code":"YM1:AA"}',
  '{"code":"","site":"e"}',
  '{"code":"YM1:AA","site":"东门"}',
  '{"code":"YM1:AA","site":""}',
  '{"code":"YM1:AA","site":"\u007f\u0080\ufeff\u202e𠀀"}',
  '{"code":"YM1:AA","site":"e\\u0041"}',
  '{"code":"YM1:AA","site":"e\tf"}',
  '{"code":"YM1:AA","site":"e',
  '{"code":"YM1:AA","site":"}',
  '{"code":"YM1:AA","site":"e"}"}',
  '{"code":"YM1:AA","site":"e","site":"f"}',
  '{"code":"YM1:AA","site":null}',
  '{"code":"YM1:AA","site":7}',
  '{"code":"YM1:AA","place":"e"}',
  '{"code":"YM1:AA","nonce":"AAAAAAAAAAA"}',
  '{"code":"YM1:AA","nonce":"AAAAAAAAAAB"}',
  '{"code":"YM1:AA","nonce":"AAAA"}',
  '{"code":"YM1:AA","site":"e","nonce":"AAAAAAAAAAAAAAAAAAAAAA"}',
  JSON.stringify({ code: 'YM1:AA', site: 'x'.repeat(64) }),
  JSON.stringify({ code: 'YM1:AA', site: 'x'.repeat(65) }),
  JSON.stringify({ code: 'YM1:AA', site: '门'.repeat(64) }),
  JSON.stringify({ code: 'YM1:AA', site: '门'.repeat(65) }),
  JSON.stringify({ code: 'YM1:AA', site: '\u{20000}'.repeat(64) }),
];

t.test('door and router answer alike, byte for byte', async (t) => {
  const seen: unknown[] = [];
  const app = await buildTwinApp(t, {
    verify: (code, showing) => {
      seen.push([code, showing]);
      return code.startsWith('YM1:') ? ADMIT : NOT_OURS;
    },
  });
  const [[, inject], [, socket]] = await bothWays(app);
  for (const body of BODIES) {
    seen.length = 0;
    const [past, through] = [await inject(verify(body)), await socket(verify(body))];
    const bare = (text: string) => text.replace(/"requestId":"[^"]*"/, '');
    t.equal(through.statusCode, past.statusCode, body);
    t.equal(bare(through.body), bare(past.body), body);
    if (past.statusCode === 200) t.same(seen[0], seen[1], `${body}: one question for the verifier`);
    for (const name of ['content-type', 'cache-control', 'x-content-type-options', 'retry-after']) {
      t.equal(through.headers[name], past.headers[name], `${body}: ${name}`);
    }
  }
});

t.test('a body in pieces, in chunks or behind another request is read whole', async (t) => {
  const port = await listen(await buildTwinApp(t));
  const whole = post('{"code":"YM1:AA"}');
  const [head = '', body = ''] = whole.split('\r\n\r\n');
  const rows: [title: string, pieces: string[], answers: number][] = [
    ['headers and body apart', [`${head}\r\n\r\n`, body], 1],
    ['a body in two', [`${head}\r\n\r\n${body.slice(0, 5)}`, body.slice(5)], 1],
    ['three at once', [whole + whole + whole], 3],
    [
      'chunked',
      [
        `${head.replace(/content-length: \d+/, 'transfer-encoding: chunked')}\r\n\r\n5\r\n${body.slice(0, 5)}\r\n`,
        `${(body.length - 5).toString(16)}\r\n${body.slice(5)}\r\n0\r\n\r\n`,
      ],
      1,
    ],
  ];
  for (const [title, pieces, answers] of rows) {
    const said = await exchange(port, pieces, answers);
    t.equal(said.split('"decision":"admit"').length - 1, answers, title);
  }
});

async function afterTwenty(app: App): Promise<void> {
  const [, [, socket]] = await bothWays(app);
  for (let i = 0; i < 10; i++) await socket(verify('{"code":"YM1:AA"}'));
  for (let i = 0; i < 10; i++) await app.inject(verify('{"code":"YM1:AA"}'));
}

t.test('what comes through the door is counted and logged like the rest', async (t) => {
  const lines: string[] = [];
  const logger = createLogger('info', { write: (line) => lines.push(line) });
  const metrics = new Registry();
  const app = await buildTwinApp(
    t,
    { metrics },
    { log: { logger, sample: 1 }, verifyRateLimitPerMinute: 15 },
  );
  await afterTwenty(app);
  const shapes = lines.map((line) => Object.keys(JSON.parse(line)).join());
  t.equal(lines.length, 20);
  t.equal(shapes[0], shapes[10], 'a verdict has the same members both ways');
  t.equal(shapes[19]?.includes('problem'), true);
  t.equal(new Set(lines.map((line) => JSON.parse(line).reqId)).size, 20, 'ids are never given twice');
  const figures = await metrics.metrics();
  const count = (status: number, n: number) =>
    `yima_http_request_duration_seconds_count{method="POST",route="/v1/verify",status="${status}"} ${n}`;
  t.match(figures, count(200, 15));
  t.match(figures, count(429, 5), 'one budget for both ways');
  t.match(figures, 'yima_decisions_total{decision="admit",reason="ok"} 15');
  t.match(figures, 'yima_http_problems_total{code="rate_limited"} 5');
});

t.test('over the limit the door says so as the router does', async (t) => {
  const limited = await buildTwinApp(t, {}, { verifyRateLimitPerMinute: 1 });
  const ways = await bothWays(limited);
  for (const [, ask] of ways) await ask(verify('{"code":"YM1:AA"}'));
  const [past, through] = await Promise.all(ways.map(([, ask]) => ask(verify('{"code":"YM1:AA"}'))));
  const without = ({ requestId: _, ...rest }: Record<string, unknown>) => rest;
  t.equal(through?.statusCode, 429);
  t.match(without(through?.json() ?? {}), { code: 'rate_limited', retryAfterSeconds: Number });
  t.same(without(through?.json() ?? {}), without(past?.json() ?? {}));
  t.same(through?.headers['retry-after'], past?.headers['retry-after']);
});

t.test('a key that ended between two requests of one connection opens no more', async (t) => {
  let live = true;
  const { access } = createTwinDeps();
  const app = await buildTwinApp(t, {
    access: { ...access, check: (presented) => (live ? access.check(presented) : undefined) },
  });
  const port = await listen(app);
  const first = exchange(port, [post('{"code":"YM1:AA"}')], 1);
  t.match(await first, 'HTTP/1.1 200');
  live = false;
  t.match(await exchange(port, [post('{"code":"YM1:AA"}')], 1), 'HTTP/1.1 401');
});

t.test('a verifier that breaks is an internal error through the door as well', async (t) => {
  const app = await buildTwinApp(t, {
    verify: () => {
      throw new Error('secret detail');
    },
  });
  for (const [way, ask] of await bothWays(app)) {
    const response = await ask(verify('{"code":"YM1:AA"}'));
    t.equal(response.statusCode, 500, way);
    t.notMatch(response.body, 'secret');
  }
});

t.test('while the server closes, what was asked is answered, and then the connection ends', async (t) => {
  for (const [title, pieces, answers] of [
    ['one through the door', [post('{"code":"YM1:AA"}')], 1],
    ['two at once, past the door', [post('{"code":"YM1:AA"}').repeat(2)], 2],
  ] as const) {
    let closing: Promise<unknown> | undefined;
    const app: App = await buildTwinApp(t, {
      verify: () => {
        closing ??= app.close();
        return ADMIT;
      },
    });
    const port = await listen(app);
    const said = await exchange(port, pieces, answers + 1);
    t.equal(said.split('HTTP/1.1 200').length - 1, answers, title);
    await closing;
  }
});

t.test('the flood of one key spends its own budget: nothing of it is judged, others are', async (t) => {
  let judged = 0;
  const app = await buildTwinApp(
    t,
    {
      verify: () => {
        judged++;
        return ADMIT;
      },
    },
    { verifyRateLimitPerMinute: 3 },
  );
  const [, [, ask]] = await bothWays(app);
  const flood = await Promise.all(Array.from({ length: 30 }, () => ask(verify('{"code":"YM1:AA"}'))));
  t.equal(flood.filter(({ statusCode }) => statusCode === 200).length, 3);
  t.equal(flood.filter(({ statusCode }) => statusCode === 429).length, 27);
  t.equal(judged, 3);
  const other = verify('{"code":"YM1:AA"}', bearer('verify', 'issue'));
  t.equal((await ask(other)).statusCode, 200);
});
