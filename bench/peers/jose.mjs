// jose.jwtVerify with an imported key, then one bit of the status list.

import { importJWK, jwtVerify, SignJWT } from 'jose';

const TYPE = 'yima+jwt';

/** @param {import('./contender.js').PeerWorld} world @returns {Promise<import('./contender.js').Contender>} */
export async function prepare({ privateJwk, publicJwk, issuer, claims, isRevoked }) {
  const signingKey = await importJWK(privateJwk, 'Ed25519');
  const key = await importJWK(publicJwk, 'Ed25519');
  const rules = { algorithms: ['Ed25519'], issuer, typ: TYPE };
  return {
    sign: (serial) =>
      new SignJWT(claims(serial)).setProtectedHeader({ alg: 'Ed25519', typ: TYPE }).sign(signingKey),
    judge: async (token) => {
      try {
        const { payload } = await jwtVerify(token, key, rules);
        return !isRevoked(payload.status.status_list.idx);
      } catch {
        return false;
      }
    },
  };
}
