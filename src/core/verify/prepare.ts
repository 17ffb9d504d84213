// The rungs before any cryptography: text to envelope to candidate keys. What comes out tells the caller which signatures to check:
// the issuer's unless the code is known, and the device's wherever a device shows it.

import type { Kind, KindTable } from '../credential/kind.js';
import { openCode, type ParseDeps, readCode } from '../envelope/parse-code.js';
import type { CodeFacts, ParsedCode } from '../envelope/parsed-code.js';
import type { Presentation } from '../envelope/ym2.js';
import { isReasonCode, type ReasonCode } from '../errors/reasons.js';
import { YimaError } from '../errors/yima-error.js';
import type { PublicKey } from '../signature/public-key.js';
import type { KeyRecord, KeyTable } from '../trust/key-record.js';
import { findCandidates, findKind } from './candidates.js';
import type { KnownCode, KnownCodes } from './known-codes.js';
import { createClaimsReader, type ReadClaims } from './read-claims.js';
import { createDeviceReader, type Device, type ReadDevice } from './read-device.js';

export interface PrepareDeps extends ParseDeps {
  readonly kinds: KindTable;
  /** Absent: every signature is checked. */
  readonly known?: KnownCodes | null;
}

/** Whoever a signature may be by. */
export interface Candidate {
  readonly key: PublicKey;
}

/**
 * One signature to check: with the first candidate whose key verifies it, in order. Checks are made in their order, and none after one
 * that failed: the candidates of a later one may first be worked out when they are read.
 */
export interface SignatureCheck {
  readonly candidates: readonly Candidate[];
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** By a key of the trust table. */
export interface IssuerCheck extends SignatureCheck {
  /** At most 4; empty when the algorithm named is no trusted key's, which no signature can mend. */
  readonly candidates: readonly KeyRecord[];
}

/** By the key that the credential is bound to. */
export interface DeviceCheck extends SignatureCheck {
  /** One, or none where the credential is bound to no device, to an inadmissible key or to one of another algorithm. */
  readonly candidates: readonly Device[];
}

/** A presentation around the credential. */
export interface Presented {
  readonly presentation: Presentation;
  /** null: the credential is bound to no device. */
  readonly readDevice: ReadDevice | null;
  readonly check: DeviceCheck;
}

export interface Refused {
  readonly refusal: { readonly rung: 'envelope' | 'key'; readonly reason: ReasonCode };
  /** When the key table was current, epoch seconds. */
  readonly trustAsOf: number;
}

interface Readable {
  readonly refusal: null;
  /** undefined: not a kind of this verifier's table. */
  readonly kind: Kind | undefined;
  readonly readClaims: ReadClaims;
  readonly trustAsOf: number;
  /** null: no device shows it. */
  readonly presented: Presented | null;
}

/** A code whose signature has to be checked. */
export interface Unproven extends Readable {
  readonly parsed: ParsedCode;
  readonly signer: null;
  /** The issuer's, then the device's. */
  readonly checks: readonly [IssuerCheck] | readonly [IssuerCheck, DeviceCheck];
  /** What it may be known by from then on; null where nothing is remembered. */
  readonly fingerprint: string | null;
  readonly readDevice: ReadDevice | null;
}

/** A code whose signature was checked before: at most the device's is left to check. */
export interface Proven extends Readable {
  readonly parsed: CodeFacts;
  readonly signer: KeyRecord;
  readonly checks: readonly [] | readonly [DeviceCheck];
}

export type Ready = Unproven | Proven;
export type Prepared = Refused | Ready;

const NO_CHECKS = [] as const;

/** Judges the text as far as it goes without cryptography, clock or status. Bad input becomes a refusal, never an exception. */
export function prepare(text: string, keys: KeyTable, deps: PrepareDeps): Prepared {
  const { kinds, known = null } = deps;
  let fingerprint: string | null = null;
  let parsed: ParsedCode;
  let presentation: Presentation | null;
  try {
    const code = openCode(text, deps);
    presentation = code.presentation;
    if (known !== null) {
      fingerprint = known.fingerprint(code.bytes);
      const found = known.find(code.envelope, fingerprint, keys, kinds);
      if (found !== undefined) return prepareProven(found, presentation, keys);
    }
    parsed = readCode(code, deps);
  } catch (error) {
    return { refusal: { rung: 'envelope', reason: parseReason(error) }, trustAsOf: keys.asOf };
  }
  return prepareUnproven(parsed, presentation, fingerprint, keys, kinds);
}

function prepareProven(
  { facts, kind, readClaims, readDevice, signer }: KnownCode,
  presentation: Presentation | null,
  { asOf: trustAsOf }: KeyTable,
): Proven {
  const presented = presentation === null ? null : presentedBy(presentation, readDevice);
  const checks = presented === null ? NO_CHECKS : ([presented.check] as const);
  return { refusal: null, parsed: facts, kind, readClaims, trustAsOf, presented, signer, checks };
}

function prepareUnproven(
  parsed: ParsedCode,
  presentation: Presentation | null,
  fingerprint: string | null,
  keys: KeyTable,
  kinds: KindTable,
): Refused | Unproven {
  const trustAsOf = keys.asOf;
  const kind = findKind(parsed, kinds);
  const candidates = findCandidates(parsed, kind, keys);
  if (typeof candidates === 'string') return { refusal: { rung: 'key', reason: candidates }, trustAsOf };
  const { message, signature } = parsed;
  const readClaims = createClaimsReader(parsed, kind);
  const readDevice = createDeviceReader(parsed.deviceKey);
  const presented = presentation === null ? null : presentedBy(presentation, readDevice);
  const issuers: IssuerCheck = { candidates, message, signature };
  return {
    refusal: null,
    parsed,
    kind,
    readClaims,
    trustAsOf,
    presented,
    signer: null,
    checks: presented === null ? [issuers] : [issuers, presented.check],
    fingerprint,
    readDevice,
  };
}

function presentedBy(presentation: Presentation, readDevice: ReadDevice | null): Presented {
  const { algorithm, message, signature } = presentation;
  const check: DeviceCheck = {
    get candidates() {
      const device = readDevice === null ? null : readDevice();
      return device === null || device.key.algorithm !== algorithm ? [] : [device];
    },
    message,
    signature,
  };
  return { presentation, readDevice, check };
}

/** A parser's own defect must reach the operator: only its verdicts become answers. */
function parseReason(error: unknown): ReasonCode {
  if (error instanceof YimaError && isReasonCode(error.code)) return error.code;
  throw error;
}
