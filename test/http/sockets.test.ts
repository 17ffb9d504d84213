// What only a socket can send: requests that are none, and clients that take their time.

import { connect } from 'node:net';
import t from 'tap';
import { listen } from './support/listen.js';
import { buildTwinApp, keyFor } from './support/twin-deps.js';

const BODY = '{"code":"x"}';
const POST = `POST /v1/verify HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${keyFor('verify')}\r\ncontent-type: application/json\r\n`;

/** Everything the server says until it closes the connection. */
function exchange(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (data) => {
      answer += data.toString('latin1');
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

const ROWS: [title: string, request: string, status: number][] = [
  ['no HTTP', 'hello\r\n\r\n', 400],
  ['length and chunks', `${POST}content-length: 12\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
  ['two lengths', `${POST}content-length: 12\r\ncontent-length: 13\r\n\r\n${BODY}`, 400],
  ['a folded header', `${POST}x: a\r\n b\r\ncontent-length: 12\r\n\r\n${BODY}`, 400],
  ['a bare line feed', `GET /health/live HTTP/1.1\nhost: x\n\n`, 400],
  ['a negative length', `${POST}content-length: -1\r\n\r\n`, 400],
  ['a NUL in a header', 'GET / HTTP/1.1\r\nhost: x\r\nx: a\0b\r\n\r\n', 400],
  ['endless headers', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
  ['two megabytes', `${POST}content-length: 2000000\r\n\r\n`, 413],
  ['no host', 'GET /health/live HTTP/1.1\r\n\r\n', 400],
];

t.test('what is not a request ends in an error and a closed connection', async (t) => {
  const port = await listen(await buildTwinApp(t));
  for (const [title, request, status] of ROWS) {
    const answer = await exchange(port, request);
    t.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), title);
    t.match(answer.toLowerCase(), 'connection: close', title);
  }
});

t.test('who is slow, or says nothing, is let go', async (t) => {
  const timeouts = { headers: 150, request: 300, keepAlive: 150, sweep: 50 };
  const port = await listen(await buildTwinApp(t, {}, { timeouts }));
  const started = Date.now();
  const [silent, headers, body, idle] = await Promise.all([
    exchange(port, ''),
    exchange(port, 'GET / HTTP/1.1\r\nhost'),
    exchange(port, `${POST}content-length: 12\r\n\r\n{`),
    exchange(port, 'GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n'),
  ]);
  t.match(silent, /^(?:$|HTTP\/1\.1 408 )/);
  t.match(headers, 'HTTP/1.1 408 ');
  t.match(body, 'HTTP/1.1 408 ');
  t.match(idle, 'HTTP/1.1 200 ');
  t.ok(Date.now() - started < 8_000);
});
