// People with keys of their own, who propose and decide as the client of an officer would.

import { createNodeSigner, generatePrivateJwk, randomBytes, sha256 } from '../../src/adapters/crypto-node.js';
import { encodeBase64url } from '../../src/core/codec/base64url.js';
import { type ApprovalAction, proposalHash, signApproval } from '../../src/core/issue/approval.js';
import type { Signer } from '../../src/core/signature/ports.js';
import { publicJwk } from '../../src/core/signature/public-jwk.js';

export interface Person {
  readonly signer: Signer;
  readonly publicKey: Readonly<Record<string, unknown>>;
}

export function newPerson(algorithm: 'Ed25519' | 'ES256' = 'Ed25519'): Person {
  const signer = createNodeSigner(generatePrivateJwk(algorithm));
  return { signer, publicKey: { ...publicJwk(signer.publicKey) } };
}

/** A body with a nonce of its own. */
export function withNonce(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { ...body, nonce: encodeBase64url(randomBytes(16)) };
}

/** What is sent to propose. */
export function proposed(person: Person, type: string, body: Readonly<Record<string, unknown>>, iat: number) {
  const { hash } = proposalHash(type, body, sha256);
  return { type, body, jws: signApproval({ hash, action: 'propose', iat }, person.signer) };
}

/** A signature under a hash. */
export function signed(person: Person, hash: string, action: ApprovalAction, iat: number): string {
  return signApproval({ hash, action, iat }, person.signer);
}
