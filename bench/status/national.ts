// Half a billion licences in Redis: what it takes to hold them in this process, how long it takes to load them, and what a look-up costs.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Redis } from 'ioredis';
import type { PublicJwk } from '../../src/core/signature/public-jwk.js';
import { createStatusArena, type StatusArena } from '../../src/core/status/arena.js';
import { getStatus } from '../../src/core/status/packed.js';
import { type Owner, startRedis } from '../../test/support/redis-server.js';
import { withCleanUp } from '../support/clean-up.js';
import { measurePairs, median, spreadOf } from '../support/pairs.js';
import type { Report } from '../support/report.js';
import { createSequence } from '../support/sequence.js';
import { loadFeed } from './load-feed.js';

const ENTRIES = 500_000_000;
const LIST_ENTRIES = 2 ** 20;
const BITS = 2;
const ROUNDS = 5;
const AT_A_TIME = 4;
/** More than any cache holds the lines of. */
const PLACES = 2 ** 20;
const READS = 1_000;

/** What the process that fills Redis tells. */
export interface Filled {
  readonly base: string;
  readonly key: PublicJwk;
  readonly lists: number;
  /** How long the rebuild took. */
  readonly ms: number;
}

export async function reportNational(report: Report): Promise<void> {
  await withCleanUp(async (owner) => {
    const { url, port } = await startRedis(owner);
    const filled = await fill(url);
    report('entries', filled.lists * LIST_ENTRIES, 'entries of 2 bits in lists of 2^20');
    report('rebuild_ms', filled.ms, 'ms for a publisher to write them all into an empty Redis');
    const bytes = (filled.lists * LIST_ENTRIES * BITS) / 8;
    const raw = await openRaw(owner, port, filled.lists);
    const loads: { ours: number; raw: number }[] = [];
    const growths: number[] = [];
    let arena = createStatusArena();
    for (let round = 0; round < ROUNDS; round += 1) {
      arena = createStatusArena();
      const before = heldBytes();
      const ours = await loadFeed(url, filled, arena);
      growths.push(heldBytes() - before);
      loads.push({ ours, raw: await timed(raw) });
    }
    report(
      'memory_ratio',
      median(growths) / bytes,
      'of entries x bits / 8',
      spreadOf(growths.map((each) => each / bytes)),
    );
    const ratios = loads.map((each) => each.ours / each.raw);
    report('load_ratio', median(ratios), 'ratio', spreadOf(ratios));
    report('load_ms', median(loads.map(({ ours }) => ours)), 'ms, signature and every digest checked');
    report(
      'raw_load_ms',
      median(loads.map((each) => each.raw)),
      'ms to read the same bytes with GETRANGE, 4 in flight',
    );
    await reportLookup(report, arena, filled);
  });
}

async function fill(url: string): Promise<Filled> {
  const program = fileURLToPath(new URL('./fill-feed.js', import.meta.url));
  const child = fork(program, [url, String(ENTRIES)], { execArgv: [] });
  const ended = once(child, 'exit');
  const [filled] = (await Promise.race([
    once(child, 'message'),
    ended.then(() => {
      throw new Error('Redis was not filled');
    }),
  ])) as [Filled];
  await ended;
  return filled;
}

/** @returns reads the bitmaps themselves, whole, and keeps none */
async function openRaw(owner: Owner, port: number, lists: number): Promise<() => Promise<void>> {
  const redis = new Redis({ host: '127.0.0.1', port });
  owner.teardown(() => redis.disconnect());
  const keys = await redis.keys('yima:*:bits:*');
  if (keys.length !== lists) throw new Error('Redis holds other bitmaps than were written');
  return async () => {
    const rest = [...keys];
    const work = async (): Promise<void> => {
      for (let key = rest.pop(); key !== undefined; key = rest.pop()) {
        const { length } = await redis.getrangeBuffer(key, 0, -1);
        if (length !== (LIST_ENTRIES * BITS) / 8) throw new Error('the floor read something else');
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, work));
  };
}

async function reportLookup(report: Report, arena: StatusArena, { base, lists }: Filled): Promise<void> {
  const random = createSequence();
  const places = Uint32Array.from({ length: PLACES }, () => Math.floor(random() * lists * LIST_ENTRIES));
  const packed = Array.from(
    { length: lists },
    (_, number) => arena.packed(base, number) ?? new Uint8Array(0),
  );
  const flat = new Uint8Array((lists * LIST_ENTRIES * BITS) / 8);
  for (const [number, bytes] of packed.entries()) flat.set(bytes, number * bytes.length);
  const byteRead = reads(places, (place) => flat[place >>> 2] ?? Number.NaN);
  const resolved = reads(places, (place) => {
    const list = packed[Math.floor(place / LIST_ENTRIES)];
    return list === undefined ? Number.NaN : (getStatus(list, BITS, place % LIST_ENTRIES) ?? Number.NaN);
  });
  const found = reads(
    places,
    (place) => arena.find(base, Math.floor(place / LIST_ENTRIES), place % LIST_ENTRIES)?.value ?? Number.NaN,
  );
  const weights = { ours: READS, floor: READS };
  const lookup = await measurePairs(resolved, byteRead, weights);
  report('lookup_ratio', lookup.ratio, 'value in a list / a byte, both at random', lookup.spread);
  const find = await measurePairs(found, byteRead, weights);
  report('find_ratio', find.ratio, 'the same, with the list found by issuer and number', find.spread);
  report('find_us', find.oursUs, 'us');
  report('byte_read_us', find.floorUs, 'us, at random in as many bytes');
}

/** @param read not a number where nothing was found */
function reads(places: Uint32Array, read: (place: number) => number): () => void {
  let at = 0;
  return () => {
    let sum = 0;
    for (let i = 0; i < READS; i += 1) {
      sum += read(places[at] ?? 0);
      at = (at + 1) % PLACES;
    }
    if (Number.isNaN(sum)) throw new Error('an entry was not found');
  };
}

async function timed(work: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes of array buffers that something still needs. */
function heldBytes(): number {
  collect();
  collect();
  return process.memoryUsage().arrayBuffers;
}
