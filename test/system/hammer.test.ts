// The hammer against the built program: every sort of request, codes revoked meanwhile, no wrong answer.

import t from 'tap';
import { hammer } from '../../bench/hammer/hammer.js';
import { DEFAULT_MIX, SORTS } from '../../bench/hammer/mix.js';
import { failures, summarise } from '../../bench/hammer/summary.js';
import { attachTarget, startTarget } from '../../bench/hammer/target.js';

const RUN = { rate: 200, seconds: 2.5, connections: 8 };
/** A machine that is busy with other tests must not fail this one: it is about answers. */
const MAX_GROWTH_MB = 500;

t.test('mixed load is answered right', async (t) => {
  const target = await startTarget({});
  t.teardown(() => target.stop());

  await t.test('by a node of the hammer', async (t) => {
    const result = await hammer(target, { ...RUN, mix: DEFAULT_MIX });
    const summary = summarise(result);
    t.strictSame(result.tally.wrongs, []);
    t.match(summary, { sent: 500, right: 500, wrong: 0, broken: 0, unsent: 0 });
    t.ok(summary.revokedMeanwhile > 0, 'codes were revoked while they were shown');
    for (const sort of SORTS) t.ok(result.tally.counts[sort].right > 0, `${sort} was shown`);
    t.strictSame(failures(summary, MAX_GROWTH_MB), []);
  });

  await t.test('by a running node that trusts no key of the hammer', async (t) => {
    const { url, apiKey, pid } = target;
    const attached = attachTarget(url.href, apiKey, pid);
    const refused = hammer(attached, { ...RUN, mix: DEFAULT_MIX });
    await t.rejects(refused, { message: /Expired codes need a key/ });
    const { tally } = await hammer(attached, { ...RUN, mix: { ...DEFAULT_MIX, expired: 0 } });
    t.strictSame(tally.wrongs, []);
    t.match(summarise({ tally, cpuUs: null, memory: null, revokedMeanwhile: 0 }), { right: 500, wrong: 0 });
  });
});
