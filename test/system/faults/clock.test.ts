// Somebody steps a node's clock: old knowledge never becomes young by it, and with the clock right again everything is.

import t from 'tap';
import { withoutRedis } from '../../support/redis-server.js';
import { admittedBetween } from '../support/admissions.js';
import { openScene } from '../support/status-scene.js';
import { createSteppedClock } from '../support/stepped-clock.js';

const HOUR = 3_600;
/** As in redis.test.ts: a limit of 1 s is passed when 2 whole seconds are over. */
const STALE_AFTER_MS = 2_300;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

t.test('a clock is stepped', { skip: withoutRedis }, async (t) => {
  const clock = createSteppedClock(t);
  const scene = await openScene(t, {
    settings: clock.settings,
    verifierSettings: { YIMA_STATUS_MAX_AGE_SECONDS: '1' },
  });
  const [verifier] = scene.verifiers as [(typeof scene.verifiers)[0]];

  for (const [who, member] of [
    ['the verifier', verifier],
    ['the issuer', scene.issuer],
  ] as const) {
    for (const seconds of [HOUR, -HOUR]) {
      await t.test(`${who}'s, by ${seconds} s and back`, async (t) => {
        await clock.step(member.node(), seconds);
        const steppedMs = performance.now();
        await sleep(STALE_AFTER_MS + 500);
        const admitted = admittedBetween(
          verifier.watcher.sightings,
          steppedMs + STALE_AFTER_MS,
          performance.now(),
        );
        t.same(admitted, [], 'an hour is past the limit, whoever is wrong by it');
        await clock.step(member.node(), 0);
        const healedMs = performance.now();
        await scene.change();
        t.comment(`recovered ${await scene.recovered(healedMs)} ms after the clock was right`);
        t.same(scene.violations(), []);
      });
    }
  }

  await t.test('the verifier’s goes back while it hears nothing', async (t) => {
    const hungMs = performance.now();
    scene.redis.pause();
    for (let seconds = -1; performance.now() < hungMs + 3_000; seconds -= 1) {
      await clock.step(verifier.node(), seconds);
      await sleep(500);
    }
    const stale = admittedBetween(verifier.watcher.sightings, hungMs + STALE_AFTER_MS, performance.now());
    t.same(stale, []);
    scene.redis.resume();
    await clock.step(verifier.node(), 0);
    const healedMs = performance.now();
    t.comment(`recovered ${await scene.recovered(healedMs)} ms after Redis went on`);
    t.same(scene.violations(), []);
  });
});
