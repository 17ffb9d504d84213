// Keys of pass issuers: only what the document's assertionMethod names signs passes.

import t from 'tap';
import { encodeBase64url } from '../../../../src/core/codec/base64url.js';
import { utf8Encode } from '../../../../src/core/codec/bytes.js';
import { publicJwk } from '../../../../src/core/signature/public-jwk.js';
import { parseDidDocument } from '../../../../src/core/trust/anchors/did-document.js';
import { createIssuer } from '../../../support/fixtures.js';
import { createPassIssuer, PASS_ISS } from '../../../support/foreign.js';

const { record } = createPassIssuer();
const { alg: _alg, ...publicKeyJwk } = publicJwk(record.key);
const method = (change: object = {}) => ({
  id: `${PASS_ISS}#key-1`,
  controller: PASS_ISS,
  type: 'JsonWebKey2020',
  publicKeyJwk,
  ...change,
});
const read = (methods: readonly unknown[], assertionMethod: readonly unknown[] = [`${PASS_ISS}#key-1`]) =>
  parseDidDocument({ id: PASS_ISS, verificationMethod: methods, assertionMethod });

t.test('a method becomes a record: whole or relative, named or held', async (t) => {
  for (const { records, refused } of [
    read([method()]),
    read([method({ id: '#key-1' })], ['#key-1']),
    read([], [method()]),
    parseDidDocument({ id: PASS_ISS, assertionMethod: [method()] }),
  ]) {
    t.strictSame(refused, []);
    t.strictSame(records, [record]);
  }
  t.equal(record.kid, encodeBase64url(utf8Encode('key-1')));
});

t.test('every rule that a method can break', async (t) => {
  const ed = publicJwk(createIssuer().record.key);
  for (const [change, rule] of [
    [{ id: `${PASS_ISS}#key-2` }, 'not_assertion_method'],
    [{ id: 'did:web:other.example#key-1' }, 'kid_missing'],
    [{ id: PASS_ISS }, 'kid_missing'],
    [{ id: `${PASS_ISS}#a/b` }, 'kid_missing'],
    [{ id: 5 }, 'kid_missing'],
    [{ type: 'EcdsaSecp256r1VerificationKey2019' }, 'method_type'],
    [{ controller: 'did:web:other.example' }, 'controller'],
    [{ publicKeyJwk: ed }, 'algorithm'],
    [{ publicKeyJwk: { ...publicKeyJwk, d: 'AA' } }, 'jwk_private'],
    [{ publicKeyJwk: undefined }, 'jwk_form'],
  ] as const) {
    t.match(read([method(change)]), { records: [], refused: [{ rule }] }, rule);
  }
  t.match(read([method(), method()]), { records: [{}], refused: [{ kid: 'key-1', rule: 'kid_duplicate' }] });
});

t.test('a document that is none', async (t) => {
  for (const json of [
    null,
    {},
    { id: PASS_ISS },
    { id: 'did:key:x', assertionMethod: [] },
    { id: `${PASS_ISS}#x`, assertionMethod: [] },
    { id: PASS_ISS, assertionMethod: [], verificationMethod: {} },
  ]) {
    t.throws(() => parseDidDocument(json), { code: 'list_refused' });
  }
});
