// The ladder's table: a row for every reason code that a code can meet, with the rung that gives it.

import t from 'tap';
import { encodeBase45 } from '../../../src/core/codec/base45.js';
import { KINDS } from '../../../src/core/credential/kind-table.js';
import { encodeYimaJws } from '../../../src/core/envelope/yima-jws.js';
import { encodeYm1 } from '../../../src/core/envelope/ym1.js';
import { REASON_CODES, REASONS, type ReasonCode } from '../../../src/core/errors/reasons.js';
import { type Answer, RUNGS, type Rung } from '../../../src/core/verify/answer.js';
import { verifyOutcome } from '../../../src/core/verify/verify-code.js';
import { contentOf, createGate, createIssuer, dccClaims, NOW, signHc1 } from '../../support/fixtures.js';
import {
  dcc,
  good,
  HOUR,
  healthCodeWithStatus,
  LADDER_ROWS,
  MET_BY_NO_CODE,
  record,
  signer,
} from './ladder-rows.js';

function failedRung(answer: Answer): Rung | null {
  return answer.checks.find(({ result }) => result === 'fail')?.rung ?? null;
}

t.test('each way to fail has its reason, its decision and its rung', async (t) => {
  for (const { title, code, gate, context, reason, rung } of LADDER_ROWS) {
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
  const listed = new Set([...LADDER_ROWS.map(({ reason }) => reason), ...MET_BY_NO_CODE]);
  t.strictSame(
    REASON_CODES.filter((code) => !listed.has(code)),
    [],
  );
});

t.test('personal data follow the verdict: only admit and hold show the subject', async (t) => {
  const usual = createGate([record]);
  for (const { title, code, gate, context } of LADDER_ROWS) {
    const answer = gate.verify(code, context);
    const mayShow = answer.decision === 'admit' || answer.decision === 'hold';
    if (!mayShow) t.equal(answer.credential?.subject ?? null, null, title);
    t.notMatch(JSON.stringify(answer), /张小三|19000101002X/, `${title}: masked`);
  }
  t.equal(usual.verify(good).credential?.subject?.[0]?.value, '张*三');
});

t.test('nothing of an unproven code is repeated', async (t) => {
  const rungs: readonly (Rung | null)[] = ['envelope', 'key', 'signature'];
  for (const { title, code, gate, context, reason, rung } of LADDER_ROWS) {
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
  for (const {
    title,
    code,
    gate: { deps, verify },
    context,
  } of LADDER_ROWS) {
    const outcome = verifyOutcome(code, { ...deps, context: { ...deps.context, ...context } });
    t.equal(outcome, verify(code, context).credential?.outcome ?? null, title);
  }
});

t.test('the outcome speaks of the credential apart from policy and holder', async (t) => {
  const outcomes = (reason: ReasonCode): readonly (string | undefined)[] =>
    LADDER_ROWS.filter((row) => row.reason === reason).map(
      ({ code, gate, context }) => gate.verify(code, context).credential?.outcome,
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
