// @sd-jwt/sd-jwt-vc with four disclosures, all shown, and its own status list, which it verifies and inflates for each token.
// The list's token is in memory, so that no network is in the figure.

import { createHash, createPrivateKey, createPublicKey, randomBytes, sign, verify } from 'node:crypto';
import { StatusList } from '@sd-jwt/jwt-status-list';
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc';

const DISCLOSED = ['holderName', 'holderIdType', 'holderId', 'region'];

/** @param {import('./contender.js').PeerWorld} world @returns {Promise<import('./contender.js').Contender>} */
export async function prepare({ privateJwk, publicJwk, claims, listEntries, isRevoked, now }) {
  const privateKey = createPrivateKey({ key: privateJwk, format: 'jwk' });
  const publicKey = createPublicKey({ key: publicJwk, format: 'jwk' });
  const signText = (text) => sign(null, Buffer.from(text), privateKey).toString('base64url');
  const list = new StatusList(
    Array.from({ length: listEntries }, (_, index) => (isRevoked(index) ? 1 : 0)),
    1,
  );
  const listToken = compactJws(
    { alg: 'EdDSA', typ: 'statuslist+jwt' },
    { iat: now, exp: now + 86_400, status_list: { bits: 1, lst: list.compressStatusList() } },
    signText,
  );
  const instance = new SDJwtVcInstance({
    signer: async (text) => signText(text),
    verifier: async (text, signature) =>
      verify(null, Buffer.from(text), publicKey, Buffer.from(signature, 'base64url')),
    signAlg: 'EdDSA',
    hasher: (text, algorithm) => createHash(algorithm.replace('-', '')).update(Buffer.from(text)).digest(),
    hashAlg: 'sha-256',
    saltGenerator: (length) => randomBytes(length).toString('base64url'),
    statusListFetcher: async () => listToken,
  });
  return {
    sign: (serial) => {
      const { claims: person, kind, ...registered } = claims(serial);
      const payload = { ...registered, vct: `https://codes.example/kinds/${kind}`, ...person };
      return instance.issue(payload, { _sd: DISCLOSED });
    },
    judge: async (token) => {
      try {
        const { payload } = await instance.verify(token, { currentDate: now });
        // A disclosure that no digest in the token speaks of is left out, not refused.
        return DISCLOSED.every((name) => payload[name] !== undefined);
      } catch {
        return false;
      }
    },
  };
}

function compactJws(header, payload, signText) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part(header)}.${part(payload)}`;
  return `${text}.${signText(text)}`;
}
