// Holders' devices for tests: a key made anew, credentials bound to it, and presentations of them.

import { join } from 'node:path';
import { createNodeSigner, generatePrivateJwk, sha256 } from '../../src/adapters/crypto-node.js';
import { openKeyFolder } from '../../src/adapters/keyfile/key-folder.js';
import { encodeBase45 } from '../../src/core/codec/base45.js';
import { asciiEncode } from '../../src/core/codec/bytes.js';
import { encodeCbor } from '../../src/core/codec/cbor.js';
import { encodeCoseSign1, sigStructure } from '../../src/core/codec/cose-sign1.js';
import type { CodeContent } from '../../src/core/envelope/code-content.js';
import { encodeYm1, openYm1, parseYm1 } from '../../src/core/envelope/ym1.js';
import { encodeYm2, presentationMessage } from '../../src/core/envelope/ym2.js';
import type { Signer } from '../../src/core/signature/ports.js';
import type { PublicKey } from '../../src/core/signature/public-key.js';
import { createSightings, type Sightings } from '../../src/core/verify/sightings.js';
import { type CborMap, contentOf, NOW } from './fixtures.js';

export interface TestDevice {
  readonly signer: Signer;
  /** A `YM1` bound to this device. */
  readonly bind: (issuer: Signer, kindName?: string, change?: Partial<CodeContent>) => string;
  /** A `YM2` of a `YM1`, signed by this device whether or not it is bound to it. */
  readonly present: (code: string, at?: number, nonce?: Uint8Array | null) => string;
}

export function createDevice(algorithm: 'Ed25519' | 'ES256' = 'ES256'): TestDevice {
  const signer = createNodeSigner(generatePrivateJwk(algorithm));
  return {
    signer,
    bind: (issuer, kindName = 'health-code', change = {}) =>
      encodeYm1(contentOf(kindName, { deviceKey: signer.publicKey, ...change }), issuer),
    present: (code, at = NOW, nonce = null) => presentBy(signer, code, at, nonce),
  };
}

/** A `YM2` of a `YM1` by whatever key. */
export function presentBy(
  signer: Pick<Signer, 'sign'>,
  code: string,
  at: number,
  nonce: Uint8Array | null = null,
): string {
  const credential = openYm1(code);
  return encodeYm2(credential, at, nonce, signer.sign(presentationMessage(credential, at, nonce)));
}

const COSE_ALGORITHMS: Readonly<Record<string, number>> = { Ed25519: -19, ES256: -9 };

export interface Ym2Parts {
  readonly header?: CborMap;
  readonly aad?: string;
  /** Bytes instead of a map's. */
  readonly payloadBytes?: Uint8Array;
  readonly sign?: (message: Uint8Array) => Uint8Array;
}

/** The claims that `encodeYm2` writes, to be spoiled. */
export function ym2Claims(
  code: string,
  changes: readonly (readonly [number, unknown])[] = [],
): Map<number, unknown> {
  const claims = new Map<number, unknown>([
    [6, NOW],
    [-65538, openYm1(code)],
  ]);
  for (const [key, value] of changes) {
    if (value === undefined) claims.delete(key);
    else claims.set(key, value);
  }
  return claims;
}

/** The COSE_Sign1 of a `YM2` over any claims, validly signed. */
export function signYm2Message(claims: unknown, signer: Signer, parts: Ym2Parts = {}): Uint8Array {
  const protectedBytes = encodeCbor(parts.header ?? new Map([[1, COSE_ALGORITHMS[signer.algorithm]]]));
  const payload = parts.payloadBytes ?? encodeCbor(claims);
  const message = sigStructure(protectedBytes, asciiEncode(parts.aad ?? 'YM2'), payload);
  return encodeCoseSign1(protectedBytes, payload, (parts.sign ?? signer.sign)(message));
}

export function signYm2(claims: unknown, signer: Signer, parts: Ym2Parts = {}): string {
  return `YM2:${encodeBase45(signYm2Message(claims, signer, parts))}`;
}

/** Of a node that tells nobody. */
export function quietSightings(node = 'a'): Sightings {
  return createSightings({ sha256, node, tell: () => undefined });
}

/** What another signer would have written in place of a `YM1`: the same place in the status list, bound to a device. */
export function rebind(code: string, issuer: Signer, deviceKey: PublicKey): string {
  const { issuer: name, issuedAt, notBefore, expiresAt, kind, status, claims } = parseYm1(code);
  if (name === null || issuedAt === null || status === null || !('list' in status) || claims.form !== 'cbor')
    throw new Error('no YM1 of ours');
  const content: CodeContent = {
    issuer: name,
    issuedAt,
    notBefore,
    expiresAt,
    kind: { number: Number(kind), name: '' },
    status: { ...status, uri: '' },
    claims: { cbor: claims.values as CborMap, json: {} },
    deviceKey,
  };
  return encodeYm1(content, issuer);
}

/** The key that a node over this folder signed the code with. */
export async function signerOf(code: string, dataDir: string): Promise<Signer> {
  const keys = await openKeyFolder(join(dataDir, 'keys'), null).load(['credential']);
  const { kids } = parseYm1(code);
  const signing = keys.find(({ kid }) => kids.includes(kid));
  if (signing === undefined) throw new Error('no key');
  return createNodeSigner(signing.privateJwk);
}
