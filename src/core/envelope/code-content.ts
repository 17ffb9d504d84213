// What an issuer puts into a credential, before it takes the form of one envelope or the other.

import type { PublicKey } from '../signature/public-key.js';

export interface CodeContent {
  readonly issuer: string;
  /** Epoch seconds. */
  readonly issuedAt: number;
  /** null: from `issuedAt` on. */
  readonly notBefore: number | null;
  /** null: without end (长期). */
  readonly expiresAt: number | null;
  readonly kind: { readonly number: number; readonly name: string };
  /** `uri` is the key's statusBase plus `list` in decimal. */
  readonly status: { readonly list: number; readonly index: number; readonly uri: string };
  readonly claims: {
    /** Under the kind's integer keys, for `YM1`. */
    readonly cbor: ReadonlyMap<number, unknown>;
    /** Under the kind's names, for JWS. */
    readonly json: Readonly<Record<string, string | number>>;
  };
  /** Ed25519 or ES256; null: not bound to a device. */
  readonly deviceKey: PublicKey | null;
}
