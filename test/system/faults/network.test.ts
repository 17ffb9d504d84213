// The network between verifiers and Redis is slow, silent, or breaks while a verifier loads.

import t from 'tap';
import { withoutRedis } from '../../support/redis-server.js';
import { until } from '../../support/until.js';
import { openScene } from '../support/status-scene.js';

/** A list of licences: 2^20 entries of 2 bits. */
const LIST_BYTES = 262_144;
const CUTS = 3;

t.test('a bad network delays news and changes nothing else', { skip: withoutRedis }, async (t) => {
  const scene = await openScene(t);

  await t.test('Redis is slow', async (t) => {
    scene.proxy.set({ delayMs: 150, bytesPerSecond: 50_000 });
    const slowMs = performance.now();
    await scene.change();
    t.comment(`current ${await scene.recovered(slowMs)} ms after a change, over a slow network`);
    scene.proxy.heal();
    const healedMs = performance.now();
    await scene.change();
    t.comment(`recovered ${await scene.recovered(healedMs)} ms after it was quick again`);
    t.same(scene.violations(), []);
  });

  await t.test('the connection is there and silent', async (t) => {
    scene.proxy.set({ silent: true });
    await scene.change();
    await until('the verifier notices', async () => {
      const [verifier] = scene.verifiers;
      return ((await verifier?.metric('yima_status_age_seconds', '330102')) ?? 0) >= 4;
    });
    scene.proxy.heal();
    const healedMs = performance.now();
    t.comment(`recovered ${await scene.recovered(healedMs)} ms after the silence`);
    t.same(scene.violations(), []);
  });

  await t.test('the connection is cut in the middle of a snapshot, again and again', async (t) => {
    const cutting = { bytesPerSecond: 1_000_000, cutAfterBytes: LIST_BYTES / 2 };
    const before = scene.proxy.cuts();
    scene.proxy.set(cutting);
    const late = await scene.join();
    await until(`${CUTS} connections were cut`, () => {
      const cuts = scene.proxy.cuts() - before;
      if (cuts < CUTS) scene.proxy.set({ ...cutting });
      return cuts >= CUTS;
    });
    t.notOk(
      late.watcher.sightings.some(({ decision }) => decision === 'admit'),
      'nothing is admitted from half a list',
    );
    scene.proxy.heal();
    const healedMs = performance.now();
    t.comment(`recovered ${await scene.recovered(healedMs)} ms after the last cut`);
    t.same(scene.violations(), []);
  });
});
