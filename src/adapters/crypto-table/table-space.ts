// Room for tables in linear memory: first fit over a sorted list of gaps, neighbours joined. Addresses are multiples of 64.

export interface TableSpace {
  /** @returns the address, or null when no gap is large enough */
  readonly take: (bytes: number) => number | null;
  /** Gives back exactly what `take` gave. */
  readonly free: (address: number, bytes: number) => void;
  readonly usedBytes: () => number;
}

interface Gap {
  from: number;
  to: number;
}

const LINE = 64;

export function createTableSpace(from: number, to: number): TableSpace {
  let gaps: Gap[] = [{ from, to }];
  let used = 0;
  return {
    take: (bytes) => {
      const size = roundUp(bytes);
      const gap = gaps.find((each) => each.to - each.from >= size);
      if (gap === undefined) return null;
      const address = gap.from;
      gap.from += size;
      used += size;
      return address;
    },
    free: (address, bytes) => {
      const size = roundUp(bytes);
      used -= size;
      gaps = join([...gaps, { from: address, to: address + size }]);
    },
    usedBytes: () => used,
  };
}

function join(gaps: readonly Gap[]): Gap[] {
  const joined: Gap[] = [];
  for (const gap of [...gaps].sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last !== undefined && last.to === gap.from) last.to = gap.to;
    else if (gap.to > gap.from) joined.push({ ...gap });
  }
  return joined;
}

function roundUp(bytes: number): number {
  return Math.ceil(bytes / LINE) * LINE;
}
