// `NZCP:/1/` codes, the NZ COVID Pass (minhealthnz/nzcovidpass-spec, spec/main.md): a CWT in unpadded base32. Read only.

import { decodeBase32 } from '../codec/base32.js';
import { encodeBase64url } from '../codec/base64url.js';
import { equalBytes, utf8Encode } from '../codec/bytes.js';
import { decodeTolerant } from '../codec/cbor.js';
import {
  COSE_HEADER,
  type CoseSign1,
  encodeCoseSign1,
  parseCoseSign1,
  sigStructure,
} from '../codec/cose-sign1.js';
import { damaged } from '../codec/damaged.js';
import { DID_WEB } from '../codec/names.js';
import { readInstants } from './instants.js';
import type { ParsedCode } from './parsed-code.js';
import { isShowable, showable } from './shown-text.js';

export const NZCP_PREFIX = 'NZCP:/1/';

const ES256 = -7;
const SIGNATURE_BYTES = 64;
const MAX_KID_BYTES = 64;
const UUID_BYTES = 16;
const CLAIM = { issuer: 1, expiresAt: 4, notBefore: 5, tokenId: 7, credential: 'vc' } as const;
const CONTEXT = 'https://www.w3.org/2018/credentials/v1';
const KINDS: ReadonlyMap<unknown, string> = new Map([['PublicCovidPass', 'nzcp-public-covid-pass']]);
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const NO_AAD = new Uint8Array(0);
const NO_MEMBERS: ReadonlyMap<unknown, unknown> = new Map();

/** The COSE message of a pass. @throws YimaError `damaged`: not canonical base32 */
export function openNzcp(text: string): Uint8Array {
  return decodeBase32(text.slice(NZCP_PREFIX.length));
}

/**
 * Only ES256 under tag 18, both named in the protected header; the unprotected one is empty. kid is text by the specification and
 * bytes in everything that was issued.
 * @throws YimaError `damaged`
 */
export function readNzcp(bytes: Uint8Array): ParsedCode {
  const cose = parseCoseSign1(bytes, { mode: 'tolerant' });
  const { protectedBytes, protectedHeaders, payload, signature } = cose;
  // What stands around the signed bytes has one form, so that one pass has one text.
  if (!equalBytes(encodeCoseSign1(protectedBytes, payload, signature), bytes)) throw damaged('cose');
  if (protectedHeaders.get(COSE_HEADER.algorithm) !== ES256) throw damaged('algorithm');
  if (signature.length !== SIGNATURE_BYTES) throw damaged('signature_length');
  return {
    envelope: 'NZCP',
    format: 'nzcp',
    kids: readKids(cose),
    algorithm: 'ES256',
    message: sigStructure(protectedBytes, NO_AAD, payload),
    signature,
    bytes,
    status: null,
    deviceKey: null,
    ...readClaims(payload),
  };
}

function readKids({ protectedHeaders }: CoseSign1): readonly string[] {
  const kid = protectedHeaders.get(COSE_HEADER.keyId);
  const bytes = typeof kid === 'string' ? utf8Encode(kid) : kid;
  const isUsable = bytes instanceof Uint8Array && bytes.length > 0 && bytes.length <= MAX_KID_BYTES;
  return isUsable ? [encodeBase64url(bytes)] : [];
}

type Claims = Pick<
  ParsedCode,
  'issuer' | 'issuedAt' | 'notBefore' | 'expiresAt' | 'kind' | 'claims' | 'fault'
>;

/** `nbf` is when the pass was issued (section CWT Claims). */
function readClaims(payload: Uint8Array): Claims {
  const claims = decodeTolerant(payload);
  if (!(claims instanceof Map)) throw damaged('cwt');
  const [issuer, begins, ends, tokenId] = [
    claims.get(CLAIM.issuer),
    claims.get(CLAIM.notBefore),
    claims.get(CLAIM.expiresAt),
    claims.get(CLAIM.tokenId),
  ];
  const times = readInstants(begins, begins, ends);
  const credential = memberMap(claims, CLAIM.credential);
  const subject = memberMap(credential, 'credentialSubject');
  const kind = kindOf(credential);
  const isToken = tokenId instanceof Uint8Array && tokenId.length === UUID_BYTES;
  const isPerson = isShowable(subject.get('givenName')) && DATE.test(String(subject.get('dob')));
  return {
    issuer: typeof issuer === 'string' && DID_WEB.test(issuer) ? issuer : null,
    issuedAt: times.issuedAt,
    notBefore: times.notBefore,
    expiresAt: times.expiresAt,
    kind: kind ?? '',
    claims: {
      form: 'json',
      values: showable({
        familyName: subject.get('familyName'),
        givenName: subject.get('givenName'),
        birthDate: subject.get('dob'),
      }),
    },
    fault:
      times.faulty || times.expiresAt === null
        ? 'time'
        : kind !== null && isToken && isPerson
          ? null
          : 'claims',
  };
}

function memberMap(parent: ReadonlyMap<unknown, unknown>, key: unknown): ReadonlyMap<unknown, unknown> {
  const value = parent.get(key);
  return value instanceof Map ? value : NO_MEMBERS;
}

/** null unless it is a verifiable credential of version 1.0.0 and of a known pass type. */
function kindOf(credential: ReadonlyMap<unknown, unknown>): string | null {
  const context: unknown = credential.get('@context');
  const types: unknown = credential.get('type');
  if (!Array.isArray(context) || context[0] !== CONTEXT || credential.get('version') !== '1.0.0') return null;
  if (!Array.isArray(types) || types.length !== 2 || types[0] !== 'VerifiableCredential') return null;
  return KINDS.get(types[1]) ?? null;
}
