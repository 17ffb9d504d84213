// The three ways of recognition between provinces, at a checkpoint of Zhejiang: a code of Guangdong read as it is, the hub's own, and one
// that the hub made of Guangdong's.

import t from 'tap';
import { PROVINCES } from '../../../src/core/codec/region.js';
import { carriedClaims, checkClaims, encodeClaims } from '../../../src/core/credential/claims.js';
import { HEALTH_CODE } from '../../../src/core/credential/kinds/health-code.js';
import { createPolicyTable } from '../../../src/core/credential/policy-table.js';
import { encodeYimaJws } from '../../../src/core/envelope/yima-jws.js';
import { encodeYm1 } from '../../../src/core/envelope/ym1.js';
import type { KeyRecord } from '../../../src/core/trust/key-record.js';
import type { Answer } from '../../../src/core/verify/answer.js';
import {
  contentOf,
  createDccSigner,
  createGate,
  createIssuer,
  dccClaims,
  momentAt,
  NOW,
  signHc1,
} from '../../support/fixtures.js';
import { policyOf, ruleOf } from '../../support/policies.js';
import { sampleClaims } from '../../support/sample-claims.js';

function authority(issuer: string, region: string) {
  const statusBase = `https://${issuer}.example/status-lists/`;
  return createIssuer({ issuer, scope: { region, kinds: null }, statusBase } satisfies Partial<KeyRecord>);
}

const guangdong = authority('440103', '44');
const zhejiang = authority('330102', '33');
const hub = authority('hub', '');
const dcc = createDccSigner();
const records = [guangdong.record, zhejiang.record, hub.record, dcc.record];

interface Code {
  readonly from: typeof hub;
  readonly region: string;
  readonly sourceIssuer?: string;
}

function contentFor({ from, region, sourceIssuer }: Code) {
  const checked = checkClaims(HEALTH_CODE, { ...sampleClaims('health-code'), region }, 'request');
  const json = {
    ...carriedClaims(HEALTH_CODE, checked),
    ...(sourceIssuer === undefined ? {} : { sourceIssuer }),
  };
  const { issuer, statusBase } = from.record;
  const status = { list: 1, index: 7, uri: `${statusBase}1` };
  return contentOf('health-code', {
    issuer: issuer ?? '',
    status,
    claims: { json, cbor: encodeClaims(HEALTH_CODE, json) },
  });
}

const WAYS = {
  local: { from: zhejiang, region: '330203' },
  direct: { from: guangdong, region: '440103' },
  hub: { from: hub, region: '100000' },
  translated: { from: hub, region: '440103', sourceIssuer: '440103' },
} as const satisfies Record<string, Code>;

const codeOf = (code: Code): string => encodeYm1(contentFor(code), code.from.signer);

/** What a checkpoint of this region says of a code whose published value is this. */
function askAt(
  region: string,
  code: Code,
  value: number,
  policies: Parameters<typeof createPolicyTable>[0] = [],
): Answer {
  const { arena, verify } = createGate(records);
  for (const { record } of [guangdong, zhejiang, hub]) {
    const base = record.statusBase ?? '';
    arena.addList({ base, number: 1, bits: 4, entries: 1024 });
    arena.confirm(base, momentAt(NOW));
  }
  arena.set(code.from.record.statusBase ?? '', 1, 7, value);
  return verify(codeOf(code), { policies: createPolicyTable(policies, region) });
}

const COLOURS = [
  ['green', 0x00, 'admit/ok'],
  ['yellow', 0x0c, 'hold/held_by_policy'],
  ['red', 0x0d, 'refuse/refused_by_policy'],
  ['pending', 0x0e, 'hold/held_by_policy'],
  ['suspended', 2, 'refuse/suspended'],
  ['revoked', 1, 'refuse/revoked'],
  ['of no meaning', 0x0f, 'indeterminate/status_unknown'],
] as const;

for (const [name, way] of Object.entries(WAYS)) {
  t.test(`recognition ${name}: each colour decides, and the answer names the way`, async (t) => {
    for (const [colour, value, expected] of COLOURS) {
      const { decision, reason, recognition, policy, credential } = askAt('33', way, value);
      t.equal(`${decision}/${reason}`, expected, colour);
      t.equal(recognition, name, colour);
      const isJudged = credential?.outcome === 'valid';
      t.same(policy, isJudged ? { id: 'health-code-default', version: 1, rule: colour } : null, colour);
    }
  });
}

t.test('what is local depends on the place, and is nothing at the hub', async (t) => {
  const rows = [
    ['33', WAYS.local, 'local'],
    ['330102', WAYS.local, 'local'],
    ['44', WAYS.local, 'direct'],
    ['44', WAYS.direct, 'local'],
    ['', WAYS.direct, 'direct'],
    ['', WAYS.hub, 'hub'],
    ['', WAYS.translated, 'translated'],
    ['33', { from: hub, region: '330102' }, 'hub'],
    ['66', { from: hub, region: '659001', sourceIssuer: '660000' }, 'translated'],
  ] as const;
  for (const [here, code, expected] of rows)
    t.equal(askAt(here, code, 0).recognition, expected, `${here} ${expected}`);
});

t.test(
  'only a national authority translates: a province’s own claim to it is out of its scope',
  async (t) => {
    const { decision, reason, credential, recognition, checks } = askAt(
      '33',
      { ...WAYS.direct, sourceIssuer: '330102' },
      0,
    );
    t.equal(`${decision}/${reason}`, 'refuse/issuer_out_of_scope');
    t.match(
      { credential, recognition },
      { credential: { outcome: 'invalid', subject: null }, recognition: null },
    );
    t.match(checks, [{ rung: 'envelope' }, { rung: 'key', result: 'fail' }]);
  },
);

t.test('a stricter rule of one province changes no other’s answer', async (t) => {
  const strict = [
    policyOf('health-code', [ruleOf({ always: true }, 'refuse', 'closed')], {
      issuingRegion: '44',
      version: 3,
    }),
    policyOf('health-code', [ruleOf({ status: ['yellow'] }, 'refuse', 'no-yellow')], { version: 2 }),
  ];
  const seen = (here: string, way: Code, value: number, policies = strict): unknown => {
    const { decision, reason, text, policy } = askAt(here, way, value, policies);
    return { decision, reason, text, policy };
  };
  for (const way of Object.values(WAYS)) {
    for (const [colour, value] of COLOURS) {
      for (const here of ['', '44', '34', '65', '66'].concat(
        colour === 'yellow' ? [...PROVINCES.keys()] : [],
      )) {
        if (here !== '33') t.same(seen(here, way, value), seen(here, way, value, []), `${here} ${colour}`);
      }
    }
  }
  t.match(seen('33', WAYS.direct, 0), { decision: 'refuse', policy: { version: 3, rule: 'closed' } });
  t.match(seen('33', WAYS.translated, 0), { decision: 'refuse' }, 'by the region that the code claims');
  t.match(seen('3301', WAYS.hub, 0x0c), { decision: 'refuse', policy: { version: 2, rule: 'no-yellow' } });
  t.match(seen('330102', WAYS.local, 0), { decision: 'admit', policy: { version: 2, rule: 'green' } });
  t.same((seen('3301', WAYS.hub, 0x0c) as Answer).text, {
    'zh-CN': '按浙江省规定不予放行：规则',
    en: "Refused by Zhejiang's rule: Rule",
  });
});

t.test('a policy never mends what the rungs before it refuse', async (t) => {
  const lenient = policyOf('health-code', [ruleOf({ status: ['red', 'yellow', 'pending'] })]);
  for (const [colour, value, expected] of COLOURS.slice(4)) {
    const { decision, reason, policy } = askAt('33', WAYS.direct, value, [lenient]);
    t.equal(`${decision}/${reason}`, expected, colour);
    t.equal(policy, null, colour);
  }
});

t.test('recognition is named of JWS too, and of nothing that was not read', async (t) => {
  const { verify, arena } = createGate(records);
  const base = guangdong.record.statusBase ?? '';
  arena.addList({ base, number: 1, bits: 4, entries: 1024 });
  arena.confirm(base, momentAt(NOW));
  t.equal(verify(encodeYimaJws(contentFor(WAYS.direct), guangdong.signer)).recognition, 'direct');
  t.equal(verify(codeOf(WAYS.direct), { now: NOW + 25 * 3_600 }).recognition, null, 'expired');
  t.equal(verify(signHc1(dccClaims(), dcc.signer)).recognition, null, 'another format');
  t.equal(verify('YM1:').recognition, null);
});
