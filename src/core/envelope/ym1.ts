// `YM1:` codes: base45 of a COSE_Sign1 over CWT claims, in one form alone (RFC 9052, RFC 8392; DIVERGENCES.md, YM1).

import { decodeBase45, encodeBase45 } from '../codec/base45.js';
import { encodeBase64url } from '../codec/base64url.js';
import { asciiEncode } from '../codec/bytes.js';
import { decodeStrict, encodeCbor } from '../codec/cbor.js';
import { COSE_HEADER, encodeCoseSign1, sigStructure } from '../codec/cose-sign1.js';
import { damaged } from '../codec/damaged.js';
import { ISSUER, isCount } from '../codec/names.js';
import { YimaError } from '../errors/yima-error.js';
import { ALGORITHMS } from '../signature/algorithm.js';
import type { Signer } from '../signature/ports.js';
import { isLowS } from '../signature/signature-encoding.js';
import type { CodeContent } from './code-content.js';
import { coseDeviceKey, type DeviceKey, parseCoseDeviceKey } from './device-key.js';
import { readInstants } from './instants.js';
import type { ParsedCode, StatusReference } from './parsed-code.js';
import { parseYm1Frame } from './ym1-frame.js';

export const YM1_PREFIX = 'YM1:';

const EXTERNAL_AAD = asciiEncode('YM1');
/** Registered CWT claims, and the one private claim: kind, list number, index, the kind's claims. */
const CLAIM = {
  issuer: 1,
  expiresAt: 4,
  notBefore: 5,
  issuedAt: 6,
  confirmation: 8,
  credential: -65537,
} as const;
const CLAIM_KEYS: ReadonlySet<unknown> = new Set(Object.values(CLAIM));
const CONFIRMATION_COSE_KEY = 1;
const NO_CLAIMS: ReadonlyMap<unknown, unknown> = new Map();

/** Signs the content and returns the text of the symbol. `parseYm1` gives all of it back. */
export function encodeYm1(content: CodeContent, signer: Signer): string {
  const protectedBytes = protectedHeader(signer);
  const payload = encodeCbor(claimsMap(content));
  const signature = signer.sign(sigStructure(protectedBytes, EXTERNAL_AAD, payload));
  return YM1_PREFIX + encodeBase45(encodeCoseSign1(protectedBytes, payload, signature));
}

/** The same for all that a signer signs. */
const protectedHeaders = new WeakMap<Signer, Uint8Array>();

function protectedHeader(signer: Signer): Uint8Array {
  const known = protectedHeaders.get(signer);
  if (known !== undefined) return known;
  const { algorithm, kid } = signer;
  if (algorithm !== 'Ed25519' && algorithm !== 'ES256') {
    throw new YimaError('internal', 'YM1 codes are signed with Ed25519 or ES256.');
  }
  const header = encodeCbor(
    new Map<number, unknown>([
      [COSE_HEADER.algorithm, ALGORITHMS[algorithm].cose],
      [COSE_HEADER.keyId, kid],
    ]),
  );
  protectedHeaders.set(signer, header);
  return header;
}

/** In the order of the encoding: from 1 upwards, then the private claim. */
function claimsMap(content: CodeContent): ReadonlyMap<number, unknown> {
  const { issuedAt, notBefore, expiresAt, deviceKey, kind, status } = content;
  const claims = new Map<number, unknown>([[CLAIM.issuer, content.issuer]]);
  if (expiresAt !== null) claims.set(CLAIM.expiresAt, expiresAt);
  if (notBefore !== null && notBefore !== issuedAt) claims.set(CLAIM.notBefore, notBefore);
  claims.set(CLAIM.issuedAt, issuedAt);
  if (deviceKey !== null) {
    claims.set(CLAIM.confirmation, new Map([[CONFIRMATION_COSE_KEY, coseDeviceKey(deviceKey)]]));
  }
  claims.set(CLAIM.credential, [kind.number, status.list, status.index, content.claims.cbor]);
  return claims;
}

/**
 * Takes a text that begins with `YM1:` apart.
 * @throws YimaError `damaged`: not the one text of its content (base45, and as `readYm1`)
 */
export function parseYm1(text: string): ParsedCode {
  return readYm1(openYm1(text));
}

/** The bytes of a text that begins with `YM1:`. @throws YimaError `damaged`: not canonical base45 */
export function openYm1(text: string): Uint8Array {
  return decodeBase45(text, YM1_PREFIX.length);
}

/**
 * Takes the bytes of a `YM1` apart.
 * @throws YimaError `damaged`: not the one form of their content (deterministic CBOR, tag 18, protected header of `alg` -19 or -9
 *   and an 8-byte kid, empty unprotected header, 64 bytes of signature, low s for ES256)
 */
export function readYm1(bytes: Uint8Array): ParsedCode {
  const { algorithm, kid, protectedBytes, payload, signature } = parseYm1Frame(bytes);
  if (algorithm === 'ES256' && !isLowS(signature)) throw damaged('high_s');
  const claims = decodeStrict(payload);
  if (!(claims instanceof Map)) throw damaged('cwt');
  const content = readPayload(claims);
  return {
    envelope: 'YM1',
    format: 'yima',
    issuer: content.issuer,
    kids: kid === null ? [] : [encodeBase64url(kid)],
    algorithm,
    message: sigStructure(protectedBytes, EXTERNAL_AAD, payload),
    signature,
    bytes,
    kind: content.kind,
    issuedAt: content.issuedAt,
    notBefore: content.notBefore,
    expiresAt: content.expiresAt,
    status: content.status,
    deviceKey: content.deviceKey,
    claims: content.claims,
    fault: content.fault,
  };
}

type Payload = Pick<
  ParsedCode,
  'issuer' | 'kind' | 'issuedAt' | 'notBefore' | 'expiresAt' | 'status' | 'deviceKey' | 'claims' | 'fault'
>;

function readPayload(payload: ReadonlyMap<unknown, unknown>): Payload {
  const issuer = payload.get(CLAIM.issuer);
  const nbf = payload.get(CLAIM.notBefore);
  const times = readInstants(payload.get(CLAIM.issuedAt), nbf, payload.get(CLAIM.expiresAt));
  const credential = readCredential(payload.get(CLAIM.credential));
  const deviceKey = readConfirmation(payload.get(CLAIM.confirmation));
  const timesBroken = times.faulty || (nbf !== undefined && nbf === times.issuedAt);
  const isComplete = credential !== null && deviceKey !== undefined && hasOnlyKnownClaims(payload);
  return {
    issuer: typeof issuer === 'string' && ISSUER.test(issuer) ? issuer : null,
    issuedAt: times.issuedAt,
    notBefore: times.notBefore,
    expiresAt: times.expiresAt,
    kind: credential?.kind ?? '',
    status: credential?.status ?? null,
    claims: { form: 'cbor', values: credential?.values ?? NO_CLAIMS },
    deviceKey: deviceKey ?? null,
    fault: timesBroken ? 'time' : isComplete ? null : 'claims',
  };
}

function hasOnlyKnownClaims(payload: ReadonlyMap<unknown, unknown>): boolean {
  for (const key of payload.keys()) if (!CLAIM_KEYS.has(key)) return false;
  return true;
}

interface Credential {
  readonly kind: number;
  readonly status: StatusReference;
  readonly values: ReadonlyMap<unknown, unknown>;
}

function readCredential(value: unknown): Credential | null {
  if (!Array.isArray(value) || value.length !== 4) return null;
  const [kind, list, index, values] = value as readonly unknown[];
  if (!isCount(kind) || !isCount(list) || !isCount(index) || !(values instanceof Map)) return null;
  return { kind, status: { list, index }, values };
}

/** null: not bound. undefined: bound to something that is no device key. */
function readConfirmation(value: unknown): DeviceKey | null | undefined {
  if (value === undefined) return null;
  if (!(value instanceof Map) || value.size !== 1) return undefined;
  return parseCoseDeviceKey(value.get(CONFIRMATION_COSE_KEY)) ?? undefined;
}
