import { Registry } from 'prom-client';
import t from 'tap';
import { createLogger } from '../../../src/http/logging.js';
import type { ToWorker, WorkerSettings } from '../../../src/server/messages.js';
import { type Crew, createCrew } from '../../../src/server/primary/crew.js';
import { createCrewMetrics } from '../../../src/server/primary/crew-metrics.js';
import { createFanOut } from '../../../src/server/primary/fan-out.js';
import { comeUp, createFakeFork, type FakeWorker, obey, turn } from '../support/fake-fork.js';
import { createFakeTimers } from '../support/fake-timers.js';
import { BASE, createTwinCore } from '../support/twin-core.js';

const SETTINGS: WorkerSettings = {
  issuer: '330102',
  host: '127.0.0.1',
  port: 4711,
  publicUrl: 'https://yima.test',
  trustProxy: [],
  rateLimitPerMinute: 0,
  verifyRateLimitPerMinute: 0,
  logLevel: 'silent',
  logSample: 0,
  verifier: 'node',
  verifierTableMb: 0,
  knownCodes: 0,
  statusMaxAgeSeconds: 86_400,
  demoRegion: null,
  trust: null,
};
const SECOND = 10; // ticks
const LIST = { base: BASE, number: 1, bits: 2, entries: 1024 } as const;

function open(size = 2) {
  const fanOut = createFanOut();
  const core = createTwinCore(fanOut);
  core.lists.addList(LIST);
  const { fork, workers } = createFakeFork();
  const timers = createFakeTimers();
  const lines: string[] = [];
  const logger = createLogger('info', { write: (line) => lines.push(line) });
  const own = new Registry();
  const metrics = createCrewMetrics(own, () => crew.live(), timers.after);
  const { after } = timers;
  const crew: Crew = createCrew({
    size,
    core,
    fanOut,
    fork,
    settings: () => SETTINGS,
    metrics,
    logger,
    after,
  });
  const worker = (n: number): FakeWorker => workers[n] as FakeWorker;
  return { core, fanOut, crew, workers, worker, timers, lines, metrics };
}

async function serve(size = 2) {
  const world = open(size);
  const started = world.crew.start();
  for (let n = 0; n < size; n++) await comeUp(world.worker(n));
  await started;
  return world;
}

const types = (messages: readonly ToWorker[]): readonly string[] => messages.map(({ type }) => type);
const tick = (crew: Crew, ticks: number): void => {
  for (let n = 0; n < ticks; n++) crew.tick();
};

/** Whether the promise is settled by now. */
function isDone(promise: Promise<unknown>): Promise<boolean> {
  return Promise.race([promise.then(() => true), turn().then(() => false)]);
}

t.test('the node serves once every worker does', async (t) => {
  const { crew, worker } = open();
  const started = crew.start();
  const told = await comeUp(worker(0));
  t.same(
    types(told),
    ['start', 'apply', 'beat', 'open'],
    'all knowledge, how current it is, and then to serve',
  );
  t.notOk(await isDone(started));
  await comeUp(worker(1));
  t.equal(await started, 'http://127.0.0.1:4711');
  t.equal(crew.live().length, 2);

  worker(0).exit();
  t.equal(crew.live().length, 1);
});

t.test('a start that one worker spoils fails with what it said', async (t) => {
  const { crew, worker } = open();
  const started = crew.start();
  worker(0).say({ type: 'refused', message: 'Cannot listen' });
  await t.rejects(started, { code: 'unavailable', message: 'Cannot listen' });
  t.ok(worker(0).wasKilled, 'one that cannot listen is of no use');

  const other = open();
  const again = other.crew.start();
  other.worker(1).exit();
  await t.rejects(again, { code: 'unavailable' });
});

t.test(
  'a worker that dies is replaced: at once, and ever later the more often it dies at once',
  async (t) => {
    const { crew, workers, worker, timers, lines } = await serve(1);
    const pauses: (readonly number[])[] = [];
    for (let n = 0; n < 8; n++) {
      for (let lived = 0; lived < (n === 0 ? 10 * SECOND : SECOND); lived++) {
        crew.tick();
        await obey(worker(n));
      }
      worker(n).exit();
      pauses.push(timers.pending());
      timers.pass(60_000);
      const told = await comeUp(worker(n + 1));
      t.match(told[0], { type: 'start', settings: { port: 4711 } }, 'on the same port');
    }
    t.same(pauses.flat(), [0, 250, 500, 1_000, 2_000, 4_000, 8_000, 10_000]);
    t.equal(workers.length, 9);
    t.match(JSON.parse(lines[1] ?? ''), { pid: 1, reason: 'died', msg: 'worker is replaced' });
  },
);

t.test('a worker that stops acknowledging is killed after 2 s, heartbeats alone find it', async (t) => {
  const { crew, worker, timers, metrics } = await serve();
  for (let n = 0; n < 4; n++) {
    tick(crew, SECOND);
    await obey(worker(0));
    await obey(worker(1));
  }
  t.notOk(worker(0).wasKilled || worker(1).wasKilled);
  for (let n = 0; n < 25; n++) {
    crew.tick();
    await obey(worker(1));
  }
  t.ok(worker(0).wasKilled, 'it has said nothing for 2.5 s');
  t.notOk(worker(1).wasKilled);
  worker(0).exit();
  timers.pass(60_000);
  const collecting = metrics.metrics();
  timers.pass(60_000);
  t.match(await collecting, /^yima_worker_replacements_total\{reason="hung"\} 1$/m);
});

t.test('a worker that does not come up in 30 s is replaced', async (t) => {
  const { crew, worker, timers, workers } = open(1);
  crew.start().catch(() => undefined);
  worker(0).say({ type: 'hello' });
  tick(crew, 29 * SECOND);
  t.notOk(worker(0).wasKilled);
  tick(crew, SECOND);
  t.ok(worker(0).wasKilled);
  worker(0).exit();
  timers.pass(60_000);
  t.equal(workers.length, 2);
});

t.test('a primary that was held up itself takes no worker for hung: its own ticks count', async (t) => {
  const { crew, worker } = await serve(1);
  tick(crew, 4);
  // However long this pause is by the clock, it is one tick.
  crew.tick();
  await obey(worker(0));
  tick(crew, 19);
  t.notOk(worker(0).wasKilled);
});

t.test(
  'a change is settled when every serving worker has it or is gone, being killed is not enough',
  async (t) => {
    const { core, fanOut, crew, worker } = await serve();
    core.lists.set(BASE, 1, 5, 1);
    const settled = fanOut.settled();
    await obey(worker(0));
    t.notOk(await isDone(settled), 'one does not answer');
    tick(crew, 20);
    t.ok(worker(1).wasKilled);
    t.notOk(await isDone(settled), 'as long as the process is there it may answer at its port');
    worker(1).exit();
    t.ok(await isDone(settled));
  },
);

t.test('who is told to serve is waited for from that moment, who is not yet is not', async (t) => {
  const { core, fanOut, crew, worker } = open(1);
  crew.start().catch(() => undefined);
  worker(0).say({ type: 'hello' });
  worker(0).say({ type: 'ready' });
  core.lists.set(BASE, 1, 5, 1);
  t.ok(await isDone(fanOut.settled()), 'nothing is judged there yet');
  const told = await obey(worker(0));
  t.same(
    types(told),
    ['start', 'apply', 'apply', 'apply', 'beat', 'open'],
    'and it is told before it serves',
  );

  const late = open(1);
  late.crew.start().catch(() => undefined);
  late.worker(0).say({ type: 'hello' });
  late.worker(0).say({ type: 'ready' });
  late.worker(0).say({ type: 'applied', seq: 1 });
  await turn();
  t.match(late.worker(0).inbox.at(-1), { type: 'open' });
  late.core.lists.set(BASE, 1, 5, 1);
  const settled = late.fanOut.settled();
  t.notOk(await isDone(settled));
  await obey(late.worker(0));
  t.ok(await isDone(settled));
});

t.test('a heartbeat comes after every change that was made before it', async (t) => {
  const { core, crew, worker } = await serve(1);
  core.lists.set(BASE, 1, 5, 1);
  core.lists.set(BASE, 1, 6, 1);
  tick(crew, 4);
  const told = await obey(worker(0));
  t.same(types(told), ['apply', 'beat']);
  t.match(told[0], { updates: [{ index: 5 }, { index: 6 }] }, 'changes of one turn travel together');
});

t.test(
  'when the node ends workers drain, are not replaced, and are killed when they take too long',
  async (t) => {
    const { crew, worker, workers, timers } = await serve();
    worker(0).exit();
    timers.pass(60_000);
    const drained = crew.drain(10_000);
    t.ok(worker(2).wasKilled, 'one that does not serve yet has nothing to finish');
    t.match((await obey(worker(1))).at(-1), { type: 'drain', drainMs: 10_000 });
    worker(2).exit();
    t.notOk(await isDone(drained));
    timers.pass(11_000);
    t.notOk(worker(1).wasKilled);
    timers.pass(12_000);
    t.ok(worker(1).wasKilled);
    worker(1).exit();
    await drained;
    t.same([workers.length, timers.pending()], [3, []]);
    await crew.drain(10_000);
  },
);

t.test('a command is carried out here, and answered', async (t) => {
  const { worker } = await serve(1);
  worker(0).say({ type: 'ask', id: 7, command: { name: 'isStatusRestricted', args: [0] } });
  worker(0).say({ type: 'ask', id: 8, command: { name: 'revokeApiKey', args: ['desk', 'none'] } });
  const answers = await obey(worker(0));
  t.same(answers, [
    { type: 'answer', id: 7, outcome: { ok: true, value: true } },
    {
      type: 'answer',
      id: 8,
      outcome: {
        ok: false,
        code: 'not_found',
        message: 'There is no such key.',
        field: undefined,
        rule: undefined,
      },
    },
  ]);
});

t.test('figures of all processes are summed, and what an ended worker had counted stays', async (t) => {
  const { worker, crew, timers, metrics } = await serve();
  const said = async (n: number, count: number): Promise<void> => {
    const registry = new Registry();
    const { Counter, Gauge } = await import('prom-client');
    new Counter({ name: 'x_total', help: 'x', registers: [registry] }).inc(count);
    new Gauge({ name: 'y_bytes', help: 'y', registers: [registry] }).set(count);
    worker(n).say({ type: 'metrics', metrics: await registry.getMetricsAsJSON() });
  };
  const read = async (name: string, report: () => Promise<unknown>): Promise<number> => {
    const reading = metrics.metrics();
    await report();
    timers.pass(1_000);
    return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(await reading)?.[1] ?? 'NaN');
  };
  t.equal(await read('x_total', () => Promise.all([said(0, 3), said(1, 4)])), 7);
  t.same(types(await obey(worker(0))), ['report'], 'each is asked');
  t.equal(await read('x_total', () => said(0, 5)), 9, 'of a slow one what it said last');
  worker(0).exit();
  t.equal(await read('x_total', () => said(1, 4)), 9, 'no sum ever falls');
  t.equal(await read('y_bytes', () => said(1, 4)), 4, 'but a gauge ends with its process');
  t.equal(await read('yima_workers_live', () => said(1, 4)), 1);
  t.equal(crew.live().length, 1);
});
