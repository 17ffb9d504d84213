// A disk that fills up at each page of each write, and one that may only be read: a clear answer, nothing half written, verification goes
// on, and when there is room again it goes on by itself.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { YimaNode } from '../../src/server/node.js';
import { openNode } from '../../src/server/node.js';
import { runYima } from '../support/node-process.js';
import { openQuietNode, post, quietConfig, verdict } from '../support/open-node.js';
import { sampleClaims } from '../support/sample-claims.js';
import { smallDisk, withoutTmpfs } from '../support/tmpfs.js';

const MEGABYTES = 16;
/** More than any of these writes takes. */
const MOST_PAGES = 60;

type Answer = Readonly<Record<string, unknown>> & { readonly status: number };

async function ask(node: YimaNode, url: string, payload: object, key?: string): Promise<Answer> {
  const headers = key === undefined ? {} : { 'idempotency-key': key };
  const response = await node.localApp.inject({ method: 'POST', url, payload, headers });
  return { ...response.json(), status: response.statusCode };
}

const ORDER = {
  kind: 'business-licence',
  region: '330102',
  claims: sampleClaims('business-licence'),
  operator: 'desk',
  evidence: 'file',
};

/** What is written, and how it is asked for; each must have been refused whole, or done whole. */
const WRITES: readonly (readonly [
  name: string,
  send: (node: YimaNode, n: number, id: string) => Promise<Answer>,
])[] = [
  ['an issue', (node, n) => ask(node, '/v1/credentials', ORDER, `issue ${n}`)],
  [
    'an encoding',
    (node, _n, id) => ask(node, `/v1/credentials/${id}/encodings`, { form: 'paper', reason: 'test' }),
  ],
  [
    'a suspension',
    (node, n, id) =>
      ask(node, `/v1/credentials/${id}/status`, {
        action: n % 2 === 0 ? 'suspend' : 'reinstate',
        reason: 'test',
      }),
  ],
  ['an API key', (node) => ask(node, '/v1/api-keys', { name: 'gate', scopes: ['verify'] })],
  ['a rotation', (node) => ask(node, '/v1/keys/rotate', { use: 'credential' })],
];

t.test('a full disk', { skip: withoutTmpfs }, async (t) => {
  const disk = smallDisk(t, MEGABYTES);
  const dataDir = join(disk.path, 'data');
  const node = await openQuietNode(t, dataDir);
  const { localApp } = node;
  const first = (await ask(node, '/v1/credentials', ORDER)) as unknown as {
    id: string;
    encodings: [{ code: string }];
  };
  const code = first.encodings[0].code;
  const head = async (): Promise<number> => (await localApp.inject('/v1/log?after=0&limit=1')).json().head;

  for (const [name, send] of WRITES) {
    let refused = 0;
    for (let pages = 0; ; pages++) {
      if (pages > MOST_PAGES) throw new Error(`${name} is refused with ${pages} pages left`);
      const before = await head();
      disk.fill(pages);
      const answer = await send(node, 0, first.id);
      if (answer.status < 300) break;
      refused += 1;
      t.match(
        answer,
        { status: 503, code: 'store_failed', title: /try again/ },
        `${name}, ${pages} pages left`,
      );
      t.equal(await verdict(node, code), 'admit/ok', 'verification goes on');
      // What a rotation logs comes before the key signs: it is taken up by the next one.
      if (name !== 'a rotation') t.equal(await head(), before, 'nothing was logged');
    }
    t.ok(refused > 0, `${name} was refused ${refused} times, and then done`);
    disk.free();
    t.ok((await send(node, 1, first.id)).status < 300, 'with room it goes on by itself');
  }
  t.match((await localApp.inject('/v1/log/check')).json(), { ok: true }, 'nothing is half written');
  t.notOk(
    readdirSync(join(dataDir, 'keys')).some((file) => file.endsWith('.new')),
    'no piece of a key is left',
  );
  const again = await ask(node, '/v1/credentials', ORDER, 'issue 0');
  t.equal(again.status, 200, 'who sends the request again gets the same');

  disk.fill(0);
  const backup = runYima(['db', 'backup', join(disk.path, 'backup.db'), '--json'], dataDir);
  t.match([backup.code, backup.talk], [70, /no room left/], 'a backup says why it was not made');
  t.notOk(
    readdirSync(disk.path).some((file) => file.startsWith('backup')),
    'and leaves nothing',
  );
  await node.close();
  disk.fill(0);
  await t.rejects(
    openNode(quietConfig(dataDir)),
    { code: 'store_failed', message: /free space|room/ },
    'a start too',
  );
  disk.free();
  const restarted = await openQuietNode(t, dataDir);
  t.equal(await verdict(restarted, code), 'admit/ok');
  t.match(await post(restarted.localApp, '/v1/credentials', ORDER), { encodings: [{ code: /^YM1:/ }] });
  await restarted.close();

  disk.remount('ro');
  await t.rejects(openNode(quietConfig(dataDir)), { code: 'store_failed', message: /permission|written/ });
  t.equal(runYima(['doctor'], dataDir).code, 1);
  disk.remount('rw');
  const writable = await openQuietNode(t, dataDir);
  t.equal(await verdict(writable, code), 'admit/ok');
  await writable.close();
});
