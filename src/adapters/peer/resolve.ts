// Names to addresses. Public names are asked of DNS without a thread, since the few threads of this process would all stand still for
// one dead name server; with networks of our own allowed the machine's own way counts, hosts file and search domains included.

import { lookup, Resolver } from 'node:dns/promises';

/** @returns every address of the name, at least one. Rejects when there is none */
export type ResolveName = (name: string) => Promise<readonly string[]>;

const TRY_MS = 2_000;
const TRIES = 2;

export function createPublicResolve(): ResolveName {
  const resolver = new Resolver({ timeout: TRY_MS, tries: TRIES });
  return async (name) => {
    const both = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    const found = both.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
    if (found.length === 0) throw new Error('The name has no address.');
    return found;
  };
}

export const resolveBySystem: ResolveName = async (name) =>
  (await lookup(name, { all: true })).map(({ address }) => address);
