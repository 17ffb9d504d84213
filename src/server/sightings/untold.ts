// What was seen and is still to be told: bounded, the newest first to be kept, since it can be shown longest.

import { concatBytes } from '../../core/codec/bytes.js';
import { SIGHTING_BYTES, SIGHTINGS_A_PIECE } from '../../core/verify/sightings.js';

export interface Untold {
  readonly add: (packed: Uint8Array) => void;
  /** As much as is told at a time, the oldest first; empty when there is nothing. */
  readonly take: () => Uint8Array;
  /** What was taken and could not be told. */
  readonly putBack: (packed: Uint8Array) => void;
  readonly isEmpty: () => boolean;
}

const PIECE_BYTES = SIGHTINGS_A_PIECE * SIGHTING_BYTES;
/** 65,536 sightings. */
const MOST_BYTES = 16 * PIECE_BYTES;

export function createUntold(): Untold {
  let packs: Uint8Array[] = [];
  let bytes = 0;

  const dropOldest = (): void => {
    while (bytes > MOST_BYTES) bytes -= packs.shift()?.length ?? bytes;
  };

  return {
    add: (packed) => {
      packs.push(packed);
      bytes += packed.length;
      dropOldest();
    },
    take: () => {
      const all = concatBytes(...packs);
      const rest = all.subarray(PIECE_BYTES);
      packs = rest.length === 0 ? [] : [rest];
      bytes = rest.length;
      return all.subarray(0, PIECE_BYTES);
    },
    putBack: (packed) => {
      if (packed.length === 0) return;
      packs.unshift(packed);
      bytes += packed.length;
      dropOldest();
    },
    isEmpty: () => bytes === 0,
  };
}
