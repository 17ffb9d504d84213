// `shc:/` codes, SMART Health Cards (smart-on-fhir/health-cards, docs/index.md): a compact JWS in pairs of digits over a raw
// deflate stream. Read only.

import { utf8Decode } from '../codec/bytes.js';
import { damaged } from '../codec/damaged.js';
import { isJsonObject, type JsonObject, parseStrictJson } from '../codec/json.js';
import { parseCompactJws } from '../codec/jws.js';
import { CARD_ISSUER, THUMBPRINT } from '../codec/names.js';
import { YimaError } from '../errors/yima-error.js';
import type { Inflate } from './hc1.js';
import { readInstants } from './instants.js';
import type { ParsedCode } from './parsed-code.js';
import { shownOfBundle } from './shc-bundle.js';

export const SHC_PREFIX = 'shc:/';

/** What one symbol of version 22 holds; longer cards came in chunks. */
const MAX_JWS_CHARS = 1_195;
const MAX_INFLATED_BYTES = 16_384;
const MAX_INFLATE_RATIO = 10;
const SIGNATURE_BYTES = 64;
/** A pair of digits is a character's code less this, so that 77 is `z`. */
const OFFSET = 45;
const LARGEST_PAIR = 77;
/** Deprecated: part C of N of a card that one symbol cannot hold. */
const CHUNK = /^[1-9]\d{0,2}\/[1-9]\d{0,2}\/\d*$/;
const RID = /^[A-Za-z0-9_-]{1,24}$/;
const MAX_TYPES = 32;
const TYPE = 'https://smarthealth.cards#';

/**
 * The JWS of a code, in ASCII.
 * @throws YimaError `unsupported`: one chunk of several
 * @throws YimaError `damaged`: anything but digits, an odd number of them, a pair over 77, more than 1,195 characters
 */
export function openShc(text: string): Uint8Array {
  const digits = text.slice(SHC_PREFIX.length);
  if (CHUNK.test(digits)) throw new YimaError('unsupported', 'Cards in several symbols are not read here.');
  if (digits.length % 2 !== 0 || !/^\d+$/.test(digits)) throw damaged('shc_digits');
  const bytes = new Uint8Array(digits.length / 2);
  if (bytes.length > MAX_JWS_CHARS) throw damaged('jws_length');
  for (let i = 0; i < bytes.length; i++) {
    const pair = Number(digits.slice(2 * i, 2 * i + 2));
    if (pair > LARGEST_PAIR) throw damaged('shc_pair');
    bytes[i] = pair + OFFSET;
  }
  return bytes;
}

/**
 * Takes the JWS apart. Only ES256 over raw deflate, kid the key's thumbprint, signature r||s.
 * @param bytes of `openShc`
 * @throws YimaError `damaged`, also for a bomb, bytes behind the stream, and a payload that is not one strict JSON object alone
 */
export function readShc(bytes: Uint8Array, inflateRaw: Inflate): ParsedCode {
  const jws = parseCompactJws(utf8Decode(bytes), { maxChars: MAX_JWS_CHARS, foreign: true });
  const { header, algorithm, kid, payloadBytes, signature, signingInput } = jws;
  if (algorithm !== 'ES256') throw damaged('algorithm');
  if (header['zip'] !== 'DEF') throw damaged('shc_zip');
  if (kid !== null && !THUMBPRINT.test(kid)) throw damaged('kid');
  if (signature.length !== SIGNATURE_BYTES) throw damaged('signature_length');
  const most = Math.min(MAX_INFLATED_BYTES, payloadBytes.length * MAX_INFLATE_RATIO);
  return {
    envelope: 'SHC',
    format: 'shc',
    kids: kid === null ? [] : [kid],
    algorithm,
    message: signingInput,
    signature,
    bytes,
    ...readShcPayload(utf8Decode(inflateRaw(payloadBytes, most))),
  };
}

export type ShcPayload = Pick<
  ParsedCode,
  'issuer' | 'kind' | 'issuedAt' | 'notBefore' | 'expiresAt' | 'status' | 'deviceKey' | 'claims' | 'fault'
>;

/**
 * What a card says. Its `nbf` is when it was issued; fractions of a second, which many issuers write, are dropped.
 * @throws YimaError `damaged` unless the text is one strict JSON object with nothing in front or behind
 */
export function readShcPayload(text: string): ShcPayload {
  if (!text.startsWith('{') || !text.endsWith('}')) throw damaged('shc_payload');
  const payload = parseStrictJson(text, { maxDepth: 24 });
  if (!isJsonObject(payload)) throw damaged('shc_payload');
  const { iss, nbf, exp, vc } = payload;
  const issued = wholeSeconds(nbf);
  const times = readInstants(issued, issued, wholeSeconds(exp));
  const card = isJsonObject(vc) ? vc : {};
  const { rid } = card;
  const kind = kindOf(card['type']);
  const bundle = bundleOf(card);
  const isRid = rid === undefined || (typeof rid === 'string' && RID.test(rid));
  const isSound = kind !== null && bundle !== null && isRid;
  return {
    issuer: typeof iss === 'string' && CARD_ISSUER.test(iss) ? iss : null,
    kind: kind ?? '',
    issuedAt: times.issuedAt,
    notBefore: times.notBefore,
    expiresAt: times.expiresAt,
    status: isRid ? { rid: typeof rid === 'string' ? rid : null } : null,
    deviceKey: null,
    claims: { form: 'json', values: bundle === null ? {} : shownOfBundle(bundle) },
    fault: times.faulty ? 'time' : isSound ? null : 'claims',
  };
}

function wholeSeconds(value: unknown): unknown {
  return typeof value === 'number' ? Math.floor(value) : value;
}

/** By the types that say what the card is about; null without the type of all cards. */
function kindOf(types: unknown): string | null {
  if (!Array.isArray(types) || types.length > MAX_TYPES || !types.includes(`${TYPE}health-card`)) return null;
  const isImmunization = types.includes(`${TYPE}immunization`);
  if (isImmunization === types.includes(`${TYPE}laboratory`)) return 'shc-health-card';
  return isImmunization ? 'shc-immunization' : 'shc-laboratory';
}

function bundleOf(card: JsonObject): JsonObject | null {
  const subject = card['credentialSubject'];
  const bundle = isJsonObject(subject) ? subject['fhirBundle'] : undefined;
  return isJsonObject(bundle) ? bundle : null;
}
