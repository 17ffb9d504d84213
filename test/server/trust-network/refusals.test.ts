import t from 'tap';
import { createRefusals } from '../../../src/server/trust-network/refusals.js';

t.test('a sender is told of 200 times an hour, and then counted', async (t) => {
  let now = 7_200;
  const refusals = createRefusals(() => now);
  const told = Array.from({ length: 250 }, () => refusals.note('mirror a', 'rollback'));
  t.equal(told.filter(Boolean).length, 200);
  t.equal(refusals.note('mirror b', 'fork'), true, 'another one has its own');
  t.same(refusals.over(), [], 'the hour is not over');
  now += 3_600;
  t.same(refusals.over(), [{ sender: 'mirror a', count: 50 }]);
  t.same(refusals.over(), [], 'told once');
  t.equal(refusals.note('mirror a', 'rollback'), true);
  t.same(
    [...refusals.byRule()],
    [
      ['rollback', 251],
      ['fork', 1],
    ],
  );
});

t.test('senders without number are one', async (t) => {
  let now = 0;
  const refusals = createRefusals(() => now);
  const told = Array.from({ length: 2_000 }, (_, n) => refusals.note(`sender ${n}`, 'form'));
  t.equal(told.filter(Boolean).length, 700, '500 of their own, 200 of all others');
  now = 3_600;
  t.same(refusals.over(), [{ sender: 'others', count: 1_300 }]);
});
