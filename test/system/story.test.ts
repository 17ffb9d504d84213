// The README's story over HTTP, as somebody with curl plays it against a node that was just started.

import t from 'tap';
import { dataFolder, freePorts, startNode } from '../support/node-process.js';
import { readQr } from '../support/read-qr.js';
import { createClient } from './support/client.js';

t.test('issue, show, verify, revoke, verify', async (t) => {
  const dataDir = dataFolder(t);
  const node = await startNode(t, dataDir, await freePorts());
  for (const door of [node.url, node.adminUrl]) {
    const ready = await fetch(`${door}/health/ready`);
    t.strictSame([ready.status, await ready.json()], [200, { ready: true, reasons: [], feeds: [] }]);
  }
  const client = createClient(node, dataDir);

  const { id, encodings } = await client.issue('first');
  const [{ code, png }] = encodings;
  t.match(code, /^YM1:[0-9A-Z $%*+./:-]+$/);
  const image = await client.send(png);
  t.equal(image.headers.get('content-type'), 'image/png');
  const symbols = await readQr(new Uint8Array(await image.arrayBuffer()));
  t.strictSame(
    symbols.map(({ text }) => text),
    [code],
    'an independent reader finds the very text that was issued',
  );

  t.equal(await client.verify(code), 'admit/ok');
  await client.revoke(id);
  t.equal(await client.verify(code), 'refuse/revoked', 'the next scan says so');
  t.equal((await client.find(id)).state, 'revoked');

  const answers = await Promise.all(
    ['/', '/docs', '/openapi.json', '/.well-known/jwks.json'].map((path) => fetch(`${node.url}${path}`)),
  );
  t.strictSame(
    answers.map(({ status }) => status),
    [200, 200, 200, 200],
    'the page and the documents are there',
  );
  node.signal('SIGTERM');
  t.equal(await node.ended, 0);
});
