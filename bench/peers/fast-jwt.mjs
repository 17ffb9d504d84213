// fast-jwt with its cache off, then one bit of the status list.

import { createPrivateKey, createPublicKey } from 'node:crypto';
import { createSigner, createVerifier } from 'fast-jwt';

/** @param {import('./contender.js').PeerWorld} world @returns {Promise<import('./contender.js').Contender>} */
export async function prepare({ privateJwk, publicJwk, issuer, claims, isRevoked }) {
  const pem = createPrivateKey({ key: privateJwk, format: 'jwk' }).export({ type: 'pkcs8', format: 'pem' });
  const publicPem = createPublicKey({ key: publicJwk, format: 'jwk' }).export({
    type: 'spki',
    format: 'pem',
  });
  const sign = createSigner({ key: pem, algorithm: 'EdDSA' });
  const verify = createVerifier({ key: publicPem, algorithms: ['EdDSA'], allowedIss: issuer, cache: false });
  return {
    sign: (serial) => sign(claims(serial)),
    judge: (token) => {
      try {
        return !isRevoked(verify(token).status.status_list.idx);
      } catch {
        return false;
      }
    },
  };
}
