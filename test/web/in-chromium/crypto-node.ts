// Stands in for adapters/crypto-node in a browser: the same functions, by WebCrypto and by what core itself has for pages.

import { equalBytes, hexEncode } from '../../../src/core/codec/bytes.js';
import { inflateRawStream, inflateZlibStream } from '../../../src/core/codec/inflate.js';
import type { Signer, VerifySignature } from '../../../src/core/signature/ports.js';
import type { PrivateJwk, SigningAlgorithm } from '../../../src/core/signature/private-jwk.js';
import { parsePublicJwk } from '../../../src/core/signature/public-jwk.js';
import { checkSignatureEncoding } from '../../../src/core/signature/signature-encoding.js';
import { keyId } from '../../../src/core/signature/thumbprint.js';
import { ask } from './bridge.js';

export { equalBytes as timingSafeEqual, inflateRawStream as inflateRaw, inflateZlibStream as inflateZlib };

export function sha256(data: Uint8Array): Uint8Array {
  return ask('digest', 'SHA-256', data);
}

export function sha256Hex(text: string): string {
  return hexEncode(sha256(new TextEncoder().encode(text)));
}

export function sha256Text(data: Uint8Array): string {
  return String.fromCharCode(...sha256(data));
}

export function randomBytes(length: number): Uint8Array {
  return globalThis.crypto.getRandomValues(new Uint8Array(length));
}

/** The verifier of the scanner's page; what is refused before any cryptography is refused without asking. */
export function createNodeVerify(): VerifySignature {
  return (key, message, signature) =>
    checkSignatureEncoding(key, signature) && ask('verify', key, message, signature);
}

const GENERATED = { Ed25519: { name: 'Ed25519' }, ES256: { name: 'ECDSA', namedCurve: 'P-256' } } as const;

export function generatePrivateJwk(algorithm: SigningAlgorithm): PrivateJwk {
  return { ...ask('generate', GENERATED[algorithm]), alg: algorithm } as PrivateJwk;
}

export function createNodeSigner(jwk: PrivateJwk): Signer {
  const { d: _secret, ...stated } = jwk;
  const publicKey = parsePublicJwk(stated);
  return {
    algorithm: publicKey.algorithm,
    publicKey,
    kid: keyId(publicKey, sha256),
    sign: (message) => ask('sign', jwk, message),
  };
}

export function deflateZlib(bytes: Uint8Array): Uint8Array {
  return ask('compress', 'deflate', bytes);
}
