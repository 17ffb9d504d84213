// How the nodes of one place tell each other what they saw, and the form in which they do. Nothing that is read there is believed further
// than that a person takes a look: it can only hold what would have been admitted.

import { concatBytes } from '../codec/bytes.js';
import { SIGHTING_BYTES, SIGHTINGS_A_PIECE } from './sightings.js';

export interface SightingStream {
  /** Tells all who read, at once. */
  readonly tell: (entry: Uint8Array) => Promise<void>;
}

/** On a connection of its own: it waits. */
export interface SightingNews {
  /** A place before everything that could still be shown. */
  readonly begin: () => Promise<string>;
  /** What was told after `place`, once there is something or the time is over. */
  readonly read: (
    place: string,
    blockMs: number,
  ) => Promise<{ readonly place: string; readonly entries: readonly Uint8Array[] }>;
  /** Gives a connection up that may hang. */
  readonly drop: () => void;
}

/** What one node tells at a time; with nothing in it, only that it can. */
export interface SightingEntry {
  /** Of the process that tells, made anew at each start. */
  readonly teller: Uint8Array;
  /** Counted by the teller. */
  readonly number: number;
  readonly packed: Uint8Array;
}

export const TELLER_BYTES = 8;
const HEAD_BYTES = TELLER_BYTES + 4;
const MOST_BYTES = HEAD_BYTES + SIGHTINGS_A_PIECE * SIGHTING_BYTES;

export function writeSightingEntry({ teller, number, packed }: SightingEntry): Uint8Array {
  const count = new Uint8Array(4);
  new DataView(count.buffer).setUint32(0, number);
  return concatBytes(teller, count, packed);
}

/** null for anything that `writeSightingEntry` does not write. */
export function readSightingEntry(entry: Uint8Array): SightingEntry | null {
  const packed = entry.subarray(HEAD_BYTES);
  const isWhole = entry.length >= HEAD_BYTES && packed.length % SIGHTING_BYTES === 0;
  if (!isWhole || entry.length > MOST_BYTES) return null;
  const number = new DataView(entry.buffer, entry.byteOffset + TELLER_BYTES, 4).getUint32(0);
  return { teller: entry.subarray(0, TELLER_BYTES), number, packed };
}
