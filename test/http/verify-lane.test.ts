import t from 'tap';
import { createVerifyLane, LANE_LIMITS, type LaneLimits } from '../../src/http/verify-lane.js';

const { budgetMs, maxWaitMs } = LANE_LIMITS;

/** A lane whose time passes only while jobs run, and whose turns come when the test says. */
function open(costMs = 4, limits: LaneLimits = LANE_LIMITS) {
  const world = { now: 1_000, turns: [] as (() => void)[], holding: false, calls: [] as string[] };
  const gate = {
    hold: () => {
      world.holding = true;
      world.calls.push('hold');
    },
    release: () => {
      if (world.holding) world.calls.push('release');
      world.holding = false;
    },
    isHolding: () => world.holding,
  };
  const lane = createVerifyLane(
    { clock: () => world.now, defer: (run) => world.turns.push(run), gate },
    limits,
  );
  const enter = (name: string): void =>
    lane.enter({
      run: () => {
        world.now += costMs;
        world.calls.push(name);
      },
      shed: () => world.calls.push(`${name} shed`),
    });
  const turn = (): void => {
    for (const run of world.turns.splice(0)) run();
  };
  return { world, lane, enter, turn };
}

t.test('when nothing waits a job runs before enter returns', async (t) => {
  const { world, lane, enter, turn } = open();
  enter('a');
  t.same(world.calls, ['a']);
  turn();
  world.now += 1_000;
  enter('b');
  t.same(world.calls, ['a', 'b']);
  t.same(lane.figures(), { waiting: 0, shed: { waited: 0, full: 0 }, waits: { count: 0, sumMs: 0 } });
});

t.test('a lane is behind while its oldest job has waited too long or its queue is full', async (t) => {
  const { world, lane, enter, turn } = open(budgetMs, { ...LANE_LIMITS, maxWaiting: 3 });
  t.notOk(lane.isBehind(world.now));
  enter('a');
  enter('b');
  t.notOk(lane.isBehind(world.now), 'waiting alone is not behind');
  t.ok(lane.isBehind(world.now + maxWaitMs));
  enter('c');
  enter('d');
  t.equal(lane.figures().waiting, 3);
  t.ok(lane.isBehind(world.now), 'full');
  while (world.turns.length > 0) turn();
  t.notOk(lane.isBehind(world.now + maxWaitMs));
});

t.test('requests far apart or in short turns never wait', async (t) => {
  const { world, lane, enter, turn } = open(1);
  for (let i = 0; i < 200; i++) {
    enter(`${i}`);
    if (i % 5 === 4) turn();
  }
  t.equal(world.calls.length, 200);
  t.equal(lane.figures().waits.count, 0);
});

t.test('past the budget of a turn jobs wait, in order, and the next turns make them', async (t) => {
  const { world, lane, enter, turn } = open();
  for (const name of 'abcdefgh') enter(name);
  t.same(world.calls, ['a', 'b', 'c'], '12 ms are spent');
  t.equal(lane.figures().waiting, 5);
  turn();
  t.same(world.calls.join(''), 'abcdef', 'a turn spends its budget and no more');
  enter('i');
  turn();
  t.same(world.calls.join(''), 'abcdefghi', 'who comes later does not overtake');
  t.equal(lane.figures().waiting, 0);
  t.equal(lane.figures().waits.count, 6);
  t.ok(lane.figures().waits.sumMs > 0);
});

t.test('what waited too long is shed, what waited just as long as it may is made', async (t) => {
  const { world, lane, enter, turn } = open(1);
  for (let i = 0; i < 11; i++) enter(`${i}`);
  world.now += 1;
  enter('later');
  world.now += maxWaitMs;
  turn();
  t.same(world.calls.slice(-2), ['10 shed', 'later'], '10 had waited 101 ms, later 100');
  t.same(lane.figures().shed, { waited: 1, full: 0 });
});

t.test('shedding spends the budget too, so that a long queue does not hold up the rest', async (t) => {
  const { world, enter, turn } = open(budgetMs * 2);
  for (let i = 0; i < 3; i++) enter(`${i}`);
  world.now += maxWaitMs + 1;
  turn();
  t.same(world.calls, ['0', '1 shed', '2 shed']);
});

t.test('with the queue full a job is shed at once and connections are left unread', async (t) => {
  const { world, lane, enter } = open(4, { ...LANE_LIMITS, maxWaiting: 2 });
  for (const name of 'abcdef') enter(name);
  t.same(world.calls, ['a', 'b', 'c', 'hold', 'f shed']);
  t.same(lane.figures().shed, { waited: 0, full: 1 });
});

t.test(
  'connections are left unread while the oldest waits half its time, and read again after',
  async (t) => {
    const { world, lane, enter, turn } = open(4);
    for (let i = 0; i < 40; i++) enter(`${i}`);
    for (let turns = 0; turns < 4; turns++) turn();
    t.notOk(world.holding, 'not yet');
    turn();
    t.ok(world.holding);
    while (lane.figures().waiting > 0) turn();
    t.notOk(world.holding);
    t.equal(world.calls.filter((call) => call === 'hold').length >= 1, true);
    t.equal(world.calls.indexOf('release') > world.calls.indexOf('hold'), true);
  },
);

t.test('turns go on until every held connection is read again', async (t) => {
  const { world, enter, turn } = open(4, { ...LANE_LIMITS, maxWaiting: 1 });
  for (const name of 'abcde') enter(name);
  t.ok(world.holding);
  turn();
  t.notOk(world.holding);
  turn();
  t.equal(world.turns.length, 0, 'and then the loop is left alone');
});

t.test('a job that throws does not keep the next turn from coming', async (t) => {
  const { world, lane, enter, turn } = open(budgetMs);
  enter('a');
  lane.enter({
    run: () => {
      throw new Error('broken');
    },
    shed: () => undefined,
  });
  enter('b');
  t.throws(turn, { message: 'broken' });
  turn();
  t.ok(world.calls.includes('b'));
  t.equal(lane.figures().waiting, 0);
});
