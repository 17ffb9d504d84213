// Redis dies, comes back empty or with an old state, hangs, is emptied: verifiers answer from what they have applied, say how old it
// is, stop admitting in time, and are current again when Redis is.

import t from 'tap';
import { withoutRedis } from '../../support/redis-server.js';
import { admittedBetween } from '../support/admissions.js';
import { FULL, openScene, type Scene } from '../support/status-scene.js';

const STRICT = { YIMA_STATUS_MAX_AGE_SECONDS: '1' };
const HANG_MS = FULL ? 30_000 : 3_000;
/** A heartbeat may have come just before; a limit of 1 s is passed when 2 whole seconds are over. */
const STALE_AFTER_MS = 2_300;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** @returns what no verifier may admit any more while it hears nothing */
function admittedStale(scene: Scene, fromMs: number, toMs: number): number {
  return scene.verifiers.flatMap(({ watcher }) =>
    admittedBetween(watcher.sightings, fromMs + STALE_AFTER_MS, toMs),
  ).length;
}

t.test('past the age limit nothing is admitted', { skip: withoutRedis }, async (t) => {
  const scene = await openScene(t, { verifiers: 2, verifierSettings: STRICT });

  await t.test('Redis is killed and comes back empty', async (t) => {
    const diedMs = performance.now();
    await scene.redis.kill();
    await scene.change();
    await scene.soundIs('indeterminate/status_stale');
    await sleep(diedMs + HANG_MS - performance.now());
    const healedMs = performance.now();
    t.equal(admittedStale(scene, diedMs, healedMs), 0);
    await scene.redis.restart({ empty: true });
    t.comment(`recovered ${await scene.recovered(healedMs)} ms after Redis was started, empty`);
    t.same(scene.violations(), []);
  });

  await t.test(`Redis hangs for ${HANG_MS / 1000} s`, async (t) => {
    const hungMs = performance.now();
    scene.redis.pause();
    await scene.change();
    await scene.soundIs('indeterminate/status_stale');
    await sleep(hungMs + HANG_MS - performance.now());
    const healedMs = performance.now();
    t.equal(admittedStale(scene, hungMs, healedMs), 0);
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
    await scene.redis.restart({ snapshot });
    const healedMs = performance.now();
    await scene.change();
    t.comment(`recovered ${await scene.recovered(healedMs)} ms after Redis was started from an old snapshot`);
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
    t.same(scene.violations(), []);
    for (const { name, watcher } of scene.verifiers) {
      const since = watcher.sightings.filter(({ askedMs }) => askedMs >= emptiedMs);
      const undecided = since.filter(({ decision }) => decision === 'indeterminate').length;
      t.equal(undecided, 0, `${name} answered ${since.length} times and was never in doubt`);
    }
    const after = await rebuildsOf();
    t.ok(
      after.every((count, i) => count > (before[i] ?? 0)),
      'the figures tell of it',
    );
  });
});
