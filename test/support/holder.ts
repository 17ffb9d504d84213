// A phone: a device's key, the proofs it signs, and the steps of a claim over HTTP by hand.

import { createNodeSigner, generatePrivateJwk, randomBytes } from '../../src/adapters/crypto-node.js';
import { encodeBase64url } from '../../src/core/codec/base64url.js';
import { startClaimProof } from '../../src/core/envelope/claim-proof.js';
import { startHolderProof } from '../../src/core/envelope/holder-proof.js';
import type { Signer } from '../../src/core/signature/ports.js';

export interface Phone {
  readonly signer: Signer;
  /** The text of a proof for `proofs.jwt`. */
  readonly claimProof: (issuer: string, nonce: string, now: number) => string;
  /** The `Authorization` header of one request. */
  readonly authorization: (method: string, uri: string, now: number, id?: string) => string;
}

export function createPhone(algorithm: 'ES256' | 'Ed25519' = 'ES256'): Phone {
  const signer = createNodeSigner(generatePrivateJwk(algorithm));
  const { publicKey, sign } = signer;
  return {
    signer,
    claimProof: (issuer, nonce, now) => {
      const { message, signedWith } = startClaimProof(publicKey, issuer, nonce, now);
      return signedWith(sign(message));
    },
    authorization: (method, uri, now, id = encodeBase64url(randomBytes(16))) => {
      const asked = { audience: new URL(uri).origin, method, uri };
      const { message, signedWith } = startHolderProof(publicKey, asked, now, id);
      return `Holder ${signedWith(sign(message))}`;
    },
  };
}
