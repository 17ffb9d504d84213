// The publisher, a primary, a worker, a verifier are killed at the worst moment: what was committed is published once, and what
// starts again is right.

import t from 'tap';
import { withoutRedis } from '../../support/redis-server.js';
import { until } from '../../support/until.js';
import { openScene } from '../support/status-scene.js';
import { isAlive, workersOf } from '../support/workers.js';

t.test('the publisher is killed between commit and publish', { skip: withoutRedis }, async (t) => {
  const scene = await openScene(t, { verifiers: 2 });
  scene.redis.pause();
  const { code } = await scene.change(); // committed, and Redis never hears of it
  await scene.issuer.kill();
  scene.redis.resume();
  const startedMs = performance.now();
  await scene.issuer.start();
  t.comment(`change ${code} was there ${await scene.recovered(startedMs)} ms after the publisher's start`);
  t.same(scene.violations(), []);

  for (let round = 0; round < 2; round += 1) {
    const asked = scene.change().catch(() => null); // it may be killed before it answers
    await scene.issuer.kill();
    const answered = await asked;
    await scene.issuer.start();
    if (answered === null) await scene.repeat();
  }
  const again = performance.now();
  t.comment(`current ${await scene.recovered(again)} ms after two kills under changes`);
  t.same(scene.violations(), []);
});

t.test('verifiers are killed while they mirror', { skip: withoutRedis }, async (t) => {
  const scene = await openScene(t, { verifierSettings: { WORKERS: '2' } });
  const [first] = scene.verifiers as [(typeof scene.verifiers)[0]];

  await t.test('a worker', async (t) => {
    const [pid = 0] = workersOf(first.node());
    const killedMs = performance.now();
    process.kill(pid, 'SIGKILL');
    await scene.change();
    await until('it is gone', () => !isAlive(pid));
    await until('another serves', () => workersOf(first.node()).length === 3);
    t.comment(`recovered ${await scene.recovered(killedMs)} ms after a worker was killed`);
    t.same(scene.violations(), []);
  });

  await t.test('a primary, while it loads', async (t) => {
    scene.proxy.set({ bytesPerSecond: 100_000 });
    for (let round = 0; round < 2; round += 1) {
      await first.kill();
      await first.start();
      await scene.change();
    }
    scene.proxy.heal();
    const healedMs = performance.now();
    t.comment(`recovered ${await scene.recovered(healedMs)} ms after a primary was killed while it loaded`);
    t.same(scene.violations(), []);
  });

  await t.test('a verifier of one process, while it loads and while it follows', async (t) => {
    scene.proxy.set({ bytesPerSecond: 100_000 });
    const single = await scene.join({ WORKERS: '1' });
    await single.kill();
    scene.proxy.heal();
    await single.start();
    await scene.recovered(performance.now());
    const asked = scene.change();
    await single.kill();
    await asked;
    const startedMs = performance.now();
    await single.start();
    t.comment(`recovered ${await scene.recovered(startedMs)} ms after a verifier's start`);
    t.same(scene.violations(), []);
  });
});
