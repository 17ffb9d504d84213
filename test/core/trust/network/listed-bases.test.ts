// Whose status bases a list's entries may name, held against the plain rule: a base is taken where another's begins with it or it with
// another's.

import fc from 'fast-check';
import t from 'tap';
import { listedBases } from '../../../../src/core/trust/network/listed-bases.js';

interface Entry {
  readonly sub: string;
  readonly use: 'list' | 'credential';
  readonly statusBase: string | null;
}

function plainly(entries: readonly Entry[]): readonly boolean[] {
  const overlap = (a: string, b: string): boolean => a.startsWith(b) || b.startsWith(a);
  const prefixes: { readonly sub: string; readonly base: string }[] = [];
  for (const { use, sub, statusBase } of entries) {
    if (use !== 'list' || statusBase === null) continue;
    if (!prefixes.some((each) => each.sub !== sub && overlap(each.base, statusBase)))
      prefixes.push({ sub, base: statusBase });
  }
  const owners = new Map<string, string>();
  return entries.map(({ use, sub, statusBase }) => {
    if (statusBase === null) return true;
    const others = prefixes.filter((each) => each.sub !== sub);
    if (use === 'list') return !others.some(({ base }) => overlap(base, statusBase));
    if (others.some(({ base }) => statusBase.startsWith(base))) return false;
    if ((owners.get(statusBase) ?? sub) !== sub) return false;
    owners.set(statusBase, sub);
    return true;
  });
}

const entry = fc.record({
  sub: fc.constantFrom('a', 'b', 'c'),
  use: fc.constantFrom('list' as const, 'credential' as const),
  statusBase: fc.option(
    fc
      .array(fc.constantFrom('1', '12', '2'), { maxLength: 3 })
      .map((parts) => ['https://x.example', ...parts, ''].join('/')),
  ),
});

t.test('as the plain rule says, whatever the list', async () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 12 }), (entries) => {
      const bases = listedBases({ entries: entries as never });
      const found = entries.map((each) => bases.mayStand(each));
      const wanted = plainly(entries);
      return found.every((may, i) => may === wanted[i]);
    }),
    { numRuns: 2_000 },
  );
});
