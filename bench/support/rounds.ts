// Many works in turn, round after round, so that the ratios of a round are of one time. What counts is processor time, of all of
// the process's threads: others on the machine then change little, and a peer's thread pool is not free.

export type Work = () => unknown;

export interface RoundTimes {
  readonly rounds: number;
  readonly sliceMs: number;
  /** The compiler needs thousands of calls before a figure stands still. */
  readonly warmUpMs: number;
}

/** @returns for each work its CPU microseconds a call, one a round */
export async function measureRounds<Name extends string>(
  works: Readonly<Record<Name, Work>>,
  { rounds, sliceMs, warmUpMs }: RoundTimes,
): Promise<Readonly<Record<Name, readonly number[]>>> {
  const names = Object.keys(works) as Name[];
  for (const name of names) await slice(works[name], warmUpMs);
  const found = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, number[]>;
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) found[name].push(await slice(works[name], sliceMs));
  }
  return found;
}

async function slice(work: Work, ms: number): Promise<number> {
  const until = performance.now() + ms;
  const before = process.cpuUsage();
  let calls = 0;
  do {
    const result = work();
    if (result instanceof Promise) await result;
    calls += 1;
  } while (performance.now() < until);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}

/** Round by round. */
export function ratiosOf(above: readonly number[], below: readonly number[]): readonly number[] {
  return above.map((value, i) => value / (below[i] ?? Number.NaN));
}
