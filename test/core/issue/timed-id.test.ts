import t from 'tap';
import { randomBytes } from '../../../src/adapters/crypto-node.js';
import { createTimedIds } from '../../../src/core/issue/timed-id.js';

const NOW = 1_790_000_000;

t.test('an id is 26 lower-case base32 characters, and no two of a second are alike', async (t) => {
  const next = createTimedIds(randomBytes);
  const ids = Array.from({ length: 1_000 }, () => next(NOW));
  for (const id of ids) t.match(id, /^[a-z2-7]{26}$/);
  t.equal(new Set(ids).size, 1_000);
});

t.test('ids of one second begin alike, so that a store writes them side by side', async (t) => {
  const next = createTimedIds(randomBytes);
  const starts = Array.from({ length: 1_000 }, () => next(NOW).slice(0, 11));
  t.ok(new Set(starts).size < 10, 'a count goes up between the time and what is random');
  const start = (now: number) => next(now).slice(0, 8);
  t.equal(start(NOW), start(NOW));
  t.not(start(NOW), start(NOW + 1));
  t.equal(start(NOW).slice(0, 7), start(NOW + 1).slice(0, 7));
});

t.test('each id has 64 random bits, and each second begins at a random count', async (t) => {
  const asked: number[] = [];
  const next = createTimedIds((length) => {
    asked.push(length);
    return new Uint8Array(length).fill(0xff);
  });
  next(NOW);
  const last = next(NOW);
  t.same(asked, [3, 8, 8]);
  t.equal(last.slice(8, 12), 'aaaa', 'past the highest count it begins anew');
  next(NOW + 1);
  t.same(asked, [3, 8, 8, 3, 8]);
});
