import t from 'tap';
import { NEVER } from '../../../src/core/status/moment.js';
import type { Numbered } from '../../../src/server/messages.js';
import { createLink } from '../../../src/server/primary/link.js';

const BEAT: Numbered = {
  type: 'beat',
  pulse: { isCertain: true, base: 'https://yima.test/', asOf: NEVER, floor: 1 },
};

function open() {
  const posted: number[] = [];
  const link = createLink(({ seq }) => posted.push(seq));
  const state = { settled: false };
  const wait = (): void => {
    state.settled = false;
    void link.settled().then(() => {
      state.settled = true;
    });
  };
  return { link, posted, wait, isSettled: () => Promise.resolve().then(() => state.settled) };
}

t.test('what is sent is numbered from 1, and settled once its number is acknowledged', async (t) => {
  const { link, posted, wait, isSettled } = open();
  await link.settled();
  for (let n = 0; n < 3; n++) link.send(BEAT);
  t.same(posted, [1, 2, 3]);
  wait();
  link.acknowledge(2);
  t.notOk(await isSettled());
  link.send(BEAT);
  link.acknowledge(3);
  t.ok(await isSettled(), 'what was sent later is not waited for');
});

t.test('an acknowledgement of what was never sent, or once more, changes nothing', async (t) => {
  const { link, wait, isSettled } = open();
  link.send(BEAT);
  wait();
  link.acknowledge(7);
  t.notOk(await isSettled());
  link.acknowledge(1);
  link.acknowledge(1);
  t.ok(await isSettled());
});

t.test(
  'overdue is whoever leaves something unacknowledged for so many ticks, counted from its sending',
  (t) => {
    const { link } = open();
    for (let n = 0; n < 10; n++) t.notOk(link.isOverdue(3), 'nothing to wait for');
    link.send(BEAT);
    t.same([link.isOverdue(3), link.isOverdue(3)], [false, false]);
    link.send(BEAT);
    link.acknowledge(1);
    t.same([link.isOverdue(3), link.isOverdue(3), link.isOverdue(3)], [false, false, true]);
    link.acknowledge(2);
    t.notOk(link.isOverdue(3));
    t.end();
  },
);

t.test('nobody waits for a process that is gone, and nothing is sent to it', async (t) => {
  const { link, posted, wait, isSettled } = open();
  link.send(BEAT);
  wait();
  link.end();
  t.ok(await isSettled());
  link.send(BEAT);
  t.same(posted, [1]);
  await link.settled();
  t.notOk(link.isOverdue(0));
});
