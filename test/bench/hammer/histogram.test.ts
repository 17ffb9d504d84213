// The hammer's histogram against sorting.

import fc from 'fast-check';
import t from 'tap';
import { createHistogram } from '../../../bench/hammer/histogram.js';

/** The smallest value that at least this share of all is not above. */
function exactQuantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] ?? Number.NaN;
}

t.test('quantiles are those of the sorted values, at most 0.8 % above', async (t) => {
  const latency = fc.oneof(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 2 ** 31 - 1 }));
  fc.assert(
    fc.property(
      fc.array(latency, { minLength: 1, maxLength: 200 }),
      fc.constantFrom(0, 0.5, 0.9, 0.99, 0.999, 1),
      (values, share) => {
        const histogram = createHistogram();
        for (const value of values) histogram.record(value);
        const exact = exactQuantile(values, share);
        const found = histogram.quantile(share);
        return found >= exact && found <= exact * (1 + 1 / 128) && histogram.count() === values.length;
      },
    ),
  );
  t.pass();
});

t.test('small values are exact, and what is out of range counts at its end', async (t) => {
  const histogram = createHistogram();
  t.ok(Number.isNaN(histogram.quantile(0.5)), 'nothing recorded, nothing said');
  for (const us of [-5, 0.4, 1, 255]) histogram.record(us);
  t.equal(histogram.quantile(0.5), 0);
  t.equal(histogram.quantile(0.75), 1);
  t.equal(histogram.quantile(1), 255);
  histogram.record(1e12);
  t.equal(histogram.quantile(1), 2 ** 31 - 1);
});
