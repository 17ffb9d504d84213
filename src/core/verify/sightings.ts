// Whether a presentation was shown elsewhere a moment ago. What is kept and told is 64 bits of the SHA-256 of what the device signed,
// which nobody can find who does not have the presentation, and 32 bits of the SHA-256 of a place: neither person nor site.

import { utf8Encode } from '../codec/bytes.js';
import type { Presentation } from '../envelope/ym2.js';
import type { Sha256 } from '../signature/public-key.js';
import type { Moment } from '../status/moment.js';
import type { Showing } from './showing.js';
import {
  createSightingTable,
  SEVERAL_PLACES,
  type Sighting,
  type SightingFigures,
  type SightingTable,
} from './sighting-table.js';

export interface Sight {
  /** Whether another place saw it first, or there is no room to remember that this one did. */
  readonly isElsewhere: boolean;
  /** How far that is known. */
  readonly reach: 'local' | 'shared';
}

export interface Sightings {
  /** Judges and remembers a presentation whose signature is sound. */
  readonly see: (presentation: Presentation, showing: Showing, now: Moment) => Sight;
  /** Takes what others saw, packed. @returns what of it was news here, packed */
  readonly learn: (packed: Uint8Array, now: number) => Uint8Array;
  /** Until this second of the steady clock all others are heard. */
  readonly shareUntil: (steady: number) => void;
  readonly sharedUntil: () => number;
  /** Everything that is held, packed in pieces. */
  readonly pieces: () => Iterable<Uint8Array>;
  readonly figures: () => SightingFigures;
}

export interface SightingsDeps {
  readonly sha256: Sha256;
  /** The verifier's own name: two of them may call their sites alike. */
  readonly node: string;
  /** Hears of each presentation that is new here, packed, in the turn in which it was judged. */
  readonly tell: (packed: Uint8Array) => void;
  readonly table?: SightingTable;
}

/** Of one packed sighting: four big-endian words. */
export const SIGHTING_BYTES = 16;
/** A piece has 64 KiB at most. */
export const SIGHTINGS_A_PIECE = 4_096;

export function createSightings({
  sha256,
  node,
  tell,
  table = createSightingTable(),
}: SightingsDeps): Sightings {
  let sharedUntil = Number.NEGATIVE_INFINITY;

  const placeOf = ({ site, caller }: Showing): number => {
    const name = site === null ? `key ${caller}` : `site ${site}`;
    const place = wordAt(sha256(utf8Encode(`${node}\n${name}`)), 0);
    return place === 0 || place === SEVERAL_PLACES ? 1 : place;
  };

  return {
    see: ({ message, issuedAt }, showing, now) => {
      const digest = sha256(message);
      const sighting = { high: wordAt(digest, 0), low: wordAt(digest, 4), issuedAt, place: placeOf(showing) };
      const noted = table.note(sighting, now.epoch, false);
      if (noted === 'new') tell(packSightings([sighting]));
      const isShared = now.steady <= sharedUntil && table.isWhole(issuedAt);
      return { isElsewhere: noted !== 'new' && noted !== 'same', reach: isShared ? 'shared' : 'local' };
    },
    learn: (packed, now) => {
      const fresh: Sighting[] = [];
      for (const sighting of unpack(packed)) {
        const noted = table.note(sighting, now, true);
        if (noted === 'new' || noted === 'disputed') fresh.push(sighting);
      }
      return packSightings(fresh);
    },
    shareUntil: (steady) => {
      sharedUntil = steady;
    },
    sharedUntil: () => sharedUntil,
    pieces: function* () {
      let piece: Sighting[] = [];
      for (const sighting of table.all()) {
        piece.push(sighting);
        if (piece.length < SIGHTINGS_A_PIECE) continue;
        yield packSightings(piece);
        piece = [];
      }
      if (piece.length > 0) yield packSightings(piece);
    },
    figures: table.figures,
  };
}

function packSightings(sightings: readonly Sighting[]): Uint8Array {
  const packed = new Uint8Array(sightings.length * SIGHTING_BYTES);
  const view = new DataView(packed.buffer);
  for (const [i, { high, low, issuedAt, place }] of sightings.entries()) {
    const at = i * SIGHTING_BYTES;
    view.setUint32(at, high);
    view.setUint32(at + 4, low);
    view.setUint32(at + 8, issuedAt);
    view.setUint32(at + 12, place);
  }
  return packed;
}

/** What is no place, and what follows the last whole sighting, is left out. */
function* unpack(packed: Uint8Array): Generator<Sighting> {
  for (let at = 0; at + SIGHTING_BYTES <= packed.length; at += SIGHTING_BYTES) {
    const place = wordAt(packed, at + 12);
    const [high, low] = [wordAt(packed, at), wordAt(packed, at + 4)];
    if (place !== 0) yield { high, low, issuedAt: wordAt(packed, at + 8), place };
  }
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] ?? 0) << 24) |
      ((bytes[at + 1] ?? 0) << 16) |
      ((bytes[at + 2] ?? 0) << 8) |
      (bytes[at + 3] ?? 0)) >>>
    0
  );
}
