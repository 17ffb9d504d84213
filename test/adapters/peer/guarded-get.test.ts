// A GET to servers on this machine that do everything a partner should not.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import t, { type Test } from 'tap';
import {
  createGuardedGet,
  type GuardedGetDeps,
  type PeerRequest,
} from '../../../src/adapters/peer/guarded-get.js';

const TYPE = 'application/statuslist+jwt';
const LOCAL = '127.0.0.1';
/** Long for what is to come, and short for what never comes. */
const GENEROUS_MS = 30_000;
const SHORT_MS = 300;

type Serve = (socket: Socket, request: string) => void;

/** A server that gets the request's head as text and writes whatever it likes. */
async function server(t: Test, serve: Serve) {
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  const listening = createServer((socket) => {
    sockets.add(socket);
    let head = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      const isNew = !head.includes('\r\n\r\n');
      head += chunk.toString('latin1');
      if (!isNew || !head.includes('\r\n\r\n')) return;
      seen.push(head);
      serve(socket, head);
    });
  });
  await new Promise<void>((resolve) => listening.listen(0, LOCAL, resolve));
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    listening.close();
  });
  const { port } = listening.address() as AddressInfo;
  return { url: `http://${LOCAL}:${port}/status-lists/1`, port, seen, connections: () => sockets.size };
}

const head = (more: string, status = '200 OK'): string =>
  `HTTP/1.1 ${status}\r\ncontent-type: ${TYPE}\r\n${more}\r\n`;
const whole = (body: string | Buffer, more = '', status = '200 OK'): Buffer =>
  Buffer.concat([
    Buffer.from(head(`content-length: ${Buffer.byteLength(body)}\r\n${more}`, status)),
    Buffer.from(body),
  ]);

const never = new AbortController().signal;

function get(url: string, request: Partial<PeerRequest> = {}, deps: Partial<GuardedGetDeps> = {}) {
  const resolve = async (): Promise<readonly string[]> => [LOCAL];
  const guarded = createGuardedGet({
    resolve,
    allowPrivate: true,
    deadlineMs: GENEROUS_MS,
    ending: never,
    ...deps,
  });
  return guarded({ url, mediaTypes: [TYPE], maxBytes: 10_000, etag: null, bearer: null, ...request });
}

const failed = (rule: string) => ({ kind: 'failed', rule });

t.test('what is asked for comes with its type and entity tag', async (t) => {
  const { url, seen } = await server(t, (socket) => socket.end(whole('token', 'ETag: "v1"\r\n')));
  t.match(await get(url, { bearer: 'yk_1' }), {
    kind: 'fresh',
    mediaType: TYPE,
    body: Uint8Array.from(Buffer.from('token')),
    etag: '"v1"',
  });
  const [asked = ''] = seen;
  t.match(asked, /^GET \/status-lists\/1 HTTP\/1\.1\r\n/);
  t.match(asked, new RegExp(`accept: ${TYPE.replace('+', '\\+')}\r\n`, 'i'));
  t.match(asked, /authorization: Bearer yk_1\r\n/i);
  t.notMatch(asked, /if-none-match|user-agent|cookie/i);
});

t.test('an entity tag is sent, and "not modified" believed only then', async (t) => {
  const { url, seen } = await server(t, (socket) => socket.end('HTTP/1.1 304 Not Modified\r\n\r\n'));
  t.same(await get(url, { etag: '"v1"' }), { kind: 'unchanged' });
  t.match(seen[0], /if-none-match: "v1"\r\n/i);
  t.same(await get(url), failed('not_modified'));
});

t.test('an entity tag that cannot be sent back is not kept', async (t) => {
  for (const tag of ['v1', '"a"b"', `"${'x'.repeat(300)}"`, '"\x01"'.replace('\x01', '\t')]) {
    const { url } = await server(t, (socket) => socket.end(whole('token', `ETag: ${tag}\r\n`)));
    t.match(await get(url), { kind: 'fresh', etag: null }, tag.slice(0, 10));
  }
});

t.test('gzip is unpacked', async (t) => {
  const { url, seen } = await server(t, (socket) =>
    socket.end(whole(gzipSync('token'), 'content-encoding: gzip\r\n')),
  );
  t.match(await get(url), { kind: 'fresh', body: Uint8Array.from(Buffer.from('token')) });
  t.match(seen[0], /accept-encoding: gzip\r\n/i);
});

t.test('bombs, other encodings and damaged ones are refused', async (t) => {
  const bomb = gzipSync(Buffer.alloc(9_000_000));
  t.ok(bomb.length < 10_000, 'packed it is within the cap');
  const rows: readonly (readonly [string, Buffer, string])[] = [
    ['too_large', whole(bomb, 'content-encoding: gzip\r\n'), 'gzip bomb'],
    ['encoding', whole(deflateSync(Buffer.alloc(9_000_000)), 'content-encoding: deflate\r\n'), 'zlib bomb'],
    ['encoding', whole('token', 'content-encoding: br\r\n'), 'br'],
    ['encoding', whole(gzipSync('token'), 'content-encoding: gzip, gzip\r\n'), 'twice'],
    ['encoding', whole('token', 'content-encoding: gzip\r\n'), 'no gzip'],
    ['encoding', whole(gzipSync('a token').subarray(0, 12), 'content-encoding: gzip\r\n'), 'half'],
  ];
  for (const [rule, bytes, name] of rows) {
    const { url } = await server(t, (socket) => socket.end(bytes));
    t.same(await get(url), failed(rule), name);
  }
});

t.test('a body is cut off at the cap, whether it says its length or not', async (t) => {
  const said = await server(t, (socket) => socket.write(head('content-length: 10000000000\r\n')));
  t.same(await get(said.url), failed('too_large'), 'ten gigabytes announced');
  const endless = await server(t, (socket) => {
    socket.write(head(''));
    const more = (): void => void (socket.writable && socket.write(Buffer.alloc(4_096), more));
    more();
  });
  t.same(await get(endless.url), failed('too_large'), 'endless');
  const chunked = await server(t, (socket) => {
    socket.write(head('transfer-encoding: chunked\r\n'));
    const more = (): void => void (socket.writable && socket.write(`1000\r\n${'x'.repeat(4_096)}\r\n`, more));
    more();
  });
  t.same(await get(chunked.url), failed('too_large'), 'endless in chunks');
  const exact = await server(t, (socket) => socket.end(whole('x'.repeat(10_000))));
  t.match(await get(exact.url), { kind: 'fresh' }, 'exactly the cap');
});

t.test('whoever is too slow is left at the deadline, wherever he is slow', async (t) => {
  const drip = (socket: Socket, text: string): void => {
    const timer = setInterval(() => socket.writable && socket.write(text), 20);
    socket.once('close', () => clearInterval(timer));
  };
  const rows: readonly (readonly [string, Serve])[] = [
    ['says nothing', () => undefined],
    [
      'slow headers',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n');
        drip(socket, 'x-a: 1\r\n');
      },
    ],
    [
      'slow body',
      (socket) => {
        socket.write(head('content-length: 5000\r\n'));
        drip(socket, 'x');
      },
    ],
    ['early hints for ever', (socket) => drip(socket, 'HTTP/1.1 103 Early Hints\r\n\r\n')],
  ];
  for (const [name, serve] of rows) {
    const { url } = await server(t, serve);
    t.same(await get(url, {}, { deadlineMs: SHORT_MS }), failed('deadline'), name);
  }
  const never = (): Promise<never> => new Promise(() => undefined);
  t.same(
    await get('http://a.test/', {}, { deadlineMs: SHORT_MS, resolve: never }),
    failed('deadline'),
    'slow name',
  );
});

t.test('an answer that is cut, contradicts itself or is none is refused', async (t) => {
  const rows: readonly (readonly [string, Serve])[] = [
    ['shorter than it says', (socket) => socket.end(`${head('content-length: 50\r\n')}token`)],
    [
      'reset',
      (socket) => socket.write(`${head('content-length: 50\r\n')}token`, () => socket.resetAndDestroy()),
    ],
    ['cut in a chunk', (socket) => socket.end(`${head('transfer-encoding: chunked\r\n')}50\r\ntoken`)],
    ['two lengths', (socket) => socket.end(`${head('content-length: 5\r\ncontent-length: 6\r\n')}token`)],
    [
      'length and chunks',
      (socket) => socket.end(`${head('content-length: 5\r\ntransfer-encoding: chunked\r\n')}token`),
    ],
    ['no HTTP', (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')],
    ['closes at once', (socket) => socket.end()],
    [
      'switches protocols',
      (socket) => socket.end('HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
    ],
    ['huge headers', (socket) => socket.end(`${head(`x-a: ${'x'.repeat(20_000)}\r\n`)}`)],
    ['many headers', (socket) => socket.end(`${head('x-a: 12345678901234567890\r\n'.repeat(1_000))}`)],
  ];
  for (const [name, serve] of rows) {
    const { url } = await server(t, serve);
    t.same(await get(url), failed('connection'), name);
  }
  const gone = createServer();
  await new Promise<void>((resolve) => gone.listen(0, LOCAL, resolve));
  const { port } = gone.address() as AddressInfo;
  await new Promise((resolve) => gone.close(resolve));
  t.same(await get(`http://${LOCAL}:${port}/`), failed('connection'), 'nobody listens');
});

t.test('nothing is followed, and each status has its word', async (t) => {
  const target = await server(t, (socket) => socket.end(whole('secret')));
  const rows = [
    ['301 Moved', 'redirect'],
    ['302 Found', 'redirect'],
    ['307 Temporary', 'redirect'],
    ['308 Permanent', 'redirect'],
    ['300 Choices', 'redirect'],
    ['401 Unauthorized', 'forbidden'],
    ['403 Forbidden', 'forbidden'],
    ['404 Not Found', 'not_found'],
    ['410 Gone', 'not_found'],
    ['500 Error', 'http_status'],
    ['503 Unavailable', 'http_status'],
    ['201 Created', 'http_status'],
    ['206 Partial', 'http_status'],
    ['204 Nothing', 'http_status'],
  ] as const;
  for (const [status, rule] of rows) {
    const { url } = await server(t, (socket) =>
      socket.end(whole('', `location: ${target.url}\r\nrefresh: 0;url=${target.url}\r\n`, status)),
    );
    t.same(await get(url), failed(rule), status);
  }
  t.equal(target.connections(), 0, 'nobody came where they pointed');
});

t.test('the media type is the one asked for, to the letter', async (t) => {
  const answer = (type: string) =>
    `HTTP/1.1 200 OK\r\n${type === '' ? '' : `content-type: ${type}\r\n`}content-length: 2\r\n\r\n{}`;
  for (const type of [
    '',
    'text/html',
    `${TYPE}; charset=utf-8`,
    `${TYPE}x`,
    'application/json',
    `text/html, ${TYPE}`,
  ]) {
    const { url } = await server(t, (socket) => socket.end(answer(type)));
    t.same(await get(url), failed('content_type'), type || '(none)');
  }
  for (const type of [
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON;charset=UTF-8',
  ]) {
    const { url } = await server(t, (socket) => socket.end(answer(type)));
    t.match(await get(url, { mediaTypes: ['application/json'] }), { mediaType: 'application/json' }, type);
  }
});

t.test('no address of our own is connected to unless it is allowed, however it is written', async (t) => {
  const { port, connections } = await server(t, (socket) => socket.end(whole('secret')));
  const hosts = [
    '127.0.0.1',
    '0x7f.1',
    '127.1',
    '2130706433',
    '0177.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::]',
  ];
  const more = [
    '10.0.0.1',
    '172.16.0.1',
    '192.168.0.1',
    '169.254.169.254',
    '[fd00::1]',
    '[fe80::1]',
    '0.0.0.0',
    '100.64.0.1',
  ];
  for (const host of [...hosts, ...more])
    t.same(await get(`https://${host}:${port}/`, {}, { allowPrivate: false }), failed('address'), host);
  t.same(await get(`https://169.254.169.254:${port}/`), failed('address'), 'link-local not even then');
  t.same(await get(`https://[::ffff:127.0.0.1]:${port}/`), failed('address'), 'nor mapped addresses');
  for (const url of [
    `https://u@127.0.0.1:${port}/`,
    'file:///etc/passwd',
    `http://127.0.0.1:${port}/`,
    'gopher://127.0.0.1/',
  ])
    t.same(await get(url, {}, { allowPrivate: false }), failed('url'), url);
  t.equal(connections(), 0);
});

t.test('a name that leads to an address of our own is not connected to', async (t) => {
  const { port, connections } = await server(t, (socket) => socket.end(whole('secret')));
  const rows: readonly (readonly string[])[] = [
    [LOCAL],
    ['10.0.0.1'],
    ['::1'],
    ['::ffff:127.0.0.1'],
    ['93.184.216.34', LOCAL],
  ];
  for (const addresses of rows) {
    const deps = { allowPrivate: false, resolve: async () => addresses };
    t.same(await get(`https://rebinding.example:${port}/`, {}, deps), failed('address'), addresses.join());
  }
  t.equal(connections(), 0);
  t.same(await get('http://none.test/', {}, { resolve: async () => [] }), failed('name'));
  const broken = async (): Promise<never> => {
    throw new Error('NXDOMAIN');
  };
  t.same(await get('http://none.test/', {}, { resolve: broken }), failed('name'));
});

t.test('a name is asked for once, and the address that was checked is connected to', async (t) => {
  const { port, seen } = await server(t, (socket) => socket.end(whole('token')));
  let asked = 0;
  const resolve = async (): Promise<readonly string[]> => {
    asked += 1;
    return asked === 1 ? [LOCAL] : ['10.255.255.1'];
  };
  t.match(await get(`http://partner.test:${port}/`, {}, { resolve }), { kind: 'fresh' });
  t.equal(asked, 1);
  t.match(seen[0], new RegExp(`host: partner\\.test:${port}\r\n`, 'i'), 'under its name');
});

t.test('what is under way ends when the node does', async (t) => {
  const ending = new AbortController();
  const { url, connections } = await server(t, () => ending.abort());
  t.same(await get(url, {}, { ending: ending.signal }), failed('deadline'));
  t.equal(connections(), 1);
  t.same(await get(url, {}, { ending: ending.signal }), failed('deadline'), 'and nothing begins any more');
  t.equal(connections(), 1);
});

const withoutOpenssl =
  spawnSync('openssl', ['version']).status === 0
    ? false
    : 'openssl is not installed: no certificate to try TLS with';

t.test('TLS is for the name that was asked for', { skip: withoutOpenssl }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'yima-tls-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
    ...[
      '-subj',
      '/CN=partner.test',
      '-addext',
      'subjectAltName=DNS:partner.test',
      '-keyout',
      key,
      '-out',
      cert,
    ],
  ]);
  const ca = readFileSync(cert, 'utf8');
  const listening = createSecureServer({ key: readFileSync(key), cert: ca }, (_request, response) => {
    response.setHeader('content-type', TYPE).end('token');
  });
  await new Promise<void>((resolve) => listening.listen(0, LOCAL, resolve));
  t.teardown(() => listening.close());
  const { port } = listening.address() as AddressInfo;
  t.match(await get(`https://partner.test:${port}/`, {}, { ca }), { kind: 'fresh' });
  t.same(await get(`https://partner.test:${port}/`), failed('connection'), 'an authority that nobody trusts');
  t.same(await get(`https://other.test:${port}/`, {}, { ca }), failed('connection'), 'another name');
  t.same(await get(`https://${LOCAL}:${port}/`, {}, { ca }), failed('connection'), 'an address');
});
