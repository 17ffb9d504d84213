// The stated mix is the mix that is drawn.

import fc from 'fast-check';
import t from 'tap';
import { DEFAULT_MIX, drawSort, parseMix, SORTS } from '../../../bench/hammer/mix.js';

t.test('every sort gets its share of the draws', async (t) => {
  const draws = 100_000;
  const counts = new Map(SORTS.map((sort) => [sort, 0]));
  for (let i = 0; i < draws; i += 1) {
    const sort = drawSort(DEFAULT_MIX, (i + 0.5) / draws);
    counts.set(sort, (counts.get(sort) ?? 0) + 1);
  }
  for (const sort of SORTS) t.equal(counts.get(sort), (DEFAULT_MIX[sort] / 100) * draws, sort);
});

t.test('what is not named in a mix is never drawn', async (t) => {
  const mix = parseMix('cold=1, garbage=2');
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (random) =>
      ['cold', 'garbage'].includes(drawSort(mix, random)),
    ),
  );
  t.strictSame([drawSort(mix, 0), drawSort(mix, 0.34)], ['cold', 'garbage']);
});

for (const [text, words] of [
  ['', /not SORT=SHARE/],
  ['cold', /not SORT=SHARE/],
  ['cold=-1', /not SORT=SHARE/],
  ['warm=1', /one of cold, repeated/],
  ['cold=0,garbage=0', /nothing in it/],
] as const) {
  t.test(`the mix "${text}" is refused`, async (t) => {
    t.throws(() => parseMix(text), { message: words });
  });
}
