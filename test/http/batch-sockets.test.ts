// Batches over real sockets: readers and writers who take their time, stop, leave, or never end.

import { once } from 'node:events';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import t, { type Test } from 'tap';
import type { AppOptions } from '../../src/http/deps.js';
import { ADMIT } from './support/answers.js';
import { batchBody, NDJSON_HEADERS, openBatch } from './support/batch.js';
import { listen } from './support/listen.js';
import { buildTwinApp } from './support/twin-deps.js';

const LINE = '{"id":"码🙂","code":"YM1:A"}\n';
const DEADLINE_MS = 10_000;
const SHORT = { headers: 1_000, request: 1_000, keepAlive: 1_000, sweep: 100 };

interface Server {
  readonly port: number;
  /** How many codes were judged so far. */
  readonly judged: () => number;
  readonly connections: () => Promise<number>;
}

async function open(t: Test, options: Partial<AppOptions> = {}): Promise<Server> {
  let judged = 0;
  const verify = () => {
    judged++;
    return ADMIT;
  };
  const app = await buildTwinApp(t, { verify }, options);
  const port = await listen(app);
  const connections = promisify(app.server.getConnections.bind(app.server));
  return { port, judged: () => judged, connections };
}

/** Waits until it holds. */
async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + DEADLINE_MS;
  while (!holds()) {
    if (Date.now() > end) throw new Error('it never came to hold');
    await delay(5);
  }
}

/** Waits until a figure has stopped changing. */
async function settled(figure: () => number): Promise<number> {
  for (let last = -1, equal = 0; ; ) {
    await delay(20);
    equal = figure() === last ? equal + 1 : 0;
    last = figure();
    if (equal === 10) return last;
  }
}

t.test('an answer leaves while the next line has not come', async (t) => {
  const { port } = await open(t);
  const batch = openBatch(port);
  for (const id of ['1', '2', '3']) {
    await batch.write(batchBody([{ id, code: 'YM1:A' }]));
    t.match(await batch.line(), { id, decision: 'admit' });
  }
  batch.sent.end();
  t.equal(await batch.line(), null);
});

t.test('chunks may end inside a line and inside a character', async (t) => {
  const { port } = await open(t);
  const batch = openBatch(port);
  for (const byte of Buffer.from(LINE + LINE.trimEnd())) await batch.write(Buffer.from([byte]));
  batch.sent.end();
  t.match(await batch.rest(), [{ id: '码🙂' }, { id: '码🙂' }]);
});

t.test('a line of a megabyte is one bad answer', async (t) => {
  const { port } = await open(t);
  const batch = openBatch(port);
  await batch.write(`{"id":"1","code":"${'A'.repeat(1_000_000)}"}\n${LINE}`);
  batch.sent.end();
  t.match(await batch.rest(), [{ line: 1, problem: { code: 'too_large' } }, { id: '码🙂' }]);
});

t.test('ten thousand lines come back, and the connection serves on', async (t) => {
  const { port } = await open(t);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.teardown(() => agent.destroy());
  for (const isReused of [false, true]) {
    const batch = openBatch(port, agent);
    void batch.write(LINE.repeat(10_000));
    batch.sent.end();
    t.equal((await batch.rest()).length, 10_000);
    t.equal(batch.sent.reusedSocket, isReused);
  }
});

t.test('who does not read stops the work, and gets the rest when reading again', async (t) => {
  const { port, judged } = await open(t);
  const batch = openBatch(port);
  batch.sent.flushHeaders();
  void batch.write(LINE.repeat(10_000));
  batch.sent.end();
  const response = await batch.response;
  response.pause();
  const stopped = await settled(judged);
  t.ok(stopped < 9_000, `${stopped} judged ahead of the reader`);
  response.resume();
  t.equal((await batch.rest()).length, 10_000);
});

t.test('who leaves half way stops the work', async (t) => {
  const { port, judged } = await open(t);
  const batch = openBatch(port);
  batch.response.catch(() => {});
  await batch.write(LINE.repeat(100));
  const response = await batch.response;
  response.pause();
  void batch.write(LINE.repeat(9_000)).catch(() => {});
  await settled(judged);
  batch.sent.destroy();
  const left = await settled(judged);
  t.ok(left < 9_000, `${left} judged`);
});

t.test('a body that never ends is cut off at its size', async (t) => {
  const { port } = await open(t);
  const batch = openBatch(port);
  // Written on after the end, the socket may report that nobody reads it: `once` would reject with that.
  batch.sent.on('error', () => {});
  const gone = new Promise<void>((resolve) => batch.sent.once('close', resolve));
  const endless = Buffer.alloc(1_000_000, 'a');
  let isGone = false;
  void gone.then(() => {
    isGone = true;
  });
  void (async () => {
    while (!isGone) {
      batch.sent.write(endless);
      await delay(1);
    }
  })();
  t.match(await batch.line(), { ended: true, line: 1, problem: { code: 'too_large', rule: 'bytes' } });
  await gone;
});

t.test('a writer who is too slow is told how far it came', async (t) => {
  const { port } = await open(t, { timeouts: SHORT });
  const batch = openBatch(port);
  batch.sent.on('error', () => {});
  await batch.write(`${LINE}{"id":`);
  t.match(await batch.rest().catch(() => []), [
    { id: '码🙂' },
    { ended: true, line: 2, problem: { code: 'invalid_request', rule: 'deadline' } },
  ]);
});

t.test('a reader who stays away is cut off', async (t) => {
  const { port, connections } = await open(t, { timeouts: SHORT });
  const batch = openBatch(port);
  batch.sent.on('error', () => {});
  void batch.write(LINE.repeat(10_000));
  batch.sent.end();
  const response = await batch.response;
  response.pause();
  t.equal(await connections(), 1);
  while ((await connections()) > 0) await delay(20);
  response.resume();
  await t.rejects(batch.rest());
});

t.test(
  'what is not HTTP in the middle ends the connection without another answer in the first',
  async (t) => {
    const { port } = await open(t);
    const headers = Object.entries(NDJSON_HEADERS).map(([name, value]) => `${name}: ${value}\r\n`);
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.on('data', (data) => {
      answer += data.toString('utf8');
    });
    const head = `POST /v1/verify/batch HTTP/1.1\r\nhost: x\r\n${headers.join('')}transfer-encoding: chunked\r\n\r\n`;
    socket.write(`${head}${Buffer.byteLength(LINE).toString(16)}\r\n${LINE}\r\n`);
    await until(() => answer.includes('"decision":"admit"'));
    const closed = once(socket, 'close');
    socket.write('no chunk\r\n');
    await closed;
    t.equal(answer.match(/HTTP\/1\.1/g)?.length, 1);
  },
);

t.test('while batches run the others are served', async (t) => {
  const app = await buildTwinApp(t, {
    verify: () => {
      const end = performance.now() + 0.5;
      while (performance.now() < end);
      return ADMIT;
    },
  });
  const port = await listen(app);
  const batches = Array.from({ length: 8 }, () => {
    const batch = openBatch(port);
    void batch.write(LINE.repeat(200));
    batch.sent.end();
    return batch.rest();
  });
  let served = 0;
  let isDone = false;
  const all = Promise.all(batches).then((answers) => {
    isDone = true;
    return answers;
  });
  while (!isDone) {
    const response = await fetch(`http://127.0.0.1:${port}/health/live`);
    if (response.ok && !isDone) served++;
  }
  for (const answers of await all) t.equal(answers.length, 200);
  t.ok(served >= 20, `${served} answers about health meanwhile`);
});
