// Custodians and their documents for tests of trust between authorities: keys, roots and lists, signed as asked.

import { createNodeSigner, generatePrivateJwk, sha256 } from '../../src/adapters/crypto-node.js';
import { encodeBase64url } from '../../src/core/codec/base64url.js';
import type { JsonObject } from '../../src/core/codec/json.js';
import type { Signer } from '../../src/core/signature/ports.js';
import { publicJwk } from '../../src/core/signature/public-jwk.js';
import { thumbprint } from '../../src/core/signature/thumbprint.js';
import {
  createSignedDocument,
  type DocumentAlgorithm,
  type DocumentType,
  type SignedDocument,
  signingInput,
} from '../../src/core/trust/documents/signed-document.js';
import { NOW } from './fixtures.js';

export interface DeskKey {
  readonly signer: Signer;
  readonly jwk: JsonObject;
  readonly thumbprint: string;
}

export function deskKey(algorithm: DocumentAlgorithm = 'Ed25519'): DeskKey {
  const signer = createNodeSigner(generatePrivateJwk(algorithm));
  const { publicKey } = signer;
  return {
    signer,
    jwk: { ...publicJwk(publicKey) },
    thumbprint: encodeBase64url(thumbprint(publicKey, sha256)),
  };
}

export function deskKeys(count: number): readonly DeskKey[] {
  return Array.from({ length: count }, () => deskKey());
}

export function sign(type: DocumentType, payload: JsonObject, by: readonly DeskKey[]): SignedDocument {
  const signatures = by.map(({ signer, thumbprint: kid }) => {
    const algorithm = signer.algorithm as DocumentAlgorithm;
    const input = signingInput({ type, payload }, { kid, algorithm });
    return { kid, algorithm, signature: signer.sign(input) };
  });
  return createSignedDocument(type, payload, signatures, sha256);
}

const YEAR = 365 * 86_400;

/** A root of version 1 with 2 of its keys and 2 of the hub's; change what the test is about. */
export function rootPayload(
  keys: readonly DeskKey[],
  hub: readonly DeskKey[],
  change: JsonObject = {},
): JsonObject {
  return {
    type: 'root',
    version: 1,
    iat: NOW,
    exp: NOW + YEAR,
    prev: null,
    threshold: 2,
    keys: keys.map(({ jwk }) => jwk),
    hub: { sub: 'cn.example', threshold: 2, keys: hub.map(({ jwk }) => jwk), depth: 3 },
    log: null,
    ...change,
  };
}

export function listPayload(
  iss: string,
  entries: readonly JsonObject[],
  change: JsonObject = {},
): JsonObject {
  return {
    type: 'list',
    iss,
    version: 1,
    iat: NOW,
    exp: NOW + YEAR,
    prev: null,
    entries,
    revoked: [],
    ...change,
  };
}

/** A delegation to an authority with 2 of these keys. */
export function authorityEntry(sub: string, keys: readonly DeskKey[], change: JsonObject = {}): JsonObject {
  return {
    sub,
    format: 'yima',
    keys: keys.map(({ jwk }) => jwk),
    use: 'list',
    threshold: 2,
    scope: { region: /^[0-9]+$/.test(sub) ? sub : '', kinds: null, depth: 2 },
    nbf: null,
    exp: null,
    state: 'active',
    statusBase: `https://${sub}.example/`,
    ...change,
  };
}

/** A key that signs codes. */
export function signerEntry(
  sub: string,
  keys: readonly Pick<DeskKey, 'jwk'>[],
  change: JsonObject = {},
): JsonObject {
  return {
    sub,
    format: 'yima',
    keys: keys.map(({ jwk }) => jwk),
    use: 'credential',
    scope: { region: /^[0-9]+$/.test(sub) ? sub : '', kinds: null },
    nbf: null,
    exp: null,
    state: 'active',
    statusBase: null,
    ...change,
  };
}

/** The version after, with what changes. */
export function nextVersion(before: SignedDocument, change: JsonObject): JsonObject {
  const { payload, hash } = before;
  return {
    ...payload,
    version: Number(payload['version']) + 1,
    iat: Number(payload['iat']) + 1,
    prev: hash,
    ...change,
  };
}
