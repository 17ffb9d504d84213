// A simulated country: the hub, 32 provinces and 46 ministries under it, their cities and counties, each with custodians, a list of its
// own and a key that signs codes. Made of random keys; nobody real.

import { createNodeSigner, generatePrivateJwk, sha256 } from '../../src/adapters/crypto-node.js';
import { encodeBase64url } from '../../src/core/codec/base64url.js';
import type { JsonObject } from '../../src/core/codec/json.js';
import { PROVINCES } from '../../src/core/codec/region.js';
import type { Signer } from '../../src/core/signature/ports.js';
import { publicJwk } from '../../src/core/signature/public-jwk.js';
import { thumbprint } from '../../src/core/signature/thumbprint.js';
import {
  createSignedDocument,
  type DocumentType,
  type SignedDocument,
  signingInput,
} from '../../src/core/trust/documents/signed-document.js';

export interface CountryKey {
  readonly signer: Signer;
  readonly jwk: JsonObject;
  readonly thumbprint: string;
}

export interface CountryAuthority {
  readonly name: string;
  /** '' for ministries and the hub. */
  readonly region: string;
  readonly parent: string | null;
  /** Two custodians, both of whom sign. */
  readonly custodians: readonly CountryKey[];
  readonly credentialKey: CountryKey;
  readonly statusBase: string;
  list: SignedDocument;
}

export interface Country {
  readonly root: SignedDocument;
  readonly rootKeys: readonly CountryKey[];
  readonly hub: CountryAuthority;
  /** By name, the hub first, every one after its parent. */
  readonly authorities: ReadonlyMap<string, CountryAuthority>;
  readonly keys: number;
}

export interface CountrySize {
  readonly ministries: number;
  readonly cities: number;
  readonly counties: number;
}

/** GB/T 2260 has no lists for the three that stay outside. */
const OUTSIDE: ReadonlySet<string> = new Set(['71', '81', '82']);
const YEAR_SECONDS = 365 * 86_400;
const HUB = 'cn.example';
const DEPTH = 3;

export function countryKey(): CountryKey {
  const signer = createNodeSigner(generatePrivateJwk('Ed25519'));
  const { publicKey } = signer;
  return {
    signer,
    jwk: { ...publicJwk(publicKey) },
    thumbprint: encodeBase64url(thumbprint(publicKey, sha256)),
  };
}

export function signBy(type: DocumentType, payload: JsonObject, keys: readonly CountryKey[]): SignedDocument {
  const signatures = keys.map(({ signer, thumbprint: kid }) => {
    const input = signingInput({ type, payload }, { kid, algorithm: 'Ed25519' });
    return { kid, algorithm: 'Ed25519' as const, signature: signer.sign(input) };
  });
  return createSignedDocument(type, payload, signatures, sha256);
}

/** The next version of an authority's list, signed by its custodians. */
export function nextList(authority: CountryAuthority, change: JsonObject): SignedDocument {
  const { payload, hash } = authority.list;
  const version = Number(payload['version']) + 1;
  const next = { ...payload, version, iat: Number(payload['iat']) + 1, prev: hash, ...change };
  authority.list = signBy('list', next, authority.custodians);
  return authority.list;
}

/** @param now epoch seconds, when everything is signed */
export function createCountry({ ministries, cities, counties }: CountrySize, now: number): Country {
  const provinces = [...PROVINCES.keys()].filter((code) => !OUTSIDE.has(code));
  const cityCodes = spread(provinces, cities);
  const places: readonly (readonly [string, string | null])[] = [
    [HUB, null],
    ...provinces.map((code) => [code, HUB] as const),
    ...Array.from({ length: ministries }, (_, i) => [`m${i + 1}.example`, HUB] as const),
    ...cityCodes.map((code) => [code, code.slice(0, 2)] as const),
    ...spread(cityCodes, counties).map((code) => [code, code.slice(0, 4)] as const),
  ];
  const authorities = new Map<string, CountryAuthority>();
  const children = new Map<string, CountryAuthority[]>();
  for (const [name, parent] of places) {
    const above = parent === null ? undefined : authorities.get(parent);
    const statusBase = above === undefined ? `https://${HUB}/` : `${above.statusBase}${name}/`;
    const region = /^[0-9]+$/.test(name) ? name : '';
    const custodians = [countryKey(), countryKey()];
    const credentialKey = countryKey();
    const authority = { name, region, parent, custodians, credentialKey, statusBase, list: UNSIGNED };
    authorities.set(name, authority);
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), authority]);
  }
  let keys = 0;
  for (const authority of authorities.values()) {
    const below = children.get(authority.name) ?? [];
    const entries = [signerEntry(authority), ...below.map(authorityEntry)];
    keys += 1 + 2 * below.length;
    const frame = { type: 'list', version: 1, iat: now, exp: now + YEAR_SECONDS, prev: null };
    const payload = { ...frame, iss: authority.name, entries, revoked: [] };
    authority.list = signBy('list', payload, authority.custodians);
  }
  const hub = authorities.get(HUB) as CountryAuthority;
  const rootKeys = [countryKey(), countryKey(), countryKey()];
  const root = signBy(
    'root',
    {
      type: 'root',
      version: 1,
      iat: now,
      exp: now + YEAR_SECONDS,
      prev: null,
      threshold: 2,
      keys: rootKeys.map(({ jwk }) => jwk),
      hub: { sub: HUB, threshold: 2, keys: hub.custodians.map(({ jwk }) => jwk), depth: DEPTH },
      log: null,
    },
    rootKeys.slice(0, 2),
  );
  return { root, rootKeys, hub, authorities, keys };
}

const UNSIGNED: SignedDocument = createSignedDocument('list', {}, [], sha256);

/** So many codes below these, dealt out evenly: 01, 02, ... under each. */
function spread(above: readonly string[], count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => {
    const place = Math.floor(i / above.length) + 1;
    return `${above[i % above.length]}${String(place).padStart(2, '0')}`;
  }).sort();
}

/** The key that an authority signs codes with. */
export function signerEntry({ name, region, credentialKey, statusBase }: CountryAuthority): JsonObject {
  return {
    sub: name,
    format: 'yima',
    keys: [credentialKey.jwk],
    use: 'credential',
    scope: { region, kinds: null },
    nbf: null,
    exp: null,
    state: 'active',
    statusBase: `${statusBase}lists/`,
  };
}

function authorityEntry({ name, region, custodians, statusBase }: CountryAuthority): JsonObject {
  const depth = region === '' ? 0 : DEPTH - region.length / 2;
  return {
    sub: name,
    format: 'yima',
    keys: custodians.map(({ jwk }) => jwk),
    use: 'list',
    threshold: 2,
    scope: { region, kinds: null, depth },
    nbf: null,
    exp: null,
    state: 'active',
    statusBase,
  };
}
