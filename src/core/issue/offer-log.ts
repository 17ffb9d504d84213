// Offers as the log tells them: every entry about one has the digest of its row as it was from then on, so that an offer that somebody
// wrote into the file is found.

import { canonicalJson } from '../codec/json.js';
import type { Sha256Hex } from '../signature/public-key.js';
import type { LogEntry } from './log.js';
import type { OfferRow } from './offer-rows.js';
import type { LogRow } from './store.js';

/** Digest of the row, by the id of the offer. */
export type ToldOffers = Map<string, string>;

/** Members of an entry's body that tell of the offer. */
export function offerTold(
  row: OfferRow,
  sha256Hex: Sha256Hex,
): { readonly offer: string; readonly row: string } {
  return { offer: row.id, row: sha256Hex(canonicalJson(row)) };
}

export function offerEntry(
  type: 'offer_made' | 'offer_code_wrong' | 'offer_redeemed' | 'offer_withdrawn',
  row: OfferRow,
  actor: string,
  at: number,
  sha256Hex: Sha256Hex,
): LogEntry {
  return { at, actor, type, body: { credential: row.credentialId, ...offerTold(row, sha256Hex) } };
}

/** Takes one entry of the log in; the newest about an offer holds. */
export function replayOffer(told: ToldOffers, { body }: LogRow): void {
  if (!body.includes('"offer":')) return;
  const { offer, row } = JSON.parse(body) as { readonly offer?: unknown; readonly row?: unknown };
  if (typeof offer === 'string' && typeof row === 'string') told.set(offer, row);
}

export function isOfferAsTold(told: string | undefined, row: OfferRow, sha256Hex: Sha256Hex): boolean {
  return told === offerTold(row, sha256Hex).row;
}
