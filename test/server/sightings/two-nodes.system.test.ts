// Whole nodes over one Redis: a live code that one has seen is held by the other, as far as they hear each other.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { YimaNode } from '../../../src/server/node.js';
import { createDevice, rebind, signerOf } from '../../support/device.js';
import { issueRequest } from '../../support/office.js';
import { openQuietNode, post, privateFolder, verdict } from '../../support/open-node.js';
import { type RedisServer, startRedis, withoutRedis } from '../../support/redis-server.js';
import { until } from '../../support/until.js';

function open(t: Test, folder: string, name: string, redis: RedisServer): Promise<YimaNode> {
  return openQuietNode(t, folder, {
    YIMA_ISSUER: name,
    YIMA_REGION: name,
    YIMA_PUBLIC_URL: `https://${name}.yima.test`,
    YIMA_REDIS_URL: redis.url,
  });
}

const secondNow = (): number => Math.floor(Date.now() / 1_000);

async function openBoth(t: Test, redis: RedisServer) {
  const folder = privateFolder(t);
  const office = await open(t, folder, '330102', redis);
  const other = privateFolder(t);
  mkdirSync(join(other, 'trust'), { mode: 0o700 });
  const keys = (await office.app.inject('/.well-known/jwks.json')).payload;
  writeFileSync(join(other, 'trust', '330102.json'), keys, { mode: 0o600 });
  const gate = await open(t, other, '330103', redis);
  const { encodings } = await post(office.localApp, '/v1/credentials', issueRequest());
  const [{ code }] = encodings as [{ code: string }];
  await until('the code is known there', async () => (await verdict(gate, code)) === 'admit/ok');
  const device = createDevice();
  const bound = rebind(code, await signerOf(code, folder), device.signer.publicKey);
  return { office, gate, present: () => device.present(bound, secondNow()) };
}

const ask = ({ localApp }: YimaNode, code: string, site = 'gate 1') =>
  post(localApp, '/v1/verify', { code, site });
/** How many sightings it knows of. */
async function held({ adminApp }: YimaNode): Promise<number> {
  const { payload } = await adminApp.inject({ url: '/metrics', headers: { host: 'localhost' } });
  return Number(/^yima_sightings (\d+)$/m.exec(payload)?.[1]);
}
const shares = async (node: YimaNode, code: string) => (await ask(node, code))['replay'] === 'shared';

t.test('a live code seen at one node is held at the other', { skip: withoutRedis }, async (t) => {
  const redis = await startRedis(t);
  const { office, gate, present } = await openBoth(t, redis);
  await until('both share', async () => (await shares(office, present())) && shares(gate, present()));
  const second = secondNow();
  await until('the phone signs anew', () => secondNow() > second);
  const live = present();
  const before = await held(gate);
  t.match(await ask(office, live), { decision: 'admit', reason: 'ok', replay: 'shared' });
  await until('the other has heard of it', async () => (await held(gate)) > before);
  t.match(await ask(gate, live), { decision: 'hold', reason: 'replayed', replay: 'shared' });
  t.match(await ask(office, live), { decision: 'admit' });

  await t.test('while Redis hangs each says that it is alone, and answers on', async (t) => {
    redis.pause();
    await until('it is alone', async () => (await ask(office, live))['replay'] === 'local');
    t.match(await ask(gate, live), { reason: 'replayed' });
    redis.resume();
    await until('they share again', async () => (await shares(office, live)) && shares(gate, live));
  });

  await t.test('without Redis each knows what it knew, and says that it is alone', async (t) => {
    await redis.kill();
    await until('it is alone', async () => (await ask(office, live))['replay'] === 'local');
    t.match(await ask(office, live), { reason: 'ok' });
    t.match(await ask(gate, live), { reason: 'replayed' });
  });

  await t.test('with it again they share again', async (t) => {
    await redis.restart();
    await until('both share', async () => (await shares(office, present())) && shares(gate, present()));
    t.pass();
  });
});

t.test('nothing about persons or places is in Redis', { skip: withoutRedis }, async (t) => {
  const redis = await startRedis(t);
  const { office, present } = await openBoth(t, redis);
  const live = present();
  await ask(office, live, 'the east gate');
  const told = () => redis.cli('XRANGE', 'yima:1:sightings', '-', '+');
  await until('it is told', async () => (await told()).length > 0);
  t.notMatch(await told(), /east|gate|330102|YM/);
});
