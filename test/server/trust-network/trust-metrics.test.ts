import { Registry } from 'prom-client';
import t from 'tap';
import { readiness } from '../../../src/server/back-doors.js';
import { registerTrustMetrics } from '../../../src/server/trust-network/trust-metrics.js';
import { deskKey, signerEntry } from '../../support/trust-desk.js';
import {
  COUNTRY,
  createWorld,
  ENTRIES,
  ruleOf,
  startCountry,
  startService,
  successor,
} from '../support/trust-world.js';
import { createTwinCore } from '../support/twin-core.js';

async function figures(
  world: ReturnType<typeof createWorld>,
  service: Awaited<ReturnType<typeof startService>>,
) {
  const metrics = new Registry();
  registerTrustMetrics(metrics, { trustService: service, clock: () => world.now });
  const all = (await metrics.getMetricsAsJSON()).flatMap(({ name, values }) =>
    values.map(({ labels, value }) => [[name, ...Object.values(labels)].join(' '), value] as const),
  );
  return Object.fromEntries(all);
}

t.test('how the network stands is told in numbers', async (t) => {
  const world = createWorld();
  const service = await startCountry(world);
  const outside = signerEntry('3301', [deskKey()], { scope: { region: '34', kinds: null } });
  await service.accept(
    successor('a', COUNTRY.a, { entries: [ENTRIES.a, outside], exp: world.now + 10 * 86_400 }),
  );
  await ruleOf(service.accept(COUNTRY.a));
  world.now += 86_400;
  t.match(await figures(world, service), {
    yima_trust_root_version: 1,
    yima_trust_lists: 3,
    yima_trust_lists_waiting: 0,
    yima_trust_keys: 8,
    yima_trust_dropped_entries: 1,
    yima_trust_expires_days: 9,
    yima_trust_age_seconds: 86_400,
    yima_trust_shared: Number.NaN,
    'yima_trust_refused_total rollback': 1,
  });
  const ready = readiness({ ...createTwinCore({ publish: () => undefined }), trustService: service }, {});
  t.strictSame(ready.trust, {
    root: 1,
    lists: 3,
    expiresAt: world.now + 9 * 86_400,
    acceptedAt: world.now - 86_400,
  });
});

t.test('before the first root there is little to tell, and without a network nothing', async (t) => {
  const world = createWorld();
  const service = await startService(world);
  t.match(await figures(world, service), { yima_trust_root_version: 0, yima_trust_expires_days: Number.NaN });
  const core = createTwinCore({ publish: () => undefined });
  t.equal(readiness(core, {}).trust, undefined);
  const metrics = new Registry();
  registerTrustMetrics(metrics, { trustService: null, clock: () => world.now });
  t.same(await metrics.getMetricsAsJSON(), []);
});
