// Which policy is chosen: narrowest verifying region, narrowest issuing region, latest day, highest version.

import fc from 'fast-check';
import t from 'tap';
import { localDate } from '../../../src/core/codec/calendar.js';
import { PROVINCES, prefixCovers, regionCovers } from '../../../src/core/codec/region.js';
import type { RegionalPolicy } from '../../../src/core/credential/kind.js';
import { KINDS } from '../../../src/core/credential/kind-table.js';
import { HEALTH_CODE } from '../../../src/core/credential/kinds/health-code.js';
import { createPolicyTable } from '../../../src/core/credential/policy-table.js';
import { policyOf } from '../../support/policies.js';

/** 2026-11-25, 00:00 China Standard Time. */
const MIDNIGHT = Date.UTC(2026, 10, 24, 16) / 1000;

function policy(id: string, change: Partial<RegionalPolicy> = {}): RegionalPolicy {
  return policyOf('health-code', [], { id, verifyingRegion: '', ...change });
}

function chosen(
  policies: readonly RegionalPolicy[],
  region: string,
  claimed: string,
  now = MIDNIGHT,
): string | undefined {
  const found = createPolicyTable(policies, region).find(HEALTH_CODE, claimed, now);
  return found === null ? undefined : `${found.id} ${found.version}`;
}

const DEFAULT = 'health-code-default 1';

t.test('the choice, row by row', async (t) => {
  const everywhere = policy('nation');
  const zhejiang = policy('zj', { verifyingRegion: '33' });
  const hangzhou = policy('hz', { verifyingRegion: '3301' });
  const county = policy('sc', { verifyingRegion: '330102' });
  const onGuangdong = policy('zj-gd', { verifyingRegion: '33', issuingRegion: '44' });
  const onGuangzhou = policy('zj-gz', { verifyingRegion: '33', issuingRegion: '4401' });
  const onTianhe = policy('nation-th', { issuingRegion: '440106' });
  const onNational = policy('zj-n', { verifyingRegion: '33', issuingRegion: '100000' });
  const corps = policy('corps', { issuingRegion: '6590' });
  const xinjiang = policy('xj', { issuingRegion: '65' });
  const rows: readonly [string, readonly RegionalPolicy[], string, string, string][] = [
    ['none: the kind’s own', [], '33', '440103', DEFAULT],
    ['one for everywhere', [everywhere], '33', '440103', 'nation 1'],
    ['one of another province', [zhejiang], '44', '330102', DEFAULT],
    ['a province’s before the nation’s', [everywhere, zhejiang], '33', '440103', 'zj 1'],
    ['in its city too', [everywhere, zhejiang], '3301', '440103', 'zj 1'],
    ['in its county too', [everywhere, zhejiang], '330102', '440103', 'zj 1'],
    ['a city’s before its province’s', [zhejiang, hangzhou], '330102', '440103', 'hz 1'],
    ['a county’s before its city’s', [county, zhejiang, hangzhou], '330102', '440103', 'sc 1'],
    ['a county’s not in the whole city', [county, zhejiang], '3301', '440103', 'zj 1'],
    ['the issuing province', [zhejiang, onGuangdong], '33', '440103', 'zj-gd 1'],
    ['other issuing provinces', [zhejiang, onGuangdong], '33', '330102', 'zj 1'],
    ['the issuing city before its province', [onGuangzhou, onGuangdong], '33', '440103', 'zj-gz 1'],
    ['the verifying region counts first', [onTianhe, zhejiang], '33', '440106', 'zj 1'],
    ['an issuing county where nothing else is', [onTianhe, everywhere], '33', '440106', 'nation-th 1'],
    ['national codes', [onNational, zhejiang], '33', '100000', 'zj-n 1'],
    ['no province covers national codes', [onGuangdong], '33', '100000', DEFAULT],
    ['the hub, which is in no province', [zhejiang, everywhere], '', '330102', 'nation 1'],
    ['a city of the Corps is the Corps’', [corps, xinjiang], '33', '659001', 'corps 1'],
    ['and never Xinjiang’s', [xinjiang], '33', '659001', DEFAULT],
  ];
  for (const [title, policies, region, claimed, expected] of rows) {
    t.equal(chosen(policies, region, claimed), expected, title);
    t.equal(chosen([...policies].reverse(), region, claimed), expected, `${title}, in another order`);
  }
  t.equal(
    createPolicyTable([everywhere], '33').find(KINDS.byName('id-card') ?? HEALTH_CODE, '330102', MIDNIGHT)
      ?.id,
    'id-card-default',
    'another kind',
  );
});

t.test('a policy holds from midnight of its day in China, and the one before until then', async (t) => {
  const before = policy('p', { version: 1, from: '2026-01-01' });
  const after = policy('p', { version: 2, from: '2026-11-25' });
  const table = createPolicyTable([before, after], '33');
  const at = (now: number) => table.find(HEALTH_CODE, '440103', now)?.version;
  t.equal(localDate(MIDNIGHT - 1), '2026-11-24');
  for (const _again of [1, 2]) {
    t.equal(at(MIDNIGHT - 1), 1, 'the last second of the day before');
    t.equal(at(MIDNIGHT), 2, 'its first second');
    t.equal(at(MIDNIGHT - 8 * 3_600), 1, 'midnight elsewhere is no edge');
    t.equal(at(MIDNIGHT + 86_400), 2);
  }
  t.equal(
    chosen([after], '33', '440103', MIDNIGHT - 1),
    DEFAULT,
    'one that is still to come shadows nothing',
  );
});

t.test('a narrower policy that is still to come leaves the wider one in force', async (t) => {
  const wide = policy('nation');
  const narrow = policy('zj', { verifyingRegion: '33', issuingRegion: '44', from: '2026-11-25' });
  t.equal(chosen([narrow, wide], '33', '440103', MIDNIGHT - 1), 'nation 1');
  t.equal(chosen([narrow, wide], '33', '440103', MIDNIGHT), 'zj 1');
});

t.test('of one day the higher version holds, and a later day before any version', async (t) => {
  const day = { from: '2026-11-01' };
  t.equal(
    chosen([policy('p', { ...day, version: 2 }), policy('p', { ...day, version: 10 })], '33', '440103'),
    'p 10',
  );
  t.equal(chosen([policy('p', { ...day, version: 1 }), policy('p', { version: 9 })], '33', '440103'), 'p 1');
});

t.test('two policies that could not be told apart are refused', async (t) => {
  const twice = { code: 'config_invalid', rule: 'policy_twice' };
  t.throws(
    () => createPolicyTable([policy('p'), policy('p', { issuingRegion: '44' })], '33'),
    twice,
    'in an answer',
  );
  t.throws(() => createPolicyTable([policy('p'), policy('q')], '33'), twice, 'in the choice');
  t.throws(() => createPolicyTable([policy('p'), policy('q')], '44'), twice, 'also where they do not hold');
  t.doesNotThrow(() => createPolicyTable([policy('p'), policy('q', { from: '2026-01-02' })], '33'));
});

t.test('what is remembered of a choice is what choosing anew would say', async () => {
  const prefix = fc.constantFrom('', '33', '3301', '330102', '44', '4401', '66', '100000');
  const day = fc.constantFrom('2026-11-20', '2026-11-24', '2026-11-25', '2026-12-01');
  const shape = fc.record({ verifyingRegion: prefix, issuingRegion: prefix, from: day });
  const ask = fc.record({
    claimed: fc.constantFrom('330102', '330203', '440103', '440303', '659001', '100000'),
    now: fc.integer({ min: MIDNIGHT - 10 * 86_400, max: MIDNIGHT + 10 * 86_400 }),
  });
  fc.assert(
    fc.property(
      fc.array(shape, { maxLength: 8 }),
      prefix,
      fc.array(ask, { maxLength: 20 }),
      (shapes, here, asks) => {
        const policies = shapes.map((change, i) => policy('p', { ...change, version: i + 1 }));
        const table = createPolicyTable(policies, here);
        return asks.every(
          ({ claimed, now }) =>
            table.find(HEALTH_CODE, claimed, now) === plainly(policies, here, claimed, now),
        );
      },
    ),
  );
});

/** The rule of choice in so many words. */
function plainly(policies: readonly RegionalPolicy[], here: string, claimed: string, now: number) {
  let best: RegionalPolicy | null = null;
  for (const each of policies) {
    const holds =
      prefixCovers(each.verifyingRegion, here) &&
      regionCovers(each.issuingRegion, claimed) &&
      each.from <= localDate(now);
    if (holds && (best === null || isBefore(each, best))) best = each;
  }
  return best ?? HEALTH_CODE.policy;
}

function isBefore(a: RegionalPolicy, b: RegionalPolicy): boolean {
  if (a.verifyingRegion.length !== b.verifyingRegion.length)
    return a.verifyingRegion.length > b.verifyingRegion.length;
  if (a.issuingRegion.length !== b.issuingRegion.length)
    return a.issuingRegion.length > b.issuingRegion.length;
  return a.from === b.from ? a.version > b.version : a.from > b.from;
}

t.test('more claimed regions than there are counties change no choice', async (t) => {
  const table = createPolicyTable([policy('zj-gd', { issuingRegion: '44' })], '33');
  for (const province of PROVINCES.keys()) {
    for (let county = 0; county < 300; county++) {
      const claimed = `${province}${String(county).padStart(4, '0')}`;
      const expected = province === '44' ? 'zj-gd' : 'health-code-default';
      if (table.find(HEALTH_CODE, claimed, MIDNIGHT)?.id !== expected) t.fail(claimed);
    }
  }
  t.pass();
});

t.test('a sentence names whose rule it is', async (t) => {
  const mine = policy('sc', { verifyingRegion: '330102' });
  const nations = policy('n');
  const table = createPolicyTable([mine, nations], '330102');
  t.equal(table.authorityOf(mine)['zh-CN'], '浙江省（330102）');
  t.equal(table.authorityOf(nations).en, 'the nation');
  t.equal(createPolicyTable([], '33').authorityOf({ id: 'x', version: 1, rules: [] }).en, 'Zhejiang');
  t.equal(
    createPolicyTable([], '6590').authorityOf({ id: 'x', version: 1, rules: [] })['zh-CN'],
    '新疆生产建设兵团（6590）',
  );
});
