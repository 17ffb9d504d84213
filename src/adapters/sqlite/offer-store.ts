// Offers on SQLite: the part of the store port that core/issue/offer-rows.ts declares.

import { asc, eq, gt, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { OFFER_CHANGING, type OfferReads, type OfferRow } from '../../core/issue/offer-rows.js';
import { checkPageLimit } from '../../core/issue/store.js';
import { all, excluded, preparePut } from './bound-row.js';
import { offers } from './offer-schema.js';
import { requireOneRow, translateErrors } from './store-errors.js';

/** Counts only grow, and who has claimed stays. */
export function createOfferWrites(db: BetterSQLite3Database): (rows: readonly OfferRow[]) => void {
  const { wrongCodes, redeemed, claimed, device } = offers;
  const put = preparePut(
    db,
    offers,
    offers.id,
    OFFER_CHANGING,
    all([
      sql`${wrongCodes} <= ${excluded(wrongCodes)}`,
      sql`${redeemed} <= ${excluded(redeemed)}`,
      sql`json_array_length(${claimed}) <= json_array_length(${excluded(claimed)})`,
      sql`(${device} is null or ${device} is ${excluded(device)})`,
    ]),
  );
  return (rows) => {
    for (const row of rows) requireOneRow(put.run({ ...row }));
  };
}

export function offerReads(db: BetterSQLite3Database): OfferReads {
  const one = db
    .select()
    .from(offers)
    .where(eq(offers.id, sql.placeholder('id')))
    .prepare();
  const page = db
    .select()
    .from(offers)
    .where(gt(offers.id, sql.placeholder('after')))
    .orderBy(asc(offers.id))
    .limit(sql.placeholder('limit'))
    .prepare();
  return {
    findOffer: async (id) => translateErrors(() => one.get({ id })),
    offers: async (after, limit) => translateErrors(() => page.all({ after, limit: checkPageLimit(limit) })),
  };
}
