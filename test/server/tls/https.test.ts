// A node that speaks HTTPS itself, asked over real sockets by clients that trust its authority and nothing else.

import { X509Certificate } from 'node:crypto';
import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import t, { type Test } from 'tap';
import { freePort } from '../../support/free-port.js';
import { issueRequest } from '../../support/office.js';
import { openQuietNode, post, privateFolder } from '../../support/open-node.js';

async function serve(t: Test) {
  const dataDir = privateFolder(t);
  const port = await freePort();
  const node = await openQuietNode(t, dataDir, { YIMA_TLS: 'self', PORT: String(port) });
  const url = await node.open();
  const ca = readFileSync(join(dataDir, 'tls', 'ca-cert.pem'));
  return { node, dataDir, port, url, ca };
}

interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

function ask(url: string, options: object, body?: string): Promise<Answered> {
  const request = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const asked = request(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => {
        const { statusCode = 0, headers } = response;
        resolve({ status: statusCode, headers, body: Buffer.concat(chunks).toString() });
      });
    });
    asked.on('error', reject).end(body);
  });
}

function bytes(url: string, options: object): Promise<{ readonly type: unknown; readonly body: Buffer }> {
  return new Promise((resolve, reject) => {
    const asked = httpsRequest(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ type: response.headers['content-type'], body: Buffer.concat(chunks) }),
      );
    });
    asked.on('error', reject).end();
  });
}

function peer(port: number, ca: Buffer): Promise<PeerCertificate> {
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connect({ port, host: '127.0.0.1', ca }, () => {
      resolve(socket.getPeerCertificate());
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

t.test('whoever trusts its authority reaches it by name and address, and nobody else does', async (t) => {
  const { url, port, ca } = await serve(t);
  t.equal(url, `https://127.0.0.1:${port}`);
  for (const host of ['127.0.0.1', 'localhost']) {
    const page = await ask(`https://${host}:${port}/v1/kinds`, { ca, family: 4 });
    t.equal(page.status, 200, host);
    t.equal(page.headers['strict-transport-security'], undefined, 'other servers here are left alone');
  }
  await t.rejects(ask(`${url}/v1/kinds`, {}), /certificate|issuer/);
  await t.rejects(ask(`${url}/v1/kinds`, { ca, maxVersion: 'TLSv1.1' }), /version|protocol|unsupported/i);
});

t.test('codes are judged over one connection, the usual way and the ordinary one', async (t) => {
  const { node, url, ca } = await serve(t);
  const { encodings } = (await post(node.localApp, '/v1/credentials', issueRequest())) as {
    encodings: { code: string }[];
  };
  const { key } = (await post(node.localApp, '/v1/api-keys', { name: 'gate', scopes: ['verify'] })) as {
    key: string;
  };
  const agent = new Agent({ ca, keepAlive: true, maxSockets: 1 });
  t.teardown(() => agent.destroy());
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ code: encodings[0]?.code });
  for (let i = 0; i < 3; i++) {
    const answer = await ask(
      `${url}/v1/verify`,
      { agent, method: 'POST', headers: { ...headers, 'content-length': body.length } },
      body,
    );
    t.match(JSON.parse(answer.body), { decision: 'admit' });
    t.equal((await ask(`${url}/v1/kinds`, { agent })).status, 200);
  }
});

t.test('a phone takes the authority in from a page that says what that means', async (t) => {
  const { dataDir, url, ca } = await serve(t);
  const page = await ask(`${url}/certificate`, { ca });
  t.equal(page.status, 200);
  t.match(page.headers, { 'content-type': 'text/html; charset=utf-8' });
  t.match(page.headers['content-security-policy'], /^default-src 'none'; style-src 'sha256-/);
  const own = new X509Certificate(ca);
  t.match(page.body, own.fingerprint256.replaceAll(':', ' '));
  for (const words of [
    '让手机信任这台服务器',
    'Let this phone trust this server',
    '证书信任设置',
    'CA certificate',
  ])
    t.match(page.body, words);
  const [, path = ''] = /href="([^"]+)"/.exec(page.body) ?? [];
  const file = await bytes(`${url}${path}`, { ca });
  t.equal(file.type, 'application/x-x509-ca-cert');
  t.same(file.body, own.raw, 'DER of the certificate and nothing else');
  const key = readFileSync(join(dataDir, 'tls', 'ca-key.pem'), 'utf8').split('\n')[1] ?? '';
  t.notMatch(page.body + file.body.toString('base64'), key, 'no key leaves the node');
});

t.test('a certificate of somebody else comes without that page', async (t) => {
  const folder = privateFolder(t);
  const node = await openQuietNode(t, folder);
  for (const path of ['/certificate', '/certificate/yima-ca.crt'])
    t.equal((await node.app.inject(path)).statusCode, 404);
});

t.test('plain HTTP is told to come with https, and silence or nonsense ends', async (t) => {
  const { port, url, ca } = await serve(t);
  const plain = await ask(`http://127.0.0.1:${port}/`, {});
  t.equal(plain.status, 400);
  t.match(JSON.parse(plain.body), { code: 'invalid_request', title: /https:\/\// });
  const ends = [[0x16, 3, 1, 0xff, 0xff, 0, 0, 0, 0, 0], []].map((bytes) => {
    const socket = connectTcp(port, '127.0.0.1', () => socket.write(Buffer.from(bytes)));
    socket.on('error', () => undefined).resume();
    return new Promise((resolve) => socket.once('close', resolve));
  });
  t.equal((await ask(`${url}/v1/kinds`, { ca })).status, 200, 'others are served meanwhile');
  await Promise.all(ends);
});

t.test('a node closes at once beside a connection that never said anything', async (t) => {
  const { node, port } = await serve(t);
  const silent = connectTcp(port, '127.0.0.1');
  const closed = new Promise((resolve) => silent.on('error', () => undefined).once('close', resolve));
  await new Promise((resolve) => silent.once('connect', resolve));
  await node.close();
  await closed;
});

t.test(
  'reading settings again shows a new certificate to new connections, while old ones go on',
  async (t) => {
    const { node, dataDir, port, ca, url } = await serve(t);
    const agent = new Agent({ ca, keepAlive: true, maxSockets: 1 });
    t.teardown(() => agent.destroy());
    t.equal((await ask(`${url}/v1/kinds`, { agent })).status, 200);
    const before = await peer(port, ca);
    rmSync(join(dataDir, 'tls', 'cert.pem'));
    await node.reload();
    t.not((await peer(port, ca)).serialNumber, before.serialNumber);
    t.equal((await ask(`${url}/v1/kinds`, { agent })).status, 200);
    chmodSync(join(dataDir, 'tls', 'key.pem'), 0o644);
    await t.rejects(node.reload(), { code: 'key_file_unsafe' });
    t.equal((await ask(`${url}/v1/kinds`, { ca })).status, 200, 'what was there stays');
  },
);
