// WebCrypto behind the signature port. Runs in browsers and on servers; nothing but globalThis.crypto.subtle is used.

import { concatBytes } from '../core/codec/bytes.js';
import type { VerifySignatureAsync } from '../core/signature/ports.js';
import { publicJwk } from '../core/signature/public-jwk.js';
import type { PublicKey } from '../core/signature/public-key.js';
import { checkSignatureEncoding } from '../core/signature/signature-encoding.js';

type Subtle = typeof globalThis.crypto.subtle;
type ImportedKey = Awaited<ReturnType<Subtle['importKey']>>;

const IMPORT = {
  Ed25519: { name: 'Ed25519' },
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  ES384: { name: 'ECDSA', namedCurve: 'P-384' },
  PS256: { name: 'RSA-PSS', hash: 'SHA-256' },
} as const;

const VERIFY = {
  Ed25519: { name: 'Ed25519' },
  ES256: { name: 'ECDSA', hash: 'SHA-256' },
  ES384: { name: 'ECDSA', hash: 'SHA-384' },
  PS256: { name: 'RSA-PSS', saltLength: 32 },
} as const;

/** WebCrypto's types exclude shared memory, which nothing here passes. */
function unshared(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>;
}

function importKey(key: PublicKey): Promise<ImportedKey> {
  const { subtle } = globalThis.crypto;
  switch (key.algorithm) {
    case 'Ed25519':
      return subtle.importKey('raw', unshared(key.x), IMPORT.Ed25519, false, ['verify']);
    case 'ES256':
    case 'ES384': {
      const point = concatBytes(Uint8Array.of(4), key.x, key.y);
      return subtle.importKey('raw', unshared(point), IMPORT[key.algorithm], false, ['verify']);
    }
    case 'PS256':
      return subtle.importKey('jwk', { ...publicJwk(key) }, IMPORT.PS256, false, ['verify']);
  }
}

/**
 * A verifier on WebCrypto that imports each key once, as long as the same PublicKey object is passed. The key must have
 * passed `checkPublicKey`. Browsers before Chrome 137, Firefox 129 and Safari 17 have no Ed25519: it rejects there.
 */
export function createWebVerify(): VerifySignatureAsync {
  const imported = new WeakMap<PublicKey, Promise<ImportedKey>>();
  return async (key, message, signature) => {
    if (!checkSignatureEncoding(key, signature)) return false;
    let pending = imported.get(key);
    if (pending === undefined) {
      pending = importKey(key);
      imported.set(key, pending);
    }
    const cryptoKey = await pending;
    return globalThis.crypto.subtle.verify(
      VERIFY[key.algorithm],
      cryptoKey,
      unshared(signature),
      unshared(message),
    );
  };
}
