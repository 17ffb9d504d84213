import t from 'tap';
import { publishedValue } from '../../../src/core/status/published-value.js';

t.test('revoked comes before suspended, suspended before the level underneath', (t) => {
  const rows = [
    [false, false, 0, 0],
    [false, false, 0x0d, 0x0d],
    [false, true, 0x0d, 2],
    [true, false, 0x0c, 1],
    [true, true, 0x0d, 1],
  ] as const;
  for (const [revoked, suspended, level, expected] of rows) {
    t.equal(publishedValue({ revoked, suspended, level }), expected);
  }
  t.end();
});
