// What core needs of a signature backend and of a signer. Declared here, implemented in adapters.

import type { Algorithm } from './algorithm.js';
import type { PublicKey } from './public-key.js';

/**
 * Verifies one signature. Implementations call `checkSignatureEncoding` first and refuse what it refuses, so that
 * every backend gives one answer for every input. Never throws on a malformed signature: it answers false.
 * The key has passed `checkPublicKey` when it entered the trust table.
 */
export type VerifySignature = (key: PublicKey, message: Uint8Array, signature: Uint8Array) => boolean;

/** The same for backends that can only answer later (WebCrypto). */
export type VerifySignatureAsync = (
  key: PublicKey,
  message: Uint8Array,
  signature: Uint8Array,
) => Promise<boolean>;

/** A private key that can only sign; what it is stays in its adapter (a file, later a process or an HSM). */
export interface Signer {
  readonly algorithm: Algorithm;
  readonly publicKey: PublicKey;
  /** First 8 bytes of the RFC 7638 SHA-256 thumbprint. */
  readonly kid: Uint8Array;
  /** Ed25519: 64 bytes. ES256: r||s with low s, 64 bytes. */
  readonly sign: (message: Uint8Array) => Uint8Array;
}
