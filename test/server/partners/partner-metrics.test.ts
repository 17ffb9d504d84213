import { Registry } from 'prom-client';
import t from 'tap';
import { registerPartnerMetrics } from '../../../src/server/partners/partner-metrics.js';
import { createPartnerWorld } from '../support/partner-world.js';

t.test('lists, their age and what came of fetching them are told by issuer', async (t) => {
  const { authority, node, pass, clocks } = createPartnerWorld();
  const from = authority('330105');
  from.serve(1, { issuedAt: clocks.epoch - 40, values: { 3: 1, 4: 1 }, ttlSeconds: 10 });
  from.serve(2);
  authority('330106');
  const { partners, tally } = node();
  const metrics = new Registry();
  const told = async (name: string) =>
    (await metrics.metrics()).split('\n').filter((line) => line.startsWith(`${name}{`));
  registerPartnerMetrics(metrics, {
    partners: { ...partners, tally, reload: () => undefined },
    clock: () => clocks.epoch,
  });
  await pass(2);
  t.same(await told('yima_partner_lists'), [
    'yima_partner_lists{issuer="330105"} 2',
    'yima_partner_lists{issuer="330106"} 0',
  ]);
  t.same(await told('yima_partner_list_age_seconds'), ['yima_partner_list_age_seconds{issuer="330105"} 42']);
  t.same(await told('yima_partner_fetch_total'), [
    'yima_partner_fetch_total{issuer="330105",result="index"} 1',
    'yima_partner_fetch_total{issuer="330106",result="index"} 1',
    'yima_partner_fetch_total{issuer="330105",result="loaded"} 2',
  ]);
  t.same(await told('yima_partner_kept_revoked_total'), []);
  from.serve(1, { expiresAt: clocks.epoch + 60 });
  await pass(12);
  t.same(await told('yima_partner_kept_revoked_total'), [
    'yima_partner_kept_revoked_total{issuer="330105"} 2',
  ]);
  from.answer = async () => ({ kind: 'failed', rule: 'connection' });
  await pass(100);
  t.match(await told('yima_partner_lists'), [/330105"\} 1$/], 'one expired');
});

t.test('where they are off, nothing is told', async (t) => {
  const metrics = new Registry();
  registerPartnerMetrics(metrics, { partners: null, clock: () => 0 });
  t.equal(await metrics.metrics(), '\n');
});
