// Key records as JSON, for a verifier that is told the flat table: a page at a checkpoint.

import { isJsonObject } from '../codec/json.js';
import { parsePublicJwk, publicJwk } from '../signature/public-jwk.js';
import type { CardRevocations, KeyRecord } from './key-record.js';

export interface ToldRecord extends Omit<KeyRecord, 'key' | 'cards'> {
  readonly key: unknown;
  readonly cards?: ToldCards;
}

interface ToldCards {
  readonly announced: number | null;
  readonly list: {
    readonly version: number;
    readonly revoked: readonly (readonly [string, number | null])[];
  } | null;
}

export function tellRecord({ key, cards, ...record }: KeyRecord): ToldRecord {
  return { ...record, key: publicJwk(key), ...(cards === undefined ? {} : { cards: tellCards(cards) }) };
}

function tellCards({ announced, list }: CardRevocations): ToldCards {
  return { announced, list: list && { version: list.version, revoked: [...list.revoked] } };
}

/**
 * Reads what `tellRecord` wrote. Only the key is looked at closely: whoever tells a table is believed in the rest.
 * @throws YimaError `key_refused`
 */
export function readToldRecord({ key, cards, ...record }: ToldRecord): KeyRecord {
  const read = { ...record, key: parsePublicJwk(key) };
  if (cards === undefined) return read;
  const list = isJsonObject(cards.list) ? cards.list : null;
  return {
    ...read,
    cards: {
      announced: cards.announced,
      list: list && { version: list.version, revoked: new Map(list.revoked) },
    },
  };
}
