// Compact JWS (RFC 7515, section 3.1), strict: one token has one text, and no header decides where keys come from.

import { decodeBase64url, encodeBase64url } from './base64url.js';
import { asciiEncode, utf8Decode, utf8Encode } from './bytes.js';
import { damaged } from './damaged.js';
import { isJsonObject, type JsonObject, parseStrictJson } from './json.js';

export interface CompactJws {
  readonly header: JsonObject;
  /** `alg` of the header: to be compared with the trusted key's, never to choose by. */
  readonly algorithm: string;
  readonly kid: string | null;
  readonly type: string | null;
  readonly payloadBytes: Uint8Array;
  readonly signature: Uint8Array;
  /** ASCII of `header.payload`, the bytes that were signed. */
  readonly signingInput: Uint8Array;
}

/** Headers that would change the rules or bring a key along; a token that has one is refused whole. */
const REFUSED_HEADERS = ['crit', 'b64', 'zip', 'jwk', 'jku', 'x5u', 'x5c'] as const;
const DEFAULT_MAX_CHARS = 4_096;

export interface JwsLimits {
  /** Length of the whole text; 4,096 when absent. */
  readonly maxChars?: number;
  /** A format of others: its header may name `zip`, and be written as its issuer likes. */
  readonly foreign?: boolean;
  /** Of proofs of a key: its header may bring that key along (`jwk`). */
  readonly bringsKey?: boolean;
}

/**
 * Splits a compact JWS without trusting it.
 *
 * Stricter than RFC 7515: the header is JSON as JSON.stringify writes it, on top of the duplicate member names that section 4
 * lets us refuse; `alg` is text and not `none` in any case.
 * @throws YimaError `damaged`: not three segments of canonical base64url, a header that is not strict JSON or names one of
 *   crit, b64, zip, jwk, jku, x5u, x5c, an empty signature
 */
export function parseCompactJws(text: string, limits: JwsLimits = {}): CompactJws {
  if (text.length > (limits.maxChars ?? DEFAULT_MAX_CHARS)) throw damaged('jws_length');
  const firstDot = text.indexOf('.');
  const secondDot = text.indexOf('.', firstDot + 1);
  if (firstDot < 1 || secondDot < 0 || text.indexOf('.', secondDot + 1) >= 0) throw damaged('jws_segments');
  const header = parseHeader(text.slice(0, firstDot), limits);
  const algorithm = header['alg'];
  if (typeof algorithm !== 'string' || algorithm.toLowerCase() === 'none') throw damaged('jws_alg');
  const payloadBytes = decodeBase64url(text.slice(firstDot + 1, secondDot));
  const signature = decodeBase64url(text.slice(secondDot + 1));
  if (signature.length === 0) throw damaged('jws_signature');
  return {
    header,
    algorithm,
    kid: textHeader(header, 'kid'),
    type: textHeader(header, 'typ'),
    payloadBytes,
    signature,
    signingInput: asciiEncode(text.slice(0, secondDot)),
  };
}

function parseHeader(segment: string, { foreign = false, bringsKey = false }: JwsLimits): JsonObject {
  const text = utf8Decode(decodeBase64url(segment));
  const header = parseStrictJson(text, { maxDepth: 4 });
  if (!isJsonObject(header)) throw damaged('jws_header');
  if (!foreign && JSON.stringify(header) !== text) throw damaged('jws_header');
  const isRefused = (name: string): boolean =>
    Object.hasOwn(header, name) && !(foreign && name === 'zip') && !(bringsKey && name === 'jwk');
  if (REFUSED_HEADERS.some(isRefused)) throw damaged('jws_header');
  return header;
}

function textHeader(header: JsonObject, name: 'kid' | 'typ'): string | null {
  if (!Object.hasOwn(header, name)) return null;
  const value = header[name];
  if (typeof value !== 'string') throw damaged('jws_header');
  return value;
}

/** Signs `payload`, written by JSON.stringify in the order of its members, and returns the compact token. */
export function encodeCompactJws(
  header: JsonObject,
  payload: JsonObject,
  sign: (signingInput: Uint8Array) => Uint8Array,
): string {
  const segments = [header, payload].map((part) => encodeBase64url(utf8Encode(JSON.stringify(part))));
  const signingInput = segments.join('.');
  return `${signingInput}.${encodeBase64url(sign(asciiEncode(signingInput)))}`;
}
