// `HC1:` codes, the EU Digital COVID Certificate (hcert_spec.md): read only, tolerant where its issuers differ. One function a rung.

import { decodeBase45 } from '../codec/base45.js';
import { encodeBase64url } from '../codec/base64url.js';
import { decodeTolerant } from '../codec/cbor.js';
import { COSE_HEADER, type CoseSign1, parseCoseSign1, sigStructure } from '../codec/cose-sign1.js';
import { damaged } from '../codec/damaged.js';
import { YimaError } from '../errors/yima-error.js';
import { readInstants } from './instants.js';
import type { ParsedCode } from './parsed-code.js';
import { isShowable, showable } from './shown-text.js';

/**
 * Inflates one stream, zlib (RFC 1950) or raw deflate (RFC 1951) as its envelope says, and nothing after it.
 * @throws YimaError `damaged`: no such stream, truncated, bytes after the stream, more than `maxBytes` out
 */
export type Inflate = (bytes: Uint8Array, maxBytes: number) => Uint8Array;

export const HC1_PREFIX = 'HC1:';

/** 574 real codes: at most 870 bytes inflated, ratio at most 1.42. What exceeds either bound is a bomb. */
const MAX_INFLATED_BYTES = 16_384;
const MAX_INFLATE_RATIO = 10;
const MAX_KID_BYTES = 64;
const MAX_ISSUER_CHARS = 80;
const CLAIM = { issuer: 1, expiresAt: 4, issuedAt: 6, healthCertificate: -260 } as const;
const EU_DCC = 1;
const NO_AAD = new Uint8Array(0);

/** The kinds by the member that holds their one entry. */
const KINDS = { v: 'eu-dcc-vaccination', t: 'eu-dcc-test', r: 'eu-dcc-recovery' } as const;
/** The date that each kind's entry is about. */
const ENTRY_DATES = { v: 'dt', t: 'sc', r: 'fr' } as const;

/** @throws YimaError `not_ours` without the context identifier `HC1:` (section 4.2) */
export function stripHc1Prefix(text: string): string {
  if (!text.startsWith(HC1_PREFIX)) throw new YimaError('not_ours', 'The text does not begin with HC1:.');
  return text.slice(HC1_PREFIX.length);
}

/** @throws YimaError `damaged`, also for a bomb and for what is not compressed */
export function inflateHc1(compressed: Uint8Array, inflate: Inflate): Uint8Array {
  return inflate(compressed, Math.min(MAX_INFLATED_BYTES, compressed.length * MAX_INFLATE_RATIO));
}

export type Hc1Message = Pick<ParsedCode, 'kids' | 'message' | 'signature'> & {
  readonly payload: Uint8Array;
};

/**
 * Untagged, tag 18, or 61 around 18. The algorithm named is ignored: the key decides. A kid in the protected header wins, even
 * a wrong one; only without it does the unprotected one count, which anybody could have changed (section 3.3.3).
 * @throws YimaError `damaged`
 */
export function parseHc1Message(bytes: Uint8Array): Hc1Message {
  const cose = parseCoseSign1(bytes, { mode: 'tolerant' });
  return {
    kids: readKids(cose),
    message: sigStructure(cose.protectedBytes, NO_AAD, cose.payload),
    signature: cose.signature,
    payload: cose.payload,
  };
}

function readKids({ protectedHeaders, unprotectedHeaders }: CoseSign1): readonly string[] {
  const holder = protectedHeaders.has(COSE_HEADER.keyId) ? protectedHeaders : unprotectedHeaders;
  const kid = holder.get(COSE_HEADER.keyId);
  const isUsable = kid instanceof Uint8Array && kid.length > 0 && kid.length <= MAX_KID_BYTES;
  return isUsable ? [encodeBase64url(kid)] : [];
}

export type Hc1Claims = Pick<ParsedCode, 'issuer' | 'issuedAt' | 'expiresAt' | 'kind' | 'claims' | 'fault'>;

/**
 * The CWT claims, with the values that a person compares. The kind follows from the entry (`v`, `t` or `r`); with none or
 * several the content is faulty.
 * @throws YimaError `damaged` when the payload is no CBOR map
 */
export function parseHc1Claims(payload: Uint8Array): Hc1Claims {
  const claims = decodeTolerant(payload);
  if (!(claims instanceof Map)) throw damaged('cwt');
  const issuer = claims.get(CLAIM.issuer);
  const times = readInstants(claims.get(CLAIM.issuedAt), undefined, claims.get(CLAIM.expiresAt));
  const certificate = memberMap(memberMap(claims, CLAIM.healthCertificate), EU_DCC);
  const entry = readEntry(certificate);
  const timesBroken = times.faulty || times.expiresAt === null;
  return {
    issuer: isShowable(issuer) && issuer.length <= MAX_ISSUER_CHARS ? issuer : null,
    issuedAt: times.issuedAt,
    expiresAt: times.expiresAt,
    kind: entry === null ? '' : KINDS[entry.member],
    claims: { form: 'json', values: shownValues(certificate, entry) },
    fault: timesBroken ? 'time' : entry === null ? 'claims' : null,
  };
}

function memberMap(parent: ReadonlyMap<unknown, unknown>, key: unknown): ReadonlyMap<unknown, unknown> {
  const value = parent.get(key);
  return value instanceof Map ? value : new Map();
}

interface Entry {
  readonly member: keyof typeof KINDS;
  readonly values: ReadonlyMap<unknown, unknown>;
}

function readEntry(certificate: ReadonlyMap<unknown, unknown>): Entry | null {
  const entries: Entry[] = [];
  for (const member of ['v', 't', 'r'] as const) {
    const list = certificate.get(member);
    if (Array.isArray(list) && list[0] instanceof Map) entries.push({ member, values: list[0] });
  }
  return entries.length === 1 ? (entries[0] ?? null) : null;
}

function shownValues(
  certificate: ReadonlyMap<unknown, unknown>,
  entry: Entry | null,
): Readonly<Record<string, string>> {
  const names = memberMap(certificate, 'nam');
  return showable({
    familyName: names.get('fn') ?? names.get('fnt'),
    givenName: names.get('gn') ?? names.get('gnt'),
    birthDate: certificate.get('dob'),
    date: entry?.values.get(ENTRY_DATES[entry.member]),
  });
}

/** @throws YimaError `not_ours`, `damaged` */
export function parseHc1(text: string, inflate: Inflate): ParsedCode {
  return readHc1(openHc1(text, inflate));
}

/** The inflated bytes of an `HC1`. @throws YimaError `not_ours`, `damaged` */
export function openHc1(text: string, inflate: Inflate): Uint8Array {
  return inflateHc1(decodeBase45(stripHc1Prefix(text)), inflate);
}

/** @throws YimaError `damaged` */
export function readHc1(bytes: Uint8Array): ParsedCode {
  const { payload, ...message } = parseHc1Message(bytes);
  return {
    envelope: 'HC1',
    format: 'eu-dcc',
    algorithm: null,
    bytes,
    notBefore: null,
    status: null,
    deviceKey: null,
    ...message,
    ...parseHc1Claims(payload),
  };
}
