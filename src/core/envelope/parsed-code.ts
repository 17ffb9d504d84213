// What every envelope parser returns: enough to find the key, check the signature and judge, before anything is trusted.

import type { Algorithm } from '../signature/algorithm.js';
import type { DeviceKey } from './device-key.js';

export const ENVELOPES = ['YM1', 'JWS', 'HC1', 'SHC', 'NZCP'] as const;
export type EnvelopeName = (typeof ENVELOPES)[number];

/** Reference into a status list: by number under the issuer's statusBase (YM1), or by whole uri (JWS). */
export type ListReference =
  | { readonly list: number; readonly index: number }
  | { readonly uri: string; readonly index: number };

/** Or the identifier that a SMART Health Card is revoked by, under the key that signed it; null: it has none. */
export type StatusReference = ListReference | { readonly rid: string | null };

/** What a code says, apart from the signature and what it is over. */
export interface CodeFacts {
  readonly envelope: EnvelopeName;
  readonly format: 'yima' | 'eu-dcc' | 'shc' | 'nzcp';
  /** null when absent or not of an issuer's form; then no look-up is made for our own formats. */
  readonly issuer: string | null;
  /** base64url of the key id's bytes, in the order to try; empty when the message names no key. */
  readonly kids: readonly string[];
  /** The algorithm the message names. It must equal the key's; null where the format lets the key decide alone (HC1). */
  readonly algorithm: Algorithm | null;
  /** Kind by number (YM1) or name (JWS; the foreign ones of `verify/foreign-kinds.ts`). */
  readonly kind: number | string;
  /** Epoch seconds. `issuedAt` null only beside a fault. */
  readonly issuedAt: number | null;
  readonly notBefore: number | null;
  readonly expiresAt: number | null;
  /** null: the format has no status references (HC1, NZCP), or a fault. */
  readonly status: StatusReference | null;
  /** Present when the credential is bound to a device key (`cnf`). */
  readonly deviceKey: DeviceKey | null;
  /** The kind's claims, undecoded: by integer key from CBOR, by name from JSON. Foreign: display values by name. */
  readonly claims:
    | { readonly form: 'cbor'; readonly values: ReadonlyMap<unknown, unknown> }
    | { readonly form: 'json'; readonly values: Readonly<Record<string, unknown>> };
  /** What the signed content breaks: times that are no times, or a shape that its format does not allow. */
  readonly fault: 'time' | 'claims' | null;
}

/**
 * Anybody can write the text, so a form that is not the one permitted is thrown as `damaged`. Only the issuer can write what is
 * signed: when that breaks a rule, parsing goes on and `fault` names the rung that must fail once the signature is proven.
 */
export interface ParsedCode extends CodeFacts {
  /** The exact bytes that were signed, and the signature (r||s for ECDSA). */
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  /** The decoded token, the base of every cache key. */
  readonly bytes: Uint8Array;
}
