// Status list tokens as compact JWS, `typ: statuslist+jwt` (Token Status List, section 5.1).

import { decodeBase64url, encodeBase64url } from '../codec/base64url.js';
import { utf8Decode } from '../codec/bytes.js';
import { isJsonObject, parseStrictJson } from '../codec/json.js';
import { encodeCompactJws, parseCompactJws } from '../codec/jws.js';
import { ALGORITHMS, type Algorithm } from '../signature/algorithm.js';
import type { Signer } from '../signature/ports.js';
import { checkListClaims, refusedList, type StatusListClaims } from './list-claims.js';
import { type ListToken, MAX_TOKEN_BYTES } from './list-token.js';

export const LIST_JWT_TYPE = 'statuslist+jwt';
const MAX_DEPTH = 8;

/** The signed token, ASCII. */
export function encodeListJwt(claims: StatusListClaims, signer: Signer): string {
  const header = {
    alg: ALGORITHMS[signer.algorithm].jose,
    kid: encodeBase64url(signer.kid),
    typ: LIST_JWT_TYPE,
  };
  const payload = {
    sub: claims.uri,
    iat: claims.issuedAt,
    ...(claims.notBefore === null ? {} : { nbf: claims.notBefore }),
    ...(claims.expiresAt === null ? {} : { exp: claims.expiresAt }),
    ...(claims.ttlSeconds === null ? {} : { ttl: claims.ttlSeconds }),
    status_list: { bits: claims.bits, lst: encodeBase64url(claims.compressed) },
  };
  return encodeCompactJws(header, payload, signer.sign);
}

/**
 * Parses without trusting. Members besides the standard's (`iss`, `aggregation_uri`) may be there and are not looked at.
 * @throws YimaError `damaged`: not a strict compact JWS, its payload not strict JSON, `lst` not base64url
 * @throws YimaError `list_refused`, rule `typ`, `algorithm` or `claims`
 */
export function parseListJwt(text: string): ListToken {
  const jws = parseCompactJws(text, { maxChars: MAX_TOKEN_BYTES });
  if (jws.type !== LIST_JWT_TYPE) throw refusedList('typ');
  const payload = parseStrictJson(utf8Decode(jws.payloadBytes), { maxDepth: MAX_DEPTH });
  const list = isJsonObject(payload) ? payload['status_list'] : undefined;
  if (!isJsonObject(payload) || !isJsonObject(list)) throw refusedList('claims');
  const lst = list['lst'];
  return {
    algorithm: algorithmNamed(jws.algorithm),
    kid: jws.kid,
    message: jws.signingInput,
    signature: jws.signature,
    claims: checkListClaims({
      sub: payload['sub'],
      iat: payload['iat'],
      nbf: payload['nbf'],
      exp: payload['exp'],
      ttl: payload['ttl'],
      bits: list['bits'],
      list: typeof lst === 'string' ? decodeBase64url(lst) : null,
    }),
  };
}

function algorithmNamed(jose: string): Algorithm {
  const names = Object.keys(ALGORITHMS) as Algorithm[];
  const found = names.find((name) => ALGORITHMS[name].jose === jose);
  if (found === undefined) throw refusedList('algorithm');
  return found;
}
