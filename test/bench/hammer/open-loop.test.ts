// The open loop against twins of a server: one that lies, one that is slow, one that hangs up.

import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { runOpenLoop, type Shot, type Tally } from '../../../bench/hammer/open-loop.js';
import { failures, summarise } from '../../../bench/hammer/summary.js';
import { postText } from '../../../bench/support/raw-http.js';

const FORGED: Shot = {
  sort: 'forged',
  request: Buffer.from(postText('/v1/verify', '{"code":"x"}')),
  expected: { decision: 'refuse', reason: 'bad_signature', expiresAt: null },
};
const RIGHT = JSON.stringify({ decision: 'refuse', reason: 'bad_signature', credential: null });

async function load(t: Test, listener: RequestListener, rate: number, connections: number): Promise<Tally> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const next = () => FORGED;
  return runOpenLoop({
    host: '127.0.0.1',
    port,
    connections,
    rate,
    seconds: 0.5,
    next,
    idle: () => undefined,
  });
}

function summaryOf(tally: Tally) {
  return summarise({ tally, cpuUs: null, memory: null, revokedMeanwhile: 0 });
}

t.test('an admitted forgery is wrong and fails the run', async (t) => {
  let answered = 0;
  const lying: RequestListener = (_request, response) => {
    answered += 1;
    response.end(answered === 7 ? '{"decision":"admit","reason":"ok","credential":null}' : RIGHT);
  };
  const tally = await load(t, withLength(lying), 200, 4);
  const summary = summaryOf(tally);
  t.match(summary, { sent: 100, right: 99, wrong: 1, shed: 0, broken: 0, unsent: 0 });
  t.match(tally.wrongs, [/^forged: expected refuse\/bad_signature.*answered admit\/ok/]);
  t.strictSame(failures(summary, 10), ['1 answers were wrong']);
});

t.test('a latency counts from the time at which the request was due', async (t) => {
  const slow: RequestListener = (_request, response) => {
    setTimeout(() => response.end(RIGHT), 50);
  };
  const tally = await load(t, withLength(slow), 40, 1);
  t.equal(tally.sent, 20);
  // 50 ms each on one connection, one due every 25 ms: the last one waits for all before it.
  t.ok(tally.latency.quantile(1) > 400_000, `${tally.latency.quantile(1)} us`);
});

t.test('a node that hangs up is counted, and nothing right fails the run', async (t) => {
  const summary = summaryOf(await load(t, (request) => void request.socket.destroy(), 100, 2));
  t.match(summary, { sent: 50, right: 0, wrong: 0, broken: 50, faults: { closed: 50 } });
  t.strictSame(failures(summary, 10), ['nothing was answered right']);
});

t.test('a node that asks for a new connection gets one', async (t) => {
  const closing: RequestListener = (_request, response) => {
    response.shouldKeepAlive = false;
    response.end(RIGHT);
  };
  const summary = summaryOf(await load(t, withLength(closing), 200, 1));
  t.match(summary, { sent: 100, right: 100, broken: 0 });
});

/** node:http leaves out the length when the listener ends later than it wrote the head. */
function withLength(listener: RequestListener): RequestListener {
  return (request, response) => {
    response.sendDate = false;
    listener(request, response);
  };
}
