import { setImmediate as settled } from 'node:timers/promises';
import t from 'tap';
import { createTurns, type Turns } from '../../../src/http/batch/turns.js';

/** Turns of 2 ms over a clock and an event loop that the test moves. */
function openTurns(): { turns: Turns; pass: (ms: number) => void; nextTurn: () => Promise<void> } {
  let now = 0;
  const runs: (() => void)[] = [];
  return {
    turns: createTurns({ budgetMs: 2, now: () => now, nextTurn: (run) => runs.push(run) }),
    pass: (ms) => {
      now += ms;
    },
    nextTurn: async () => {
      for (const run of runs.splice(0)) run();
      await settled();
    },
  };
}

t.test('a turn is over when its time is', async (t) => {
  const { turns, pass } = openTurns();
  const turn = await turns.begin();
  pass(1.9);
  t.equal(turn.isOver(), false);
  pass(0.1);
  t.equal(turn.isOver(), true);
});

t.test('what a turn leaves the next one in the same turn of the loop may use', async (t) => {
  const { turns, pass, nextTurn } = openTurns();
  const first = await turns.begin();
  pass(1.5);
  first.end();
  const second = await turns.begin();
  pass(0.4);
  t.equal(second.isOver(), false);
  pass(0.1);
  t.equal(second.isOver(), true);
  second.end();
  let begun = false;
  const third = turns.begin().then(() => {
    begun = true;
  });
  await settled();
  t.equal(begun, false, 'nothing is left');
  await nextTurn();
  t.equal(begun, true);
  await third;
});

t.test('who waits goes in order, one in a turn of the loop', async (t) => {
  const { turns, pass, nextTurn } = openTurns();
  const order: string[] = [];
  const work = async (name: string): Promise<void> => {
    for (let i = 0; i < 3; i++) {
      const turn = await turns.begin();
      order.push(name);
      pass(3);
      turn.end();
    }
  };
  const all = Promise.all(['a', 'b', 'c'].map(work));
  await settled();
  t.equal(order.join(''), 'a');
  for (let i = 0; i < 8; i++) await nextTurn();
  t.equal(order.join(''), 'abcabcabc');
  await all;
});
