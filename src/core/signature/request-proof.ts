// A request proven by a device's own key: a compact JWS over what is asked of whom and when. No secret travels, and what somebody
// copies is worth nothing for another address, another server or another minute.

import { encodeBase64url } from '../codec/base64url.js';
import { asciiEncode, utf8Decode, utf8Encode } from '../codec/bytes.js';
import { damaged } from '../codec/damaged.js';
import { isJsonObject, type JsonObject, parseStrictJson } from '../codec/json.js';
import { type CompactJws, parseCompactJws } from '../codec/jws.js';
import type { VerifySignature } from './ports.js';
import type { PublicKey } from './public-key.js';

/** What a proof says. */
export interface ProofClaims {
  /** Origin of the node that is asked. */
  readonly aud: string;
  readonly htm: string;
  /** Path and query of the request. */
  readonly htu: string;
  /** Epoch seconds, by the node's clock as well as the device knows it. */
  readonly iat: number;
  /** Random, at least 16 characters: a proof counts once. */
  readonly jti: string;
}

export interface ProofHeader {
  readonly alg: 'ES256' | 'Ed25519';
  readonly typ: string;
  readonly kid: string;
}

/** Signs as the device can, sooner or later. */
export type SignAsync = (message: Uint8Array) => Promise<Uint8Array>;

const SKEW_SECONDS = 60;
const JTI = /^[A-Za-z0-9_-]{16,64}$/;
const MAX_CHARS = 2_048;

/** The proof as text. */
export async function createProof(
  header: ProofHeader,
  claims: ProofClaims,
  sign: SignAsync,
): Promise<string> {
  const { alg, typ, kid } = header;
  const { aud, htm, htu, iat, jti } = claims;
  const parts = [
    { alg, typ, kid },
    { aud, htm, htu, iat, jti },
  ];
  const input = parts.map((part) => encodeBase64url(utf8Encode(JSON.stringify(part)))).join('.');
  return `${input}.${encodeBase64url(await sign(asciiEncode(input)))}`;
}

/** A proof whose form is sound and of which nothing is believed yet. */
export interface ReadProof {
  readonly kid: string;
  readonly jws: CompactJws;
  readonly claims: ProofClaims;
}

/** @throws YimaError `damaged` for anything that is not a proof of this type */
export function readProof(text: string, type: string): ReadProof {
  const jws = parseCompactJws(text, { maxChars: MAX_CHARS });
  const { kid } = jws;
  if (jws.type !== type || kid === null) throw damaged('proof_header');
  const payload = parseStrictJson(utf8Decode(jws.payloadBytes), { maxDepth: 2 });
  if (!isJsonObject(payload)) throw damaged('proof_claims');
  return { kid, jws, claims: readClaims(payload) };
}

function readClaims({ aud, htm, htu, iat, jti }: JsonObject): ProofClaims {
  const texts = [aud, htm, htu, jti];
  if (texts.some((text) => typeof text !== 'string') || !Number.isSafeInteger(iat))
    throw damaged('proof_claims');
  if (!JTI.test(jti as string)) throw damaged('proof_claims');
  return { aud, htm, htu, iat, jti } as unknown as ProofClaims;
}

/** Why a proof does not count; stable. */
export type ProofFault = 'signature' | 'request' | 'time';

/** What the request is in truth. */
export type ProvenRequest = Pick<ProofClaims, 'aud' | 'htm' | 'htu'> & { readonly now: number };

/**
 * The signature first: nothing else is told to who does not hold the key.
 * @returns null when the proof is by this key, of this request, and made within a minute either way
 */
export function checkProof(
  { jws, claims }: ReadProof,
  key: PublicKey,
  request: ProvenRequest,
  verify: VerifySignature,
): ProofFault | null {
  if (jws.algorithm !== key.algorithm || !verify(key, jws.signingInput, jws.signature)) return 'signature';
  const { aud, htm, htu, now } = request;
  if (claims.aud !== aud || claims.htm !== htm || claims.htu !== htu) return 'request';
  return Math.abs(now - claims.iat) > SKEW_SECONDS ? 'time' : null;
}
