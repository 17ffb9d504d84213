// `YM2:` presentations: base45 of a COSE_Sign1 by the device key over a credential's bytes and the time, in one form alone. Signing
// is in two steps, since a browser's key answers later: `presentationMessage`, then `encodeYm2`.

import { decodeBase45, encodeBase45 } from '../codec/base45.js';
import { asciiEncode } from '../codec/bytes.js';
import { decodeStrict, encodeCbor } from '../codec/cbor.js';
import { COSE_HEADER, encodeCoseSign1, sigStructure } from '../codec/cose-sign1.js';
import { damaged } from '../codec/damaged.js';
import { YimaError } from '../errors/yima-error.js';
import { ALGORITHMS, type Algorithm } from '../signature/algorithm.js';
import { isLowS, normalizeLowS } from '../signature/signature-encoding.js';
import { readInstants } from './instants.js';
import { readYm1 } from './ym1.js';
import { parseYm1Frame } from './ym1-frame.js';

export const YM2_PREFIX = 'YM2:';
/** Of a site's nonce; at most so many that the symbol of a health code stays 14-M. */
export const NONCE_BYTES = { fewest: 8, most: 16 } as const;

const EXTERNAL_AAD = asciiEncode('YM2');
/** Registered CWT claims (nonce: RFC 9711, section 4.1), and the one private claim: the COSE_Sign1 of a `YM1`, as issued. */
const CLAIM = { issuedAt: 6, nonce: 10, credential: -65538 } as const;

/** What the device signed, apart from the credential. */
export interface Presentation {
  /** As the message names it; it must be that of the key in the credential. */
  readonly algorithm: Algorithm;
  /** Epoch seconds by the device's clock. */
  readonly issuedAt: number;
  /** What the site asked to be signed too; null: nothing. */
  readonly nonce: Uint8Array | null;
  /** The exact bytes that were signed, and the signature (r||s for ES256). */
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

export interface OpenedYm2 {
  /** What follows the prefix of a `YM1`, in bytes. */
  readonly credential: Uint8Array;
  readonly presentation: Presentation;
}

interface Unsigned {
  readonly algorithm: Algorithm;
  readonly protectedBytes: Uint8Array;
  readonly payload: Uint8Array;
}

/**
 * The bytes that the device signs to present a credential at a time.
 * @param credential the bytes of a `YM1` (`openYm1`) that is bound to the device
 * @param issuedAt epoch seconds
 * @param nonce of the site that asked for one, 8 to 16 bytes
 * @throws YimaError `damaged` where the credential is none, `internal` where it is bound to no device or the nonce has another length
 */
export function presentationMessage(
  credential: Uint8Array,
  issuedAt: number,
  nonce: Uint8Array | null = null,
): Uint8Array {
  const { protectedBytes, payload } = unsigned(credential, issuedAt, nonce);
  return sigStructure(protectedBytes, EXTERNAL_AAD, payload);
}

/**
 * The text of the symbol. `openYm2` gives all of it back.
 * @param signature over `presentationMessage` of the same; of ES256 either s
 * @throws YimaError as `presentationMessage`
 */
export function encodeYm2(
  credential: Uint8Array,
  issuedAt: number,
  nonce: Uint8Array | null,
  signature: Uint8Array,
): string {
  const { algorithm, protectedBytes, payload } = unsigned(credential, issuedAt, nonce);
  const canonical = algorithm === 'ES256' ? normalizeLowS(signature) : signature;
  return YM2_PREFIX + encodeBase45(encodeCoseSign1(protectedBytes, payload, canonical));
}

function unsigned(credential: Uint8Array, issuedAt: number, nonce: Uint8Array | null): Unsigned {
  const { deviceKey } = readYm1(credential);
  if (deviceKey === null) throw new YimaError('internal', 'The credential is bound to no device.');
  if (nonce !== null && !isNonce(nonce)) throw new YimaError('internal', 'A nonce has 8 to 16 bytes.');
  const { algorithm } = deviceKey;
  const claims = new Map<number, unknown>([[CLAIM.issuedAt, issuedAt]]);
  if (nonce !== null) claims.set(CLAIM.nonce, nonce);
  claims.set(CLAIM.credential, credential);
  return {
    algorithm,
    protectedBytes: encodeCbor(new Map([[COSE_HEADER.algorithm, ALGORITHMS[algorithm].cose]])),
    payload: encodeCbor(claims),
  };
}

function isNonce(value: unknown): value is Uint8Array {
  return (
    value instanceof Uint8Array && value.length >= NONCE_BYTES.fewest && value.length <= NONCE_BYTES.most
  );
}

/**
 * Takes a text that begins with `YM2:` apart, as far as the credential's bytes.
 * @throws YimaError `damaged`: not the one text of its content (canonical base45, deterministic CBOR, tag 18, a protected header of
 *   `alg` -19 or -9 alone, empty unprotected header, the claims iat, nonce or none, and credential, 64 bytes of signature, low s)
 */
export function openYm2(text: string): OpenedYm2 {
  const frame = parseYm1Frame(decodeBase45(text, YM2_PREFIX.length));
  const { algorithm, kid, protectedBytes, payload, signature } = frame;
  if (kid !== null) throw damaged('cose_headers');
  if (algorithm === 'ES256' && !isLowS(signature)) throw damaged('high_s');
  const { credential, issuedAt, nonce } = readClaims(decodeStrict(payload));
  const message = sigStructure(protectedBytes, EXTERNAL_AAD, payload);
  return { credential, presentation: { algorithm, issuedAt, nonce, message, signature } };
}

function readClaims(claims: unknown): Pick<Presentation, 'issuedAt' | 'nonce'> & { credential: Uint8Array } {
  if (!(claims instanceof Map)) throw damaged('presentation');
  const credential: unknown = claims.get(CLAIM.credential);
  const nonce: unknown = claims.get(CLAIM.nonce) ?? null;
  const { issuedAt } = readInstants(claims.get(CLAIM.issuedAt), undefined, undefined);
  const isSound = credential instanceof Uint8Array && issuedAt !== null && (nonce === null || isNonce(nonce));
  if (!isSound || claims.size !== (nonce === null ? 2 : 3)) throw damaged('presentation');
  return { credential, issuedAt, nonce };
}
