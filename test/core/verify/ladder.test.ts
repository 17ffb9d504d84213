// The ladder's table: a row for every reason code that a code can meet, with the rung that gives it.

import t from 'tap';
import { encodeBase45 } from '../../../src/core/codec/base45.js';
import { createKindTable, KINDS } from '../../../src/core/credential/kind-table.js';
import { encodeYimaJws } from '../../../src/core/envelope/yima-jws.js';
import { encodeYm1 } from '../../../src/core/envelope/ym1.js';
import { REASON_CODES, REASONS, type ReasonCode } from '../../../src/core/errors/reasons.js';
import type { KeyRecord } from '../../../src/core/trust/key-record.js';
import { type Answer, RUNGS, type Rung } from '../../../src/core/verify/answer.js';
import type { VerifyContext } from '../../../src/core/verify/context.js';
import { verifyOutcome } from '../../../src/core/verify/verify-code.js';
import { createDevice, signYm2, ym2Claims } from '../../support/device.js';
import {
  contentOf,
  createDccSigner,
  createGate,
  createIssuer,
  dccClaims,
  type Gate,
  NOW,
  signHc1,
  signYm1,
  ym1Claims,
} from '../../support/fixtures.js';

const issuer = createIssuer();
const { signer, record } = issuer;
const dcc = createDccSigner();
const good = encodeYm1(contentOf(), signer);
const device = createDevice();
const bound = device.bind(signer);
const live = device.present(bound);
const seenElsewhere: VerifyContext['sightings'] = {
  see: () => ({ isElsewhere: true, reach: 'local' }),
};
const HOUR = 3_600;

function healthCodeWithStatus(value: number): Gate {
  const gate = createGate([record]);
  gate.arena.set(record.statusBase ?? '', 1, 7, value);
  return gate;
}

function gateWith(change: Partial<KeyRecord>): Gate {
  return createGate([{ ...record, ...change }]);
}

interface Row {
  readonly title: string;
  readonly code?: string;
  readonly gate?: Gate;
  readonly context?: Partial<VerifyContext>;
  readonly reason: ReasonCode;
  readonly rung: Rung | null;
}

const noPolicy = createKindTable(KINDS.all.map((kind) => ({ ...kind, policy: null })));
const otherKindsOnly = createKindTable(KINDS.all.filter(({ name }) => name !== 'health-code'));

const ROWS: readonly Row[] = [
  { title: 'a green health code', reason: 'ok', rung: null },
  { title: 'the same as JWS', code: encodeYimaJws(contentOf(), signer), reason: 'ok', rung: null },
  { title: 'a text without our prefix', code: 'https://example.com/', reason: 'not_ours', rung: 'envelope' },
  { title: 'an empty text', code: '', reason: 'not_ours', rung: 'envelope' },
  { title: 'a card in two symbols', code: 'shc:/1/2/5676290', reason: 'unsupported', rung: 'envelope' },
  { title: 'a credential as a live code', code: `YM2:${good.slice(4)}`, reason: 'damaged', rung: 'envelope' },
  { title: 'a live code', code: live, reason: 'ok', rung: null },
  {
    title: 'a picture of a live code',
    code: live,
    context: { now: NOW + 31 },
    reason: 'presentation_expired',
    rung: 'time',
  },
  {
    title: 'a live code signed by another phone',
    code: createDevice().present(bound),
    reason: 'holder_mismatch',
    rung: 'holder',
  },
  {
    title: 'a live code around an unbound one',
    code: signYm2(ym2Claims(good), device.signer),
    reason: 'holder_mismatch',
    rung: 'holder',
  },
  {
    title: 'a live code that was just seen elsewhere',
    code: live,
    context: { sightings: seenElsewhere },
    reason: 'replayed',
    rung: 'holder',
  },
  { title: 'half a code', code: good.slice(0, 140), reason: 'damaged', rung: 'envelope' },
  {
    title: 'another issuer’s key id',
    gate: createGate([createIssuer().record]),
    reason: 'issuer_unknown',
    rung: 'key',
  },
  {
    title: 'the key under another issuer',
    gate: gateWith({ issuer: '330105' }),
    reason: 'issuer_unknown',
    rung: 'key',
  },
  {
    title: 'a key for another region',
    gate: gateWith({ scope: { region: '3302', kinds: null } }),
    reason: 'issuer_out_of_scope',
    rung: 'key',
  },
  {
    title: 'a key for other kinds',
    gate: gateWith({ scope: { region: '', kinds: ['id-card'] } }),
    reason: 'issuer_out_of_scope',
    rung: 'key',
  },
  {
    title: 'a key for status lists',
    gate: gateWith({ use: 'status' }),
    reason: 'issuer_out_of_scope',
    rung: 'key',
  },
  {
    title: 'a code from after the key’s time',
    gate: gateWith({ state: 'retired', notAfter: NOW - 11 }),
    reason: 'key_retired',
    rung: 'key',
  },
  {
    title: 'a key that is only announced',
    gate: gateWith({ state: 'announced' }),
    reason: 'key_retired',
    rung: 'key',
  },
  { title: 'a revoked key', gate: gateWith({ state: 'revoked' }), reason: 'key_revoked', rung: 'key' },
  {
    title: 'a signature over other bytes',
    code: signYm1(ym1Claims(), signer, { aad: 'YM2' }),
    reason: 'bad_signature',
    rung: 'signature',
  },
  { title: 'a code past its end', context: { now: NOW + 25 * HOUR }, reason: 'expired', rung: 'time' },
  { title: 'a code from the future', context: { now: NOW - HOUR }, reason: 'not_yet_valid', rung: 'time' },
  {
    title: 'an end before the beginning',
    code: signYm1(ym1Claims([[4, NOW - 11]]), signer),
    reason: 'invalid_claims',
    rung: 'time',
  },
  {
    title: 'claims outside the kind’s table',
    code: signYm1(ym1Claims([[-65537, [1, 1, 7, new Map<number, unknown>([[9, 330102]])]]]), signer),
    reason: 'invalid_claims',
    rung: 'claims',
  },
  { title: 'a revoked code', gate: healthCodeWithStatus(1), reason: 'revoked', rung: 'status' },
  { title: 'a suspended code', gate: healthCodeWithStatus(2), reason: 'suspended', rung: 'status' },
  { title: 'a yellow code', gate: healthCodeWithStatus(0x0c), reason: 'held_by_policy', rung: 'policy' },
  { title: 'a pending code', gate: healthCodeWithStatus(0x0e), reason: 'held_by_policy', rung: 'policy' },
  { title: 'a red code', gate: healthCodeWithStatus(0x0d), reason: 'refused_by_policy', rung: 'policy' },
  {
    title: 'a kind nobody decided for',
    gate: createGate([record], noPolicy),
    reason: 'no_policy',
    rung: 'policy',
  },
  {
    title: 'a kind unknown here',
    gate: createGate([record], otherKindsOnly),
    reason: 'no_policy',
    rung: 'policy',
  },
  {
    title: 'a foreign certificate',
    code: signHc1(dccClaims(), dcc.signer),
    gate: createGate([dcc.record]),
    reason: 'no_policy',
    rung: 'policy',
  },
  {
    title: 'a bound code without its device',
    code: encodeYm1(contentOf('health-code', { deviceKey: createIssuer().signer.publicKey }), signer),
    reason: 'holder_mismatch',
    rung: 'holder',
  },
  {
    title: 'a status value without a meaning',
    gate: healthCodeWithStatus(3),
    reason: 'status_unknown',
    rung: 'status',
  },
  {
    title: 'a list that is not held',
    code: encodeYm1(contentOf('health-code', { status: { list: 2, index: 0, uri: '' } }), signer),
    reason: 'status_unknown',
    rung: 'status',
  },
  {
    title: 'an index past the end',
    code: encodeYm1(contentOf('health-code', { status: { list: 1, index: 2 ** 31, uri: '' } }), signer),
    reason: 'status_unknown',
    rung: 'status',
  },
  {
    title: 'an issuer without lists',
    gate: gateWith({ statusBase: null }),
    reason: 'status_unknown',
    rung: 'status',
  },
  {
    title: 'a list uri that leads elsewhere',
    code: encodeYimaJws(
      contentOf('health-code', { status: { list: 1, index: 7, uri: 'https://other.example/1' } }),
      signer,
    ),
    reason: 'status_unknown',
    rung: 'status',
  },
  { title: 'old status data', context: { now: NOW + 301 }, reason: 'status_stale', rung: 'status' },
  {
    title: 'an old trust list',
    context: { now: NOW + 121, maxTrustAgeSeconds: 120 },
    reason: 'trust_stale',
    rung: 'key',
  },
  { title: 'a clock behind', context: { clockFloor: NOW + 61 }, reason: 'clock_untrusted', rung: 'time' },
];

function failedRung(answer: Answer): Rung | null {
  return answer.checks.find(({ result }) => result === 'fail')?.rung ?? null;
}

t.test('each way to fail has its reason, its decision and its rung', async (t) => {
  const usual = createGate([record]);
  for (const { title, code = good, gate = usual, context, reason, rung } of ROWS) {
    const answer = gate.verify(code, context);
    t.equal(answer.reason, reason, title);
    t.equal(answer.decision, REASONS[reason].decision, `${title}: decision`);
    t.equal(failedRung(answer), rung, `${title}: rung`);
    t.strictSame(
      answer.checks.map((check) => check.rung),
      RUNGS,
      `${title}: all rungs are listed`,
    );
    t.notMatch(JSON.stringify(answer.text), /\{[a-z]+\}|…/, `${title}: the sentence is complete`);
  }
});

t.test('every reason that a code can meet is in the table', async (t) => {
  const elsewhere: readonly ReasonCode[] = ['overloaded'];
  const listed = new Set([...ROWS.map(({ reason }) => reason), ...elsewhere]);
  t.strictSame(
    REASON_CODES.filter((code) => !listed.has(code)),
    [],
  );
});

t.test('personal data follow the verdict: only admit and hold show the subject', async (t) => {
  const usual = createGate([record]);
  for (const { title, code = good, gate = usual, context } of ROWS) {
    const answer = gate.verify(code, context);
    const mayShow = answer.decision === 'admit' || answer.decision === 'hold';
    if (!mayShow) t.equal(answer.credential?.subject ?? null, null, title);
    t.notMatch(JSON.stringify(answer), /张小三|19000101002X/, `${title}: masked`);
  }
  t.equal(usual.verify(good).credential?.subject?.[0]?.value, '张*三');
});

t.test('nothing of an unproven code is repeated', async (t) => {
  const rungs: readonly (Rung | null)[] = ['envelope', 'key', 'signature'];
  const usual = createGate([record]);
  for (const { title, code = good, gate = usual, context, reason, rung } of ROWS) {
    if (!rungs.includes(rung) || reason === 'trust_stale') continue;
    const { credential, assurance, statusAgeSeconds } = gate.verify(code, context);
    t.strictSame(
      { credential, assurance, statusAgeSeconds },
      { credential: null, assurance: null, statusAgeSeconds: null },
      title,
    );
  }
});

t.test('the outcome alone is that of the answer', async (t) => {
  const usual = createGate([record]);
  for (const { title, code = good, gate: { deps, verify } = usual, context } of ROWS) {
    const outcome = verifyOutcome(code, { ...deps, context: { ...deps.context, ...context } });
    t.equal(outcome, verify(code, context).credential?.outcome ?? null, title);
  }
});

t.test('the outcome speaks of the credential apart from policy and holder', async (t) => {
  const outcomes = (reason: ReasonCode): readonly (string | undefined)[] =>
    ROWS.filter((row) => row.reason === reason).map(
      ({ code = good, gate, context }) =>
        (gate ?? createGate([record])).verify(code, context).credential?.outcome,
    );
  for (const reason of [
    'ok',
    'no_policy',
    'held_by_policy',
    'refused_by_policy',
    'holder_mismatch',
    'replayed',
  ] as const) {
    t.ok(
      outcomes(reason).every((outcome) => outcome === 'valid'),
      reason,
    );
  }
  for (const reason of ['revoked', 'suspended', 'expired', 'invalid_claims'] as const) {
    t.ok(
      outcomes(reason).every((outcome) => outcome === 'invalid'),
      reason,
    );
  }
  for (const reason of [
    'status_stale',
    'status_unknown',
    'trust_stale',
    'clock_untrusted',
    'presentation_expired',
  ] as const) {
    t.ok(
      outcomes(reason).every((outcome) => outcome === 'indeterminate'),
      reason,
    );
  }
});

t.test('an uncertain rung never hides a certain refusal', async (t) => {
  const revoked = healthCodeWithStatus(1);
  t.equal(
    revoked.verify(good, { now: NOW + 301 }).reason,
    'revoked',
    'old knowledge of a revocation is certain',
  );
  t.equal(revoked.verify(good, { maxTrustAgeSeconds: -1 }).reason, 'revoked', 'under an old trust list');
  t.equal(revoked.verify(good, { clockFloor: NOW + 999 }).reason, 'revoked', 'under a clock behind');
  const suspended = healthCodeWithStatus(2);
  t.equal(
    suspended.verify(good, { now: NOW + 301 }).reason,
    'status_stale',
    'a suspension may have been lifted',
  );
  const bound = encodeYm1(
    contentOf('health-code', {
      deviceKey: createIssuer().signer.publicKey,
      status: { list: 9, index: 0, uri: '' },
    }),
    signer,
  );
  t.equal(
    createGate([record]).verify(bound).reason,
    'holder_mismatch',
    'a bound code whose list is not held',
  );
  const boundRevoked = encodeYm1(
    contentOf('health-code', { deviceKey: createIssuer().signer.publicKey }),
    signer,
  );
  t.equal(revoked.verify(boundRevoked).reason, 'revoked', 'revoked is told before the missing device');
});

t.test('expired beats any status, and the list is not read', async (t) => {
  const gate = createGate([record]);
  const status = { find: () => t.fail('the list was read') as never };
  t.equal(gate.verify(good, { now: NOW + 25 * HOUR, status }).reason, 'expired');
});

t.test('sentences carry times, ages and rules in both languages', async (t) => {
  const gate = createGate([record]);
  t.match(gate.verify(good, { now: NOW + 25 * HOUR }).text, {
    'zh-CN': /已过期（2026-09-22 \d\d:\d\d 到期，现在 2026-09-22 \d\d:\d\d）/,
    en: /Expired \(2026-09-22/,
  });
  t.same(gate.verify(good, { now: NOW + 600 }).text, {
    'zh-CN': '状态数据已旧（10 分钟前），无法判断',
    en: 'Status data too old (10 min)',
  });
  t.same(healthCodeWithStatus(0x0d).verify(good).text, {
    'zh-CN': '按浙江省（330102）规定不予放行：红码',
    en: "Refused by Zhejiang (330102)'s rule: Red code",
  });
  t.match(gate.verify(good, { clockFloor: NOW + 121 }).text, { en: 'Clock off by about 3 min' });
});

t.test('a foreign certificate shows what a passport can be compared with', async (t) => {
  const answer = createGate([dcc.record]).verify(signHc1(dccClaims(), dcc.signer));
  t.match(answer, {
    decision: 'hold',
    assurance: 'foreign',
    credential: { kind: 'eu-dcc-vaccination', issuer: 'AT', kindTitle: { 'zh-CN': '欧盟新冠证明（接种）' } },
  });
  t.same(
    answer.credential?.subject?.map(({ name, value }) => [name, value]),
    [
      ['familyName', 'Musterfrau'],
      ['givenName', 'Gabriele'],
      ['birthDate', '1900-01-01'],
      ['date', '2026-02-18'],
    ],
  );
});

t.test('every shipped kind is admitted or held in both envelopes', async (t) => {
  const gate = createGate([record]);
  for (const kind of KINDS.all) {
    for (const encode of [encodeYm1, encodeYimaJws]) {
      const answer = gate.verify(encode(contentOf(kind.name), signer));
      t.equal(answer.credential?.outcome, 'valid', `${kind.name} ${answer.credential?.envelope}`);
      t.ok(answer.decision === 'admit' || answer.decision === 'hold', `${kind.name}: ${answer.reason}`);
    }
  }
});

t.test('the two envelopes give one answer', async (t) => {
  const gate = createGate([record]);
  const [ym1, jws] = [encodeYm1, encodeYimaJws].map((encode) => gate.verify(encode(contentOf(), signer)));
  t.same({ ...jws?.credential, envelope: 'YM1' }, ym1?.credential);
});

t.test('bytes that are no code at all are refused, not thrown', async (t) => {
  const gate = createGate([record]);
  for (const text of [
    'YM1:',
    'HC1:',
    'eyJ',
    'YM1:AB',
    'HC1:6BF',
    'YM1::::',
    'eyJ..',
    `YM1:${encodeBase45(new Uint8Array(2000))}`,
  ]) {
    t.equal(gate.verify(text).reason, 'damaged', JSON.stringify(text.slice(0, 12)));
  }
});
