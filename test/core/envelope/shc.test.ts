// SMART Health Cards: what a card says, and what of it a person sees.

import t from 'tap';
import { inflateRaw } from '../../../src/adapters/crypto-node.js';
import { openShc, readShc, readShcPayload } from '../../../src/core/envelope/shc.js';
import { createGate, NOW } from '../../support/fixtures.js';
import { CARD_ISS, cardClaims, createCardIssuer, numeric, signCard } from '../../support/foreign.js';

const issuer = createCardIssuer();
const TYPE = 'https://smarthealth.cards#';

t.test('a card is taken apart: its nbf is when it was issued, fractions dropped', async (t) => {
  const parsed = readShc(openShc(signCard(cardClaims({ exp: NOW + 60.9 }), issuer)), inflateRaw);
  t.match(parsed, {
    envelope: 'SHC',
    format: 'shc',
    issuer: CARD_ISS,
    kids: [issuer.record.kid],
    algorithm: 'ES256',
    kind: 'shc-immunization',
    issuedAt: NOW - 101,
    notBefore: NOW - 101,
    expiresAt: NOW + 60,
    status: { rid: null },
    deviceKey: null,
    fault: null,
  });
  t.strictSame(parsed.claims, {
    form: 'json',
    values: { familyName: 'Anyperson', givenName: 'John B.', birthDate: '1951-01-20', date: '2026-01-29' },
  });
  t.equal(parsed.signature.length, 64);
});

t.test('the kind is what the types say', async (t) => {
  for (const [types, kind] of [
    [['health-card'], 'shc-health-card'],
    [['health-card', 'covid19'], 'shc-health-card'],
    [['laboratory', 'health-card'], 'shc-laboratory'],
    [['health-card', 'immunization', 'laboratory'], 'shc-health-card'],
    [['immunization'], ''],
    [[], ''],
  ] as const) {
    const claims = cardClaims({}, { type: types.map((name) => TYPE + name) });
    const read = readShcPayload(JSON.stringify(claims));
    t.match(read, { kind, fault: kind === '' ? 'claims' : null }, types.join());
  }
});

t.test('what a bundle lacks, or says in an odd way, is not shown', async (t) => {
  const patient = { resourceType: 'Patient', name: [{ family: 'A\u202EB', given: 'x' }], birthDate: 1951 };
  for (const fhirBundle of [{}, { entry: 1 }, { entry: [null, {}, { resource: patient }] }]) {
    const read = readShcPayload(JSON.stringify(cardClaims({}, { credentialSubject: { fhirBundle } })));
    t.strictSame(read.claims, { form: 'json', values: {} });
    t.equal(read.fault, null);
  }
});

t.test('digits are a JWS, two a character, and nothing else is', async (t) => {
  t.strictSame(openShc(numeric('eyJ.-_z')), new TextEncoder().encode('eyJ.-_z'));
  t.throws(() => openShc('shc:/1/2/00'), { code: 'unsupported' });
  for (const text of [
    'shc:/',
    'shc:/0',
    'shc:/78',
    'shc:/000',
    'shc:/0x',
    'shc:/ 0',
    `shc:/${'00'.repeat(1_196)}`,
  ]) {
    t.throws(() => openShc(text), { code: 'damaged' }, text.slice(0, 12));
  }
  t.equal(openShc(`shc:/${'00'.repeat(1_195)}`).length, 1_195);
});

t.test('a valid card is held until a policy says more, shown in full, and named', async (t) => {
  const answer = createGate([issuer.record]).verify(signCard(cardClaims(), issuer));
  t.match(answer, {
    decision: 'hold',
    reason: 'no_policy',
    assurance: 'foreign',
    credential: {
      outcome: 'valid',
      envelope: 'SHC',
      kind: 'shc-immunization',
      kindTitle: { 'zh-CN': 'SMART 健康卡（接种）', en: 'SMART Health Card (immunisation)' },
      issuer: CARD_ISS,
      subject: [
        { value: 'Anyperson' },
        { value: 'John B.' },
        { value: '1951-01-20' },
        { value: '2026-01-29' },
      ],
    },
  });
});

t.test('a kid counts within its own issuer alone', async (t) => {
  const other = { ...issuer, record: { ...issuer.record, issuer: 'https://other.example' } };
  const card = signCard(cardClaims(), issuer);
  t.equal(createGate([other.record]).verify(card).reason, 'issuer_unknown');
  t.equal(createGate([other.record, issuer.record]).verify(card).reason, 'no_policy');
  t.equal(
    createGate([{ ...issuer.record, issuer: null }]).verify(
      signCard(cardClaims({ iss: `${CARD_ISS}/` }), issuer),
    ).reason,
    'issuer_unknown',
  );
  const narrow = { ...issuer.record, scope: { region: '', kinds: ['shc-laboratory'] } };
  t.equal(createGate([narrow]).verify(card).reason, 'issuer_out_of_scope');
});
