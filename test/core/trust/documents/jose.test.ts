// An independent implementation of JWS: jose verifies what we sign, and what jose signs is read here.

import { GeneralSign, generalVerify, importJWK } from 'jose';
import { test } from 'tap';
import { createNodeVerify, generatePrivateJwk, sha256 } from '../../../../src/adapters/crypto-node.js';
import { decodeBase64url } from '../../../../src/core/codec/base64url.js';
import { utf8Decode, utf8Encode } from '../../../../src/core/codec/bytes.js';
import { canonicalJson } from '../../../../src/core/codec/json.js';
import {
  createSignedDocument,
  type DocumentAlgorithm,
  parseSignedDocument,
} from '../../../../src/core/trust/documents/signed-document.js';
import { createSignerCount } from '../../../../src/core/trust/documents/signer-count.js';
import { deskKey, listPayload, sign } from '../../../support/trust-desk.js';
import { ADMIT } from './reading.js';

const PAYLOAD = listPayload('33', []);
const ALGORITHMS: readonly DocumentAlgorithm[] = ['Ed25519', 'ES256'];

test('jose verifies each signature that we make', async (t) => {
  const keys = ALGORITHMS.map((algorithm) => deskKey(algorithm));
  const document = JSON.parse(sign('list', PAYLOAD, keys).text) as {
    payload: string;
    signatures: { protected: string; signature: string }[];
  };
  for (const { jwk, thumbprint, signer } of keys) {
    const { payload, protectedHeader } = await generalVerify(document, await importJWK(jwk));
    t.equal(utf8Decode(payload), canonicalJson(PAYLOAD));
    t.same(protectedHeader, { alg: signer.algorithm, kid: thumbprint, typ: 'yima-trust-list+json' });
  }
  await t.rejects(generalVerify(document, await importJWK(deskKey().jwk)), 'and none of another key');
});

test('what jose signs is read and counted here', async (t) => {
  const privates = ALGORITHMS.map((algorithm) => generatePrivateJwk(algorithm));
  const trusted = privates.map(({ d: _secret, ...jwk }) => ADMIT(jwk, 'yima'));
  // Several rounds: jose leaves ES256 with either s, ours is the smaller one.
  for (let round = 0; round < 8; round++) {
    const jws = new GeneralSign(utf8Encode(canonicalJson(PAYLOAD)));
    for (const [i, jwk] of privates.entries()) {
      const header = { alg: jwk.alg, kid: trusted[i]?.thumbprint ?? '', typ: 'yima-trust-list+json' };
      jws.addSignature(await importJWK({ ...jwk })).setProtectedHeader(header);
    }
    const { signatures, payload } = await jws.sign();
    t.equal(payload, Buffer.from(canonicalJson(PAYLOAD)).toString('base64url'));
    const written = createSignedDocument(
      'list',
      PAYLOAD,
      signatures.map(({ signature }, i) => ({
        kid: trusted[i]?.thumbprint ?? '',
        algorithm: ALGORITHMS[i] ?? 'Ed25519',
        signature: decodeBase64url(signature),
      })),
      sha256,
    );
    const texts = (JSON.parse(written.text) as typeof jws & { signatures: unknown[] }).signatures;
    t.same(
      new Set(texts.map((each) => JSON.stringify(each))),
      new Set(signatures.map(({ protected: p, signature }) => JSON.stringify({ protected: p, signature }))),
      'the same members',
    );
    t.equal(
      createSignerCount(parseSignedDocument(written.text, sha256), createNodeVerify()).among(trusted),
      2,
    );
  }
});
