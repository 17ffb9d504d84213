// Which trusted keys have a table now. Tables are built piece by piece between requests, from what the plan wants, and go with their keys.

import { hexEncode } from '../../core/codec/bytes.js';
import type { PublicKey } from '../../core/signature/public-key.js';
import type { TableModule } from './table-module.js';
import { planWidths, TABLE_SIZES } from './table-plan.js';
import { createTableSpace } from './table-space.js';

export interface KeyUse {
  /** Address of the finished table; 0: none. */
  address: number;
  width: number;
  /** Sound signatures lately: halved at each planning by count. */
  uses: number;
  /** The count at which it is worth more. */
  nextUses: number;
}

export interface KeyTables {
  /** The same object for a key's life in the trust table; undefined for a key that is not retained. */
  readonly find: (key: PublicKey) => KeyUse | undefined;
  /** These keys and no others from now on; tables of others are dropped. */
  readonly retain: (keys: readonly PublicKey[]) => void;
  /** Counts a sound signature. @returns whether planning is due */
  readonly count: (use: KeyUse) => boolean;
  readonly plan: () => void;
  /** One piece of the work that the plan made, about 0.2 ms to 1 ms. @returns whether there is more */
  readonly work: () => boolean;
  readonly figures: () => { readonly keys: number; readonly tables: number; readonly bytes: number };
}

interface HeldKey extends KeyUse {
  readonly x: Uint8Array;
  /** No table can be made of it; other backends judge it. */
  refused: boolean;
}

interface Job {
  /** null: the base point's. */
  readonly key: HeldKey | null;
  readonly width: number;
  readonly address: number;
  /** The next window; -1 before the start. */
  window: number;
}

/** RFC 8032, section 5.1: the base point, y = 4/5. */
const BASE_POINT = Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 0x58 : 0x66));
const PLAN_EVERY = 65_536;
const BITS = 254;

export function createKeyTables(module: TableModule): KeyTables {
  const { wasm, bytes, scratch, budgetBytes } = module;
  const space = createTableSpace(module.tablesFrom, module.tablesEnd);
  const held = new Map<string, HeldKey>();
  let byKey = new Map<PublicKey, HeldKey>();
  const basesReady = new Set<number>();
  let wanted: { readonly key: HeldKey; readonly width: number }[] = [];
  let job: Job | null = null;
  let counted = 0;

  const drop = (key: HeldKey): void => {
    if (key.address !== 0) space.free(key.address, wasm.tableBytes(key.width));
    key.address = 0;
    key.width = 0;
  };

  const begin = (key: HeldKey | null, width: number): Job | null => {
    const address = space.take(wasm.tableBytes(width));
    return address === null ? null : { key, width, address, window: -1 };
  };

  /** The next thing to build: a base table before the first key's table of its width. */
  const next = (): Job | null => {
    for (let want = wanted.shift(); want !== undefined; want = wanted.shift()) {
      const { key, width } = want;
      if (key.width === width || key.refused || held.get(hexEncode(key.x)) !== key) continue;
      if (!basesReady.has(width)) {
        wanted.unshift(want);
        const base = begin(null, width);
        if (base === null) wanted = wanted.filter((each) => each.width !== width);
        else return base;
      } else {
        const started = begin(key, width);
        if (started !== null) return started;
      }
    }
    return null;
  };

  const finish = ({ key, width, address }: Job): void => {
    const isSound = wasm.finish(address) === 1;
    if (key === null && isSound) {
      wasm.useBase(address);
      basesReady.add(width);
    } else if (key !== null && isSound && held.get(hexEncode(key.x)) === key) {
      drop(key);
      key.address = address;
      key.width = width;
    } else {
      space.free(address, wasm.tableBytes(width));
      if (key !== null && !isSound) key.refused = true;
    }
  };

  /** @returns whether the job goes on */
  const step = (at: Job): boolean => {
    if (at.window < 0) {
      bytes.set(at.key === null ? BASE_POINT : at.key.x, at.address);
      at.window = 0;
      if (wasm.start(at.address, at.width, at.key === null ? 0 : 1) === 1) return true;
      space.free(at.address, wasm.tableBytes(at.width));
      if (at.key !== null) at.key.refused = true;
      return false;
    }
    wasm.build(at.address, at.window, scratch);
    at.window += 2;
    if (at.window * at.width < BITS) return true;
    finish(at);
    return false;
  };

  return {
    find: (key) => byKey.get(key),
    retain: (keys) => {
      const kept = new Map<PublicKey, HeldKey>();
      for (const key of keys) {
        if (key.algorithm !== 'Ed25519') continue;
        const id = hexEncode(key.x);
        const known = held.get(id) ?? createHeldKey(key.x);
        held.set(id, known);
        kept.set(key, known);
      }
      byKey = kept;
      const alive = new Set(kept.values());
      for (const [id, key] of held) {
        if (alive.has(key)) continue;
        drop(key);
        held.delete(id);
      }
    },
    count: (use) => {
      use.uses++;
      counted++;
      return use.uses === use.nextUses || counted >= PLAN_EVERY;
    },
    plan: () => {
      const isRound = counted >= PLAN_EVERY;
      if (isRound) counted = 0;
      const keys = [...held.values()].filter(({ refused }) => !refused);
      const widths = planWidths(keys, budgetBytes, wasm.tableBytes);
      wanted = [];
      for (const [i, key] of keys.entries()) {
        const width = widths[i] ?? 0;
        if (width === 0) drop(key);
        else if (width !== key.width) wanted.push({ key, width });
        if (isRound) key.uses = Math.floor(key.uses / 2);
        key.nextUses =
          TABLE_SIZES.find(({ minUses }) => minUses > key.uses)?.minUses ?? Number.POSITIVE_INFINITY;
      }
      wanted.sort((a, b) => a.width - b.width);
    },
    work: () => {
      job ??= next();
      if (job !== null && !step(job)) job = null;
      return job !== null || wanted.length > 0;
    },
    figures: () => ({
      keys: held.size,
      tables: [...held.values()].filter(({ address }) => address !== 0).length,
      bytes: space.usedBytes(),
    }),
  };
}

function createHeldKey(x: Uint8Array): HeldKey {
  return { x, address: 0, width: 0, uses: 0, nextUses: TABLE_SIZES[0]?.minUses ?? 0, refused: false };
}
