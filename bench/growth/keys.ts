// What a verification costs as the trust table grows: codes of one key among many, and codes of all keys in turn.

import { signatureBackend } from '../support/backends.js';
import { cycle, median, spreadOf } from '../support/pairs.js';
import type { Report } from '../support/report.js';
import { measureRounds, ratiosOf, type Work } from '../support/rounds.js';
import { createWorld, type World } from '../support/world.js';
import type { Point } from './line-plot.js';

export const MANY_KEYS = 10_000;
const SIZES = [1, 78, 1_000, MANY_KEYS] as const;
const CODES = 2_000;
/** Lists as short as they get: they are not what grows here. */
const LIST_ENTRIES = 1_024;
const TIMES = { rounds: 9, sliceMs: 100, warmUpMs: 500 };

export interface KeyFigures {
  /** CPU microseconds a verification, by the number of keys in the table. */
  readonly one: readonly Point[];
  readonly all: readonly Point[];
}

export async function measureKeys(): Promise<KeyFigures> {
  const works: Record<string, Work> = {};
  for (const size of SIZES) {
    const world = keyWorld(size);
    works[`one ${size}`] = judging(world, world.codesOf(1, CODES));
    works[`all ${size}`] = judging(world, world.codesOf(size, Math.max(CODES, size)));
  }
  const found = await measureRounds(works, TIMES);
  const line = (which: string): readonly Point[] =>
    SIZES.map((size) => [size, median(found[`${which} ${size}`] ?? [])]);
  return { one: line('one'), all: line('all') };
}

/** `growth_ratio`: codes of one key, with 10,000 keys in the table and with it alone. */
export async function reportKeyGrowth(report: Report): Promise<void> {
  const work = (keys: number): Work => {
    const world = keyWorld(keys);
    return judging(world, world.codesOf(1, CODES));
  };
  const found = await measureRounds(
    { alone: work(1), many: work(MANY_KEYS) },
    { ...TIMES, rounds: 41, sliceMs: 50 },
  );
  const ratios = ratiosOf(found.many, found.alone);
  report('growth_ratio', median(ratios), 'ratio', spreadOf(ratios));
}

function keyWorld(keys: number): World {
  return createWorld(keys, 0, { entries: LIST_ENTRIES });
}

function judging(world: World, codes: readonly string[]): Work {
  const judge = world.verifier(signatureBackend().create(world.publicKeys));
  const next = cycle(codes);
  return () => {
    if (judge(next()).decision !== 'admit') throw new Error('a sound code was not admitted');
  };
}
