// Raw bytes through a real socket of the real app: one answer or none for each connection, a problem document, and the end.

import { type AddressInfo, connect, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import type { AppOptions } from '../../src/http/deps.js';
import { buildTwinApp } from '../http/support/twin-deps.js';
import { RAW_ROWS, SLOW_ROWS } from './rows/raw.js';
import { createStopwatch } from './stopwatch.js';
import { createWorld } from './world.js';

/** Long enough for a busy machine; the app's own limits are below. */
const DEADLINE_MS = 10_000;
const TIMEOUTS = { headers: 300, request: 600, keepAlive: 300, sweep: 50 };
const PAUSE_MS = 40;

const world = createWorld();

async function listen(t: Test, options: Partial<AppOptions> = {}): Promise<number> {
  const app = await buildTwinApp(t, { verify: (code) => world.gate.verify(code) }, options);
  await app.listen({ host: '127.0.0.1', port: 0 });
  return (app.server.address() as AddressInfo).port;
}

/** Everything that the server says until it ends the connection. */
function everythingSaid(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    socket.setTimeout(DEADLINE_MS, () => {
      reject(new Error(`the connection stays open; it said: ${said.slice(0, 200)}`));
      socket.destroy();
    });
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => {
      said += chunk;
    });
    // A reset while we still write is an end as well.
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(said));
  });
}

interface RawAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** The bodies here are one line of JSON each. */
function answersIn(said: string): readonly RawAnswer[] {
  return said
    .split(/(?=HTTP\/1\.1 )/)
    .filter((each) => each !== '')
    .map((each) => ({
      status: Number(each.slice(9, 12)),
      body: JSON.parse(each.slice(each.indexOf('\r\n\r\n') + 4) || '{}'),
    }));
}

t.test('one request, one answer', async (t) => {
  const port = await listen(t, { timeouts: TIMEOUTS });
  const watch = createStopwatch();
  for (const { name, bytes, status, code } of RAW_ROWS) {
    const answers = await watch.time(name, async () => {
      const socket = connect({ port, host: '127.0.0.1' });
      const said = everythingSaid(socket);
      socket.write(bytes);
      return answersIn(await said);
    });
    t.equal(answers.length, 1, `${name}: is answered once`);
    const [answer] = answers;
    t.equal(answer?.status, status, name);
    if (code === undefined)
      t.match(answer?.body, { decision: 'refuse', reason: 'not_ours' }, `${name}: is judged`);
    else t.equal(answer?.body['code'] ?? null, code, `${name}: code`);
  }
  watch.report(t);
});

t.test('who is slow is cut off', async (t) => {
  const port = await listen(t, { timeouts: TIMEOUTS });
  await Promise.all(
    SLOW_ROWS.map(async ({ name, pieces }) => {
      const socket = connect({ port, host: '127.0.0.1' });
      const said = everythingSaid(socket);
      const left = [...pieces];
      const writing = setInterval(() => {
        const piece = left.shift();
        if (piece !== undefined && socket.writable) socket.write(piece);
      }, PAUSE_MS);
      const answers = answersIn(await said);
      clearInterval(writing);
      t.ok(
        answers.every(({ status }) => status === 408),
        `${name}: ends without another answer than 408`,
      );
    }),
  );
});

t.test('who was refused and does not hang up is cut off', async (t) => {
  const app = await buildTwinApp(t);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const closed = new Promise<void>((resolve) => {
    app.server.once('connection', (accepted: Socket) => accepted.once('close', () => resolve()));
  });
  const { port } = app.server.address() as AddressInfo;
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  t.teardown(() => socket.destroy());
  socket.write('no HTTP\r\n\r\n');
  await closed;
  t.pass('and nothing stays behind');
});
