import t from 'tap';
import { createIdle } from '../../../src/server/feed/idle.js';
import { inTurn } from '../../../src/server/feed/in-turn.js';

t.test('so many jobs at a time, each item once', async (t) => {
  let [running, most] = [0, 0];
  const done: number[] = [];
  await inTurn([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    done.push(item);
  });
  t.equal(most, 3);
  t.strictSame(done.sort(), [1, 2, 3, 4, 5, 6, 7]);
});

t.test('the first failure ends it, after what is under way', async (t) => {
  const done: number[] = [];
  const job = async (item: number) => {
    if (item === 2) throw new Error('two');
    await new Promise((resolve) => setImmediate(resolve));
    done.push(item);
  };
  await t.rejects(inTurn([1, 2, 3, 4, 5], 2, job), /two/);
  t.strictSame(done, [1]);
});

t.test('a pause ends in time, or when it is woken, also by what came before it', async (t) => {
  let fire = (): void => undefined;
  let calledOff = 0;
  const idle = createIdle((run) => {
    fire = run;
    return () => {
      calledOff += 1;
    };
  });
  const first = idle.pause(1_000);
  fire();
  await first;
  const second = idle.pause(1_000);
  idle.wake();
  await second;
  idle.wake();
  await idle.pause(1_000);
  t.equal(calledOff, 3);
});
