// Redis dies, comes back empty or with an old state, hangs, is emptied: verifiers answer from what they have applied, say how old it
// is, stop admitting in time, and are current again when Redis is.

import t from 'tap';
import { withoutRedis } from '../../support/redis-server.js';
import { until } from '../../support/until.js';
import { HANG_MS, openScene, STALE_AFTER_MS, STRICT } from '../support/status-scene.js';

const MANY = 500;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

t.test('past the age limit nothing is admitted', { skip: withoutRedis }, async (t) => {
  const scene = await openScene(t, { verifiers: 2, verifierSettings: STRICT });

  await t.test('Redis is killed and comes back empty', async (t) => {
    const diedMs = performance.now();
    await scene.redis.kill();
    await scene.change();
    await scene.soundIs('indeterminate/status_stale');
    await sleep(diedMs + HANG_MS - performance.now());
    const healedMs = performance.now();
    scene.admitsNothing(t, diedMs + STALE_AFTER_MS, healedMs);
    await scene.redis.restart({ empty: true });
    t.comment(`recovered ${await scene.recovered(healedMs)} ms after Redis was started, empty`);
    t.same(scene.violations(), []);
  });

  await t.test('issuer and verifier start while Redis is gone', async (t) => {
    await scene.redis.kill();
    const late = scene.verifiers[1] as (typeof scene.verifiers)[0];
    for (const member of [scene.issuer, late]) {
      await member.kill();
      await member.start();
    }
    await scene.change();
    t.match(await late.metric('yima_redis_up'), 0);
    await scene.redis.restart({ empty: true });
    const healedMs = performance.now();
    t.comment(`recovered ${await scene.recovered(healedMs)} ms after Redis was there`);
    t.same(scene.violations(), []);
  });

  await t.test(`Redis hangs for ${HANG_MS / 1000} s`, async (t) => {
    const hungMs = performance.now();
    scene.redis.pause();
    await scene.change();
    await scene.soundIs('indeterminate/status_stale');
    await sleep(hungMs + HANG_MS - performance.now());
    const healedMs = performance.now();
    scene.admitsNothing(t, hungMs + STALE_AFTER_MS, healedMs);
    scene.redis.resume();
    t.comment(`recovered ${await scene.recovered(healedMs)} ms after Redis went on`);
    t.same(scene.violations(), []);
  });
});

t.test('what Redis has lost or forgotten changes no answer', { skip: withoutRedis }, async (t) => {
  const scene = await openScene(t, { verifiers: 2 });

  await t.test('Redis comes back with an old state', async (t) => {
    const snapshot = await scene.redis.snapshot();
    await scene.change();
    await scene.change();
    await scene.recovered(performance.now());
    scene.issuer.pause(); // or it would mend this before anybody reads it
    await scene.redis.restart({ snapshot });
    await scene.reached('yima_feed_refused_total', 'reason="older"', 1);
    scene.issuer.resume();
    const healedMs = performance.now();
    await scene.change();
    t.comment(`recovered ${await scene.recovered(healedMs)} ms after the issuer found an old snapshot`);
    t.same(scene.violations(), []);
  });

  await t.test('Redis is emptied under load', async (t) => {
    const rebuildsOf = () =>
      Promise.all(scene.verifiers.map(({ metric }) => metric('yima_feed_rebuilds_total')));
    const before = await rebuildsOf();
    const emptiedMs = performance.now();
    await scene.redis.cli('FLUSHALL');
    await scene.change();
    t.comment(`recovered ${await scene.recovered(emptiedMs)} ms after Redis was emptied`);
    for (const { name, watcher } of scene.verifiers) {
      const since = () => watcher.sightings.filter(({ askedMs }) => askedMs >= emptiedMs);
      await until(`${name} has answered many times`, () => since().length >= MANY);
      t.notOk(
        since().some(({ decision }) => decision === 'indeterminate'),
        `${name} was never in doubt`,
      );
    }
    t.same(scene.violations(), []);
    const after = await rebuildsOf();
    t.ok(
      after.every((count, i) => count > (before[i] ?? 0)),
      'the figures tell of it',
    );
  });
});
