// node:crypto and node:zlib behind the ports of core: hashing, signatures, keys, bounded inflation.

import {
  constants,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  type JsonWebKey,
  type KeyObject,
  randomBytes as nodeRandomBytes,
  timingSafeEqual as nodeTimingSafeEqual,
  sign,
  verify,
} from 'node:crypto';
import { deflateSync, inflateRawSync, inflateSync } from 'node:zlib';
import { YimaError } from '../core/errors/yima-error.js';
import { checkPublicKey } from '../core/signature/admissible-key.js';
import type { Signer, VerifySignature } from '../core/signature/ports.js';
import type { PrivateJwk, SigningAlgorithm } from '../core/signature/private-jwk.js';
import { parsePublicJwk, publicJwk } from '../core/signature/public-jwk.js';
import { type PublicKey, samePublicKey } from '../core/signature/public-key.js';
import { checkSignatureEncoding, normalizeLowS } from '../core/signature/signature-encoding.js';
import { keyId } from '../core/signature/thumbprint.js';

/** A Buffer as the plain array that core expects; the same memory. */
function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}

export function sha256(data: Uint8Array): Uint8Array {
  return plain(hash('sha256', data, 'buffer')); // one call: a third of createHash's time
}

/** SHA-256 as a text of 32 characters, one a byte: the key of a Map. */
export function sha256Text(data: Uint8Array): string {
  return hash('sha256', data, 'binary');
}

const RANDOM_POOL_BYTES = 4_096;
let pool: Uint8Array = new Uint8Array(0);
let drawn = 0;

/** Cryptographically strong random bytes, each handed out once; drawn 4 KiB at a time, since a call costs 5 us. */
export function randomBytes(length: number): Uint8Array {
  if (length > RANDOM_POOL_BYTES) return plain(nodeRandomBytes(length));
  if (drawn + length > pool.length) {
    pool = plain(nodeRandomBytes(RANDOM_POOL_BYTES));
    drawn = 0;
  }
  drawn += length;
  return pool.slice(drawn - length, drawn);
}

/** Whether two secrets are equal, in a time that tells nothing but their lengths. */
export function timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && nodeTimingSafeEqual(a, b);
}

const HASHES = { ES256: 'sha256', ES384: 'sha384' } as const;

function verifyWith(
  keyObject: KeyObject,
  key: PublicKey,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  switch (key.algorithm) {
    case 'Ed25519':
      return verify(null, message, keyObject, signature);
    case 'ES256':
    case 'ES384':
      return verify(HASHES[key.algorithm], message, { key: keyObject, dsaEncoding: 'ieee-p1363' }, signature);
    case 'PS256': {
      const padding = constants.RSA_PKCS1_PSS_PADDING;
      return verify('sha256', message, { key: keyObject, padding, saltLength: 32 }, signature);
    }
  }
}

/**
 * A verifier that imports each key once: the KeyObject lives as long as the PublicKey object it was made from, so keep and
 * pass the same object. The key must have passed `checkPublicKey`.
 */
export function createNodeVerify(): VerifySignature {
  const imported = new WeakMap<PublicKey, KeyObject>();
  return (key, message, signature) => {
    if (!checkSignatureEncoding(key, signature)) return false;
    let keyObject = imported.get(key);
    if (keyObject === undefined) {
      keyObject = createPublicKey({ key: { ...publicJwk(key) }, format: 'jwk' });
      imported.set(key, keyObject);
    }
    return verifyWith(keyObject, key, message, signature);
  };
}

export function generatePrivateJwk(algorithm: SigningAlgorithm): PrivateJwk {
  const pair =
    algorithm === 'Ed25519'
      ? generateKeyPairSync('ed25519')
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...pair.privateKey.export({ format: 'jwk' }), alg: algorithm } as PrivateJwk;
}

function refuseSigningKey(): YimaError {
  const message = 'The private key is not a sound Ed25519 or ES256 key in JWK form.';
  return new YimaError('key_refused', message, { rule: 'signing_key' });
}

/** The private key, and the public key computed from it; the public members of the JWK must agree. */
function importPrivateJwk(jwk: PrivateJwk): { privateKey: KeyObject; publicKey: PublicKey } {
  const { d: _secret, ...claimed } = jwk;
  const stated = parsePublicJwk(claimed);
  let privateKey: KeyObject;
  let derived: JsonWebKey;
  try {
    privateKey = createPrivateKey({ key: { ...jwk }, format: 'jwk' });
    derived = createPublicKey(privateKey).export({ format: 'jwk' });
  } catch {
    throw refuseSigningKey(); // without the cause: it may quote the key
  }
  const publicKey = parsePublicJwk({ ...derived, alg: stated.algorithm });
  if (!samePublicKey(stated, publicKey)) throw refuseSigningKey();
  return { privateKey, publicKey };
}

/** node:crypto takes an EC private key beside somebody else's point: only a signature shows that the two belong together. */
function isPair(signer: Signer): boolean {
  const probe = Uint8Array.of(0);
  return createNodeVerify()(signer.publicKey, probe, signer.sign(probe));
}

/**
 * A signer for an Ed25519 or ES256 private key. ES256 signatures are r||s with the smaller s.
 * @throws YimaError `key_refused` when the JWK is not a sound private key of these two, or its parts contradict each other
 */
export function createNodeSigner(privateJwk: PrivateJwk): Signer {
  const { privateKey, publicKey } = importPrivateJwk(privateJwk);
  if (publicKey.algorithm !== 'Ed25519' && publicKey.algorithm !== 'ES256') throw refuseSigningKey();
  checkPublicKey(publicKey);
  const signEs256 = (message: Uint8Array): Uint8Array =>
    normalizeLowS(plain(sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' })));
  const signer: Signer = {
    algorithm: publicKey.algorithm,
    publicKey,
    kid: keyId(publicKey, sha256),
    sign: publicKey.algorithm === 'Ed25519' ? (message) => plain(sign(null, message, privateKey)) : signEs256,
  };
  if (!isPair(signer)) throw refuseSigningKey();
  return signer;
}

function refuseCompressed(rule: string): YimaError {
  return new YimaError('damaged', 'The compressed data is damaged or too large.', { rule });
}

/**
 * Inflates one whole zlib stream (RFC 1950).
 * @param maxBytes the most output allowed; memory and time are bounded by it
 * @throws YimaError `damaged`: not zlib (gzip and raw deflate too), truncated, longer than `maxBytes`, or followed by anything
 */
export function inflateZlib(bytes: Uint8Array, maxBytes: number): Uint8Array {
  return inflateWhole(inflateSync, bytes, maxBytes);
}

/** The same for one raw deflate stream (RFC 1951). @throws YimaError `damaged` as `inflateZlib` */
export function inflateRaw(bytes: Uint8Array, maxBytes: number): Uint8Array {
  return inflateWhole(inflateRawSync, bytes, maxBytes);
}

function inflateWhole(inflate: typeof inflateSync, bytes: Uint8Array, maxBytes: number): Uint8Array {
  let inflated: { buffer: Buffer; engine: { bytesWritten: number } };
  try {
    // Types know nothing of `info`, which makes the answer tell how much input was consumed.
    inflated = inflate(bytes, { maxOutputLength: maxBytes, info: true }) as unknown as typeof inflated;
  } catch {
    throw refuseCompressed('zlib');
  }
  // node:zlib ignores what follows a stream; then one text could be spelled in many ways.
  if (inflated.engine.bytesWritten !== bytes.length) throw refuseCompressed('zlib_trailing');
  return plain(inflated.buffer);
}

/** Deflates into a zlib stream (RFC 1950). */
export function deflateZlib(bytes: Uint8Array, level = 9): Uint8Array {
  return plain(deflateSync(bytes, { level }));
}
