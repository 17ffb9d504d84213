// A node in several processes, put together whole but for the processes.

import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { openKeyFolder } from '../../../src/adapters/keyfile/key-folder.js';
import { encodeBase64url } from '../../../src/core/codec/base64url.js';
import type { ToWorker } from '../../../src/server/messages.js';
import { issueRequest } from '../../support/office.js';
import { post, privateFolder } from '../../support/open-node.js';
import { askWorker, type LocalWorker, openLocalNode, ready } from '../support/local-workers.js';

/** With a code that was issued, and a key for the gate. */
async function serve(t: Test, settings: Readonly<Record<string, string>> = {}) {
  const dataDir = join(privateFolder(t), 'data');
  const local = await openLocalNode(t, dataDir, settings);
  await local.node.open();
  const { localApp } = local.node;
  const { id, encodings } = await post(localApp, '/v1/credentials', issueRequest());
  const { key } = await post(localApp, '/v1/api-keys', { name: 'secret gate', scopes: ['verify'] });
  const [{ code }] = encodings as [{ code: string }];
  const ask = (worker: LocalWorker) => askWorker(worker, String(key), code);
  return { ...local, dataDir, localApp, id: String(id), ask, code };
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await isSo()); tries++) {
    if (tries === 1_000) throw new Error('It never came to that.');
    await pause(10);
  }
}

const bytesAsText = (_name: string, value: unknown): unknown =>
  value instanceof Uint8Array ? encodeBase64url(value) : value;

const isPulse = (message: ToWorker): message is ToWorker & { type: 'beat' } => message.type === 'beat';

t.test(
  'every worker judges from what it was told, and a revocation holds at each once it is answered',
  async (t) => {
    const { workers, localApp, id, ask } = await serve(t);
    for (const worker of workers) t.equal(await ask(worker), 'admit/ok');
    await post(localApp, `/v1/credentials/${id}/status`, { action: 'revoke', reason: 'test' });
    for (const worker of workers) t.equal(await ask(worker), 'refuse/revoked');
  },
);

t.test('a worker that hears nothing more admits nothing more once its knowledge is too old', async (t) => {
  const { workers, now, ask } = await serve(t);
  const [deaf, other] = workers as [LocalWorker, LocalWorker];
  deaf.spoil = () => []; // as if the primary had stopped in its tracks
  now.at += 3_600;
  t.equal(await ask(deaf), 'indeterminate/status_stale');
  await until(async () => (await ask(other)) === 'admit/ok');
});

t.test('a heartbeat that is not certain confirms nothing', async (t) => {
  const { workers, now, ask } = await serve(t);
  const [worker] = workers as [LocalWorker];
  worker.spoil = (message) =>
    isPulse(message) ? [{ ...message, pulse: { ...message.pulse, isCertain: false } }] : [message];
  now.at += 3_600;
  const heard = worker.told.length;
  await until(() => worker.told.slice(heard).some(isPulse));
  t.equal(await ask(worker), 'indeterminate/status_stale');
  worker.spoil = (message) => [message];
  await until(async () => (await ask(worker)) === 'admit/ok');
});

t.test('a worker whose clock is behind what was logged judges nothing', async (t) => {
  const { workers, now, ask, localApp } = await serve(t);
  const [worker] = workers as [LocalWorker];
  now.at += 3_600;
  await post(localApp, '/v1/credentials', issueRequest());
  await until(() => worker.told.some((message) => isPulse(message) && message.pulse.floor === now.at));
  now.at -= 3_500;
  t.equal(await ask(worker), 'indeterminate/clock_untrusted');
});

/** What a channel might do to messages, and no channel does. */
const SPOILT: readonly (readonly [string, () => LocalWorker['spoil']])[] = [
  ['lost', () => (message) => (message.type === 'apply' ? [] : [message])],
  ['doubled', () => (message) => [message, message]],
  [
    'swapped',
    () => {
      let kept: ToWorker[] = [];
      return (message) => {
        kept = [message, ...kept];
        return kept.length < 2 ? [] : kept.splice(0);
      };
    },
  ],
];

for (const [what, spoil] of SPOILT) {
  t.test(
    `a worker to which messages come ${what} leaves and is replaced: it never judges without them`,
    async (t) => {
      const { workers, node, localApp, id, ask } = await serve(t);
      const [spoilt] = workers as [LocalWorker];
      spoilt.spoil = spoil();
      await post(localApp, `/v1/credentials/${id}/status`, { action: 'revoke', reason: 'test' });
      t.equal(spoilt.left, 1, 'the change was acknowledged only once it had left');
      await until(() => workers.length === 3 && (workers[2]?.url ?? '') !== '');
      t.equal(await ask(workers[2] as LocalWorker), 'refuse/revoked');
      t.same(await ready(node.adminApp), []);
    },
  );
}

t.test('ready once a worker serves; draining when the node ends', async (t) => {
  const { node } = await openLocalNode(t, join(privateFolder(t), 'data'));
  t.same(await ready(node.adminApp), ['workers_starting']);
  await node.open();
  t.same(await ready(node.adminApp), []);
  node.drain();
  t.same(await ready(node.adminApp), ['draining']);
});

t.test('no worker is sent a signing key, or of an API key more than judging it takes', async (t) => {
  const { workers, dataDir, node } = await serve(t, { YIMA_DEMO: 'on' });
  await node.reload();
  const told = JSON.stringify(
    workers.map((worker) => worker.told),
    bytesAsText,
  );
  const keys = await openKeyFolder(join(dataDir, 'keys'), null).load(['credential', 'status', 'demo']);
  t.equal(keys.length, 7, 'of codes one that signs and four announced, of status and demo one');
  for (const { kid, privateJwk } of keys) {
    t.ok(told.includes(kid), 'the key itself is known');
    t.ok(told.includes(String(privateJwk.x)), 'with what it verifies by');
    t.notOk(told.includes(privateJwk.d));
  }
  t.notMatch(told, 'secret gate');
  t.match(told, '"salt"');
});

t.test('each worker grants its share of the requests a minute', async (t) => {
  const { workers } = await serve(t, {
    WORKERS: '3',
    YIMA_RATE_LIMIT_PER_MINUTE: '100',
    YIMA_VERIFY_RATE_LIMIT_PER_MINUTE: '0',
  });
  const expected = { rateLimitPerMinute: 34, verifyRateLimitPerMinute: 0 };
  for (const { told } of workers) t.match(told[0], { type: 'start', settings: expected });
});
