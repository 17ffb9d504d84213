// Whatever the order in which messages arrive and workers start: once a change is acknowledged, every worker that serves has it.

import fc from 'fast-check';
import t from 'tap';
import { createLogger } from '../../../src/http/logging.js';
import { after } from '../../../src/server/after.js';
import type { FromWorker, ToWorker } from '../../../src/server/messages.js';
import { createFanOut } from '../../../src/server/primary/fan-out.js';
import { startMember } from '../../../src/server/primary/member.js';
import { createFollower } from '../../../src/server/worker/follower.js';
import { createMirror, type Mirror } from '../../../src/server/worker/mirror.js';
import { NOW } from '../../http/support/twin-deps.js';
import { quietSightings } from '../../support/device.js';
import { createIssuer } from '../../support/fixtures.js';
import { policyOf } from '../../support/policies.js';
import { createFakeFork, type FakeWorker, turn } from '../support/fake-fork.js';
import { BASE, createTwinCore } from '../support/twin-core.js';

/** So many that one list fills a piece of the snapshot. */
const ENTRIES = 2 ** 20;
const BITS = 8;
const REVOKED = 1;
const SUSPENDED = 2;

type Step =
  | { readonly do: 'list' | 'start' }
  | { readonly do: 'revoke' | 'suspend'; readonly list: number; readonly index: number }
  | { readonly do: 'trust'; readonly asOf: number }
  | { readonly do: 'policy'; readonly version: number }
  | { readonly do: 'key'; readonly revoked: boolean; readonly id: number }
  /** A message reaches its worker, or what the worker said reaches the primary. */
  | { readonly do: 'arrive' | 'report'; readonly worker: number }
  | { readonly do: 'exit'; readonly worker: number };

const small = fc.nat({ max: 3 });
const PARTNER = createIssuer({ issuer: '330105' });
const STEP: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ do: fc.constant('list' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('start' as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('revoke' as const, 'suspend' as const),
      list: small,
      index: small,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('key' as const), revoked: fc.boolean(), id: small }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('trust' as const), asOf: small }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('policy' as const), version: small }) },
  { weight: 10, arbitrary: fc.record({ do: fc.constant('arrive' as const), worker: small }) },
  { weight: 10, arbitrary: fc.record({ do: fc.constant('report' as const), worker: small }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('exit' as const), worker: small }) },
);

interface Remote {
  readonly process: FakeWorker;
  readonly mirror: Mirror;
  readonly take: (message: ToWorker) => void;
  readonly outbox: FromWorker[];
  isOpen: boolean;
  isGone: boolean;
}

/** The worker's side of a channel, without its HTTP. */
function remoteOf(process: FakeWorker): Remote {
  const outbox: FromWorker[] = [{ type: 'ready' }];
  const mirror = createMirror(() => NOW, after, quietSightings());
  const follow = createFollower({
    mirror,
    open: () => {
      remote.isOpen = true;
    },
    send: (message) => outbox.push(message),
    lost: () => {
      throw new Error('a number was left out');
    },
  });
  const take = (message: ToWorker): void => {
    if ('seq' in message) follow(message);
  };
  const remote: Remote = { process, mirror, take, outbox, isOpen: false, isGone: false };
  return remote;
}

function openWorld() {
  const fanOut = createFanOut();
  const core = createTwinCore(fanOut);
  const { fork, workers } = createFakeFork();
  const remotes: Remote[] = [];
  const acknowledged: { readonly list: number; readonly index: number }[] = [];
  const nothing = (): void => undefined;
  let lists = 0;

  const acts: { readonly [K in Step['do']]: (step: Step & { do: K }) => void } = {
    list: () => core.lists.addList({ base: BASE, number: lists++, bits: BITS, entries: ENTRIES }),
    start: () => {
      if (remotes.length > 3) return;
      const settings = {} as never; // this test's workers take none
      const logger = createLogger('silent');
      const heard = { onListening: nothing, onRefused: nothing, onMetrics: nothing, onExit: nothing };
      startMember({ core, fanOut, fork, settings, logger, ...heard });
      remotes.push(remoteOf(workers.at(-1) as FakeWorker));
    },
    revoke: ({ list, index }) => {
      if (list >= lists) return;
      core.lists.set(BASE, list, index, REVOKED);
      void fanOut.settled().then(() => acknowledged.push({ list, index }));
    },
    suspend: ({ list, index }) => {
      if (list < lists) core.lists.set(BASE, list, index, SUSPENDED);
    },
    key: ({ id, revoked }) =>
      core.apiKeys.hold({
        id: String(id),
        scopes: ['verify'],
        salt: 'aa',
        hash: 'bb',
        expiresAt: null,
        revokedAt: revoked ? NOW : null,
        confirmedAt: null,
        region: null,
        kinds: null,
        site: null,
        oldSalt: null,
        oldHash: null,
        oldEndsAt: null,
      }),
    trust: ({ asOf }) => core.setKeys(asOf > 0 ? [PARTNER.record] : [], asOf),
    policy: ({ version }) =>
      core.setPolicies(version > 0 ? [policyOf('health-code', [], { version })] : [], '3301'),
    arrive: ({ worker }) => {
      const remote = remotes[worker];
      const message = remote?.process.inbox.shift();
      if (message !== undefined && remote?.isGone === false) remote.take(message);
    },
    report: ({ worker }) => {
      const remote = remotes[worker];
      const message = remote?.outbox.shift();
      if (message !== undefined && remote?.isGone === false) remote.process.say(message);
    },
    exit: ({ worker }) => {
      const remote = remotes[worker];
      if (remote === undefined) return;
      remote.isGone = true;
      remote.process.exit();
    },
  };
  return {
    core,
    step: (step: Step) => (acts[step.do] as (step: Step) => void)(step),
    serving: () => remotes.filter(({ isOpen, isGone }) => isOpen && !isGone),
    living: () => remotes.filter(({ isGone }) => !isGone),
    acknowledged,
  };
}

const valuesOf = ({ status }: Pick<Mirror, 'status'>) =>
  status
    .shapes()
    .map(({ base, number }) => [0, 1, 2, 3].map((index) => status.find(base, number, index)?.value));

t.test('no worker serves without what was acknowledged, and in the end all know the same', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(STEP, fc.boolean()), { minLength: 20, maxLength: 60 }),
      async (steps) => {
        const { core, step, serving, living, acknowledged } = openWorld();
        step({ do: 'list' });
        step({ do: 'revoke', list: 0, index: 3 });
        for (const [each, isLastOfTurn] of steps) {
          step(each);
          if (isLastOfTurn) await turn();
          for (const { mirror } of serving())
            for (const { list, index } of acknowledged)
              if (mirror.status.find(BASE, list, index)?.value !== REVOKED)
                throw new Error(`${list}/${index}`);
        }
        for (let rest = 0; rest < 400; rest++) {
          step({ do: 'arrive', worker: rest % 4 });
          step({ do: 'report', worker: rest % 4 });
          await turn();
        }
        t.equal(serving().length, living().length, 'each worker came to serve');
        for (const { mirror } of serving()) {
          t.same(valuesOf(mirror), valuesOf(core.knowledge));
          t.same(mirror.apiKeys.held(), core.knowledge.apiKeys.held());
          t.same(mirror.keys().records, core.knowledge.keys().records);
          t.same(mirror.policies().policies, core.knowledge.policies().policies);
          t.equal(mirror.policies().region, core.knowledge.policies().region);
          t.equal(mirror.keys().asOf, core.knowledge.keys().asOf);
        }
      },
    ),
    { numRuns: 60 },
  );
});
