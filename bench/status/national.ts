// Half a billion licences in Redis: what it takes to hold them in this process, how long it takes to load them, and what a look-up costs.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Redis } from 'ioredis';
import type { PublicJwk } from '../../src/core/signature/public-jwk.js';
import { createStatusArena, type StatusArena } from '../../src/core/status/arena.js';
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
const RAW_CHUNK_BYTES = 2 ** 20;
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
    const raw = await openRaw(owner, port, bytes);
    const loads: { ours: number; raw: number }[] = [];
    const growths: number[] = [];
    let arena = createStatusArena();
    for (let round = 0; round < ROUNDS; round += 1) {
      arena = createStatusArena();
      const before = heldBytes();
      const ours = await timed(() => loadFeed(url, filled, arena));
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
      'ms to read the same bytes with GETRANGE, 1 MiB each, 4 in flight',
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

/** @returns reads as many bytes as the lists have and keeps none */
async function openRaw(owner: Owner, port: number, bytes: number): Promise<() => Promise<void>> {
  const redis = new Redis({ host: '127.0.0.1', port });
  owner.teardown(() => redis.disconnect());
  const key = 'raw';
  for (let at = 0; at < bytes; at += RAW_CHUNK_BYTES)
    await redis.setrange(key, at, Buffer.alloc(Math.min(RAW_CHUNK_BYTES, bytes - at), 0x41));
  return async () => {
    let next = 0;
    let read = 0;
    const work = async (): Promise<void> => {
      while (next < bytes) {
        const at = next;
        next += RAW_CHUNK_BYTES;
        const chunk = await redis.getrangeBuffer(key, at, at + RAW_CHUNK_BYTES - 1);
        read += chunk.length;
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, work));
    if (read !== bytes) throw new Error('the floor read other bytes');
  };
}

async function reportLookup(report: Report, arena: StatusArena, { base, lists }: Filled): Promise<void> {
  const random = createSequence();
  const places = Uint32Array.from({ length: PLACES }, () => Math.floor(random() * lists * LIST_ENTRIES));
  const flat = new Uint8Array((lists * LIST_ENTRIES * BITS) / 8);
  for (let number = 0; number < lists; number += 1) {
    const packed = arena.packed(base, number) ?? new Uint8Array(0);
    flat.set(packed, number * packed.length);
  }
  let at = 0;
  let floorAt = 0;
  const figures = await measurePairs(
    () => {
      let sum = 0;
      for (let read = 0; read < READS; read += 1) {
        const place = places[at] ?? 0;
        at = (at + 1) % PLACES;
        sum += arena.find(base, Math.floor(place / LIST_ENTRIES), place % LIST_ENTRIES)?.value ?? Number.NaN;
      }
      if (Number.isNaN(sum)) throw new Error('an entry was not found');
    },
    () => {
      let sum = 0;
      for (let read = 0; read < READS; read += 1) {
        sum += flat[(places[floorAt] ?? 0) >>> 2] ?? Number.NaN;
        floorAt = (floorAt + 1) % PLACES;
      }
      if (Number.isNaN(sum)) throw new Error('a byte was not found');
    },
    { ours: READS, floor: READS },
  );
  report(
    'lookup_ratio',
    figures.ratio,
    'list found by issuer and number, and its value / a byte read',
    figures.spread,
  );
  report('lookup_us', figures.oursUs, 'us');
  report('byte_read_us', figures.floorUs, 'us, at random in as many bytes');
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
