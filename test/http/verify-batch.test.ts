// What a batch answers, whoever sends it how; sockets have a file of their own.

import fc from 'fast-check';
import { Registry } from 'prom-client';
import t from 'tap';
import type { Answer } from '../../src/core/verify/answer.js';
import { ADMIT, NOT_OURS } from './support/answers.js';
import { batchBody, injectBatch, NDJSON_HEADERS, parseLines } from './support/batch.js';
import { bearer, buildTwinApp, createTwinDeps, OPTIONS } from './support/twin-deps.js';

const URL = '/v1/verify/batch';
const MAX_LINES = 10_000;

t.test('each line has its answer, in order, under the caller’s id', async (t) => {
  const app = await buildTwinApp(t);
  const response = await app.inject({
    method: 'POST',
    url: URL,
    headers: NDJSON_HEADERS,
    payload: batchBody([
      { id: 'a', code: 'YM1:A' },
      { code: 'hello', id: '"quoted" 码 \ud800' },
      { id: 'a', code: 'YM1:A' },
    ]),
  });
  t.equal(response.statusCode, 200);
  t.match(response.headers, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
  t.same(parseLines(response.payload), [
    { id: 'a', ...ADMIT },
    { id: '"quoted" 码 \ud800', ...NOT_OURS },
    { id: 'a', ...ADMIT },
  ]);
});

t.test('nothing in is nothing out; the last line needs no end, and lines may end with CRLF', async (t) => {
  const app = await buildTwinApp(t);
  t.same(await injectBatch(app, ''), []);
  const answers = await injectBatch(app, '{"id":"1","code":"x"}\r\n{"id":"2","code":"x"}');
  t.same(
    answers.map(({ id }) => id),
    ['1', '2'],
  );
});

t.test('a bad line is one bad answer with its place, and the others go on', async (t) => {
  const app = await buildTwinApp(t);
  const answers = await injectBatch(
    app,
    batchBody([
      { id: '1', code: 'x' },
      '',
      '{"id":"3","code":"a","code":"b"}',
      { id: '4', code: 4 },
      { id: '5', code: 'A'.repeat(20_000) },
      { id: '6', code: 'x' },
    ]),
  );
  const type = 'https://yima.test/problems/invalid_request';
  t.match(answers, [
    { id: '1', reason: 'not_ours' },
    { id: null, line: 2, problem: { type, status: 400, code: 'invalid_request', rule: 'empty' } },
    { id: null, line: 3, problem: { code: 'invalid_request', rule: 'json_duplicate' } },
    { id: '4', line: 4, problem: { code: 'invalid_request', field: 'code' } },
    { id: null, line: 5, problem: { status: 413, code: 'too_large', rule: 'line' } },
    { id: '6', reason: 'not_ours' },
  ]);
  t.equal(answers.length, 6);
});

t.test('a code that breaks the verifier is an internal problem, and the others go on', async (t) => {
  const lines: unknown[] = [];
  const logger = { ...OPTIONS.log.logger, error: (...line: unknown[]) => lines.push(line) };
  const verify = (code: string): Answer => {
    if (code === 'boom') throw new TypeError('secret detail');
    return ADMIT;
  };
  const app = await buildTwinApp(t, { verify }, { log: { logger, sample: 0 } });
  const answers = await injectBatch(
    app,
    batchBody([
      { id: '1', code: 'boom' },
      { id: '2', code: 'x' },
    ]),
  );
  t.match(answers, [
    { id: '1', line: 1, problem: { code: 'internal' } },
    { id: '2', decision: 'admit' },
  ]);
  t.notMatch(JSON.stringify(answers), 'secret');
  t.equal(lines.length, 1);
});

t.test('a batch has so many lines, and the last one says where it ended', async (t) => {
  const app = await buildTwinApp(t);
  const line = '{"id":"1","code":"x"}\n';
  const whole = await injectBatch(app, line.repeat(MAX_LINES));
  t.equal(whole.length, MAX_LINES);
  t.equal(whole.at(-1)?.['reason'], 'not_ours');
  const ended = await injectBatch(app, line.repeat(MAX_LINES + 5));
  t.equal(ended.length, MAX_LINES + 1);
  t.match(ended.at(-1), { ended: true, line: MAX_LINES + 1, problem: { code: 'too_large', rule: 'lines' } });
});

t.test(
  'every line costs one of the caller’s verifications; past them it is told when to come again',
  async (t) => {
    const app = await buildTwinApp(t, {}, { verifyRateLimitPerMinute: 4 });
    const answers = await injectBatch(
      app,
      batchBody(Array.from({ length: 6 }, (_, i) => ({ id: `${i}`, code: 'YM1:A' }))),
    );
    t.same(
      answers.map(({ reason }) => reason),
      ['ok', 'ok', 'ok', 'ok', 'overloaded', 'overloaded'],
    );
    t.match(answers[5], {
      id: '5',
      retryAfterSeconds: 15,
      decision: 'indeterminate',
      next: { en: 'Rescan in 15 s, or verify offline' },
      credential: null,
      trustAgeSeconds: null,
    });
    const single = { method: 'POST', url: '/v1/verify', payload: { code: 'x' } } as const;
    t.equal(
      (await app.inject({ ...single, headers: bearer('verify') })).statusCode,
      429,
      'one budget for both',
    );
    t.equal(
      (await app.inject({ ...single, headers: bearer('verify', 'issue') })).statusCode,
      200,
      'another’s is whole',
    );
    const next = await app.inject({ method: 'POST', url: URL, headers: NDJSON_HEADERS, payload: '' });
    t.equal(next.statusCode, 429, 'the next batch does not begin');
  },
);

t.test('the request itself is judged like any other', async (t) => {
  const app = await buildTwinApp(t);
  const send = async (
    headers: Readonly<Record<string, string>>,
    payload = batchBody([{ id: '1', code: 'x' }]),
  ) => {
    const response = await app.inject({ method: 'POST', url: URL, headers, payload });
    return `${response.statusCode} ${response.json().code}`;
  };
  const type = { 'content-type': 'application/x-ndjson' };
  t.equal(await send(type), '401 unauthenticated');
  t.equal(await send({ ...bearer('issue'), ...type }), '403 forbidden');
  t.equal(
    await send({ ...bearer('verify'), 'content-type': 'application/json' }),
    '415 unsupported_media_type',
  );
  t.equal(await send(bearer('verify')), '415 unsupported_media_type');
  t.equal(await send({ ...NDJSON_HEADERS, 'content-encoding': 'gzip' }), '415 unsupported_media_type');
  t.equal(
    await send({ ...bearer('verify'), 'content-type': 'application/x-ndjson; charset=gbk' }),
    '415 unsupported_media_type',
  );
  const charset = { ...bearer('verify'), 'content-type': 'application/x-ndjson; charset=utf-8' };
  t.equal((await app.inject({ method: 'POST', url: URL, headers: charset, payload: '' })).statusCode, 200);
  t.equal(await send({ ...NDJSON_HEADERS, 'content-length': '16777217' }), '413 too_large');
});

t.test('other routes take no NDJSON', async (t) => {
  const app = await buildTwinApp(t);
  const response = await app.inject({
    method: 'POST',
    url: '/v1/verify',
    headers: NDJSON_HEADERS,
    payload: '{"code":"x"}',
  });
  t.equal(response.statusCode, 415);
});

t.test('its answers and problems are counted with the others', async (t) => {
  const metrics = new Registry();
  const app = await buildTwinApp(t, { metrics });
  const lines = ['YM1:A', 'x', 'YM1:A'].map((code) => ({ id: code, code }));
  await injectBatch(app, batchBody([...lines, 'bad']));
  const text = await metrics.metrics();
  t.match(text, 'yima_decisions_total{decision="admit",reason="ok"} 2');
  t.match(text, 'yima_decisions_total{decision="refuse",reason="not_ours"} 1');
  t.match(text, 'yima_http_problems_total{code="invalid_request"} 1');
});

t.test('a batch answers what single verifications answer', async (t) => {
  const verify = (code: string): Answer =>
    code.length % 2 === 0 ? { ...ADMIT, trustAgeSeconds: code.length } : NOT_OURS;
  const app = await buildTwinApp(t, { verify });
  const single = async (code: string): Promise<unknown> => {
    const request = {
      method: 'POST',
      url: '/v1/verify',
      headers: bearer('verify'),
      payload: { code },
    } as const;
    return (await app.inject(request)).json();
  };
  const codes = fc.array(
    fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.constantFrom('YM1:A', '')),
    { maxLength: 12 },
  );
  await fc.assert(
    fc.asyncProperty(codes, async (texts) => {
      const lines = texts.map((code, i) => ({ id: `${i}`, code }));
      const answers = await injectBatch(app, batchBody(lines));
      const singles = await Promise.all(texts.map(single));
      t.same(
        answers,
        singles.map((answer, i) => ({ id: `${i}`, ...(answer as object) })),
      );
    }),
    { numRuns: 60 },
  );
});

t.test('a key that ends while its batch goes on opens no further line', async (t) => {
  let isLive = true;
  const { access } = createTwinDeps();
  const app = await buildTwinApp(t, {
    access: { ...access, check: (presented) => (isLive ? access.check(presented) : undefined) },
    verify: () => {
      isLive = false;
      return ADMIT;
    },
  });
  const answers = await injectBatch(app, batchBody([{ id: '1', code: 'x' }, { id: '2', code: 'x' }, '']));
  t.match(answers, [
    { id: '1', reason: 'ok' },
    { id: '2', problem: { code: 'unauthenticated' } },
  ]);
  t.notOk('decision' in (answers[1] ?? {}));
});
