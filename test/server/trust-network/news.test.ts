import t from 'tap';
import { sha256 } from '../../../src/adapters/crypto-node.js';
import { createTrustNews } from '../../../src/server/trust-network/news.js';

const mark = (authority: string, version: number) => ({ authority, version, hash: `${authority}${version}` });

/** Timers that a test lets run out. */
function timers() {
  const running = new Map<() => void, number>();
  return {
    after: (run: () => void, ms: number) => {
      running.set(run, ms);
      return () => void running.delete(run);
    },
    left: () => [...running.values()],
    end: () => {
      for (const run of [...running.keys()]) run();
    },
  };
}

t.test('whoever knows an older version is answered at once', async (t) => {
  const { after, left } = timers();
  const news = createTrustNews(after, sha256);
  news.tell([mark('33', 4)]);
  t.equal(await news.changed('33', 3, 30_000), 4);
  t.equal(await news.changed('33', 4, 0), 4, 'and who does not want to wait');
  t.equal(await news.changed('44', 0, 0), 0);
  t.same(left(), []);
});

t.test('whoever knows the newest waits for a newer one of that authority', async (t) => {
  const { after, left } = timers();
  const news = createTrustNews(after, sha256);
  news.tell([mark('33', 4)]);
  const waiting = Promise.all([news.changed('33', 4, 9_000), news.changed('33', 5, 90_000)]);
  t.same(left(), [9_000, 30_000], 'half a minute is the most');
  news.tell([mark('44', 9), mark('33', 4), mark('33', 3)]);
  t.equal(left().length, 2, 'what is no news wakes nobody');
  news.tell([mark('33', 6)]);
  t.same(await waiting, [6, 6]);
  t.same(left(), []);
  t.strictSame(news.marks(), [mark('33', 6), mark('44', 9)]);
});

t.test('when the time is over, the answer is what is known', async (t) => {
  const { after, end } = timers();
  const news = createTrustNews(after, sha256);
  const waiting = news.changed('33', 0, 1_000);
  end();
  t.equal(await waiting, 0);
});

t.test('no more than a bounded number wait', async (t) => {
  const { after, left, end } = timers();
  const news = createTrustNews(after, sha256);
  const waiting = Array.from({ length: 2_000 }, (_, n) => news.changed(String(n % 7), 0, 1_000));
  t.equal(await news.changed('33', 0, 1_000), 0);
  t.equal(left().length, 2_000);
  end();
  await Promise.all(waiting);
  const again = news.changed('33', 0, 1_000);
  t.equal(left().length, 1);
  news.tell([mark('33', 1)]);
  t.equal(await again, 1, 'places become free');
});
