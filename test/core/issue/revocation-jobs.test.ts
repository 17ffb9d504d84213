import { setImmediate as nextTurn } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { sha256 } from '../../../src/adapters/crypto-node.js';
import { KINDS } from '../../../src/core/credential/kind-table.js';
import type { Issued } from '../../../src/core/issue/commands.js';
import { auditLog } from '../../../src/core/issue/log-audit.js';
import { mandateOf, newJob, readRevocation } from '../../../src/core/issue/revocation-proposal.js';
import { parseScope } from '../../../src/core/issue/revocation-scope.js';
import { countScope } from '../../../src/core/issue/scope-count.js';
import type { Store } from '../../../src/core/issue/store.js';
import { issueRequest, NOW, openMemoryOffice } from '../../support/office.js';
import { approve, approvedRow, jobsOf, type ScopedOffice } from '../../support/scoped.js';

async function issueMany(
  { registry }: ScopedOffice,
  count: number,
  batch: string,
  kind = 'health-code',
): Promise<Issued[]> {
  const request = issueRequest(kind, { forms: ['screen', 'paper'], batch });
  return Promise.all(Array.from({ length: count }, () => registry.issue('office', request)));
}

/** The verdicts on every code, each once. */
function verdicts({ verify }: ScopedOffice, issued: readonly Issued[]): string[] {
  const codes = issued.flatMap(({ encodings }) => encodings.map(({ code }) => code));
  return [...new Set(codes.map((code) => verify(code).reason))];
}

/** The ids that each entry about a scoped revocation names, in order. */
async function revokedIds(store: Store): Promise<string[][]> {
  const found: string[][] = [];
  for (let after = 0; ; ) {
    const rows = await store.log(after, 1_000);
    for (const { type, body } of rows)
      if (type === 'states_changed') found.push((JSON.parse(body) as { credentials: string[] }).credentials);
    after = rows.at(-1)?.seq ?? after;
    if (rows.length < 1_000) return found;
  }
}

async function types(store: Store): Promise<string[]> {
  const { seq } = (await store.head()) ?? { seq: 0 };
  return (await store.log(Math.max(0, seq - 10), 10)).map(({ type }) => type);
}

t.test('the check of the log lets others run after every entry about many', async (t) => {
  const office = await openMemoryOffice({ listEntries: 4_096 });
  await issueMany(office, 1_100, 'b1');
  const audit = async (): Promise<number> => {
    let turns = 0;
    const nextTurn = async (): Promise<void> => {
      turns += 1;
    };
    await auditLog({ store: office.store, sha256, nextTurn });
    return turns;
  };
  const before = await audit();
  await approve(office, 1, { batch: 'b1' }, 1_100);
  const jobs = jobsOf(office);
  jobs.wake();
  await jobs.idle();
  t.ok((await audit()) >= before + 3);
});

/** The whole log holds, and every credential, proposal and change is as it tells. */
async function isAsLogged(t: Test, { store }: ScopedOffice): Promise<void> {
  t.match(await auditLog({ store, sha256, nextTurn: () => nextTurn() }), { ok: true, brokenAt: null });
}

t.test(
  'what the scope covers is refused in every form, the rest is admitted, and each is logged once',
  async (t) => {
    const office = await openMemoryOffice({ listEntries: 4_096 });
    const covered = await issueMany(office, 1_100, 'b1');
    const rest = await issueMany(office, 20, 'b2');
    const before = (await office.store.head())?.seq ?? 0;
    const id = await approve(office, 1, { batch: 'b1' }, 1_100);
    const jobs = jobsOf(office);
    jobs.wake();
    await jobs.idle();
    t.same(verdicts(office, covered), ['revoked']);
    t.same(verdicts(office, rest), ['ok']);
    t.match(await office.store.findRevocationJob(id), {
      state: 'done',
      done: 1_100,
      skipped: 0,
      failure: null,
    });
    const rows = await office.store.log(before, 1_000);
    t.same(
      rows.map(({ type }) => type),
      [
        'proposal_opened',
        'proposal_approved',
        'states_changed',
        'states_changed',
        'states_changed',
        'scoped_revocation_done',
      ],
    );
    const ids = rows.flatMap(
      ({ body }) => (JSON.parse(body) as { credentials?: string[] }).credentials ?? [],
    );
    t.same([...ids].sort(), covered.map(({ credential }) => credential.id).sort());
    t.equal(rows[2]?.actor, 'c'.repeat(16), 'in the name of who approved it');
    await isAsLogged(t, office);
  },
);

t.test('what a scope revokes meanwhile is not issued anew', async (t) => {
  const office = await openMemoryOffice();
  const { store, registry } = office;
  const issued = await issueMany(office, 7, 'b1');
  const kid = issued[0]?.encodings[0]?.kid ?? '';
  const id = await approve(office, 1, { batch: 'b1' }, 7);
  office.rotate();
  office.now.at += 60;
  let isFirst = true;
  const pageScope: Store['pageScope'] = async (...args) => {
    const page = await store.pageScope(...args);
    if (isFirst)
      t.match(await registry.reissue('admin', kid, { after: '', dryRun: false }), {
        reissued: 0,
        skipped: 7,
      });
    isFirst = false;
    return page;
  };
  const jobs = jobsOf({ ...office, store: { ...store, pageScope } });
  jobs.wake();
  await jobs.idle();
  t.match(await store.findRevocationJob(id), { state: 'done', done: 7, skipped: 0, failure: null });
  t.equal((await store.credentials('', 100)).length, 7);
  t.same(verdicts(office, issued), ['revoked']);
  await isAsLogged(t, office);
});

t.test('a scope that covers nothing any more is done, and says so', async (t) => {
  const office = await openMemoryOffice();
  const id = await approve(office, 1, { batch: 'b1' }, 5);
  const jobs = jobsOf(office);
  jobs.wake();
  await jobs.idle();
  t.match(await office.store.findRevocationJob(id), { state: 'done', done: 0, skipped: 0 });
  t.equal((await types(office.store)).at(-1), 'scoped_revocation_done');
});

t.test(
  'revoked ones are skipped and counted, a suspended one is revoked and stays suspended underneath',
  async (t) => {
    const office = await openMemoryOffice();
    const [first, second, third] = await issueMany(office, 3, 'b1', 'driving-licence');
    const change = (issued: Issued | undefined, action: 'revoke' | 'suspend') =>
      office.registry.changeState('officer', issued?.credential.id ?? '', { action, reason: 'test' });
    await change(first, 'revoke');
    await change(second, 'suspend');
    const id = await approve(office, 1, { batch: 'b1' }, 2);
    const jobs = jobsOf(office);
    jobs.wake();
    await jobs.idle();
    t.match(await office.store.findRevocationJob(id), { state: 'done', done: 2, skipped: 1 });
    t.match(await office.store.findCredential(second?.credential.id ?? ''), {
      credential: { revoked: true, suspended: true },
    });
    t.same(
      verdicts(
        office,
        [first, second, third].flatMap((each) => each ?? []),
      ),
      ['revoked'],
    );
  },
);

t.test('one that somebody revokes between look and transaction is skipped', async (t) => {
  const office = await openMemoryOffice();
  const [issued] = await issueMany(office, 1, 'b1');
  const id = await approve(office, 1, { batch: 'b1' }, 1);
  const jobs = jobsOf(office, {
    ledger: {
      submit: async (subjects, plan) => {
        await office.registry.changeState('officer', issued?.credential.id ?? '', {
          action: 'revoke',
          reason: 'x',
        });
        return office.ledger.submit(subjects, plan);
      },
    },
  });
  jobs.wake();
  await jobs.idle();
  t.match(await office.store.findRevocationJob(id), { state: 'done', done: 0, skipped: 1 });
  t.same(await revokedIds(office.store), []);
});

t.test('a tenth more than was counted is revoked, more than that stops it before the first', async (t) => {
  for (const [issuedCount, expected] of [
    [11, { state: 'done', done: 11, failure: null }],
    [12, { state: 'done', done: 0, failure: 'conflict' }],
  ] as const) {
    const office = await openMemoryOffice();
    const issued = await issueMany(office, issuedCount, 'b1');
    const id = await approve(office, 1, { batch: 'b1' }, 10);
    const jobs = jobsOf(office);
    jobs.wake();
    await jobs.idle();
    t.match(await office.store.findRevocationJob(id), expected, `${issuedCount} of 10`);
    t.same(verdicts(office, issued), [expected.done > 0 ? 'revoked' : 'ok']);
    const last = expected.done > 0 ? 'scoped_revocation_done' : 'scoped_revocation_stopped';
    t.equal((await types(office.store)).at(-1), last);
  }
});

t.test('what is issued after it was approved is not in it', async (t) => {
  const office = await openMemoryOffice();
  const before = await issueMany(office, 3, 'b1');
  await approve(office, 1, { batch: 'b1' }, 3);
  office.now.at = NOW + 1;
  const after = await issueMany(office, 3, 'b1');
  const jobs = jobsOf(office);
  jobs.wake();
  await jobs.idle();
  t.same(verdicts(office, before), ['revoked']);
  t.same(verdicts(office, after), ['ok']);
});

for (const when of ['before', 'after'] as const) {
  t.test(
    `a store that fails ${when} writing holds nothing up for good, and nobody is revoked twice`,
    async (t) => {
      const office = await openMemoryOffice({ listEntries: 4_096 });
      const issued = await issueMany(office, 700, 'b1');
      await approve(office, 1, { batch: 'b1' }, 700);
      let turns = 0;
      const over = new Promise<void>((resolve) => {
        const jobs = jobsOf(office, {
          settled: async () => {
            turns += 1;
            if (turns === 1) office.store.failNext(when);
            if ((await office.store.runningRevocationJobs()).length === 0) resolve();
          },
          later: (run) =>
            void setImmediate(async () => {
              run();
              await jobs.idle();
              if ((await office.store.runningRevocationJobs()).length === 0) resolve();
            }),
        });
        jobs.wake();
      });
      await over;
      t.same(verdicts(office, issued), ['revoked']);
      const ids = (await revokedIds(office.store)).flat();
      t.equal(ids.length, 700);
      await isAsLogged(t, office);
      t.equal(new Set(ids).size, 700);
    },
  );
}

t.test('a node that closes stops after a transaction, and the next one goes on from there', async (t) => {
  const office = await openMemoryOffice({ listEntries: 4_096 });
  const issued = await issueMany(office, 1_200, 'b1');
  const id = await approve(office, 1, { batch: 'b1' }, 1_200);
  const jobs = jobsOf(office, {
    settled: async () => {
      void jobs.close();
    },
  });
  jobs.wake();
  await jobs.idle();
  t.match(await office.store.findRevocationJob(id), { state: 'running', done: 500 });
  const again = { ...(await office.restart()), store: office.store };
  const later = jobsOf(again);
  later.wake();
  await later.idle();
  t.match(await office.store.findRevocationJob(id), { state: 'done', done: 1_200 });
  t.same(verdicts(again, issued), ['revoked']);
  await isAsLogged(t, again);
  t.equal(new Set((await revokedIds(office.store)).flat()).size, 1_200);
});

t.test('a count that is under way ends with the node', async (t) => {
  const office = await openMemoryOffice();
  await issueMany(office, 1, 'b1');
  const id = await approve(office, 1, { batch: 'b1' }, 1);
  const jobs = jobsOf(office, {
    nextTurn: async () => {
      void jobs.close();
      await nextTurn();
    },
  });
  jobs.wake();
  await jobs.idle();
  t.match(await office.store.findRevocationJob(id), { state: 'running', done: 0 });
});

t.test('others are served between the transactions', async (t) => {
  const office = await openMemoryOffice({ listEntries: 4_096 });
  await issueMany(office, 1_100, 'b1');
  await approve(office, 1, { batch: 'b1' }, 1_100);
  const jobs = jobsOf(office);
  jobs.wake();
  await issueMany(office, 1, 'b2');
  t.equal((await office.store.runningRevocationJobs()).length, 1, 'an issue does not wait for the end');
  await jobs.idle();
});

t.test('the count tells kinds and regions apart, and what is revoked already', async (t) => {
  const office = await openMemoryOffice();
  const [first] = await issueMany(office, 3, 'b1');
  await office.registry.issue('office', issueRequest('driving-licence', { batch: 'b1' }));
  await office.registry.changeState('officer', first?.credential.id ?? '', { action: 'revoke', reason: 'x' });
  const scope = parseScope({ batch: 'b1' }, KINDS);
  t.strictSame(await countScope({ store: office.store, nextTurn: () => nextTurn() }, scope), {
    count: 3,
    revoked: 1,
    groups: [
      { kind: 'health-code', region: '330102', count: 2 },
      { kind: 'driving-licence', region: '330102', count: 1 },
    ],
  });
});

t.test('a job does nothing but what the proposal says that two people signed', (t) => {
  const row = approvedRow(1, { batch: 'b1' }, 5, NOW);
  const job = newJob(row, readRevocation(JSON.parse(row.body), KINDS));
  const other = approvedRow(2, { kind: 'health-code' }, 5, NOW);
  t.match(mandateOf(job, row, KINDS, sha256), {
    scope: { batch: 'b1', issuedBefore: NOW + 1 },
    purpose: 'lost key',
  });
  const unfit = [
    ['no proposal', job, undefined],
    ['an open one', job, { ...row, state: 'open' }],
    ['another type', job, { ...row, type: 'colour' }],
    ['another body', job, { ...row, body: other.body }],
    ['another scope in the job', { ...job, scope: '{}' }, row],
    ['another count in the job', { ...job, total: 500_000 }, row],
  ] as const;
  for (const [what, job, row] of unfit)
    t.throws(() => mandateOf(job, row, KINDS, sha256), { code: 'conflict', rule: 'changed_meanwhile' }, what);
  t.end();
});
