// One connection at the door: what is answered there, what goes to the ordinary server with it, and when it ends.

import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import t from 'tap';
import { createMessageHeads } from '../../../src/http/door/message-heads.js';
import { createVerifyDoor, type Door } from '../../../src/http/door/verify-door.js';
import { createSocketGate } from '../../../src/http/reading-gate.js';
import type { LaneJob } from '../../../src/http/verify-lane.js';
import { ADMIT } from '../support/answers.js';
import { post } from '../support/raw-post.js';
import { createTwinDeps } from '../support/twin-deps.js';

const TIMES = { firstMs: 5_000, nextMs: 15_000 };
const REQUEST = Buffer.from(post('{"code":"YM1:AA"}'));

/** As much of a socket as the door uses. */
class FakeSocket extends EventEmitter {
  readonly written: string[] = [];
  readonly unread: Buffer[] = [];
  readonly calls: string[] = [];
  isFull = false;
  destroyed = false;
  writableLength = 0;

  write(bytes: Buffer): boolean {
    this.written.push(bytes.toString('utf8'));
    return !this.isFull;
  }
  unshift(bytes: Buffer): void {
    this.unread.push(bytes);
  }
  setTimeout(ms: number): void {
    this.calls.push(`timeout ${ms}`);
  }
  pause(): void {
    this.calls.push('pause');
  }
  resume(): void {
    this.calls.push('resume');
  }
  end(): void {
    this.calls.push('end');
  }
  destroy(): void {
    this.calls.push('destroy');
    this.destroyed = true;
    this.emit('close');
  }
}

/** A door whose jobs run at once, or when the test says. */
function open({ waits = false } = {}) {
  const { access } = createTwinDeps();
  const jobs: LaneJob[] = [];
  const world = { isOpen: true, passed: 0, records: [] as number[] };
  const door: Door = createVerifyDoor(
    {
      access,
      gate: createSocketGate(),
      limit: { byKey: () => 0, byAddress: () => 0 },
      lane: {
        enter: (job) => void (waits ? jobs.push(job) : job.run()),
        isBehind: () => false,
        figures: () => ({ waiting: 0, shed: { waited: 0, full: 0 }, waits: { count: 0, sumMs: 0 } }),
      },
      verify: () => ADMIT,
      record: (_request, status) => void world.records.push(status),
      heads: createMessageHeads(TIMES.nextMs, () => 1_800_000_000_000),
      publicUrl: 'https://yima.test',
      nextId: () => 'id',
    },
    TIMES,
  );
  const meet = (): FakeSocket => {
    const socket = new FakeSocket();
    door.meet(
      socket as unknown as Socket,
      () => void world.passed++,
      () => world.isOpen,
    );
    return socket;
  };
  return { door, world, jobs, meet };
}

t.test('a usual request is answered at once, in one piece, as Node would write it', async (t) => {
  const { meet, world } = open();
  const socket = meet();
  socket.emit('data', REQUEST);
  socket.emit('data', REQUEST);
  t.equal(socket.written.length, 2);
  const [head = '', body = ''] = (socket.written[0] ?? '').split('\r\n\r\n');
  t.same(head.split('\r\n'), [
    'HTTP/1.1 200 OK',
    'cache-control: no-store',
    'x-content-type-options: nosniff',
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'Date: Fri, 15 Jan 2027 08:00:00 GMT',
    'Connection: keep-alive',
    'Keep-Alive: timeout=15',
  ]);
  t.equal(body, JSON.stringify(ADMIT));
  t.same(world, { isOpen: true, passed: 0, records: [200, 200] });
});

t.test('at the first odd byte the connection and what it brought are the ordinary server’s', async (t) => {
  const { meet, world, door } = open();
  const socket = meet();
  socket.emit('data', REQUEST);
  const odd = Buffer.from('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  socket.emit('data', odd);
  t.same(socket.unread, [odd]);
  t.equal(world.passed, 1);
  t.same(socket.calls.slice(-3), ['timeout 0', 'pause', 'resume']);
  for (const event of ['data', 'end', 'timeout', 'error']) t.equal(socket.listenerCount(event), 0, event);
  door.closeAll();
  t.notOk(socket.calls.includes('destroy'), 'the door has forgotten it');
});

t.test('what comes while an answer is due follows it, in order, the ordinary way', async (t) => {
  const { meet, jobs, world } = open({ waits: true });
  const socket = meet();
  socket.emit('data', REQUEST);
  socket.emit('data', REQUEST.subarray(0, 20));
  socket.emit('data', REQUEST.subarray(20));
  t.same([socket.written.length, world.passed], [0, 0]);
  t.ok(socket.calls.includes('pause'));
  jobs[0]?.run();
  t.equal(socket.written.length, 1);
  t.same(Buffer.concat(socket.unread), REQUEST);
  t.equal(world.passed, 1);
});

t.test('a shed verification is told to come again', async (t) => {
  const { meet, jobs, world } = open({ waits: true });
  const socket = meet();
  socket.emit('data', REQUEST);
  jobs[0]?.shed();
  t.match(socket.written[0], 'HTTP/1.1 503 Service Unavailable\r\n');
  t.match(socket.written[0], 'retry-after: 1\r\n');
  t.match(socket.written[0], '"code":"overloaded"');
  t.same(world.records, [503]);
});

t.test('who does not read answers is not read either', async (t) => {
  const { meet } = open();
  const socket = meet();
  socket.isFull = true;
  socket.emit('data', REQUEST);
  t.equal(socket.calls.at(-1), 'pause');
  socket.emit('drain');
  t.equal(socket.calls.at(-1), 'resume');
});

t.test('a connection has a time for its first request and for each next one', async (t) => {
  const { meet } = open();
  const socket = meet();
  t.same(socket.calls, ['timeout 5000']);
  socket.emit('data', REQUEST);
  t.ok(socket.calls.includes('timeout 15000'));
  socket.emit('timeout');
  t.equal(socket.calls.at(-1), 'destroy');
});

t.test('an end, an error and a close leave nothing behind', async (t) => {
  const { meet, door } = open();
  const [ended, broken] = [meet(), meet()];
  ended.emit('end');
  t.equal(ended.calls.at(-1), 'end');
  ended.emit('close');
  broken.emit('error', new Error('reset'));
  t.equal(broken.calls.at(-1), 'destroy');
  const before = [ended.calls.length, broken.calls.length];
  door.closeAll();
  t.same([ended.calls.length, broken.calls.length], before);
});

t.test('closing ends idle connections, and lets those go on that wait for an answer', async (t) => {
  const { meet, jobs, door } = open({ waits: true });
  const [idle, waiting] = [meet(), meet()];
  waiting.emit('data', REQUEST);
  door.closeIdle();
  t.ok(idle.calls.includes('destroy'));
  t.notOk(waiting.calls.includes('destroy'));
  jobs[0]?.run();
  t.equal(waiting.written.length, 1);
  door.closeIdle();
  t.ok(waiting.calls.includes('destroy'));
});

t.test('while the server closes every request goes the ordinary way', async (t) => {
  const { meet, world } = open();
  const socket = meet();
  world.isOpen = false;
  socket.emit('data', REQUEST);
  t.same([socket.written.length, world.passed], [0, 1]);
});

t.test('a key without the scope, or that is none, goes the ordinary way', async (t) => {
  const { meet, world } = open();
  for (const key of ['yk_aaaaaaaaaaaaaaaa_x', '']) {
    meet().emit('data', Buffer.from(REQUEST.toString().replace(/Bearer \S+/, `Bearer ${key || 'x'}`)));
  }
  t.equal(world.passed, 2);
});

t.test(
  'nothing is judged or sent for a connection that is gone, and nothing of it is passed on',
  async (t) => {
    const { meet, jobs, world } = open({ waits: true });
    for (const finish of ['run', 'shed'] as const) {
      const socket = meet();
      socket.emit('data', REQUEST);
      socket.emit('data', REQUEST);
      socket.destroy();
      jobs.pop()?.[finish]();
      t.same([socket.written.length, world.passed, world.records.length], [0, 0, 0], finish);
    }
  },
);

t.test('who says that nothing more comes still gets the answer that is due', async (t) => {
  const { meet, jobs, world } = open({ waits: true });
  const socket = meet();
  socket.emit('data', REQUEST);
  socket.emit('end');
  t.notOk(socket.calls.includes('end'));
  jobs[0]?.run();
  t.equal(socket.written.length, 1);
  t.equal(socket.calls.at(-1), 'end');
  t.equal(world.passed, 0);
});

t.test('closing waits for an answer that is still on its way out', async (t) => {
  const { meet, door } = open();
  const socket = meet();
  socket.emit('data', REQUEST);
  socket.writableLength = 1_400;
  door.closeIdle();
  t.notOk(socket.calls.includes('destroy'));
  socket.writableLength = 0;
  door.closeIdle();
  t.ok(socket.calls.includes('destroy'));
});
