// The little of Node that core's tests use beside core, for a browser: bytes with encodings, hashes, streams, a clock.

import { decodeBase64url, encodeBase64url } from '../../../src/core/codec/base64url.js';
import { concatBytes, hexDecode, hexEncode } from '../../../src/core/codec/bytes.js';
import { ask } from './bridge.js';

type Source = string | readonly number[] | Uint8Array;

const READERS: Readonly<Record<string, (text: string) => Uint8Array>> = {
  hex: hexDecode,
  base64url: decodeBase64url,
  utf8: (text) => new TextEncoder().encode(text),
};

export class Buffer extends Uint8Array {
  static override from(source: unknown, encoding: unknown = 'utf8'): Buffer {
    const bytes = typeof source === 'string' ? READERS[String(encoding)]?.(source) : (source as Uint8Array);
    if (bytes === undefined) throw new Error(`no encoding ${encoding}`);
    const made = new Buffer(bytes.length);
    made.set(bytes);
    return made;
  }

  static override of(...bytes: number[]): Buffer {
    return Buffer.from(bytes as Source);
  }

  static alloc(length: number, value = 0): Buffer {
    return new Buffer(length).fill(value);
  }

  static concat(parts: readonly Uint8Array[]): Buffer {
    return Buffer.from(concatBytes(...parts));
  }

  equals(other: Uint8Array): boolean {
    return hexEncode(this) === hexEncode(other);
  }

  override toString(encoding = 'utf8'): string {
    if (encoding === 'hex') return hexEncode(this);
    return encoding === 'base64url' ? encodeBase64url(this) : new TextDecoder().decode(this);
  }
}

export const process = {
  env: {},
  /** Only Node can be asked what it holds. */
  memoryUsage: () => ({ rss: 0, heapUsed: 0, external: 0, arrayBuffers: 0 }),
  /** Times are promised of Node alone; here a clock stands still. */
  hrtime: { bigint: (): bigint => 0n },
};

// node:crypto
export const webcrypto = globalThis.crypto;

const DIGESTS: Readonly<Record<string, string>> = { sha256: 'SHA-256', sha512: 'SHA-512' };

export function createHash(name: string) {
  const parts: Uint8Array[] = [];
  const hash = {
    update: (data: Source) => {
      parts.push(Buffer.from(data));
      return hash;
    },
    digest: (encoding?: string) => {
      const found = Buffer.from(ask('digest', DIGESTS[name] ?? name, concatBytes(...parts)));
      return encoding === undefined ? found : found.toString(encoding);
    },
  };
  return hash;
}

interface KeyOptions {
  readonly modulusLength?: number;
  readonly namedCurve?: string;
}

/** Of RSA and EC, for their public JWK alone. */
export function generateKeyPairSync(type: string, { modulusLength, namedCurve }: KeyOptions) {
  const publicExponent = Uint8Array.of(1, 0, 1);
  const algorithm =
    type === 'rsa'
      ? { name: 'RSA-PSS', modulusLength, publicExponent, hash: 'SHA-256' }
      : { name: 'ECDSA', namedCurve };
  const { kty, n, e, crv, x, y } = ask('generate', algorithm) as Readonly<Record<string, string>>;
  const jwk = kty === 'RSA' ? { kty, n, e } : { kty, crv, x, y };
  return { publicKey: { export: () => jwk } };
}

// node:zlib; levels and strategies are the browser's own
export const constants = {};
const compressor = (format: string) => (data: Source) =>
  Buffer.from(ask('compress', format, Buffer.from(data)));
export const deflateSync = compressor('deflate');
export const deflateRawSync = compressor('deflate-raw');
export const gzipSync = compressor('gzip');

// node:path, key folders and published vectors: nothing that runs here reaches for them
export const join = (...parts: readonly string[]): string => parts.join('/');
export const sharedFile = (): undefined => undefined;
function absent(): never {
  throw new Error('a browser has no folder');
}

export { absent as euDcc, absent as openKeyFolder };
