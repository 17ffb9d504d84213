// The encodings printed in the Token Status List draft. What counts is what they decode to: zlib builds differ in their bytes.

import { deflateZlib, inflateZlib } from '../../src/adapters/crypto-node.js';
import { decodeBase64url } from '../../src/core/codec/base64url.js';
import { equalBytes, hexDecode, utf8Decode } from '../../src/core/codec/bytes.js';
import { decodeTolerant } from '../../src/core/codec/cbor.js';
import { parseCoseSign1 } from '../../src/core/codec/cose-sign1.js';
import { isJsonObject, type JsonObject } from '../../src/core/codec/json.js';
import { parseCompactJws } from '../../src/core/codec/jws.js';
import { LIST_DEFLATE_LEVEL, type StatusListClaims } from '../../src/core/status/list-claims.js';
import { parseListCwt } from '../../src/core/status/list-cwt.js';
import { LIST_JWT_TYPE, parseListJwt } from '../../src/core/status/list-jwt.js';
import {
  getStatus,
  isStatusBits,
  MAX_ENTRIES,
  packedLength,
  type StatusBits,
  setStatus,
} from '../../src/core/status/packed.js';
import type { SuiteResult } from './suite.js';

/** CWT claims of a credential: sub, and the status claim with its members under text keys. */
const CREDENTIAL = { sub: 2, status: 65535 } as const;

/**
 * Throws with the reason when the case does not hold. The text is as printed, with line breaks anywhere; `raw` is the case of
 * the same name with `_raw` after it, the compact form of what is printed, where the file has one.
 */
type Check = (printed: string, raw: string | undefined) => void;

/** A case is told by its shape, so that other files of the format may name theirs as they like. */
function checkFor(printed: string): Check | undefined {
  const dense = printed.replace(/\s+/g, '');
  if (/^byte_array=\[.*\]encoded:\{.*\}$/.test(dense)) return checkExample;
  if (/^\{.*\}\.\{.*\}$/.test(dense)) return checkPrintedJwt;
  if (/^\{"bits":.*\}$/.test(dense)) return checkWholeList;
  if (/^[\w-]+\.[\w-]+\.[\w-]+$/.test(dense)) return checkJwt;
  if (/^(?:[0-9a-f]{2})+$/i.test(dense)) return checkCwt;
  return undefined;
}

/** Published values packed by hand, and the same after compression. */
function checkExample(printed: string): void {
  const [, values = '', encoded = ''] = /\[([^\]]*)\]\s*encoded:\s*(\{[^}]*\})/.exec(printed) ?? [];
  const expected = Uint8Array.from(
    values.split(',').filter((value) => value.trim() !== ''),
    Number,
  );
  const { bits, bytes } = readList(parsePrinted(encoded));
  if (!equalBytes(bytes, expected)) throw new Error('the encoded list does not decode to byte_array');
  checkRoundTrip(bits, bytes);
}

/** A list of 2^20 entries: its length, and that reading and writing every value gives it again. */
function checkWholeList(printed: string): void {
  const { bits, bytes } = readList(parsePrinted(printed));
  if (bytes.length > packedLength(MAX_ENTRIES, bits)) throw new Error('the list is longer than 2^20 entries');
  checkRoundTrip(bits, bytes);
}

/** Header and payload as JSON with a dot between them, and whether the compact form carries just that. */
function checkPrintedJwt(printed: string, raw: string | undefined): void {
  const [header = '', payload = ''] = printed.split(/^\s*\.\s*$/m);
  const claims = parsePrinted(payload);
  const list = claims['status_list'];
  if (parsePrinted(header)['typ'] !== LIST_JWT_TYPE) throw new Error('the typ is not that of a list token');
  if (!isJsonObject(list)) throw new Error('there is no status_list');
  const { bits, bytes } = readList(list);
  checkRoundTrip(bits, bytes);
  if (raw === undefined) return;
  const compact = parseListJwt(raw.replace(/\s+/g, '')).claims;
  checkClaims(compact, claims);
  const carried = inflateZlib(compact.compressed, bytes.length);
  if (compact.bits !== bits || !equalBytes(carried, bytes))
    throw new Error('the compact form carries another list');
}

function checkJwt(printed: string): void {
  const text = printed.replace(/\s+/g, '');
  const { payloadBytes } = parseCompactJws(text, { maxChars: text.length });
  checkClaims(parseListJwt(text).claims, parsePrinted(utf8Decode(payloadBytes)));
}

/** A list token, or the credential that refers to one. */
function checkCwt(printed: string): void {
  const bytes = hexDecode(printed.replace(/\s+/g, '').toLowerCase());
  const { payload } = parseCoseSign1(bytes, { mode: 'tolerant', maxBytes: bytes.length });
  const claims = decodeTolerant(payload, { maxBytes: payload.length });
  if (!(claims instanceof Map)) throw new Error('the claims are not a map');
  if (claims.has(CREDENTIAL.status)) checkReference(claims.get(CREDENTIAL.status));
  else checkClaims(parseListCwt(bytes).claims, { sub: claims.get(CREDENTIAL.sub) });
}

function checkReference(status: unknown): void {
  const list: unknown = status instanceof Map ? status.get('status_list') : undefined;
  const [idx, uri]: unknown[] = list instanceof Map ? [list.get('idx'), list.get('uri')] : [];
  if (!Number.isSafeInteger(idx) || Number(idx) < 0) throw new Error('idx is not a whole number from 0');
  if (typeof uri !== 'string' || !URL.canParse(uri)) throw new Error('uri is not a URI');
}

/** What we parsed is what is printed, and the list inside opens. */
function checkClaims(claims: StatusListClaims, printed: JsonObject): void {
  const ours: JsonObject = {
    sub: claims.uri,
    iat: claims.issuedAt,
    exp: claims.expiresAt,
    ttl: claims.ttlSeconds,
  };
  for (const name of Object.keys(ours)) {
    if (printed[name] !== undefined && printed[name] !== ours[name]) throw new Error(`${name} differs`);
  }
  checkRoundTrip(claims.bits, inflateZlib(claims.compressed, packedLength(MAX_ENTRIES, claims.bits)));
}

/** Every value read and written anew, compressed by us and inflated: the same bytes. */
function checkRoundTrip(bits: StatusBits, bytes: Uint8Array): void {
  const copy = new Uint8Array(bytes.length);
  const entries = (bytes.length * 8) / bits;
  for (let index = 0; index < entries; index++)
    setStatus(copy, bits, index, getStatus(bytes, bits, index) ?? 0);
  if (!equalBytes(copy, bytes)) throw new Error('values read and written again differ');
  if (getStatus(bytes, bits, entries) !== undefined) throw new Error('an index past the end has a value');
  const again = inflateZlib(deflateZlib(copy, LIST_DEFLATE_LEVEL), bytes.length);
  if (!equalBytes(again, bytes)) throw new Error('compressed by us, the list differs');
}

function readList(list: JsonObject): { readonly bits: StatusBits; readonly bytes: Uint8Array } {
  const { bits, lst } = list;
  if (!isStatusBits(bits) || typeof lst !== 'string') throw new Error('bits or lst is not of the standard');
  return { bits, bytes: inflateZlib(decodeBase64url(lst), packedLength(MAX_ENTRIES, bits)) };
}

/** Print breaks long strings over lines, which JSON does not allow: line breaks go before parsing. */
function parsePrinted(text: string): JsonObject {
  const value: unknown = JSON.parse(text.replace(/\n\s*/g, ''));
  if (!isJsonObject(value)) throw new Error('the case is not a JSON object');
  return value;
}

/** @param fileText a JSON object of printed encodings by name */
export async function tokenStatusList(fileText: string): Promise<SuiteResult> {
  const count = { passed: 0, failed: 0, skipped: 0 };
  const lines: string[] = [];
  const cases = new Map(Object.entries(JSON.parse(fileText) as Record<string, unknown>));
  for (const [name, printed] of cases) {
    const check = typeof printed === 'string' ? checkFor(printed) : undefined;
    if (typeof printed !== 'string' || check === undefined) {
      count.skipped++;
      lines.push(`${name} skipped: it is of no known shape`);
      continue;
    }
    try {
      const raw = cases.get(`${name}_raw`);
      check(printed, typeof raw === 'string' ? raw : undefined);
      count.passed++;
    } catch (error) {
      count.failed++;
      lines.push(`${name} failed: ${error instanceof Error ? error.message : error}`);
    }
  }
  return { ...count, lines };
}
