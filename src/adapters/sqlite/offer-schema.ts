// Offers to phones. Secrets by their hashes, people by the id of their credential.

import { sql } from 'drizzle-orm';
import { check, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { BoundForm } from '../../core/issue/form.js';
import { credentials } from './schema.js';

const forms = (name: string) => text(name, { mode: 'json' }).$type<readonly BoundForm[]>();

export const offers = sqliteTable(
  'offers',
  {
    id: text('id').primaryKey(),
    credentialId: text('credential_id')
      .notNull()
      .references(() => credentials.id),
    secretHash: text('secret_hash').notNull(),
    txCodeHash: text('tx_code_hash').notNull(),
    forms: forms('forms').notNull(),
    keepDevices: integer('keep_devices', { mode: 'boolean' }).notNull(),
    madeBy: text('made_by').notNull(),
    madeAt: integer('made_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    wrongCodes: integer('wrong_codes').notNull(),
    redeemed: integer('redeemed').notNull(),
    tokenHash: text('token_hash'),
    tokenExpiresAt: integer('token_expires_at'),
    device: text('device'),
    claimed: forms('claimed').notNull(),
  },
  (offer) => [check('offers_counts', sql`${offer.wrongCodes} between 0 and 5 and ${offer.redeemed} >= 0`)],
);
