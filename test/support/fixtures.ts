// Issuers, codes and a gate for tests: real keys made anew, real encodings, and low-level signers for codes that no issuer of
// ours would write.

import {
  createNodeSigner,
  createNodeVerify,
  deflateZlib,
  generatePrivateJwk,
  inflateRaw,
  inflateZlib,
} from '../../src/adapters/crypto-node.js';
import { encodeBase45 } from '../../src/core/codec/base45.js';
import { encodeBase64url } from '../../src/core/codec/base64url.js';
import { asciiEncode, utf8Encode } from '../../src/core/codec/bytes.js';
import { encodeCbor } from '../../src/core/codec/cbor.js';
import { encodeCoseSign1, sigStructure } from '../../src/core/codec/cose-sign1.js';
import { carriedClaims, checkClaims, encodeClaims } from '../../src/core/credential/claims.js';
import type { KindTable } from '../../src/core/credential/kind.js';
import { KINDS } from '../../src/core/credential/kind-table.js';
import { createPolicyTable } from '../../src/core/credential/policy-table.js';
import type { CodeContent } from '../../src/core/envelope/code-content.js';
import type { Signer } from '../../src/core/signature/ports.js';
import { createStatusArena, type StatusArena } from '../../src/core/status/arena.js';
import type { Moment } from '../../src/core/status/moment.js';
import type { KeyRecord } from '../../src/core/trust/key-record.js';
import { createKeyTable } from '../../src/core/trust/key-table.js';
import type { Answer } from '../../src/core/verify/answer.js';
import type { VerifyContext } from '../../src/core/verify/context.js';
import { SHOWN_ANYWHERE } from '../../src/core/verify/showing.js';
import { type VerifyDeps, verifyCode } from '../../src/core/verify/verify-code.js';
import { sampleClaims } from './sample-claims.js';

export const NOW = 1_790_000_000;
export const STATUS_BASE = 'https://issuer.example/status-lists/';
export const ISSUER = '330102';

export interface TestIssuer {
  readonly signer: Signer;
  readonly record: KeyRecord;
}

export function createIssuer(
  change: Partial<KeyRecord> = {},
  algorithm: 'Ed25519' | 'ES256' = 'Ed25519',
): TestIssuer {
  const signer = createNodeSigner(generatePrivateJwk(algorithm));
  const record: KeyRecord = {
    format: 'yima',
    issuer: ISSUER,
    kid: encodeBase64url(signer.kid),
    key: signer.publicKey,
    use: 'credential',
    scope: { region: '3301', kinds: null },
    notBefore: null,
    notAfter: null,
    state: 'active',
    statusBase: STATUS_BASE,
    trustedUntil: null,
    ...change,
  };
  return { signer, record };
}

/** A credential of a shipped kind about a person who does not exist: list 1, index 7, issued ten seconds ago. */
export function contentOf(kindName = 'health-code', change: Partial<CodeContent> = {}): CodeContent {
  const kind = KINDS.byName(kindName);
  if (kind === undefined) throw new Error(`no kind ${kindName}`);
  const claims = carriedClaims(kind, checkClaims(kind, sampleClaims(kindName), 'request'));
  const issuedAt = NOW - 10;
  return {
    issuer: ISSUER,
    issuedAt,
    notBefore: null,
    expiresAt: kind.validity.defaultSeconds === null ? null : issuedAt + kind.validity.defaultSeconds,
    kind: { number: kind.number, name: kind.name },
    status: { list: 1, index: 7, uri: `${STATUS_BASE}1` },
    claims: { cbor: encodeClaims(kind, claims), json: claims },
    deviceKey: null,
    ...change,
  };
}

export type CborMap = ReadonlyMap<number, unknown>;

/** The CWT claims that `encodeYm1` writes for `contentOf()`, to be spoiled. */
export function ym1Claims(changes: readonly (readonly [number, unknown])[] = []): Map<number, unknown> {
  const { issuer, issuedAt, expiresAt, kind, status, claims } = contentOf();
  const credential = [kind.number, status.list, status.index, claims.cbor];
  const payload = new Map<number, unknown>([
    [1, issuer],
    [4, expiresAt],
    [6, issuedAt],
    [-65537, credential],
  ]);
  for (const [key, value] of changes) {
    if (value === undefined) payload.delete(key);
    else payload.set(key, value);
  }
  return payload;
}

const COSE_ALGORITHMS: Readonly<Record<string, number>> = { Ed25519: -19, ES256: -9 };

export interface Ym1Parts {
  readonly header?: CborMap;
  readonly aad?: string;
  /** Bytes instead of a map's. */
  readonly payloadBytes?: Uint8Array;
}

/** A validly signed `YM1` over any claims. */
export function signYm1(claims: unknown, signer: Signer, parts: Ym1Parts = {}): string {
  const header =
    parts.header ??
    new Map<number, unknown>([
      [1, COSE_ALGORITHMS[signer.algorithm]],
      [4, signer.kid],
    ]);
  const protectedBytes = encodeCbor(header);
  const payload = parts.payloadBytes ?? encodeCbor(claims);
  const signature = signer.sign(sigStructure(protectedBytes, asciiEncode(parts.aad ?? 'YM1'), payload));
  return `YM1:${encodeBase45(encodeCoseSign1(protectedBytes, payload, signature))}`;
}

/** The JSON claims that `encodeYimaJws` writes for `contentOf()`, to be spoiled. */
export function jwsClaims(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const { issuer, issuedAt, expiresAt, kind, status, claims } = contentOf();
  return {
    iss: issuer,
    iat: issuedAt,
    exp: expiresAt,
    kind: kind.name,
    status: { status_list: { idx: status.index, uri: status.uri } },
    claims: claims.json,
    ...changes,
  };
}

export function jwsHeader(signer: Signer): Record<string, unknown> {
  return { alg: signer.algorithm, kid: encodeBase64url(signer.kid), typ: 'yima+jwt' };
}

/** A validly signed compact JWS over any texts. */
export function signJws(header: string, payload: string, signer: Signer): string {
  const input = `${encodeBase64url(utf8Encode(header))}.${encodeBase64url(utf8Encode(payload))}`;
  return `${input}.${encodeBase64url(signer.sign(asciiEncode(input)))}`;
}

/** A signer whose `HC1` codes a record without issuer verifies. */
export function createDccSigner(change: Partial<KeyRecord> = {}): TestIssuer {
  return createIssuer(
    { format: 'eu-dcc', issuer: null, scope: { region: '', kinds: null }, statusBase: null, ...change },
    'ES256',
  );
}

export function dccClaims(changes: readonly (readonly [number, unknown])[] = []): Map<number, unknown> {
  const entry = new Map<string, unknown>([
    ['tg', '840539006'],
    ['dt', '2026-02-18'],
  ]);
  const certificate = new Map<string, unknown>([
    ['v', [entry]],
    ['dob', '1900-01-01'],
    [
      'nam',
      new Map([
        ['fn', 'Musterfrau'],
        ['gn', 'Gabriele'],
        ['fnt', 'MUSTERFRAU'],
      ]),
    ],
    ['ver', '1.3.0'],
  ]);
  const payload = new Map<number, unknown>([
    [1, 'AT'],
    [4, NOW + 86_400],
    [6, NOW - 86_400],
    [-260, new Map([[1, certificate]])],
  ]);
  for (const [key, value] of changes) {
    if (value === undefined) payload.delete(key);
    else payload.set(key, value);
  }
  return payload;
}

export interface Hc1Parts {
  readonly protectedHeader?: CborMap;
  readonly unprotectedHeader?: CborMap;
  /** Bytes in front of the array; default tag 18. */
  readonly tags?: readonly number[];
}

/** The COSE_Sign1 of an `HC1`, validly signed. */
export function signDccMessage(claims: unknown, signer: Signer, parts: Hc1Parts = {}): Uint8Array {
  const header =
    parts.protectedHeader ??
    new Map<number, unknown>([
      [1, -7],
      [4, signer.kid],
    ]);
  const protectedBytes = header.size === 0 ? new Uint8Array(0) : encodeCbor(header);
  const payload = encodeCbor(claims);
  const signature = signer.sign(sigStructure(protectedBytes, new Uint8Array(0), payload));
  const array = encodeCbor([protectedBytes, parts.unprotectedHeader ?? new Map(), payload, signature]);
  return Uint8Array.from([...(parts.tags ?? [0xd2]), ...array]);
}

export function signHc1(claims: unknown, signer: Signer, parts: Hc1Parts = {}): string {
  return `HC1:${encodeBase45(deflateZlib(signDccMessage(claims, signer, parts)))}`;
}

export interface Gate {
  readonly arena: StatusArena;
  readonly deps: VerifyDeps;
  readonly verify: (text: string, context?: Partial<VerifyContext>) => Answer;
}

/** On both clocks the same. */
export function momentAt(epoch: number): Moment {
  return { epoch, steady: epoch };
}

/** A checkpoint that trusts these keys, at `NOW`, with one fresh status list of 4 bits. */
export function createGate(records: readonly KeyRecord[], kinds: KindTable = KINDS): Gate {
  const arena = createStatusArena();
  arena.addList({ base: STATUS_BASE, number: 1, bits: 4, entries: 1024 });
  arena.confirm(STATUS_BASE, momentAt(NOW));
  const context: VerifyContext = {
    now: NOW,
    steady: NOW,
    status: arena,
    policies: createPolicyTable([], '330102'),
    clockFloor: null,
    maxTrustAgeSeconds: null,
    showing: SHOWN_ANYWHERE,
    sightings: null,
  };
  const deps: VerifyDeps = {
    keys: createKeyTable(records, NOW),
    verify: createNodeVerify(),
    inflate: inflateZlib,
    inflateRaw,
    kinds,
    context,
  };
  return {
    arena,
    deps,
    verify: (text, change) => verifyCode(text, { ...deps, context: { ...context, ...change } }),
  };
}
