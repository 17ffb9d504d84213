// COSE_Sign1 (RFC 9052, section 4.2): taken apart and put together. Nothing here trusts or verifies anything.

import { asciiEncode, concatBytes } from './bytes.js';
import { decodeStrict, decodeTolerant } from './cbor.js';
import { damaged } from './damaged.js';

export interface CoseSign1 {
  /** The protected header as received: what was signed. */
  readonly protectedBytes: Uint8Array;
  readonly protectedHeaders: ReadonlyMap<unknown, unknown>;
  /** Anybody can change these; empty in strict mode. */
  readonly unprotectedHeaders: ReadonlyMap<unknown, unknown>;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}

export const COSE_HEADER = { algorithm: 1, critical: 2, keyId: 4, type: 16 } as const;

const SIGN1_TAG = 0xd2; // tag 18
const CWT_TAG = [0xd8, 0x3d] as const; // tag 61
const ARRAY_OF_FOUR = 0x84;
const EMPTY_MAP = 0xa0;
const NO_HEADERS: ReadonlyMap<unknown, unknown> = new Map();

/**
 * Splits a COSE_Sign1 message.
 *
 * Strict, for our own: tag 18, deterministic throughout, protected header not empty, unprotected header empty, payload
 * attached. Tolerant, for foreign codes: untagged, tag 18, or tag 61 around tag 18 (RFC 8392, section 6); any well-formed CBOR.
 * Both refuse a protected `crit` header: no critical extension is understood here (RFC 9052, section 3.1).
 * @param options `maxBytes`: length of the message, 65,536 when absent
 * @throws YimaError `damaged`
 */
export function parseCoseSign1(
  bytes: Uint8Array,
  options: { readonly mode: 'strict' | 'tolerant'; readonly maxBytes?: number },
): CoseSign1 {
  const strict = options.mode === 'strict';
  const decode = strict ? decodeStrict : decodeTolerant;
  const limits = options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes };
  const parts = decode(bytes.subarray(tagLength(bytes, strict)), limits);
  if (!Array.isArray(parts) || parts.length !== 4) throw damaged('cose');
  const [protectedBytes, unprotectedHeaders, payload, signature] = parts as readonly unknown[];
  const areBytes =
    protectedBytes instanceof Uint8Array && payload instanceof Uint8Array && signature instanceof Uint8Array;
  if (!areBytes || !(unprotectedHeaders instanceof Map)) throw damaged('cose');
  if (strict && (unprotectedHeaders.size !== 0 || protectedBytes.length === 0)) throw damaged('cose_headers');
  const protectedHeaders = protectedBytes.length === 0 ? NO_HEADERS : decode(protectedBytes);
  if (!(protectedHeaders instanceof Map) || protectedHeaders.has(COSE_HEADER.critical))
    throw damaged('cose_headers');
  return { protectedBytes, protectedHeaders, unprotectedHeaders, payload, signature };
}

/** Length of the tags in front of the array; no other tag may stand there, such as COSE_Sign (98) or COSE_Mac0 (17). */
function tagLength(bytes: Uint8Array, strict: boolean): number {
  const outer = !strict && bytes[0] === CWT_TAG[0] && bytes[1] === CWT_TAG[1] ? CWT_TAG.length : 0;
  const isTagged = bytes[outer] === SIGN1_TAG;
  const length = outer + (isTagged ? 1 : 0);
  const mustBeTagged = strict || outer > 0;
  if ((mustBeTagged && !isTagged) || (bytes[length] ?? 0) >> 5 !== 4) throw damaged('cose_tag');
  return length;
}

const SIGNATURE1 = concatBytes(Uint8Array.of(ARRAY_OF_FOUR, 0x6a), asciiEncode('Signature1'));

function headLength(length: number): number {
  return length < 24 ? 1 : length < 0x100 ? 2 : length < 0x1_0000 ? 3 : 5;
}

/** Writes one definite byte string at `offset` and returns the offset after it. */
function putBytes(target: Uint8Array, offset: number, bytes: Uint8Array): number {
  const extra = headLength(bytes.length) - 1;
  target[offset] = 0x40 | (extra === 0 ? bytes.length : extra === 1 ? 24 : extra === 2 ? 25 : 26);
  for (let i = 1; i <= extra; i++) target[offset + i] = bytes.length >>> (8 * (extra - i));
  return putAll(target, offset + 1 + extra, bytes);
}

/** Copies, and returns the offset after. At these lengths a loop is faster than `set`. */
function putAll(target: Uint8Array, offset: number, bytes: Uint8Array): number {
  for (let i = 0; i < bytes.length; i++) target[offset + i] = bytes[i] ?? 0;
  return offset + bytes.length;
}

function bytesLength(bytes: Uint8Array): number {
  return headLength(bytes.length) + bytes.length;
}

/**
 * The bytes that a COSE_Sign1 signature covers: `["Signature1", protected, external_aad, payload]`.
 * @see RFC 9052, section 4.4
 */
export function sigStructure(
  protectedBytes: Uint8Array,
  externalAad: Uint8Array,
  payload: Uint8Array,
): Uint8Array {
  const parts = bytesLength(protectedBytes) + bytesLength(externalAad) + bytesLength(payload);
  const message = new Uint8Array(SIGNATURE1.length + parts);
  const afterProtected = putBytes(message, putAll(message, 0, SIGNATURE1), protectedBytes);
  putBytes(message, putBytes(message, afterProtected, externalAad), payload);
  return message;
}

/** The tagged message (18) with an empty unprotected header: what strict parsing accepts. */
export function encodeCoseSign1(
  protectedBytes: Uint8Array,
  payload: Uint8Array,
  signature: Uint8Array,
): Uint8Array {
  const length = 3 + bytesLength(protectedBytes) + bytesLength(payload) + bytesLength(signature);
  const message = new Uint8Array(length);
  message[0] = SIGN1_TAG;
  message[1] = ARRAY_OF_FOUR;
  const unprotectedAt = putBytes(message, 2, protectedBytes);
  message[unprotectedAt] = EMPTY_MAP;
  putBytes(message, putBytes(message, unprotectedAt + 1, payload), signature);
  return message;
}
