// The part of the store contract about who decided what: kept as it was made, decided once, counted from stored rows.

import type { Test } from 'tap';
import type {
  AppealRow,
  ColourChangeRow,
  ColourRuleRow,
  InvocationRow,
  ProposalRow,
  RevocationJobRow,
} from '../../src/core/issue/decision-rows.js';
import type { Change, Store } from '../../src/core/issue/store.js';
import { API_KEY, idOf } from './store-rows.js';
import { CONFLICT, commit, FAILED, type Open, opened } from './store-session.js';

const AT = 1_700_000_000;
const DAY = 86_400;

function proposalRow(n: number, change: Partial<ProposalRow> = {}): ProposalRow {
  return {
    id: idOf(n),
    type: 'colour',
    body: `{"n":${n}}`,
    hash: String(n).padStart(64, '0'),
    size: 3,
    seen: '',
    proposedBy: 'a'.repeat(16),
    proposedAt: AT,
    proposerJws: 'a.b.c',
    state: 'open',
    decidedBy: null,
    decidedAt: null,
    deciderJws: null,
    ...change,
  };
}

const approved = (row: ProposalRow, at = AT + 60): ProposalRow => ({
  ...row,
  state: 'approved',
  decidedBy: 'b'.repeat(16),
  decidedAt: at,
  deciderJws: 'd.e.f',
});

const RULE: ColourRuleRow = {
  id: 'contact',
  version: 1,
  kind: 'health-code',
  fromLevels: ['green', 'yellow'],
  toLevel: 'red',
  text: { 'zh-CN': '密接', en: 'Contact' },
  purposes: ['outbreak'],
  capPerHour: 10,
  validFrom: AT,
  proposalId: idOf(1),
  retiredAt: null,
  retiredBy: null,
};

function colourChangeRow(n: number, change: Partial<ColourChangeRow> = {}): ColourChangeRow {
  return {
    changeId: idOf(90),
    credentialId: idOf(n),
    by: 'rule',
    at: AT + n,
    actor: 'c'.repeat(16),
    ruleId: 'contact',
    ruleVersion: 1,
    form: null,
    fromSuspended: false,
    fromLevel: 0,
    toRevoked: false,
    toSuspended: false,
    toLevel: 0x0d,
    purpose: 'outbreak',
    evidence: 'file 3',
    ...change,
  };
}

const INVOCATION: InvocationRow = {
  id: idOf(90),
  principal: 'c'.repeat(16),
  key: 'first',
  requestHash: 'cd'.repeat(32),
  ruleId: 'contact',
  ruleVersion: 1,
  at: AT,
  purpose: 'outbreak',
  evidence: 'file 3',
  changed: 2,
  unchanged: 1,
  held: 3,
  proposalId: idOf(1),
};

const APPEAL: AppealRow = {
  id: idOf(70),
  credentialId: idOf(1),
  changeId: idOf(90),
  grounds: 'file 4',
  operator: 'desk 1',
  filedBy: 'd'.repeat(16),
  filedAt: AT,
  state: 'open',
  decidedBy: null,
  decidedAt: null,
  deciderJws: null,
  answer: null,
  proposalId: null,
};

const JOB: RevocationJobRow = {
  id: idOf(1),
  scope: '{"batch":"7"}',
  total: 1_000,
  done: 0,
  skipped: 0,
  failure: null,
  cursor: '',
  state: 'running',
  startedAt: AT,
  finishedAt: null,
};

const put = (store: Store, change: Omit<Change, 'log'>) => commit(store, 'decided', change);

export async function decisions(t: Test, open: Open): Promise<void> {
  await t.test('what was decided is read back as it was', async (t) => {
    const store = await opened(t, open, 3);
    const changes = [1, 2].map((n) => colourChangeRow(n));
    await put(store, {
      proposals: [proposalRow(1)],
      colourRules: [RULE],
      invocations: [INVOCATION],
      colourChanges: changes,
      appeals: [APPEAL],
      revocationJobs: [JOB],
    });
    t.strictSame(await store.findProposal(idOf(1)), proposalRow(1));
    t.strictSame(await store.findProposalByHash(proposalRow(1).hash), proposalRow(1));
    t.strictSame(await store.colourRules(), [RULE]);
    t.strictSame(await store.findInvocation(idOf(90)), INVOCATION);
    t.strictSame(await store.findInvocationByKey(INVOCATION.principal, 'first'), INVOCATION);
    t.strictSame(await store.colourChanges(idOf(90), '', 10), changes);
    t.strictSame(await store.colourChanges(idOf(90), idOf(1), 10), [changes[1]]);
    const place = { changeId: '', credentialId: '' };
    t.strictSame(await store.allColourChanges(place, 10), changes);
    t.strictSame(await store.allColourChanges({ changeId: idOf(90), credentialId: idOf(1) }, 10), [
      changes[1],
    ]);
    t.strictSame(await store.findAppeal(idOf(70)), APPEAL);
    t.strictSame(await store.appealsOf(idOf(1), 10), [APPEAL]);
    t.strictSame(await store.findRevocationJob(idOf(1)), JOB);
    t.strictSame(await store.runningRevocationJobs(), [JOB]);
  });

  await t.test('of what nobody wrote there is nothing', async (t) => {
    const store = await opened(t, open, 1);
    t.equal(await store.findProposal(idOf(1)), undefined);
    t.equal(await store.findProposalByHash('ab'), undefined);
    t.equal(await store.findInvocation(idOf(1)), undefined);
    t.equal(await store.findInvocationByKey('nobody', 'first'), undefined);
    t.equal(await store.findAppeal(idOf(1)), undefined);
    t.equal(await store.findRevocationJob(idOf(1)), undefined);
    t.same(await store.proposals('', 10), []);
    t.same(await store.appeals('', 10), []);
    t.same(await store.colourRules(), []);
    t.same(await store.colourChangesOf(idOf(1), 10), []);
    t.same(await store.runningRevocationJobs(), []);
    t.equal(await store.countRuleChanges('contact', 0), 0);
    t.equal(await store.countSingleChanges('nobody', 0), 0);
    t.equal(await store.proposedSize('colour', 0), 0);
  });

  await t.test('pages of proposals, of open ones, and of appeals come in order', async (t) => {
    const store = await opened(t, open, 1);
    const rows = [3, 1, 2].map((n) => proposalRow(n, { proposedAt: AT + n }));
    await put(store, { proposals: rows, appeals: [9, 8].map((n) => ({ ...APPEAL, id: idOf(n) })) });
    await put(store, { proposals: [approved(proposalRow(2, { proposedAt: AT + 2 }))] });
    const ids = (page: readonly { id: string }[]) => page.map(({ id }) => id);
    t.same(ids(await store.proposals('', 2)), [idOf(1), idOf(2)]);
    t.same(ids(await store.proposals(idOf(2), 2)), [idOf(3)]);
    t.same(ids(await store.openProposals(AT, '', 10)), [idOf(1), idOf(3)]);
    t.same(ids(await store.openProposals(AT + 1, '', 10)), [idOf(3)]);
    t.same(ids(await store.appeals('', 10)), [idOf(8), idOf(9)]);
    t.same(ids(await store.openAppeals('', 10)), [idOf(8), idOf(9)]);
    t.same(ids(await store.openAppeals(idOf(8), 10)), [idOf(9)]);
    t.equal(await store.countOpenAppeals(), 2);
    const rejected = {
      ...APPEAL,
      id: idOf(8),
      state: 'rejected',
      decidedBy: 'b',
      decidedAt: 9,
      answer: 'no',
    } as const;
    await put(store, { appeals: [rejected] });
    t.same(ids(await store.openAppeals('', 10)), [idOf(9)]);
    t.equal(await store.countOpenAppeals(), 1);
    const wrong: Promise<unknown>[] = [
      store.proposals('', 0),
      store.openProposals(0, '', 1_001),
      store.appeals('', -1),
    ];
    for (const page of wrong) await t.rejects(page, { code: 'invalid_request', field: 'limit' });
  });

  await t.test('a change of colour is found by its credential, newest first', async (t) => {
    const store = await opened(t, open, 2);
    const rows = [5, 7, 6].map((at) => colourChangeRow(1, { changeId: idOf(at), at: AT + at }));
    await put(store, { colourChanges: [...rows, colourChangeRow(2)] });
    const found = await store.colourChangesOf(idOf(1), 2);
    t.same(
      found.map(({ at }) => at - AT),
      [7, 6],
    );
  });

  await t.test('proposals count while they are open or were approved after a time', async (t) => {
    const store = await opened(t, open, 1);
    const old = proposalRow(1, { size: 1 });
    const later = proposalRow(2, { size: 10, proposedAt: AT + DAY });
    const gone = proposalRow(3, { size: 100, proposedAt: AT + DAY });
    const other = proposalRow(4, { size: 1_000, type: 'rule' });
    await put(store, { proposals: [old, later, gone, other] });
    t.equal(await store.proposedSize('colour', AT - 1), 111);
    t.equal(await store.proposedSize('colour', AT), 110, 'one that was proposed at the time itself is over');
    await put(store, {
      proposals: [
        approved(old, AT + DAY - 1),
        { ...gone, state: 'withdrawn', decidedBy: 'x', decidedAt: AT },
      ],
    });
    t.equal(await store.proposedSize('colour', AT), 11, 'approved within the time, withdrawn not at all');
    t.equal(await store.proposedSize('colour', AT + DAY - 1), 10);
  });

  await t.test('changes under a rule and by one principal alone are counted after a time', async (t) => {
    const store = await opened(t, open, 4);
    const alone = { by: 'single', ruleId: null, ruleVersion: null } as const;
    await put(store, {
      colourChanges: [
        colourChangeRow(1),
        colourChangeRow(2, { by: 'held' }),
        colourChangeRow(3, { ruleId: 'other' }),
        colourChangeRow(4, { ...alone, evidence: null }),
        colourChangeRow(1, { ...alone, changeId: idOf(91), actor: 'somebody' }),
      ],
    });
    t.equal(await store.countRuleChanges('contact', AT), 2);
    t.equal(await store.countRuleChanges('contact', AT + 1), 1);
    t.equal(await store.countSingleChanges('c'.repeat(16), AT), 1);
    t.equal(await store.countSingleChanges('c'.repeat(16), AT + 4), 0);
  });

  await t.test('a job goes on to its end', async (t) => {
    const store = await opened(t, open, 1);
    await put(store, { proposals: [proposalRow(1)], revocationJobs: [JOB] });
    await put(store, { revocationJobs: [{ ...JOB, done: 500, cursor: idOf(5) }] });
    t.match(await store.runningRevocationJobs(), [{ done: 500, cursor: idOf(5) }]);
    await put(store, {
      revocationJobs: [
        {
          ...JOB,
          done: 900,
          skipped: 100,
          cursor: idOf(9),
          state: 'done',
          failure: 'conflict',
          finishedAt: AT,
        },
      ],
    });
    t.same(await store.runningRevocationJobs(), []);
    t.match(await store.findRevocationJob(idOf(1)), { done: 900, skipped: 100, failure: 'conflict' });
  });

  await decidedOnce(t, open);
}

async function decidedOnce(t: Test, open: Open): Promise<void> {
  const decided = approved(proposalRow(2));
  const retired = { ...RULE, version: 2, retiredAt: AT + 9, retiredBy: idOf(1) };
  const rejected: AppealRow = { ...APPEAL, id: idOf(71), state: 'rejected', decidedBy: 'x', decidedAt: AT };
  const done: RevocationJobRow = { ...JOB, id: idOf(2), state: 'done', done: 5, cursor: idOf(5) };
  const officer = { ...API_KEY, id: 'o'.repeat(16), publicKey: '{"x":"1"}' };
  const confirmed = { ...officer, confirmedBy: 'x', confirmedAt: AT };
  const refused: [string, Omit<Change, 'log'>][] = [
    ['a decided proposal is decided again', { proposals: [{ ...decided, state: 'rejected' }] }],
    ['a decided proposal is decided the same again', { proposals: [decided] }],
    ['a decided proposal opens again', { proposals: [proposalRow(2)] }],
    ['a proposal has the hash of another', { proposals: [proposalRow(3, { hash: proposalRow(1).hash })] }],
    ['an open proposal is written again', { proposals: [proposalRow(1)] }],
    ['a proposal gets another body', { proposals: [approved(proposalRow(1, { body: '{}' }))] }],
    ['a proposal gets another size', { proposals: [approved(proposalRow(1, { size: 1 }))] }],
    ['a proposal gets another proposer', { proposals: [approved(proposalRow(1, { proposedBy: 'x' }))] }],
    ['a rule is written again', { colourRules: [RULE] }],
    [
      'a rule gets a higher cap',
      { colourRules: [{ ...RULE, capPerHour: 99, retiredAt: AT, retiredBy: idOf(1) }] },
    ],
    ['a retired rule comes back', { colourRules: [{ ...retired, retiredAt: null, retiredBy: null }] }],
    ['a retired rule is retired again', { colourRules: [{ ...retired, retiredAt: AT + 10 }] }],
    ['a change of colour is written twice', { colourChanges: [colourChangeRow(1)] }],
    ['an invocation has a known id', { invocations: [{ ...INVOCATION, key: 'second' }] }],
    ['an invocation has a known key', { invocations: [{ ...INVOCATION, id: idOf(92) }] }],
    ['a decided appeal is decided again', { appeals: [{ ...rejected, state: 'accepted' }] }],
    ['an appeal is about another change', { appeals: [{ ...APPEAL, state: 'accepted', changeId: idOf(1) }] }],
    ['a job goes back', { revocationJobs: [{ ...JOB, done: 1, cursor: idOf(1) }] }],
    ['a job that ended goes on', { revocationJobs: [{ ...done, done: 6 }] }],
    ['a job gets another scope', { revocationJobs: [{ ...JOB, done: 9, cursor: idOf(9), scope: '{}' }] }],
    ['a key has the public key of another', { apiKeys: [{ ...officer, id: 'p'.repeat(16) }] }],
    ['a key gets another public key', { apiKeys: [{ ...confirmed, publicKey: '{"x":"2"}', revokedAt: AT }] }],
    ['a key gets another maker', { apiKeys: [{ ...confirmed, createdBy: 'x', revokedAt: AT }] }],
    ['a key is confirmed again', { apiKeys: [confirmed] }],
    ['a key is confirmed by somebody else', { apiKeys: [{ ...confirmed, confirmedBy: 'y' }] }],
    ['a key is no longer confirmed', { apiKeys: [{ ...officer, revokedAt: AT }] }],
  ];
  for (const [what, change] of refused) {
    await t.test(`refused: ${what}`, async (t) => {
      const store = await opened(t, open, 2);
      await put(store, {
        proposals: [proposalRow(1), proposalRow(2)],
        colourRules: [RULE, { ...retired, retiredAt: null, retiredBy: null }],
        colourChanges: [colourChangeRow(1)],
        invocations: [INVOCATION],
        appeals: [APPEAL, rejected],
        revocationJobs: [{ ...JOB, done: 2, cursor: idOf(2) }, done],
        apiKeys: [officer],
      });
      await put(store, { proposals: [decided], colourRules: [retired], apiKeys: [confirmed] });
      const before = await everyDecision(store);
      const extra = { colourChanges: [colourChangeRow(2), ...(change.colourChanges ?? [])] };
      await t.rejects(put(store, { ...change, ...extra }), CONFLICT);
      t.strictSame(await everyDecision(store), before);
    });
  }

  const dangling: [string, Omit<Change, 'log'>][] = [
    ['a rule without its proposal', { colourRules: [{ ...RULE, proposalId: idOf(8) }] }],
    ['a change of no credential', { colourChanges: [colourChangeRow(8)] }],
    ['an invocation held in no proposal', { invocations: [{ ...INVOCATION, proposalId: idOf(8) }] }],
    ['an appeal for no credential', { appeals: [{ ...APPEAL, credentialId: idOf(8) }] }],
    ['a job without its proposal', { revocationJobs: [{ ...JOB, id: idOf(8) }] }],
  ];
  for (const [what, change] of dangling) {
    await t.test(`a reference to nothing: ${what}`, async (t) => {
      const store = await opened(t, open, 1);
      await t.rejects(put(store, change), FAILED);
    });
  }

  await t.test('a confirmed key is revoked, and keeps who confirmed it', async (t) => {
    const store = await opened(t, open, 1);
    await put(store, { apiKeys: [officer] });
    await put(store, { apiKeys: [confirmed] });
    await put(store, { apiKeys: [{ ...confirmed, revokedAt: AT }] });
    t.strictSame(await store.apiKeys(), [{ ...confirmed, revokedAt: AT }]);
  });
}

async function everyDecision(store: Store) {
  return {
    proposals: await store.proposals('', 100),
    rules: await store.colourRules(),
    changes: await store.colourChanges(idOf(90), '', 100),
    appeals: await store.appeals('', 100),
    jobs: [await store.findRevocationJob(idOf(1)), await store.findRevocationJob(idOf(2))],
    invocation: await store.findInvocation(idOf(90)),
    keys: await store.apiKeys(),
    head: await store.head(),
  };
}
