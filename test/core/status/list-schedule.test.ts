// When lists are fetched: never after their time, less and less often where it fails, and no list because of another.

import fc from 'fast-check';
import t from 'tap';
import { createListSchedule, MAX_LISTS, SCHEDULE_TIMES } from '../../../src/core/status/list-schedule.js';

const NOW = 1_800_000_000;
const schedule = (chance = () => 0) => createListSchedule(NOW, chance);
/** With the index out of the way. */
const ready = (chance = () => 0) => {
  const made = schedule(chance);
  made.succeeded('index', NOW, NOW + 1e6);
  return made;
};

t.test('the index comes first, and again after its time', async (t) => {
  const it = schedule();
  t.equal(it.isFailing(), true, 'who was never asked has not answered');
  t.equal(it.due(NOW), 'index');
  it.succeeded('index', NOW);
  t.equal(it.due(NOW), undefined);
  t.equal(it.due(NOW + SCHEDULE_TIMES.indexSeconds), 'index');
});

t.test(
  'a list is fetched when it is wanted, then when its time is over, the longest due first',
  async (t) => {
    const it = ready();
    t.equal(it.want(7, NOW), true);
    t.equal(it.want(7, NOW + 5), true, 'wanted twice is wanted once');
    it.want(8, NOW + 1);
    t.equal(it.due(NOW), 7);
    it.succeeded(7, NOW, NOW + 60);
    t.equal(it.due(NOW + 60), 8);
    it.succeeded(8, NOW + 60, NOW + 120);
    t.equal(it.due(NOW + 60), 7);
  },
);

t.test('the spread only makes it sooner, by a tenth at most', async () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 86_400 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (ttl, chance) => {
        const it = ready(() => chance);
        it.succeeded(1, NOW, NOW + ttl);
        return it.due(NOW + ttl) === 1 && it.due(NOW + ttl * 0.9 - 1) === undefined;
      },
    ),
  );
});

t.test('a list that fails is asked for ever more seldom, and the others are not', async (t) => {
  const it = ready();
  it.want(1, NOW);
  const pauses: number[] = [];
  let now = NOW;
  for (let round = 0; round < 9; round++) {
    it.failed(1, now, false);
    const from = now;
    while (it.due(now) === undefined) now += 1;
    pauses.push(now - from);
  }
  t.same(pauses, [10, 20, 40, 80, 160, 320, 600, 600, 600]);
  it.want(2, now);
  t.equal(it.isFailing(), false, 'the partner answered');
  it.failed(1, now, false);
  t.equal(it.due(now), 2);
  it.want(1, now);
  t.equal(it.due(now), 2, 'a code that names it brings it no sooner');
});

t.test('a partner that does not answer is asked nothing for a while, at most a minute', async (t) => {
  const it = ready();
  it.want(1, NOW);
  it.want(2, NOW);
  const pauses: number[] = [];
  let now = NOW;
  for (let round = 0; round < 7; round++) {
    it.failed(1, now, true);
    t.equal(it.isFailing(), true);
    const from = now;
    while (it.due(now) === undefined) now += 1;
    pauses.push(now - from);
  }
  t.same(pauses, [2, 4, 8, 16, 32, 60, 60]);
  t.equal(it.due(now), 2, 'then another of its lists has its turn');
  it.succeeded(2, now, now + 60);
  t.equal(it.isFailing(), false);
  t.equal(it.due(now), 1);
});

t.test(
  'so many lists are looked after; one that is never there makes room, one that is held does not',
  async (t) => {
    const it = ready();
    for (let list = 0; list < MAX_LISTS; list++) {
      t.equal(it.want(list, NOW), true);
      if (list !== 5) it.succeeded(list, NOW, NOW + 60);
    }
    t.equal(it.want(MAX_LISTS, NOW), false, 'the fifth was not tried yet');
    it.failed(5, NOW, false);
    t.equal(it.want(MAX_LISTS, NOW), true);
    it.succeeded(MAX_LISTS, NOW, NOW + 60);
    t.equal(it.want(5, NOW), false);
  },
);

t.test('a list that somebody lacks is fetched once more, a minute after the last time', async (t) => {
  const it = ready();
  it.again(1);
  t.equal(it.due(NOW), undefined, 'nothing is known of it');
  it.succeeded(1, NOW, NOW + 1_000);
  it.again(1);
  t.equal(it.due(NOW + 59), undefined);
  t.equal(it.due(NOW + 60), 1);
});

t.test('begun anew, everything is due', async (t) => {
  const it = ready();
  it.succeeded(1, NOW, NOW + 1_000);
  t.equal(it.due(NOW + 1), undefined);
  it.restart(NOW + 1);
  t.ok(it.due(NOW + 1) !== undefined);
});
