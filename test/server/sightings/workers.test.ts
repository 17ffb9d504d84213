// One node of several workers is one memory of what was shown where.

import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { ToWorker } from '../../../src/server/messages.js';
import { createDevice, rebind, signerOf } from '../../support/device.js';
import { issueRequest } from '../../support/office.js';
import { post, privateFolder } from '../../support/open-node.js';
import { until } from '../../support/until.js';
import { type LocalWorker, openLocalNode } from '../support/local-workers.js';

async function serve(t: Test) {
  const dataDir = join(privateFolder(t), 'data');
  const { node, workers, now } = await openLocalNode(t, dataDir);
  await node.open();
  const { localApp } = node;
  const { key } = await post(localApp, '/v1/api-keys', { name: 'gate', scopes: ['verify'] });
  const { encodings } = await post(localApp, '/v1/credentials', issueRequest());
  const [{ code }] = encodings as [{ code: string }];
  const device = createDevice();
  const bound = rebind(code, await signerOf(code, dataDir), device.signer.publicKey);
  const ask = async ({ url }: LocalWorker, live: string, site: string) => {
    const response = await fetch(`${url}/v1/verify`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', connection: 'close' },
      body: JSON.stringify({ code: live, site }),
    });
    return (await response.json()) as { reason: string; replay: string };
  };
  return { node, workers, ask, present: () => device.present(bound, now.at) };
}

function tellsSightings(message: ToWorker): boolean {
  return message.type === 'apply' && message.updates.some(({ type }) => type === 'sightings');
}

t.test('what one worker saw the others know, and one that starts later too', async (t) => {
  const { workers, node, ask, present } = await serve(t);
  const [first, second] = workers as [LocalWorker, LocalWorker];
  const live = present();
  t.match(await ask(first, live, 'east'), { reason: 'ok', replay: 'local' });
  await until('the other worker is told', () => second.told.some(tellsSightings));
  t.match(await ask(second, live, 'west'), { reason: 'replayed', replay: 'local' });
  t.match(await ask(second, live, 'east'), { reason: 'ok' }, 'the same site');
  const { decision, reason } = await post(node.localApp, '/v1/verify', { code: live, site: 'west' });
  t.same([decision, reason], ['hold', 'replayed'], 'so does the primary');
  first.spoil = () => []; // it hears nothing more, and is replaced
  await until('another worker serves', () => workers.length === 3 && workers[2]?.url !== '');
  t.match(await ask(workers[2] as LocalWorker, live, 'west'), { reason: 'replayed' });
  t.match(await ask(workers[2] as LocalWorker, live, 'east'), { reason: 'ok' });
});

t.test('what the primary saw the workers know', async (t) => {
  const { workers, node, ask, present } = await serve(t);
  const live = present();
  const { reason } = await post(node.localApp, '/v1/verify', { code: live, site: 'desk' });
  t.equal(reason, 'ok');
  for (const worker of workers) {
    await until('it is told', () => worker.told.some(tellsSightings));
    t.equal((await ask(worker, live, 'gate')).reason, 'replayed');
  }
});
