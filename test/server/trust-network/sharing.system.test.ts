// Trust documents between real processes over one real Redis.

import t, { type Test } from 'tap';
import { dataFolder } from '../../support/node-process.js';
import { type RedisServer, startRedis, withoutRedis } from '../../support/redis-server.js';
import { until } from '../../support/until.js';
import { startTrustProcess, type TrustProcess } from '../support/trust-process.js';
import {
  A_KEY,
  B_KEY,
  COUNTRY,
  IN_ORDER,
  kidOf,
  revokedItem,
  successor,
  UPLOAD,
} from '../support/trust-world.js';

const PIN = COUNTRY.root.hash;
const PREFIX = `yima:1:trust:${PIN.slice(0, 16)}`;

async function start(
  t: Test,
  server: RedisServer,
  issuer: string,
  dataDir = dataFolder(t),
): Promise<TrustProcess> {
  return startTrustProcess(t, dataDir, {
    YIMA_ISSUER: issuer,
    YIMA_TRUST_PIN: PIN,
    YIMA_REDIS_URL: server.url,
  });
}

async function acceptAll(node: TrustProcess): Promise<void> {
  for (const { text } of IN_ORDER) await node.ask('trustAccept', text, UPLOAD, null);
}

const stateOf = (node: TrustProcess, issuer: string, kid: string) => node.ask('keyState', issuer, kid);
const has = async (
  node: TrustProcess,
  issuer: string,
  state: string | null,
  key = issuer === '33' ? A_KEY : B_KEY,
) => (await stateOf(node, issuer, kidOf(key))) === state;

t.test('what one node accepts the other refuses by within a second', { skip: withoutRedis }, async (t) => {
  const server = await startRedis(t);
  const [one, other] = [await start(t, server, '31'), await start(t, server, '32')];
  await acceptAll(one);
  await until('the other has all of it', () => has(other, '34', 'active'));
  t.ok(await has(other, '33', 'active'));
  const revoking = successor('a', COUNTRY.a, { revoked: [revokedItem(A_KEY)] });
  const began = performance.now();
  await one.ask('trustAccept', revoking.text, UPLOAD, '33');
  await until('the key is dead there', () => has(other, '33', 'revoked'));
  t.comment(`refused on the other node after ${Math.round(performance.now() - began)} ms`);
  t.ok(await has(other, '34', 'active'), 'and the neighbour has noticed nothing');
  const [last] = ((await other.ask('readLog', 4, 10)) as { type: string; actor: string }[]).slice(-1);
  t.match(last, { type: 'trust.accepted', actor: 'redis' }, 'each node has it in its own log');
});

t.test(
  'a node that starts later finds everything, and keeps it without Redis',
  { skip: withoutRedis },
  async (t) => {
    const server = await startRedis(t);
    const one = await start(t, server, '31');
    await acceptAll(one);
    await one.kill();
    const folder = dataFolder(t);
    const later = await start(t, server, '32', folder);
    await until('it has all of it', () => has(later, '34', 'active'));
    await later.kill();
    await server.kill();
    const again = await start(t, server, '32', folder);
    t.ok(await has(again, '33', 'active'));
    const revoking = successor('a', COUNTRY.a, { revoked: [revokedItem(A_KEY)] });
    await again.ask('trustAccept', revoking.text, UPLOAD, '33');
    t.ok(await has(again, '33', 'revoked'), 'and takes more while Redis is down');
    await server.restart({ empty: true });
    await until('what Redis lacks is written back', async () => {
      const marks = await server.cli('HGETALL', `${PREFIX}:marks`);
      return marks.includes(`2 ${revoking.hash}`) && marks.includes(`1 ${COUNTRY.root.hash}`);
    });
  },
);

t.test('a Redis that hangs holds up nobody, and is caught up with', { skip: withoutRedis }, async (t) => {
  const server = await startRedis(t);
  const [one, other] = [await start(t, server, '31'), await start(t, server, '32')];
  await acceptAll(one);
  await until('the other has all of it', () => has(other, '34', 'active'));
  server.pause();
  const revoking = successor('a', COUNTRY.a, { revoked: [revokedItem(A_KEY)] });
  await one.ask('trustAccept', revoking.text, UPLOAD, '33');
  t.ok(await has(one, '33', 'revoked'));
  t.ok(await has(other, '33', 'active'), 'nobody has told it');
  server.resume();
  await until('the key is dead there', () => has(other, '33', 'revoked'));
});

t.test('what is forged in Redis is refused, and gives way', { skip: withoutRedis }, async (t) => {
  const server = await startRedis(t);
  const [one, other] = [await start(t, server, '31'), await start(t, server, '32')];
  await acceptAll(one);
  await until('the other has all of it', () => has(other, '34', 'active'));
  const forged = successor('b', COUNTRY.a, { entries: [] });
  const mark = `2 ${forged.hash}`;
  await server.cli('HSET', `${PREFIX}:texts`, 'list/33', forged.text);
  await server.cli('HSET', `${PREFIX}:marks`, 'list/33', mark);
  await server.cli('XADD', `${PREFIX}:news`, '*', 'list/33', mark);
  await until('the honest one is back', async () =>
    (await server.cli('HGET', `${PREFIX}:marks`, 'list/33')).includes(`1 ${COUNTRY.a.hash}`),
  );
  t.ok(await has(other, '33', 'active'));
  const log = (await other.ask('readLog', 0, 100)) as { type: string; body: string }[];
  t.match(
    log.filter(({ type }) => type === 'trust.refused').map(({ body }) => JSON.parse(body)),
    [{ rule: 'threshold', authority: '33', via: 'redis' }],
  );

  const rubbish = `999999999999 ${'x'.repeat(43)}`;
  await server.cli('HSET', `${PREFIX}:texts`, 'list/34', 'rubbish');
  await server.cli('HSET', `${PREFIX}:marks`, 'list/34', rubbish);
  await server.cli('XADD', `${PREFIX}:news`, '*', 'list/34', rubbish);
  const newer = successor('b', COUNTRY.b, { revoked: [revokedItem(B_KEY)] });
  await one.ask('trustAccept', newer.text, UPLOAD, '34');
  await until("a version that nobody could count to is in nobody's way", () => has(other, '34', 'revoked'));
});
