// Real connections against a real server: what is held is not read, and nobody else is.

import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { Registry } from 'prom-client';
import t from 'tap';
import type { App } from '../../src/http/app-types.js';
import { createSocketGate } from '../../src/http/reading-gate.js';
import { ADMIT } from './support/answers.js';
import { bothWays } from './support/ask.js';
import { post } from './support/raw-post.js';
import { bearer, buildTwinApp } from './support/twin-deps.js';

const FLOOD = 400;
const DEADLINE_MS = 30_000;

t.test('only connections that joined are held, and each is released once', async (t) => {
  const calls: string[] = [];
  const fake = (name: string) => {
    let paused = false;
    let close = (): void => undefined;
    return {
      isPaused: () => paused,
      writableNeedDrain: false,
      pause: () => {
        paused = true;
        calls.push(`${name} pause`);
      },
      resume: () => {
        paused = false;
        calls.push(`${name} resume`);
      },
      once(_event: string, run: () => void) {
        close = () => run.call(this);
      },
      close: () => close(),
    };
  };
  const gate = createSocketGate();
  const [a, b, c] = [fake('a'), fake('b'), fake('c')];
  for (const each of [a, b, a]) gate.join(each as unknown as Socket);
  c.pause();
  gate.hold();
  gate.hold();
  t.same(calls, ['c pause', 'a pause', 'b pause']);
  t.equal(gate.held(), 2);
  b.close();
  gate.release();
  gate.release();
  t.same(calls.slice(3), ['a resume']);
  t.notOk(gate.isHolding());
});

const REQUEST = post('{"code":"YM1:AA"}');

/** Sends `times` verifications, each once the one before was answered; keeps every answer. */
function drive(socket: Socket, times: number, answers: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let left = times;
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      answers.push(text);
      if (--left > 0) socket.write(REQUEST);
      else socket.destroy();
    });
    socket.on('close', () => resolve());
    socket.on('error', reject);
    socket.write(REQUEST);
  });
}

/** Connections that the server has accepted, so that what they send is there all at once. */
async function connectAll({ server }: App, count: number): Promise<readonly Socket[]> {
  let accepted = 0;
  const all = new Promise<void>((resolve) => {
    server.on('connection', () => {
      if (++accepted === count) resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  const sockets = Array.from({ length: count }, () => connect(port, '127.0.0.1'));
  await all;
  return sockets;
}

/** A verifier that takes its time, as one does that gets more than it can judge. */
function slowly(ms: number): () => typeof ADMIT {
  return () => {
    const until = performance.now() + ms;
    while (performance.now() < until);
    return ADMIT;
  };
}

t.test(
  'a flooded server answers health and issues, tells some to come later, and judges the rest',
  { timeout: DEADLINE_MS },
  async (t) => {
    const metrics = new Registry();
    const app = await buildTwinApp(t, { verify: slowly(2), metrics });
    const [, [, ask]] = await bothWays(app);
    const sockets = await connectAll(app, FLOOD);
    const answers: string[] = [];
    const flood = Promise.all(sockets.map((socket) => drive(socket, 2, answers)));
    const health = await ask({ url: '/health/live' });
    const issued = await ask({
      method: 'POST',
      url: '/v1/credentials',
      headers: bearer('issue'),
      payload: { kind: 'x', region: '330102', claims: {}, operator: 'a', evidence: 'b' },
    });
    t.same([health.statusCode, issued.statusCode], [200, 201]);
    t.ok(answers.length < 2 * FLOOD, `both while the flood was on: ${answers.length} answered`);
    await flood;
    const refusals = answers.filter((text) => text.startsWith('HTTP/1.1 503'));
    const judged = answers.filter((text) => text.startsWith('HTTP/1.1 200'));
    t.equal(judged.length + refusals.length, 2 * FLOOD, 'every request has one answer');
    t.ok(judged.length > 0 && refusals.length > 0, `${judged.length} judged`);
    t.match(refusals[0]?.toLowerCase(), 'retry-after: 1\r\n');
    t.match(refusals[0], 'application/problem+json');
    t.match(refusals[0], '"code":"overloaded"');
    const figures = await metrics.metrics();
    t.match(figures, 'yima_verify_waiting 0\n');
    t.match(figures, 'yima_verify_held_connections 0\n');
    t.match(figures, `yima_verify_shed_total{reason="waited"} ${refusals.length}\n`);
    t.match(figures, `yima_http_problems_total{code="overloaded"} ${refusals.length}\n`);
  },
);

t.test('a request of another spelling waits in the same queue', { timeout: DEADLINE_MS }, async (t) => {
  const app = await buildTwinApp(t, { verify: slowly(2) });
  const [, [, ask]] = await bothWays(app);
  const sockets = await connectAll(app, FLOOD);
  const odd = REQUEST.replace('{"code":"YM1:AA"}', '{"code":\t"YM1:A"}');
  const answers: string[] = [];
  await Promise.all(
    sockets.map(async (socket) => {
      socket.setEncoding('utf8');
      socket.write(odd);
      answers.push(String(await once(socket, 'data')));
      socket.destroy();
    }),
  );
  const refusals = answers.filter((text) => text.startsWith('HTTP/1.1 503'));
  t.ok(refusals.length > 0 && refusals.length < FLOOD, `${refusals.length} of ${FLOOD} shed`);
  t.match(refusals[0]?.toLowerCase(), 'retry-after: 1\r\n');
  t.match(refusals[0], '"code":"overloaded"');
  t.equal((await ask({ url: '/health/live' })).statusCode, 200);
});

t.test(
  'a batch puts its lines off while single verifications are behind',
  { timeout: DEADLINE_MS },
  async (t) => {
    const app = await buildTwinApp(t, { verify: slowly(2) });
    const [, [, ask]] = await bothWays(app);
    const batch = (): ReturnType<typeof ask> =>
      ask({
        method: 'POST',
        url: '/v1/verify/batch',
        headers: { ...bearer('verify'), 'content-type': 'application/x-ndjson' },
        payload: '{"id":"1","code":"YM1:AA"}\n{"id":"2","code":"YM1:AA"}\n',
      });
    const reasons = ({ body }: { readonly body: string }): readonly string[] =>
      body
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).reason);
    const sockets = await connectAll(app, FLOOD);
    const flood = Promise.all(sockets.map((socket) => drive(socket, 2, [])));
    let during = reasons(await batch());
    for (let i = 0; i < 20 && !during.includes('overloaded'); i++) during = reasons(await batch());
    t.ok(during.includes('overloaded'), `while the flood is on: ${during}`);
    await flood;
    t.same(reasons(await batch()), ['ok', 'ok'], 'and afterwards all are judged');
  },
);

t.test(
  'waiting counts from the end of a request, however long its body took',
  { timeout: DEADLINE_MS },
  async (t) => {
    const app = await buildTwinApp(t, { verify: slowly(1) });
    const sockets = await connectAll(await listening(app), 25);
    const [head = '', body = ''] = REQUEST.split('\r\n\r\n');
    const answers = sockets.map(async (socket) => {
      socket.setEncoding('utf8');
      socket.write(`${head}\r\n\r\n`);
      await new Promise((resolve) => setTimeout(resolve, 150));
      socket.write(body);
      const answer = String(await once(socket, 'data'));
      socket.destroy();
      return answer.slice(0, 'HTTP/1.1 200'.length);
    });
    t.same(new Set(await Promise.all(answers)), new Set(['HTTP/1.1 200']), 'none is shed');
  },
);

async function listening(app: App): Promise<App> {
  await app.listen({ host: '127.0.0.1', port: 0 });
  return app;
}
