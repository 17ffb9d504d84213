// Credentials as SD-JWT VC (`typ: dc+sd-jwt`), for wallets of others: every claim of the kind in a disclosure of its own, so that its
// holder shows what is asked for and no more.

import { decodeBase64url, encodeBase64url } from '../codec/base64url.js';
import { asciiEncode, utf8Decode, utf8Encode } from '../codec/bytes.js';
import { damaged } from '../codec/damaged.js';
import { isJsonObject, type JsonObject, parseStrictJson } from '../codec/json.js';
import { encodeCompactJws, parseCompactJws } from '../codec/jws.js';
import { YimaError } from '../errors/yima-error.js';
import type { Signer, VerifySignature } from '../signature/ports.js';
import type { PublicKey, Sha256 } from '../signature/public-key.js';
import type { CodeContent } from './code-content.js';
import { jwkDeviceKey } from './device-key.js';

const TYPE = 'dc+sd-jwt';
const SALT_BYTES = 16;
const MAX_CHARS = 16_384;
/** Names that no claim of a kind may have: they would say something else at the top level. */
const TAKEN: ReadonlySet<string> = new Set([
  'iss',
  'iat',
  'nbf',
  'exp',
  'cnf',
  'vct',
  'status',
  'sub',
  '_sd',
  '_sd_alg',
  '...',
]);

/** What credentials of a kind are called: a change that is not compatible takes the next number. */
export function sdJwtType(kind: string): string {
  return `urn:yima:${kind}:1`;
}

/**
 * Signs the content and returns it with all disclosures; the last tilde stays, since there is no key binding in it.
 * @param content `issuer` is an https address here; it is bound to a device
 * @see RFC 9901, sections 4.2 and 5; draft-ietf-oauth-sd-jwt-vc, section 3.2
 */
export function encodeSdJwt(
  content: CodeContent,
  signer: Signer,
  { random, sha256 }: { readonly random: (length: number) => Uint8Array; readonly sha256: Sha256 },
): string {
  const { issuer, issuedAt, expiresAt, kind, status, claims, deviceKey } = content;
  if (signer.algorithm !== 'ES256' || deviceKey === null) {
    throw new YimaError('internal', 'An SD-JWT is signed with ES256 and bound to a device.');
  }
  const disclosures = Object.entries(claims.json).map(([name, value]) => {
    if (TAKEN.has(name)) throw new YimaError('internal', `A claim cannot be called ${name} in an SD-JWT.`);
    const salt = encodeBase64url(random(SALT_BYTES));
    return encodeBase64url(utf8Encode(JSON.stringify([salt, name, value])));
  });
  const payload = {
    iss: issuer,
    iat: issuedAt,
    ...(expiresAt === null ? {} : { exp: expiresAt }),
    vct: sdJwtType(kind.name),
    cnf: { jwk: jwkDeviceKey(deviceKey) },
    status: { status_list: { idx: status.index, uri: status.uri } },
    _sd_alg: 'sha-256',
    _sd: disclosures.map((disclosure) => digestOf(disclosure, sha256)).sort(),
  };
  const header = { alg: 'ES256', typ: TYPE, kid: encodeBase64url(signer.kid) };
  const jws = encodeCompactJws(header, payload, signer.sign);
  return [jws, ...disclosures, ''].join('~');
}

export interface ReadSdJwt {
  readonly payload: JsonObject;
  /** What the disclosures say. */
  readonly claims: Readonly<Record<string, unknown>>;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * Takes an SD-JWT as `encodeSdJwt` writes it apart; whoever reads it checks the signature.
 * @throws YimaError `damaged`: another type, a key binding, a disclosure that nothing refers to, or that says twice what it says
 */
export function readSdJwt(text: string, sha256: Sha256): ReadSdJwt {
  if (text.length > MAX_CHARS) throw damaged('sd_jwt_length');
  const [jws = '', ...rest] = text.split('~');
  const disclosures = rest.slice(0, -1);
  if (rest.at(-1) !== '') throw damaged('sd_jwt_end');
  const { algorithm, type, payloadBytes, signature, signingInput } = parseCompactJws(jws, {
    maxChars: MAX_CHARS,
  });
  if (type !== TYPE || algorithm !== 'ES256') throw damaged('sd_jwt_type');
  const payload = parseStrictJson(utf8Decode(payloadBytes), { maxDepth: 8 });
  if (!isJsonObject(payload) || payload['_sd_alg'] !== 'sha-256') throw damaged('sd_jwt');
  const digests = payload['_sd'];
  if (!Array.isArray(digests) || digests.length !== disclosures.length) throw damaged('sd_jwt_digests');
  const claims: Record<string, unknown> = {};
  const open = new Set<unknown>(digests);
  for (const disclosure of disclosures) {
    if (!open.delete(digestOf(disclosure, sha256))) throw damaged('sd_jwt_digests');
    const [name, value] = readDisclosure(disclosure);
    if (Object.hasOwn(payload, name) || Object.hasOwn(claims, name)) throw damaged('sd_jwt_name');
    claims[name] = value;
  }
  return { payload, claims, message: signingInput, signature };
}

/** Whether it says the content and nothing else, signed by this key. */
export function isSoundSdJwt(
  text: string,
  { claims }: CodeContent,
  key: PublicKey,
  { verify, sha256 }: { readonly verify: VerifySignature; readonly sha256: Sha256 },
): boolean {
  const read = readSdJwt(text, sha256);
  const names = Object.keys(claims.json);
  return (
    verify(key, read.message, read.signature) &&
    Object.keys(read.claims).length === names.length &&
    names.every((name) => read.claims[name] === claims.json[name])
  );
}

function digestOf(disclosure: string, sha256: Sha256): string {
  return encodeBase64url(sha256(asciiEncode(disclosure)));
}

function readDisclosure(disclosure: string): readonly [name: string, value: unknown] {
  const read = parseStrictJson(utf8Decode(decodeBase64url(disclosure)), { maxDepth: 4 });
  if (!Array.isArray(read) || read.length !== 3) throw damaged('sd_jwt_disclosure');
  const [salt, name, value] = read as readonly unknown[];
  if (typeof salt !== 'string' || typeof name !== 'string' || TAKEN.has(name))
    throw damaged('sd_jwt_disclosure');
  return [name, value];
}
