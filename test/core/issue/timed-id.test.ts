import t from 'tap';
import { randomBytes } from '../../../src/adapters/crypto-node.js';
import { newTimedId } from '../../../src/core/issue/timed-id.js';

const NOW = 1_790_000_000;

t.test('an id is 26 lower-case base32 characters, and no two of a second are alike', async (t) => {
  const ids = Array.from({ length: 1_000 }, () => newTimedId(NOW, randomBytes));
  for (const id of ids) t.match(id, /^[a-z2-7]{26}$/);
  t.equal(new Set(ids).size, 1_000);
});

t.test('ids of one second begin alike, so that a store writes them side by side', async (t) => {
  const start = (now: number) => newTimedId(now, randomBytes).slice(0, 8);
  t.equal(start(NOW), start(NOW));
  t.not(start(NOW), start(NOW + 1));
  t.equal(start(NOW).slice(0, 7), start(NOW + 1).slice(0, 7));
});

t.test('everything behind the time is random', async (t) => {
  const asked: number[] = [];
  newTimedId(NOW, (length) => {
    asked.push(length);
    return new Uint8Array(length);
  });
  t.same(asked, [11]);
});
