// Whether a process keeps growing once it has warmed up. Collected garbage makes resident memory a saw, so the lowest readings of
// two stretches are compared.

export interface MemoryFigures {
  /** MiB. */
  readonly startMb: number;
  readonly endMb: number;
  /** From the lowest reading of the third quarter to the lowest of the last. */
  readonly growthMb: number;
}

/** @param readings resident memory in MiB at even intervals; null when there are too few for four quarters */
export function memoryFigures(readings: readonly number[]): MemoryFigures | null {
  const quarter = Math.floor(readings.length / 4);
  const [first, last] = [readings[0], readings.at(-1)];
  if (quarter === 0 || first === undefined || last === undefined) return null;
  const third = Math.min(...readings.slice(2 * quarter, 3 * quarter));
  const fourth = Math.min(...readings.slice(3 * quarter));
  return { startMb: first, endMb: last, growthMb: fourth - third };
}
