import t from 'tap';
import { createPublishMark } from '../../../src/server/feed/publish-mark.js';

function open() {
  const timers: { run: () => void; ms: number }[] = [];
  const mark = createPublishMark((run, ms) => {
    const timer = { run, ms };
    timers.push(timer);
    return () => void timers.splice(timers.indexOf(timer), 1);
  });
  return { mark, timers };
}

t.test('who waits is told when everything up to its change is published', async (t) => {
  const { mark, timers } = open();
  t.equal(await mark.settled(), true, 'nothing was changed');
  mark.note();
  const first = mark.settled();
  mark.note();
  const second = mark.settled();
  mark.reach(1);
  t.equal(await first, true);
  t.equal(mark.isReached(), false);
  mark.reach(mark.noted());
  t.equal(await second, true);
  t.strictSame(timers, []);
});

t.test('nobody waits longer than a second, or for what will not come', async (t) => {
  const { mark, timers } = open();
  mark.note();
  const late = mark.settled();
  t.equal(timers[0]?.ms, 1_000);
  timers[0]?.run();
  t.equal(await late, false);
  const given = mark.settled();
  mark.giveUp();
  t.equal(await given, false);
});
