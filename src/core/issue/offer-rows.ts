// Offers of a credential to the phone of one person, as they are stored: secrets by their hashes alone, and who it is about by the
// credential's id alone.

import type { BoundForm } from './form.js';

export interface OfferRow {
  /** A timed id; the first half of the pre-authorised code. */
  readonly id: string;
  readonly credentialId: string;
  /** Hex SHA-256 of the other half. */
  readonly secretHash: string;
  /** Hex SHA-256 of that half and the transaction code: who reads this row can try no codes. */
  readonly txCodeHash: string;
  /** What may be claimed, each once. */
  readonly forms: readonly BoundForm[];
  /** Phones that the credential is on already stay. */
  readonly keepDevices: boolean;
  readonly madeBy: string;
  /** Epoch seconds. */
  readonly madeAt: number;
  readonly expiresAt: number;
  /** Wrong transaction codes so far; all that there may be once the office has withdrawn it. */
  readonly wrongCodes: number;
  /** How often the code was exchanged for a token; the newest token counts. */
  readonly redeemed: number;
  /** Hex SHA-256 of the second half of the access token. */
  readonly tokenHash: string | null;
  readonly tokenExpiresAt: number | null;
  /** base64url thumbprint of the device's key that claimed it; from then on no other can. */
  readonly device: string | null;
  /** What was claimed. */
  readonly claimed: readonly BoundForm[];
}

export interface OfferWrites {
  /** New offers, or known ones that went on: codes tried, a token, a claim. */
  readonly offers?: readonly OfferRow[];
}

export interface OfferReads {
  readonly findOffer: (id: string) => Promise<OfferRow | undefined>;
  /** In id order after `after` (`''`: from the first), at most `limit` (1 to 1,000). */
  readonly offers: (after: string, limit: number) => Promise<readonly OfferRow[]>;
}

/** What of a known offer may become different. */
export const OFFER_CHANGING = [
  'wrongCodes',
  'redeemed',
  'tokenHash',
  'tokenExpiresAt',
  'device',
  'claimed',
] as const satisfies readonly (keyof OfferRow)[];

/** Counts only grow, and who has claimed stays. */
export function offerGoesOn(known: OfferRow, row: OfferRow): boolean {
  return (
    known.wrongCodes <= row.wrongCodes &&
    known.redeemed <= row.redeemed &&
    known.claimed.every((form) => row.claimed.includes(form)) &&
    (known.device === null || known.device === row.device)
  );
}
