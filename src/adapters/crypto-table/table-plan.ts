// Which keys get tables of which width: the more a key is used, the wider, as far as the memory reaches. Pure.

export interface TableSize {
  /** Bits of a window. A verification adds 254 / width entries of each scalar. */
  readonly width: number;
  /** Verifications since lately from which such a table pays: building takes as long as some ten, thirty, ninety of node:crypto's. */
  readonly minUses: number;
}

/** Measured beside node:crypto's 107 us: 24.6, 18.1 and 15.7 us; 76 KB, 384 KB and 1.2 MB a key. */
export const TABLE_SIZES: readonly TableSize[] = [
  { width: 5, minUses: 16 },
  { width: 8, minUses: 256 },
  { width: 10, minUses: 1_024 },
];

export const WIDEST = 10;

export interface KeyDemand {
  readonly uses: number;
  /** The width it has now; 0: none. */
  readonly width: number;
}

/** A table that is there stays until its use has halved, or keys on the threshold would be built again and again. */
function isWorth({ width, minUses }: TableSize, demand: KeyDemand): boolean {
  return demand.uses >= (demand.width >= width ? minUses / 2 : minUses);
}

/**
 * The width each key should have, in the order given; 0: none. Every key in use gets the smallest before any gets a larger one.
 * @param bytesOf bytes of a table of a width
 */
export function planWidths(
  demands: readonly KeyDemand[],
  budgetBytes: number,
  bytesOf: (width: number) => number,
): number[] {
  const widths = demands.map(() => 0);
  const byUse = demands.map((_, i) => i).sort((a, b) => (demands[b]?.uses ?? 0) - (demands[a]?.uses ?? 0));
  let left = budgetBytes;
  for (const size of TABLE_SIZES) {
    for (const i of byUse) {
      const demand = demands[i];
      const now = widths[i] ?? 0;
      const cost = bytesOf(size.width) - (now === 0 ? 0 : bytesOf(now));
      if (demand === undefined || !isWorth(size, demand) || cost > left) continue;
      if (now === 0 && size !== TABLE_SIZES[0]) continue;
      widths[i] = size.width;
      left -= cost;
    }
  }
  return widths;
}
