// Offers, in memory: the part of the store port that core/issue/offer-rows.ts declares.

import { OFFER_CHANGING, type OfferReads, type OfferRow, offerGoesOn } from '../../core/issue/offer-rows.js';
import { checkPageLimit } from '../../core/issue/store.js';
import { putOnce, refer } from './decisions.js';
import type { Journal } from './journal.js';

/** @param isCredential whether a credential of this id is stored */
export function writeOffers(
  offers: Map<string, OfferRow>,
  rows: readonly OfferRow[],
  journal: Journal,
  isCredential: (id: string) => boolean,
): void {
  for (const row of rows) {
    refer(isCredential(row.credentialId));
    putOnce(journal, offers, row.id, row, OFFER_CHANGING, offerGoesOn);
  }
}

export function offerReads(
  offers: ReadonlyMap<string, OfferRow>,
  read: <T>(answer: () => T) => T,
): OfferReads {
  return {
    findOffer: async (id) => read(() => offers.get(id)),
    offers: async (after, limit) =>
      read(() =>
        [...offers.values()]
          .filter(({ id }) => id > after)
          .sort((a, b) => (a.id < b.id ? -1 : 1))
          .slice(0, checkPageLimit(limit)),
      ),
  };
}
