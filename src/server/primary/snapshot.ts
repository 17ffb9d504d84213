// Everything that a new worker must know, in pieces of a bounded size. A piece is taken from the living tables at the moment it is
// asked for; since changes travel on the same ordered link, what a piece does not hold yet comes after it.

import type { Knowledge, Update } from '../knowledge.js';
import { keysUpdate, policiesUpdate } from '../published.js';

/** A list of 2^20 entries takes this much at most. */
const PIECE_BYTES = 1_048_576;

/**
 * Which lists there are is fixed by the first piece, which must be taken in the turn in which the worker begins to hear of changes:
 * later lists reach it as changes.
 */
export function* snapshot({
  status,
  keys,
  policies,
  apiKeys,
  trustNews,
  sightings,
}: Knowledge): Generator<readonly Update[]> {
  const shapes = status.shapes();
  yield [
    ...shapes.map((shape): Update => ({ type: 'list', shape })),
    keysUpdate(keys()),
    policiesUpdate(policies()),
    { type: 'api-keys', keys: apiKeys.held() },
    { type: 'trust-news', marks: trustNews.marks() },
    { type: 'sightings-shared', until: sightings.sharedUntil() },
  ];
  let piece: Update[] = [];
  let bytes = 0;
  for (const shape of shapes) {
    const { base, number } = shape;
    const isWritten = (status.changes(base, number) ?? 0) > 0;
    const packed = status.packed(base, number);
    if (!isWritten || packed === undefined) continue; // every value is 0, as the worker has it already
    piece.push({ type: 'packed', shape, packed });
    bytes += packed.length;
    if (bytes < PIECE_BYTES) continue;
    yield piece;
    piece = [];
    bytes = 0;
  }
  for (const each of status.confirmations()) piece.push({ type: 'confirm', ...each });
  if (piece.length > 0) yield piece;
  for (const packed of sightings.pieces()) yield [{ type: 'sightings', packed }];
}
