// An issuer with its publisher and arena, and a mirror of it, over one place in memory: without loops or clocks, so that a test takes each
// step itself.

import { createNodeVerify, sha256 } from '../../src/adapters/crypto-node.js';
import { createStatusArena, type StatusArena } from '../../src/core/status/arena.js';
import { createFeedMirror, type FeedMirror } from '../../src/core/status/feed/mirror.js';
import { createPublisher, type FeedPublisher } from '../../src/core/status/feed/publisher.js';
import type { FeedTrust } from '../../src/core/status/feed/signed-entry.js';
import type { Moment } from '../../src/core/status/moment.js';
import { packedLength, type StatusBits } from '../../src/core/status/packed.js';
import { createFeedTwin, type FeedTwin } from './feed-twin.js';
import { createIssuer, STATUS_BASE, type TestIssuer } from './fixtures.js';

export const BASE = STATUS_BASE;
export const START_MS = 1_790_000_000_000;

export function trustIn(...issuers: readonly TestIssuer[]): FeedTrust {
  return {
    keys: (kid) => issuers.filter(({ record }) => record.kid === kid).map(({ record }) => record.key),
    verify: createNodeVerify(),
  };
}

export function epochOf(byte: number): Uint8Array {
  return new Uint8Array(16).fill(byte);
}

export interface FeedWorld {
  readonly issuer: TestIssuer;
  readonly twin: FeedTwin;
  readonly live: StatusArena;
  readonly publisher: FeedPublisher;
  /** The ledger's newest entry; grows with every change. */
  head: number;
  /** Epoch milliseconds. */
  at: number;
  readonly addList: (number: number, bits?: StatusBits, entries?: number) => void;
  readonly set: (number: number, index: number, value: number) => void;
  /** One entry to the place. */
  readonly publish: () => Promise<void>;
  /** Everything that is pending. */
  readonly publishAll: () => Promise<void>;
  /** A new epoch of everything. */
  readonly found: (epoch?: Uint8Array) => Promise<void>;
}

export function createFeedWorld(
  issuer = createIssuer({ use: 'status' }),
  twin = createFeedTwin(),
): FeedWorld {
  const live = createStatusArena();
  const publisher = createPublisher({
    base: BASE,
    sha256,
    signer: () => issuer.signer,
    live: (number) => live.packed(BASE, number),
  });
  const world: FeedWorld = {
    issuer,
    twin,
    live,
    publisher,
    head: 0,
    at: START_MS,
    addList: (number, bits = 2, entries = 4_096) => {
      live.addList({ base: BASE, number, bits, entries });
      publisher.begin({ number, bits, entries });
      world.head += 1;
    },
    set: (number, index, value) => {
      const before = live.find(BASE, number, index)?.value ?? 0;
      if (live.set(BASE, number, index, value) !== 'changed') return;
      publisher.note(number, index, before);
      world.head += 1;
    },
    publish: async () => {
      world.at += 1;
      await twin.publish(BASE, publisher.next({ at: world.at, head: world.head }));
    },
    publishAll: async () => {
      do await world.publish();
      while (publisher.pending() > 0);
    },
    found: async (epoch = epochOf(1)) => {
      publisher.forget();
      const { head } = world;
      for (const shape of live.shapes(BASE)) {
        await twin.writeList(BASE, epoch, shape.number, publisher.copy(shape));
      }
      await twin.beginEpoch(BASE, publisher.found(epoch, head, { at: world.at, head }));
    },
  };
  return world;
}

export interface MirrorWorld {
  readonly mirror: FeedMirror;
  readonly arena: StatusArena;
  /** By our clock, of which a test may make what it likes. */
  now: Moment;
  /** The id of the last entry that was given to the mirror. */
  cursor: string;
  kept: number;
  ahead: number;
  /** Reads the head. */
  readonly begin: () => Promise<ReturnType<FeedMirror['begin']>>;
  /** Reads all lists that are waited for. @returns whether each was taken */
  readonly load: () => Promise<boolean>;
  /** Hears everything after the cursor, up to the first refusal. */
  readonly follow: () => ReturnType<FeedMirror['hear']>;
}

export function createMirrorWorld(twin: FeedTwin, trust: FeedTrust): MirrorWorld {
  const arena = createStatusArena();
  const mirror = createFeedMirror({
    base: BASE,
    sha256,
    trust,
    arena,
    onKeptRevoked: (count) => {
      world.kept += count;
    },
    onAhead: () => {
      world.ahead += 1;
    },
  });
  const world: MirrorWorld = {
    mirror,
    arena,
    now: { epoch: START_MS / 1000 + 1, steady: 1_000 },
    cursor: '0',
    kept: 0,
    ahead: 0,
    begin: async () => {
      const head = await twin.readHead(BASE);
      const refused = mirror.begin(head, world.now);
      if (refused === null) world.cursor = head.last?.id ?? '0';
      return refused;
    },
    load: async () => {
      const epoch = mirror.state()?.epoch ?? epochOf(0);
      let all = true;
      for (const { number, entries, bits } of mirror.waiting()) {
        const bytes = await twin.readList(BASE, epoch, number, packedLength(entries, bits));
        all = bytes !== null && mirror.take(number, bytes) && all;
      }
      return all;
    },
    follow: () => {
      for (const { id, entry } of twin.place(BASE).stream) {
        if (Number(id) <= Number(world.cursor)) continue;
        const refused = mirror.hear(entry, world.now);
        if (refused !== null) return refused;
        world.cursor = id;
      }
      return null;
    },
  };
  return world;
}

/** Whether two arenas hold the same values of the base. */
export function holdSame(a: StatusArena, b: StatusArena): boolean {
  return a.shapes(BASE).every(({ number }) => {
    const [left, right] = [a.packed(BASE, number), b.packed(BASE, number)];
    return left !== undefined && right !== undefined && Buffer.from(left).equals(right);
  });
}
