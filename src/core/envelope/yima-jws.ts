// Credentials as compact JWS (`typ: yima+jwt`), for APIs and partners: the claims of a `YM1` under JSON names.

import { decodeBase64url, encodeBase64url } from '../codec/base64url.js';
import { asciiEncode, utf8Decode } from '../codec/bytes.js';
import { damaged } from '../codec/damaged.js';
import { isJsonObject, type JsonObject, parseStrictJson } from '../codec/json.js';
import { type CompactJws, encodeCompactJws, parseCompactJws } from '../codec/jws.js';
import { ISSUER, isCount, KIND } from '../codec/names.js';
import { YimaError } from '../errors/yima-error.js';
import { ALGORITHMS, type Algorithm } from '../signature/algorithm.js';
import type { Signer } from '../signature/ports.js';
import { isLowS } from '../signature/signature-encoding.js';
import type { CodeContent } from './code-content.js';
import { type DeviceKey, jwkDeviceKey, parseJwkDeviceKey } from './device-key.js';
import { readInstants } from './instants.js';
import type { ParsedCode, StatusReference } from './parsed-code.js';

const TYPE = 'yima+jwt';
/** A JWS goes through APIs, where headers and proxies have limits near this. */
const MAX_CHARS = 4_096;
const SIGNATURE_BYTES = 64;
const KID_BYTES = 8;
const MEMBERS: ReadonlySet<string> = new Set(['iss', 'iat', 'nbf', 'exp', 'kind', 'status', 'claims', 'cnf']);
/** Status list uris; never fetched, only compared. */
const MAX_URI_CHARS = 512;

/** Signs the content and returns the compact token. `parseYimaJws` gives all of it back. */
export function encodeYimaJws(content: CodeContent, signer: Signer): string {
  const { algorithm } = signer;
  if (algorithm !== 'Ed25519' && algorithm !== 'ES256') {
    throw new YimaError('internal', 'Credentials are signed with Ed25519 or ES256.');
  }
  const header = { alg: ALGORITHMS[algorithm].jose, kid: encodeBase64url(signer.kid), typ: TYPE };
  return encodeCompactJws(header, payloadObject(content), signer.sign);
}

function payloadObject(content: CodeContent): JsonObject {
  const { notBefore, expiresAt, deviceKey, status } = content;
  return {
    iss: content.issuer,
    iat: content.issuedAt,
    ...(notBefore === null || notBefore === content.issuedAt ? {} : { nbf: notBefore }),
    ...(expiresAt === null ? {} : { exp: expiresAt }),
    kind: content.kind.name,
    status: { status_list: { idx: status.index, uri: status.uri } },
    claims: content.claims.json,
    ...(deviceKey === null ? {} : { cnf: { jwk: jwkDeviceKey(deviceKey) } }),
  };
}

/**
 * Takes a compact JWS apart.
 * @throws YimaError `damaged`: not the one text of its content, a header with more or less than `alg` (Ed25519 or ES256), `kid`
 *   (8 bytes) and `typ`, a payload that is no strict JSON object, more than 4,096 characters
 * @throws YimaError `not_ours`: a token of another type (RFC 8725, section 3.11)
 */
export function parseYimaJws(text: string): ParsedCode {
  return readYimaJws(text, openYimaJws(text));
}

/** A token's text in bytes: being canonical, it needs no decoding to be told from others. @throws YimaError `damaged`: too long */
export function openYimaJws(text: string): Uint8Array {
  if (text.length > MAX_CHARS) throw damaged('jws_length');
  return asciiEncode(text);
}

/** @param bytes of the same text. @throws YimaError as `parseYimaJws` */
export function readYimaJws(text: string, bytes: Uint8Array): ParsedCode {
  const jws = parseCompactJws(text, { maxChars: MAX_CHARS });
  const { algorithm, kids } = readHeader(jws);
  if (jws.signature.length !== SIGNATURE_BYTES) throw damaged('signature_length');
  if (algorithm === 'ES256' && !isLowS(jws.signature)) throw damaged('high_s');
  const payload = parseStrictJson(utf8Decode(jws.payloadBytes), { maxDepth: 8 });
  if (!isJsonObject(payload)) throw damaged('jwt');
  return {
    envelope: 'JWS',
    format: 'yima',
    kids,
    algorithm,
    message: jws.signingInput,
    signature: jws.signature,
    bytes,
    ...readPayload(payload),
  };
}

/** A missing kid is an issuer nobody knows; everything else out of place is no header of ours. */
function readHeader({ header, algorithm, kid, type }: CompactJws): {
  algorithm: Algorithm;
  kids: readonly string[];
} {
  if (type !== TYPE) throw new YimaError('not_ours', 'The token is of another type.', { rule: 'typ' });
  if (Object.keys(header).length !== (kid === null ? 2 : 3)) throw damaged('jws_header');
  if (kid !== null && (kid.length !== 11 || decodeBase64url(kid).length !== KID_BYTES)) throw damaged('kid');
  if (algorithm !== 'Ed25519' && algorithm !== 'ES256') throw damaged('algorithm');
  return { algorithm, kids: kid === null ? [] : [kid] };
}

type Payload = Pick<
  ParsedCode,
  'issuer' | 'kind' | 'issuedAt' | 'notBefore' | 'expiresAt' | 'status' | 'deviceKey' | 'claims' | 'fault'
>;

function readPayload(payload: JsonObject): Payload {
  const { iss, kind, claims } = payload;
  const times = readInstants(payload['iat'], payload['nbf'], payload['exp']);
  const status = readStatus(payload['status']);
  const deviceKey = readConfirmation(payload['cnf']);
  const isKind = typeof kind === 'string' && KIND.test(kind);
  const onlyKnown = Object.keys(payload).every((name) => MEMBERS.has(name));
  const isComplete =
    isKind && status !== null && deviceKey !== undefined && isJsonObject(claims) && onlyKnown;
  return {
    issuer: typeof iss === 'string' && ISSUER.test(iss) ? iss : null,
    issuedAt: times.issuedAt,
    notBefore: times.notBefore,
    expiresAt: times.expiresAt,
    kind: isKind ? kind : '',
    status,
    claims: { form: 'json', values: isJsonObject(claims) ? claims : {} },
    deviceKey: deviceKey ?? null,
    fault: times.faulty ? 'time' : isComplete ? null : 'claims',
  };
}

/** `{status_list: {idx, uri}}` and nothing else (Token Status List, section 6.2). */
function readStatus(value: unknown): StatusReference | null {
  if (!isJsonObject(value) || Object.keys(value).length !== 1) return null;
  const reference = value['status_list'];
  if (!isJsonObject(reference) || Object.keys(reference).length !== 2) return null;
  const { idx, uri } = reference;
  return isCount(idx) && typeof uri === 'string' && uri.length <= MAX_URI_CHARS ? { uri, index: idx } : null;
}

/** null: not bound. undefined: bound to something that is no device key. */
function readConfirmation(value: unknown): DeviceKey | null | undefined {
  if (value === undefined) return null;
  if (!isJsonObject(value) || Object.keys(value).length !== 1) return undefined;
  return parseJwkDeviceKey(value['jwk']) ?? undefined;
}
