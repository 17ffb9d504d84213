// NZ COVID Passes: what a pass says, and that its times leave no leeway.

import t from 'tap';
import { encodeBase64url } from '../../../src/core/codec/base64url.js';
import { utf8Encode } from '../../../src/core/codec/bytes.js';
import { openNzcp, readNzcp } from '../../../src/core/envelope/nzcp.js';
import { createGate, NOW } from '../../support/fixtures.js';
import { createPassIssuer, PASS_ISS, passClaims, signPass } from '../../support/foreign.js';

const issuer = createPassIssuer();

t.test('a pass is taken apart: its nbf is when it was issued', async (t) => {
  const parsed = readNzcp(openNzcp(signPass(passClaims(), issuer)));
  t.match(parsed, {
    envelope: 'NZCP',
    format: 'nzcp',
    issuer: PASS_ISS,
    kids: [encodeBase64url(utf8Encode('key-1'))],
    algorithm: 'ES256',
    kind: 'nzcp-public-covid-pass',
    issuedAt: NOW - 100,
    notBefore: NOW - 100,
    expiresAt: NOW + 100,
    status: null,
    fault: null,
  });
  t.strictSame(parsed.claims, {
    form: 'json',
    values: { familyName: 'Sparrow', givenName: 'Jack', birthDate: '1960-04-16' },
  });
});

t.test('a kid is one, in text or in bytes', async (t) => {
  for (const kid of ['key-1', utf8Encode('key-1')]) {
    const protectedHeader = new Map<number, unknown>([
      [1, -7],
      [4, kid],
    ]);
    const pass = signPass(passClaims(), issuer, { protectedHeader });
    t.equal(createGate([issuer.record]).verify(pass).reason, 'no_policy');
  }
});

t.test('nbf <= now < exp, to the second', async (t) => {
  const gate = createGate([issuer.record]);
  const pass = signPass(passClaims(), issuer);
  for (const [now, reason] of [
    [NOW - 101, 'not_yet_valid'],
    [NOW - 100, 'no_policy'],
    [NOW + 99, 'no_policy'],
    [NOW + 100, 'expired'],
  ] as const) {
    t.equal(gate.verify(pass, { now }).reason, reason, String(now - NOW));
  }
});

t.test('a valid pass is held until a policy says more, and named', async (t) => {
  t.match(createGate([issuer.record]).verify(signPass(passClaims(), issuer)), {
    decision: 'hold',
    assurance: 'foreign',
    credential: {
      outcome: 'valid',
      kindTitle: { 'zh-CN': '新西兰新冠通行证', en: 'NZ COVID Pass' },
      subject: [{ value: 'Sparrow' }, { value: 'Jack' }, { value: '1960-04-16' }],
    },
  });
});
