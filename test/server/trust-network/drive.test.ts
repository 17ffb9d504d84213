import t from 'tap';
import { drive } from '../../../src/server/trust-network/drive.js';

t.test('work of many turns comes to its end, and others have their turns meanwhile', async (t) => {
  let others = 0;
  const timer = setInterval(() => {
    others += 1;
  }, 1);
  t.teardown(() => clearInterval(timer));
  function* work(): Generator<void, string> {
    while (others < 3) yield;
    return 'done';
  }
  t.equal(await drive(work()), 'done');
});

t.test('what the work throws is thrown', async (t) => {
  function* work(): Generator<void, never> {
    yield;
    throw new Error('no');
  }
  await t.rejects(drive(work()), { message: 'no' });
});
