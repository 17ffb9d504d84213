import fc from 'fast-check';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import t from 'tap';
import { createNodeVerify } from '../../../src/adapters/crypto-node.js';
import { readClaimProof } from '../../../src/core/envelope/claim-proof.js';
import { readHolderProof, startHolderProof } from '../../../src/core/envelope/holder-proof.js';
import { readKeyProof } from '../../../src/core/envelope/key-proof.js';
import { YimaError } from '../../../src/core/errors/yima-error.js';
import { createPhone } from '../../support/holder.js';

const NOW = 1_790_000_000;
const ISSUER = 'https://yima.test';
const verify = createNodeVerify();

for (const alg of ['ES256', 'Ed25519'] as const) {
  t.test(`a proof that jose signed with ${alg} is read, whatever else its header says`, async (t) => {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    const jwk = await exportJWK(publicKey);
    const sign = (payload: JWTPayload, header: object = {}) =>
      new SignJWT(payload)
        .setProtectedHeader({ alg, typ: 'openid4vci-proof+jwt', jwk, ...header })
        .sign(privateKey);
    const payload = { aud: ISSUER, iat: NOW, nonce: 'n' };
    for (let n = 0; n < 8; n++) {
      const { nonce, key } = readClaimProof(await sign(payload), ISSUER, NOW, verify);
      t.equal(nonce, 'n');
      t.equal(key.algorithm, alg);
    }
    const marked = { jwk: { ...jwk, alg, use: 'sig', key_ops: ['verify'], ext: true } };
    t.equal(
      readClaimProof(await sign(payload, marked), ISSUER, NOW, verify).nonce,
      'n',
      'as WebCrypto exports keys',
    );
    const encryption = { jwk: { ...jwk, use: 'enc' } };
    const refused = { code: 'invalid_request', rule: 'invalid_proof' };
    const failing = await sign(payload, encryption);
    t.throws(() => readClaimProof(failing, ISSUER, NOW, verify), refused, 'a key for something else');
  });
}

t.test('a page makes the proof that a node reads', (t) => {
  const phone = createPhone('Ed25519');
  const asked = { audience: ISSUER, method: 'GET', uri: `${ISSUER}/holder/credentials` };
  const { message, signedWith } = startHolderProof(phone.signer.publicKey, asked, NOW, 'a'.repeat(22));
  const header = `Holder ${signedWith(phone.signer.sign(message))}`;
  t.same(readHolderProof(header, asked, NOW + 60, verify), {
    key: phone.signer.publicKey,
    id: 'a'.repeat(22),
  });
  t.throws(() => readHolderProof(header, asked, NOW + 61, verify), { code: 'unauthenticated', rule: 'iat' });
  t.end();
});

t.test('no text at all makes it do anything but refuse', (t) => {
  const sound = createPhone().claimProof(ISSUER, 'n', NOW);
  const refuses = (text: string): boolean => {
    try {
      readKeyProof(text, 'openid4vci-proof+jwt', verify);
      return false;
    } catch (error) {
      return error instanceof YimaError && error.code === 'invalid_request';
    }
  };
  fc.assert(fc.property(fc.string({ maxLength: 300 }), refuses));
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: sound.length - 1 }),
      fc.constantFrom('A', '.', '~', ' ', '\0', '界'),
      (at, char) => {
        const changed = sound.slice(0, at) + char + sound.slice(at + 1);
        return changed === sound || refuses(changed);
      },
    ),
  );
  t.end();
});
