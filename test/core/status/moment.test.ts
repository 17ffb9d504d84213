import t from 'tap';
import { ageSeconds, NEVER } from '../../../src/core/status/moment.js';

const asOf = { epoch: 1_000, steady: 50 };

t.test('an age is the greater of what two clocks say, in whole seconds', (t) => {
  t.equal(ageSeconds(asOf, { epoch: 1_010, steady: 60.9 }), 10);
  t.equal(ageSeconds(asOf, { epoch: 1_010, steady: 61.2 }), 11);
  t.equal(
    ageSeconds(asOf, { epoch: 4_600, steady: 55 }),
    3_600,
    'a machine slept, or its clock was put forward',
  );
  t.equal(
    ageSeconds(asOf, { epoch: -2_600, steady: 350 }),
    300,
    'a clock that was put back makes nothing younger',
  );
  t.equal(ageSeconds(asOf, { epoch: 990, steady: 49 }), 0, 'knowledge from ahead of both clocks is new');
  t.end();
});

t.test('what was never confirmed is older than any limit', (t) => {
  t.equal(ageSeconds(NEVER, { epoch: 1_700_000_000, steady: 3 }), 1_700_000_000);
  t.end();
});
