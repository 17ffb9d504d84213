// A sentinel makes a replica the master that had stopped following long before: what is in it is old, and nobody goes back to it.

import t from 'tap';
import { startReplica, startSentinel } from '../../support/redis-sentinel.js';
import { startRedis, withoutRedis } from '../../support/redis-server.js';
import { until } from '../../support/until.js';
import { openScene } from '../support/status-scene.js';

const FOLLOWER = 'follower';
const SECRET = 'of-this-test';

t.test('a stale replica is promoted', { skip: withoutRedis }, async (t) => {
  const master = await startRedis(t);
  await master.cli('ACL', 'SETUSER', FOLLOWER, 'on', `>${SECRET}`, '+@all', '~*', '&*');
  const replica = await startReplica(t, master, { args: ['--masteruser', FOLLOWER, '--masterauth', SECRET] });
  const sentinel = await startSentinel(t, master);
  const scene = await openScene(t, {
    redis: master,
    verifiers: 2,
    settings: { YIMA_REDIS_SENTINELS: sentinel.address },
  });
  await scene.change();
  await scene.recovered(performance.now());

  await master.cli('ACL', 'SETUSER', FOLLOWER, 'off'); // the replica is left behind
  await master.cli('CLIENT', 'KILL', 'USER', FOLLOWER);
  await scene.change();
  await scene.change();
  await scene.recovered(performance.now());
  const diedMs = performance.now();
  await master.kill();
  await scene.change();
  await until('it was promoted', async () => (await sentinel.masterPort()) === replica.port);
  const promotedMs = performance.now();
  t.comment(`the sentinel took ${Math.round(promotedMs - diedMs)} ms`);
  t.comment(`recovered ${await scene.recovered(promotedMs)} ms after a stale replica was promoted`);
  t.same(scene.violations(), []);
});
