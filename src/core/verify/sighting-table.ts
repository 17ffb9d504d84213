// Which place saw which presentation first, as long as it could be shown again: one table for each 30 s of signing times, three in use,
// so that forgetting costs nothing. Entries are three words beside each other, in shards that grow alone: no step lasts long. Full at
// 60,000 presentations a second, when the three tables take 72 MiB at most.

import { PRESENTATION_SECONDS } from './showing.js';

/** A presentation by 64 bits of a digest, and a place by 32. */
export interface Sighting {
  readonly high: number;
  readonly low: number;
  /** Epoch seconds by the device. */
  readonly issuedAt: number;
  /** Never 0. */
  readonly place: number;
}

/** In place of a place: two of them saw it before either heard of the other, so that neither is known to be the first. */
export const SEVERAL_PLACES = 0xffff_ffff;

/**
 * new: nobody had seen it. same: this place had. other: another place was first. disputed: others tell that they were first, and one
 * here had been so too. full: there is no room to remember it. past: it could not be shown now.
 */
export type Noted = 'new' | 'same' | 'other' | 'disputed' | 'full' | 'past';

export interface SightingTable {
  /** @param isTold by others: they may take three quarters of the room */
  readonly note: (sighting: Sighting, now: number, isTold: boolean) => Noted;
  /** Whether nothing that others told about presentations of this time was left out for want of room. */
  readonly isWhole: (issuedAt: number) => boolean;
  /** Everything that is held. */
  readonly all: () => Iterable<Sighting>;
  readonly figures: () => SightingFigures;
}

export interface SightingFigures {
  readonly held: number;
  readonly bytes: number;
  /** Left out for want of room, since the start. */
  readonly dropped: number;
}

interface Shard {
  words: Uint32Array;
  count: number;
}

interface Bucket {
  /** Which 30 s it is for. */
  readonly number: number;
  readonly shards: (Shard | undefined)[];
  isWhole: boolean;
}

const BUCKETS = 3;
const SHARDS = 256;
const WORDS = 3;
const FIRST_SLOTS = 8;
/** A shard's: 256 of them hold 1,800,000 entries with room to spare. */
const MOST_SLOTS = 8_192;
/** How full a shard may be, in sixteenths: before it grows, at its end, and by what others tell. */
const GROWS_AT = 12;
const FULL_AT = 15;
const TOLD_FULL_AT = 11;

/** @param mostSlots of a shard, a power of two; fewer for tests */
export function createSightingTable(mostSlots = MOST_SLOTS): SightingTable {
  const buckets: (Bucket | undefined)[] = Array.from({ length: BUCKETS }, () => undefined);
  let dropped = 0;

  /** undefined where no presentation of this time could be shown now. */
  const bucketOf = (issuedAt: number, now: number): Bucket | undefined => {
    const number = Math.floor(issuedAt / PRESENTATION_SECONDS);
    if (Math.abs(number - Math.floor(now / PRESENTATION_SECONDS)) > 1) return undefined;
    const known = buckets[number % BUCKETS];
    if (known?.number === number) return known;
    const bucket: Bucket = { number, shards: Array.from({ length: SHARDS }, () => undefined), isWhole: true };
    buckets[number % BUCKETS] = bucket;
    return bucket;
  };

  return {
    note: (sighting, now, isTold) => {
      const bucket = bucketOf(sighting.issuedAt, now);
      if (bucket === undefined) return 'past';
      const { high, low, place } = sighting;
      const shard = shardOf(bucket, high);
      const at = slotOf(shard.words, high, low);
      const first = shard.words[at + 2];
      if (first !== 0) {
        if (first === place) return first === SEVERAL_PLACES ? 'other' : 'same';
        if (!isTold || first === SEVERAL_PLACES) return 'other';
        shard.words[at + 2] = SEVERAL_PLACES;
        return 'disputed';
      }
      const room = (mostSlots * (isTold ? TOLD_FULL_AT : FULL_AT)) >> 4;
      if (shard.count >= room) {
        dropped++;
        if (isTold) bucket.isWhole = false;
        return 'full';
      }
      put(shard.words, at, high, low, place);
      shard.count++;
      if (shard.count << 4 >= (shard.words.length / WORDS) * GROWS_AT) grow(shard, mostSlots);
      return 'new';
    },
    isWhole: (issuedAt) => {
      const number = Math.floor(issuedAt / PRESENTATION_SECONDS);
      const bucket = buckets[number % BUCKETS];
      return bucket?.number !== number || bucket.isWhole;
    },
    all: function* () {
      for (const bucket of buckets) if (bucket !== undefined) yield* entriesOf(bucket);
    },
    figures: () => {
      let held = 0;
      let words = 0;
      for (const shard of buckets.flatMap((bucket) => bucket?.shards ?? [])) {
        held += shard?.count ?? 0;
        words += shard?.words.length ?? 0;
      }
      return { held, bytes: words * Uint32Array.BYTES_PER_ELEMENT, dropped };
    },
  };
}

function shardOf({ shards }: Bucket, high: number): Shard {
  const number = high >>> 24;
  const known = shards[number];
  if (known !== undefined) return known;
  const shard: Shard = { words: new Uint32Array(FIRST_SLOTS * WORDS), count: 0 };
  shards[number] = shard;
  return shard;
}

/** Where the entry begins, or the free place where it belongs. Digests are spread evenly: the next place is tried after a taken one. */
function slotOf(words: Uint32Array, high: number, low: number): number {
  const slots = words.length / WORDS;
  for (let slot = low & (slots - 1); ; slot = (slot + 1) & (slots - 1)) {
    const at = slot * WORDS;
    if (words[at + 2] === 0 || (words[at] === high && words[at + 1] === low)) return at;
  }
}

function put(words: Uint32Array, at: number, high: number, low: number, place: number): void {
  words[at] = high;
  words[at + 1] = low;
  words[at + 2] = place;
}

function grow(shard: Shard, mostSlots: number): void {
  const { words } = shard;
  if (words.length / WORDS >= mostSlots) return;
  const grown = new Uint32Array(2 * words.length);
  for (let at = 0; at < words.length; at += WORDS) {
    const [high = 0, low = 0, place = 0] = words.subarray(at, at + WORDS);
    if (place !== 0) put(grown, slotOf(grown, high, low), high, low, place);
  }
  shard.words = grown;
}

function* entriesOf({ number, shards }: Bucket): Generator<Sighting> {
  const issuedAt = number * PRESENTATION_SECONDS;
  for (const shard of shards) {
    for (let at = 0; at < (shard?.words.length ?? 0); at += WORDS) {
      const [high = 0, low = 0, place = 0] = shard?.words.subarray(at, at + WORDS) ?? [];
      if (place !== 0) yield { high, low, issuedAt, place };
    }
  }
}
