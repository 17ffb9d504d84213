// Issuers of SMART Health Cards and NZ COVID Passes for tests, and low-level signers for what no issuer would write.

import { deflateRawSync } from 'node:zlib';
import { sha256 } from '../../src/adapters/crypto-node.js';
import { encodeBase32 } from '../../src/core/codec/base32.js';
import { encodeBase64url } from '../../src/core/codec/base64url.js';
import { asciiEncode, utf8Encode } from '../../src/core/codec/bytes.js';
import { encodeCbor } from '../../src/core/codec/cbor.js';
import { sigStructure } from '../../src/core/codec/cose-sign1.js';
import type { Signer } from '../../src/core/signature/ports.js';
import { thumbprint } from '../../src/core/signature/thumbprint.js';
import type { KeyRecord } from '../../src/core/trust/key-record.js';
import { createIssuer, NOW, type TestIssuer } from './fixtures.js';

export const CARD_ISS = 'https://cards.example/issuer';
export const PASS_ISS = 'did:web:pass.example';
const ANYWHERE = { scope: { region: '', kinds: null }, statusBase: null } as const;

export function createCardIssuer(change: Partial<KeyRecord> = {}): TestIssuer {
  const { signer, record } = createIssuer({ format: 'shc', issuer: CARD_ISS, ...ANYWHERE }, 'ES256');
  const kid = encodeBase64url(thumbprint(signer.publicKey, sha256));
  return { signer, record: { ...record, kid, ...change } };
}

export function createPassIssuer(change: Partial<KeyRecord> = {}): TestIssuer {
  const kid = encodeBase64url(utf8Encode('key-1'));
  return createIssuer({ format: 'nzcp', issuer: PASS_ISS, kid, ...ANYWHERE, ...change }, 'ES256');
}

const BUNDLE = {
  resourceType: 'Bundle',
  type: 'collection',
  entry: [
    {
      fullUrl: 'resource:0',
      resource: {
        resourceType: 'Patient',
        name: [{ family: 'Anyperson', given: ['John', 'B.'] }],
        birthDate: '1951-01-20',
      },
    },
    {
      fullUrl: 'resource:1',
      resource: { resourceType: 'Immunization', status: 'completed', occurrenceDateTime: '2026-01-01' },
    },
    {
      fullUrl: 'resource:2',
      resource: { resourceType: 'Immunization', status: 'completed', occurrenceDateTime: '2026-01-29' },
    },
  ],
};

/** The claims of a sound card, with changes to them and to `vc`. */
export function cardClaims(
  change: Readonly<Record<string, unknown>> = {},
  vc: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const types = ['health-card', 'immunization', 'covid19'].map((name) => `https://smarthealth.cards#${name}`);
  const credentialSubject = { fhirVersion: '4.0.1', fhirBundle: BUNDLE };
  return { iss: CARD_ISS, nbf: NOW - 100.5, vc: { type: types, credentialSubject, ...vc }, ...change };
}

export interface CardParts {
  readonly header?: Readonly<Record<string, unknown>>;
  /** Instead of the claims' JSON. */
  readonly payload?: string;
  /** What becomes of the compressed payload before it is signed. */
  readonly compressed?: (deflated: Uint8Array) => Uint8Array;
  readonly signature?: (signature: Uint8Array) => Uint8Array;
}

/** The JWS of a card, validly signed unless `signature` spoils it. */
export function signCardJws(claims: unknown, { signer, record }: TestIssuer, parts: CardParts = {}): string {
  const header = parts.header ?? { zip: 'DEF', alg: 'ES256', kid: record.kid };
  const deflated = Uint8Array.from(deflateRawSync(parts.payload ?? JSON.stringify(claims), { level: 9 }));
  const payload = parts.compressed?.(deflated) ?? deflated;
  const input = `${encodeBase64url(utf8Encode(JSON.stringify(header)))}.${encodeBase64url(payload)}`;
  const signature = signer.sign(asciiEncode(input));
  return `${input}.${encodeBase64url(parts.signature?.(signature) ?? signature)}`;
}

/** A JWS in pairs of digits. */
export function numeric(jws: string): string {
  return `shc:/${[...jws].map((char) => String(char.charCodeAt(0) - 45).padStart(2, '0')).join('')}`;
}

export function signCard(claims: unknown, issuer: TestIssuer, parts: CardParts = {}): string {
  return numeric(signCardJws(claims, issuer, parts));
}

/** The claims of a sound pass; a change to undefined takes one out. */
export function passClaims(
  changes: readonly (readonly [number | string, unknown])[] = [],
  vc: readonly (readonly [string, unknown])[] = [],
): Map<number | string, unknown> {
  const credential = new Map<string, unknown>([
    ['@context', ['https://www.w3.org/2018/credentials/v1', 'https://nzcp.covid19.health.nz/contexts/v1']],
    ['version', '1.0.0'],
    ['type', ['VerifiableCredential', 'PublicCovidPass']],
    [
      'credentialSubject',
      new Map([
        ['givenName', 'Jack'],
        ['familyName', 'Sparrow'],
        ['dob', '1960-04-16'],
      ]),
    ],
    ...vc,
  ]);
  const claims = new Map<number | string, unknown>([
    [1, PASS_ISS],
    [5, NOW - 100],
    [4, NOW + 100],
    ['vc', credential],
    [7, new Uint8Array(16).fill(7)],
  ]);
  for (const [key, value] of changes) {
    if (value === undefined) claims.delete(key);
    else claims.set(key, value);
  }
  return claims;
}

export interface PassParts {
  readonly protectedHeader?: ReadonlyMap<number, unknown>;
  readonly unprotectedHeader?: ReadonlyMap<number, unknown>;
  readonly tags?: readonly number[];
  /** Instead of the claims' CBOR. */
  readonly payload?: Uint8Array;
  readonly signature?: (signature: Uint8Array) => Uint8Array;
}

/** What a pass's base32 holds, validly signed unless `signature` spoils it. */
export function signPassMessage(claims: unknown, signer: Signer, parts: PassParts = {}): Uint8Array {
  const header =
    parts.protectedHeader ??
    new Map<number, unknown>([
      [1, -7],
      [4, 'key-1'],
    ]);
  const protectedBytes = encodeCbor(header);
  const payload = parts.payload ?? encodeCbor(claims);
  const signature = signer.sign(sigStructure(protectedBytes, new Uint8Array(0), payload));
  const sent = parts.signature?.(signature) ?? signature;
  const array = encodeCbor([protectedBytes, parts.unprotectedHeader ?? new Map(), payload, sent]);
  return Uint8Array.from([...(parts.tags ?? [0xd2]), ...array]);
}

export function passText(message: Uint8Array): string {
  return `NZCP:/1/${encodeBase32(message).toUpperCase()}`;
}

export function signPass(claims: unknown, { signer }: TestIssuer, parts: PassParts = {}): string {
  return passText(signPassMessage(claims, signer, parts));
}
