// Nonces for proofs of a device's key: made without keeping anything, sound for five minutes, and used for one claim alone.

import { decodeBase64url, encodeBase64url } from '../codec/base64url.js';
import { concatBytes } from '../codec/bytes.js';
import { YimaError } from '../errors/yima-error.js';
import type { Sha256 } from '../signature/public-key.js';
import type { Clock, Random } from './ports.js';

export interface Nonces {
  readonly make: () => string;
  /**
   * Uses a nonce up. Whoever comes with it again for the same thing may, since an answer can get lost.
   * @param purpose what it is used for
   * @throws YimaError `invalid_request`, rule `invalid_nonce`: not one of ours, too old, or used for something else
   */
  readonly use: (nonce: string, purpose: string) => void;
}

export interface NoncesDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly sha256: Sha256;
  /** Constant-time comparison of equal lengths. */
  readonly equalSecrets: (a: Uint8Array, b: Uint8Array) => boolean;
}

const LIFE_SECONDS = 300;
const TIME_BYTES = 6;
const BODY_BYTES = 16;
const TAG_BYTES = 16;
const NONCE = /^[A-Za-z0-9_-]{43}$/;
/** Of those still sound; only a proof beside a live token uses one. */
const MOST_USED = 20_000;

/** With a key of its own for each start: a nonce from before a restart is answered with a new one. */
export function createNonces({ clock, random, sha256, equalSecrets }: NoncesDeps): Nonces {
  const key = random(32);
  const used = new Map<string, string>();
  /** Its input has one length alone, so that the plain hash of key and body is a sound tag. */
  const tagOf = (body: Uint8Array): Uint8Array => sha256(concatBytes(key, body)).slice(0, TAG_BYTES);
  const forget = (now: number): void => {
    for (const nonce of used.keys()) {
      if (endOf(decodeBase64url(nonce)) > now) return; // in the order of use, which is nearly that of their ends
      used.delete(nonce);
    }
  };
  return {
    make: () => {
      const body = concatBytes(timeBytes(clock() + LIFE_SECONDS), random(BODY_BYTES - TIME_BYTES));
      return encodeBase64url(concatBytes(body, tagOf(body)));
    },
    use: (nonce, purpose) => {
      const now = clock();
      if (!NONCE.test(nonce)) throw refused();
      const bytes = readNonce(nonce);
      const body = bytes.subarray(0, BODY_BYTES);
      if (!equalSecrets(bytes.subarray(BODY_BYTES), tagOf(body)) || endOf(bytes) <= now) throw refused();
      const before = used.get(nonce);
      if (before === purpose) return;
      if (before !== undefined) throw refused();
      forget(now);
      if (used.size >= MOST_USED) throw new YimaError('unavailable', 'Too many claims at once; try again.');
      used.set(nonce, purpose);
    },
  };
}

function readNonce(nonce: string): Uint8Array {
  try {
    return decodeBase64url(nonce);
  } catch {
    throw refused();
  }
}

function timeBytes(seconds: number): Uint8Array {
  const bytes = new Uint8Array(TIME_BYTES);
  new DataView(bytes.buffer).setUint32(2, seconds % 2 ** 32);
  new DataView(bytes.buffer).setUint16(0, Math.floor(seconds / 2 ** 32));
  return bytes;
}

function endOf(nonce: Uint8Array): number {
  const view = new DataView(nonce.buffer, nonce.byteOffset, TIME_BYTES);
  return view.getUint16(0) * 2 ** 32 + view.getUint32(2);
}

function refused(): YimaError {
  return new YimaError('invalid_request', 'The nonce is not one of now; fetch a new one and sign again.', {
    rule: 'invalid_nonce',
  });
}
