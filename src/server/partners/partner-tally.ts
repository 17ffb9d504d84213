// What is counted of other authorities' lists, by issuer.

export interface Tally {
  readonly count: (issuer: string, result: string) => void;
  readonly keptRevoked: (issuer: string, values: number) => void;
  readonly fetches: () => Iterable<readonly [issuer: string, result: string, times: number]>;
  readonly kept: () => Iterable<readonly [issuer: string, values: number]>;
}

export function createTally(): Tally {
  const fetches = new Map<string, [issuer: string, result: string, times: number]>();
  const kept = new Map<string, number>();
  return {
    count: (issuer, result) => {
      const times = fetches.get(`${issuer} ${result}`)?.[2] ?? 0;
      fetches.set(`${issuer} ${result}`, [issuer, result, times + 1]);
    },
    keptRevoked: (issuer, values) => kept.set(issuer, (kept.get(issuer) ?? 0) + values),
    fetches: () => fetches.values(),
    kept: () => kept,
  };
}
