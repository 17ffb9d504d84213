// The index of an authority's lists that anybody may read (Token Status List, section 9.3).

import { utf8Decode } from '../codec/bytes.js';
import { isJsonObject, parseStrictJson } from '../codec/json.js';
import { refusedList } from './list-claims.js';
import { listNumberOf } from './list-uri.js';

export const AGGREGATION_TYPE = 'application/json';
const MAX_DEPTH = 4;

/** Where the lists of a base are named: the base without its last slash. */
export function aggregationUri(base: string): string {
  return base.slice(0, -1);
}

/**
 * The numbers of the lists under `base`, in the index's order, each once; uris that lead anywhere else are passed over.
 * @param maxLists so many are read, the rest is left
 * @throws YimaError `damaged`: not strict JSON; `list_refused`, rule `aggregation`: of another shape
 */
export function parseAggregation(body: Uint8Array, base: string, maxLists: number): readonly number[] {
  const json = parseStrictJson(utf8Decode(body), { maxDepth: MAX_DEPTH });
  const uris = isJsonObject(json) ? json['status_lists'] : undefined;
  if (!Array.isArray(uris)) throw refusedList('aggregation');
  const numbers = new Set<number>();
  for (const uri of uris as readonly unknown[]) {
    if (typeof uri !== 'string') throw refusedList('aggregation');
    const number = listNumberOf(uri, base);
    if (number !== null && numbers.size < maxLists) numbers.add(number);
  }
  return [...numbers];
}
