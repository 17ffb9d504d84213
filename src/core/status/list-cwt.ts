// Status list tokens as CWT: COSE_Sign1 under tag 18, type `application/statuslist+cwt` (Token Status List, section 5.2).

import { encodeBase64url } from '../codec/base64url.js';
import { decodeTolerant, encodeCbor } from '../codec/cbor.js';
import {
  COSE_HEADER,
  type CoseSign1,
  encodeCoseSign1,
  parseCoseSign1,
  sigStructure,
} from '../codec/cose-sign1.js';
import { ALGORITHMS, type Algorithm, type AlgorithmInfo } from '../signature/algorithm.js';
import type { Signer } from '../signature/ports.js';
import { checkListClaims, refusedList, type StatusListClaims } from './list-claims.js';
import { type ListToken, MAX_TOKEN_BYTES } from './list-token.js';

export const LIST_CWT_TYPE = 'application/statuslist+cwt';

/** CWT claim keys (RFC 8392); `ttl` and `status_list` are requested in Token Status List, section 14. */
const CLAIM = { sub: 2, exp: 4, nbf: 5, iat: 6, statusList: 65533, ttl: 65534 } as const;
const COSE_SIGN1_TAG = 0xd2;
const CBOR_ARRAY = 4;
const NO_AAD = new Uint8Array(0);

/** The signed token, deterministic but for the signature. */
export function encodeListCwt(claims: StatusListClaims, signer: Signer): Uint8Array {
  const protectedBytes = encodeCbor(
    new Map<number, unknown>([
      [COSE_HEADER.algorithm, ALGORITHMS[signer.algorithm].cose],
      [COSE_HEADER.keyId, signer.kid],
      [COSE_HEADER.type, LIST_CWT_TYPE],
    ]),
  );
  const list = new Map<string, unknown>([
    ['bits', claims.bits],
    ['lst', claims.compressed],
  ]);
  const members: readonly (readonly [number, unknown])[] = [
    [CLAIM.sub, claims.uri],
    [CLAIM.exp, claims.expiresAt],
    [CLAIM.nbf, claims.notBefore],
    [CLAIM.iat, claims.issuedAt],
    [CLAIM.statusList, list],
    [CLAIM.ttl, claims.ttlSeconds],
  ];
  const payload = encodeCbor(new Map(members.filter(([, value]) => value !== null)));
  return encodeCoseSign1(protectedBytes, payload, signer.sign(sigStructure(protectedBytes, NO_AAD, payload)));
}

/**
 * Parses without trusting. Any well-formed CBOR is read, since others encode in other orders; `alg` and the type must be
 * protected, the key id may stand in either header but not in both.
 * @throws YimaError `damaged`: not a COSE_Sign1, or its parts are not well-formed CBOR
 * @throws YimaError `list_refused`, rule `tag` (tag 18 once, around the array), `typ`, `algorithm`, `kid` or `claims`
 */
export function parseListCwt(bytes: Uint8Array): ListToken {
  const tagged = bytes[0] === COSE_SIGN1_TAG && (bytes[1] ?? 0) >> 5 === CBOR_ARRAY;
  if (!tagged) throw refusedList('tag');
  const cose = parseCoseSign1(bytes, { mode: 'tolerant', maxBytes: MAX_TOKEN_BYTES });
  if (cose.protectedHeaders.get(COSE_HEADER.type) !== LIST_CWT_TYPE) throw refusedList('typ');
  return {
    algorithm: algorithmNumbered(cose.protectedHeaders.get(COSE_HEADER.algorithm)),
    kid: keyId(cose),
    message: sigStructure(cose.protectedBytes, NO_AAD, cose.payload),
    signature: cose.signature,
    claims: readClaims(decodeTolerant(cose.payload, { maxBytes: MAX_TOKEN_BYTES })),
  };
}

function readClaims(payload: unknown): StatusListClaims {
  const list: unknown = payload instanceof Map ? payload.get(CLAIM.statusList) : undefined;
  if (!(payload instanceof Map) || !(list instanceof Map)) throw refusedList('claims');
  const lst: unknown = list.get('lst');
  return checkListClaims({
    sub: payload.get(CLAIM.sub),
    iat: payload.get(CLAIM.iat),
    nbf: payload.get(CLAIM.nbf),
    exp: payload.get(CLAIM.exp),
    ttl: payload.get(CLAIM.ttl),
    bits: list.get('bits'),
    list: lst instanceof Uint8Array ? lst : null,
  });
}

function keyId(cose: CoseSign1): string | null {
  const isProtected = cose.protectedHeaders.has(COSE_HEADER.keyId);
  if (isProtected && cose.unprotectedHeaders.has(COSE_HEADER.keyId)) throw refusedList('kid');
  const headers = isProtected ? cose.protectedHeaders : cose.unprotectedHeaders;
  const kid = headers.get(COSE_HEADER.keyId);
  if (kid === undefined) return null;
  if (!(kid instanceof Uint8Array)) throw refusedList('kid');
  return encodeBase64url(kid);
}

function algorithmNumbered(cose: unknown): Algorithm {
  const rows = Object.entries(ALGORITHMS) as [Algorithm, AlgorithmInfo][];
  const found = rows.find(
    ([, row]) => row.cose === cose || row.coseForeign.some((number) => number === cose),
  );
  if (found === undefined) throw refusedList('algorithm');
  return found[0];
}
