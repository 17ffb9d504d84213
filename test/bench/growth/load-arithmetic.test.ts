// From microseconds to cores.

import t from 'tap';
import { coresFor, loadTable } from '../../../bench/growth/load-arithmetic.js';

t.test('cores are filled to 60 %', async (t) => {
  t.equal(coresFor(6_000, 100), 1);
  t.equal(coresFor(6_001, 100), 2);
  t.equal(coresFor(20_000, 60), 2);
});

t.test('every load has its row, with new codes alone and with half of them known', async (t) => {
  const rows = loadTable({ coldUs: 60, repeatedUs: 20 }).split('\n').slice(2);
  t.equal(rows[0], '| a city, rated | 20,000 | 2 | 2 | 336 |');
  t.equal(rows.at(-1), '| a national peak | 270,000 | 27 | 18 | 4,536 |');
  t.equal(rows.length, 4);
});
