// Both sides of every edge of the time rung.

import t from 'tap';
import { KINDS } from '../../../src/core/credential/kind-table.js';
import type { CodeContent } from '../../../src/core/envelope/code-content.js';
import { encodeYimaJws } from '../../../src/core/envelope/yima-jws.js';
import { encodeYm1 } from '../../../src/core/envelope/ym1.js';
import type { VerifyContext } from '../../../src/core/verify/context.js';
import {
  contentOf,
  createDccSigner,
  createGate,
  createIssuer,
  dccClaims,
  jwsClaims,
  jwsHeader,
  momentAt,
  NOW,
  signHc1,
  signJws,
  signYm1,
  ym1Claims,
} from '../../support/fixtures.js';

const { signer, record } = createIssuer();
const gate = createGate([record]);
const DAY = 86_400;
const IAT = NOW - 10;
const EXP = IAT + DAY;
const MAX = KINDS.byName('health-code')?.validity.maxSeconds ?? 0;

function reasonOf(change: Partial<CodeContent>, context: Partial<VerifyContext> = {}): string {
  const fresh = { ...context, status: { find: () => ({ value: 0, asOf: momentAt(context.now ?? NOW) }) } };
  const content = contentOf('health-code', change);
  const reasons = [encodeYm1, encodeYimaJws].map(
    (encode) => gate.verify(encode(content, signer), fresh).reason,
  );
  return reasons[0] === reasons[1] ? (reasons[0] ?? '') : reasons.join(' ');
}

t.test('a clock may be 60 s off, to the second', async (t) => {
  const rows: readonly (readonly [string, Partial<CodeContent>, number, string])[] = [
    ['one second before exp + 60', {}, EXP + 59, 'ok'],
    ['exp + 60', {}, EXP + 60, 'expired'],
    ['iat - 60', {}, IAT - 60, 'ok'],
    ['one second before iat - 60', {}, IAT - 61, 'not_yet_valid'],
    ['nbf - 60', { notBefore: IAT + 500 }, IAT + 440, 'ok'],
    ['one second before nbf - 60', { notBefore: IAT + 500 }, IAT + 439, 'not_yet_valid'],
    ['an nbf before iat changes nothing', { notBefore: IAT - 500 }, IAT - 61, 'not_yet_valid'],
  ];
  for (const [title, change, now, reason] of rows) t.equal(reasonOf(change, { now }), reason, title);
});

t.test('the times must make sense together', async (t) => {
  t.equal(reasonOf({ expiresAt: IAT }, { now: IAT }), 'ok', 'exp = iat');
  t.equal(reasonOf({ expiresAt: IAT - 1 }, { now: IAT }), 'invalid_claims', 'exp before iat');
  t.equal(reasonOf({ notBefore: EXP, expiresAt: EXP }, { now: EXP }), 'ok', 'nbf = exp');
  t.equal(reasonOf({ notBefore: EXP + 1, expiresAt: EXP }, { now: EXP }), 'invalid_claims', 'nbf after exp');
  t.equal(reasonOf({ expiresAt: IAT + MAX }), 'ok', 'the longest life of the kind');
  t.equal(reasonOf({ expiresAt: IAT + MAX + 1 }), 'invalid_claims', 'one second more');
  t.equal(reasonOf({ expiresAt: null }), 'invalid_claims', 'no end where the kind wants one');
});

t.test('a licence without end needs no exp', async (t) => {
  const endless = KINDS.all.find(({ validity }) => validity.maxSeconds === null);
  t.ok(endless !== undefined);
  const code = encodeYm1(contentOf(endless?.name, { expiresAt: null }), signer);
  t.equal(gate.verify(code).credential?.outcome, 'valid');
});

t.test('a time is a whole number of seconds up to the year 9999', async (t) => {
  const JWS_TIMES = [
    '1e21',
    '-1',
    '1.5',
    '"123"',
    'null',
    '9007199254740993',
    '253402300800',
    `${NOW}000`,
    'true',
    '[]',
  ];
  for (const claim of ['iat', 'nbf', 'exp']) {
    for (const value of JWS_TIMES) {
      const payload = JSON.stringify({ ...jwsClaims(), [claim]: '@' }).replace('"@"', value);
      const token = signJws(JSON.stringify(jwsHeader(signer)), payload, signer);
      t.equal(gate.verify(token).reason, 'invalid_claims', `JWS ${claim} ${value}`);
    }
  }
  const CBOR_TIMES = [-1, '123', null, 2 ** 53 - 1, 253_402_300_800, true, 2n ** 63n, new Uint8Array([1])];
  for (const claim of [6, 5, 4]) {
    for (const value of CBOR_TIMES) {
      const code = signYm1(ym1Claims([[claim, value]]), signer);
      t.equal(gate.verify(code).reason, 'invalid_claims', `YM1 ${claim} ${String(value)}`);
    }
  }
  t.equal(gate.verify(signYm1(ym1Claims([[6, undefined]]), signer)).reason, 'invalid_claims', 'no iat');
  t.equal(
    gate.verify(signYm1(ym1Claims([[5, IAT]]), signer)).reason,
    'invalid_claims',
    'nbf = iat is never written',
  );
  t.equal(
    reasonOf({ issuedAt: 0, expiresAt: 253_402_300_799 }),
    'invalid_claims',
    'in bounds, too long for the kind',
  );
});

t.test('a forged code with impossible times is called forged', async (t) => {
  const code = signYm1(ym1Claims([[4, -1]]), signer, { aad: 'other' });
  t.equal(gate.verify(code).reason, 'bad_signature');
});

t.test('a clock that lags behind a known time by more than 60 s cannot judge', async (t) => {
  t.equal(reasonOf({}, { clockFloor: NOW + 60 }), 'ok');
  t.equal(reasonOf({}, { clockFloor: NOW + 61 }), 'clock_untrusted');
  t.equal(reasonOf({}, { clockFloor: NOW - DAY }), 'ok', 'a floor in the past');
});

t.test('trust and status data may be as old as their limits, and no second older', async (t) => {
  const code = encodeYm1(contentOf(), signer);
  const at = (statusAge: number, trustAge: number): string =>
    gate.verify(code, {
      now: NOW + trustAge,
      steady: NOW + trustAge,
      maxTrustAgeSeconds: 100,
      status: { find: () => ({ value: 0, asOf: momentAt(NOW + trustAge - statusAge) }) },
    }).reason;
  t.equal(at(300, 100), 'ok');
  t.equal(at(301, 100), 'status_stale');
  t.equal(at(300, 101), 'trust_stale');
  t.equal(at(-50, 0), 'ok', 'data from ahead of this clock are new');
});

t.test('a signer certificate counts when the code is made and when it is shown', async (t) => {
  const window = { notBefore: NOW - 2 * DAY, notAfter: NOW + DAY / 2 };
  const dcc = createDccSigner(window);
  const code = signHc1(dccClaims(), dcc.signer);
  const reasonAt = (now: number): string => createGate([dcc.record]).verify(code, { now }).reason;
  t.equal(reasonAt(window.notAfter + 60), 'no_policy');
  t.equal(reasonAt(window.notAfter + 61), 'key_retired');
  const late = createGate([{ ...dcc.record, notBefore: NOW - DAY + 1 }]);
  t.equal(late.verify(code).reason, 'key_retired', 'issued before the certificate began');
  t.equal(reasonAt(NOW + DAY + 60), 'expired', 'the code’s own end comes first');
});

t.test('HC1 needs iat and exp', async (t) => {
  const dcc = createDccSigner();
  for (const claim of [4, 6]) {
    const code = signHc1(dccClaims([[claim, undefined]]), dcc.signer);
    t.equal(createGate([dcc.record]).verify(code).reason, 'invalid_claims');
  }
});
