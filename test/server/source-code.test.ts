// Which codes the hub reads to translate them: a province's own, judged sound, and in the right hands.

import t from 'tap';
import { createPolicyTable } from '../../src/core/credential/policy-table.js';
import { encodeYimaJws } from '../../src/core/envelope/yima-jws.js';
import { encodeYm1 } from '../../src/core/envelope/ym1.js';
import { createSourceReader } from '../../src/server/source-code.js';
import { createDevice } from '../support/device.js';
import {
  contentOf,
  createDccSigner,
  createGate,
  createIssuer,
  dccClaims,
  ISSUER,
  NOW,
  STATUS_BASE,
  signHc1,
} from '../support/fixtures.js';

const { signer, record } = createIssuer();
const demo = createIssuer({ issuer: 'demo.hub' });
const dcc = createDccSigner();
const policies = createPolicyTable([], '');

function read(code: string, value = 0, now = NOW) {
  const gate = createGate([record, demo.record, dcc.record]);
  gate.arena.set(STATUS_BASE, 1, 7, value);
  return createSourceReader((text) => gate.verify(text, { policies, now }), ['hub', 'demo.hub'])(code);
}

const device = createDevice();
const good = encodeYm1(contentOf(), signer);
const rejected = (rule: string) => ({ code: 'claims_rejected', field: 'code', rule });

t.test('a province’s code in either envelope, whatever its colour', async (t) => {
  for (const code of [good, encodeYimaJws(contentOf(), signer)]) {
    for (const value of [0, 0x0c, 0x0d, 0x0e]) {
      const source = read(code, value);
      t.match(source, { issuer: ISSUER, level: value, kind: { name: 'health-code' } });
      t.same(source.claims, contentOf().claims.json);
      t.equal(source.expiresAt, contentOf().expiresAt);
    }
  }
});

t.test('anything else is named and rejected', async (t) => {
  const bound = contentOf('health-code', { deviceKey: createIssuer().signer.publicKey });
  const elsewhere = contentOf('health-code', { issuer: '330199' });
  const rows: readonly (readonly [string, () => unknown, string])[] = [
    ['a code that is bound to a phone', () => read(encodeYm1(bound, signer)), 'holder_mismatch'],
    ['the same as a live code', () => read(device.present(device.bind(signer))), 'bound_to_device'],
    [
      'a demo code',
      () => read(encodeYm1(contentOf('health-code', { issuer: 'demo.hub' }), demo.signer)),
      'not_a_local_code',
    ],
    ['another format', () => read(signHc1(dccClaims(), dcc.signer)), 'no_policy'],
    ['an unknown issuer', () => read(encodeYm1(elsewhere, signer)), 'issuer_unknown'],
    [
      'another’s signature',
      () => read(encodeYm1(contentOf(), { ...demo.signer, kid: signer.kid })),
      'bad_signature',
    ],
    ['a revoked code', () => read(good, 1), 'revoked'],
    ['a suspended code', () => read(good, 2), 'suspended'],
    ['a status without meaning', () => read(good, 3), 'status_unknown'],
    ['old status', () => read(good, 0, NOW + 301), 'status_stale'],
    ['an old code', () => read(good, 0, NOW + 25 * 3_600), 'expired'],
    ['a code from the future', () => read(good, 0, NOW - 3_600), 'not_yet_valid'],
    ['half a code', () => read(good.slice(0, 100)), 'damaged'],
    ['no code', () => read('hello'), 'not_ours'],
  ];
  for (const [title, run, rule] of rows) t.throws(run, rejected(rule), title);
});
