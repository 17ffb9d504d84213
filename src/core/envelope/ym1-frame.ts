// The COSE_Sign1 of a `YM1` has one layout, so it is read at fixed places: what `parseCoseSign1` does in strict mode for any header,
// at a fifth of its time. The tests hold the two together.

import { COSE_HEADER } from '../codec/cose-sign1.js';
import { damaged } from '../codec/damaged.js';
import type { Algorithm } from '../signature/algorithm.js';

export interface Ym1Frame {
  readonly algorithm: Algorithm;
  /** 8 bytes; null when the header names no key. */
  readonly kid: Uint8Array | null;
  /** The protected header as received. */
  readonly protectedBytes: Uint8Array;
  readonly payload: Uint8Array;
  /** 64 bytes. */
  readonly signature: Uint8Array;
}

/** Tag 18, array of four. */
const START = [0xd2, 0x84] as const;
/** In front of a protected header `{1: alg, 4: kid}` of 13 bytes, or `{1: alg}` of 3. */
const BYTES_13 = 0x4d;
const BYTES_3 = 0x43;
/** The CBOR integers -19 and -9 (RFC 9864). */
const ED25519 = 0x32;
const ES256 = 0x28;
const EMPTY_MAP = 0xa0;
const SIGNATURE_BYTES = 64;
const SIGNATURE_HEAD = [0x58, SIGNATURE_BYTES] as const;
const KID_START = 8;
const KID_BYTES = 8;

function readAlgorithm(bytes: Uint8Array, hasKid: boolean): Algorithm {
  const algorithm = bytes[5] === ED25519 ? 'Ed25519' : bytes[5] === ES256 ? 'ES256' : undefined;
  const isHeader = bytes[3] === (hasKid ? 0xa2 : 0xa1) && bytes[4] === COSE_HEADER.algorithm;
  if (!isHeader || algorithm === undefined) throw damaged('cose_headers');
  if (hasKid && (bytes[6] !== COSE_HEADER.keyId || bytes[7] !== (0x40 | KID_BYTES)))
    throw damaged('cose_headers');
  return algorithm;
}

/** Where the content of a byte string begins; only the shortest head counts (RFC 8949, section 4.2.1). */
function payloadStart(bytes: Uint8Array, at: number): number {
  const head = bytes[at] ?? 0;
  if (head >= 0x40 && head < 0x58) return at + 1;
  if (head === 0x58 && (bytes[at + 1] ?? 0) >= 24) return at + 2;
  if (head === 0x59 && (bytes[at + 1] ?? 0) > 0) return at + 3;
  throw damaged('cose');
}

function statedLength(bytes: Uint8Array, at: number, start: number): number {
  const last = bytes[start - 1] ?? 0;
  if (start - at === 1) return last & 0x1f;
  return start - at === 2 ? last : (bytes[at + 1] ?? 0) * 256 + last;
}

/**
 * @throws YimaError `damaged` unless the bytes are tag 18 around a protected header of `alg` -19 or -9 and a kid of 8 bytes (or
 *   none), an empty unprotected header, a payload below 64 KiB and 64 bytes of signature, in shortest form, with nothing after them
 */
export function parseYm1Frame(bytes: Uint8Array): Ym1Frame {
  const headerHead = bytes[2];
  if (bytes[0] !== START[0] || bytes[1] !== START[1]) throw damaged('cose_tag');
  if (headerHead !== BYTES_13 && headerHead !== BYTES_3) throw damaged('cose_headers');
  const headerEnd = 3 + (headerHead & 0x1f);
  const hasKid = headerHead === BYTES_13;
  const algorithm = readAlgorithm(bytes, hasKid);
  if (bytes[headerEnd] !== EMPTY_MAP) throw damaged('cose_headers');
  const start = payloadStart(bytes, headerEnd + 1);
  const end = bytes.length - SIGNATURE_HEAD.length - SIGNATURE_BYTES;
  const hasSignature = bytes[end] === SIGNATURE_HEAD[0] && bytes[end + 1] === SIGNATURE_HEAD[1];
  if (!hasSignature || end - start !== statedLength(bytes, headerEnd + 1, start)) throw damaged('cose');
  return {
    algorithm,
    kid: hasKid ? bytes.subarray(KID_START, headerEnd) : null,
    protectedBytes: bytes.subarray(3, headerEnd),
    payload: bytes.subarray(start, end),
    signature: bytes.subarray(end + SIGNATURE_HEAD.length),
  };
}
