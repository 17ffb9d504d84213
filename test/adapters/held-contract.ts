// The part of the store contract about requests that wait for a second person, and about counts of issues.

import type { Test } from 'tap';
import type { ProposalRow } from '../../src/core/issue/decision-rows.js';
import type { HeldIssueRow, IssueCountRow } from '../../src/core/issue/held-rows.js';
import { idOf } from './store-rows.js';
import { CONFLICT, commit, FAILED, type Open, opened } from './store-session.js';

const AT = 1_700_000_000;

function heldProposal(n: number): ProposalRow {
  const undecided = { state: 'open', decidedBy: null, decidedAt: null, deciderJws: null } as const;
  const hash = String(n).padStart(64, '0');
  const asked = {
    type: 'issue',
    body: '{}',
    hash,
    size: 1,
    seen: '',
    proposedBy: 'office',
    proposerJws: null,
  };
  return { id: idOf(n), ...asked, proposedAt: AT, ...undecided };
}

function heldRow(n: number, change: Partial<HeldIssueRow> = {}): HeldIssueRow {
  return {
    id: idOf(100 + n),
    proposalId: idOf(n),
    principal: 'office',
    kind: 'health-code',
    region: '330102',
    operator: 'desk 4',
    evidence: 'file 17',
    key: `request ${n}`,
    requestHash: 'ab'.repeat(32),
    content: '{"claims":{}}',
    heldAt: AT + n,
    credentialId: null,
    ...change,
  };
}

const countRow = (day: string, count: number): IssueCountRow => ({
  principal: 'office',
  kind: 'health-code',
  day,
  count,
});

export async function heldRequests(t: Test, open: Open): Promise<void> {
  await t.test(
    'what waits is found by its id and its key, and of it only the content goes, once',
    async (t) => {
      const store = await opened(t, open, 2);
      const rows = [1, 2, 3].map((n) => heldRow(n, n === 3 ? { key: null } : {}));
      const proposals = [1, 2, 3].map(heldProposal);
      await commit(store, 'issue_held', { proposals, heldIssues: rows });
      const [first, second, third] = rows as [HeldIssueRow, HeldIssueRow, HeldIssueRow];
      t.strictSame(await store.findHeldIssue(first.id), first);
      t.strictSame(await store.findHeldIssueByKey('office', 'request 2'), second);
      t.equal(await store.findHeldIssueByKey('other', 'request 2'), undefined);
      t.equal(await store.findHeldIssue(idOf(999)), undefined);
      t.strictSame(await store.staleHeldIssues(AT + 2, 10), [first, second]);
      t.strictSame(await store.staleHeldIssues(AT + 9, 1), [first]);
      const issued = { ...first, content: null, credentialId: idOf(1) };
      const erased = { ...third, content: null };
      await commit(store, 'held_issued', { heldIssues: [issued] });
      await commit(store, 'held_erased', { heldIssues: [erased] });
      t.strictSame(await store.findHeldIssue(first.id), issued);
      t.strictSame(await store.staleHeldIssues(AT + 9, 10), [second]);
      const refused: readonly HeldIssueRow[] = [
        first,
        { ...issued, credentialId: idOf(2) },
        { ...erased, credentialId: idOf(1) },
        { ...second, content: '{"claims":{"a":1}}' },
        { ...second, content: null, principal: 'other' },
        heldRow(1, { id: idOf(300) }),
      ];
      for (const row of refused) await t.rejects(commit(store, 'x', { heldIssues: [row] }), CONFLICT);
      await t.rejects(
        commit(store, 'x', { heldIssues: [heldRow(9, { key: 'other' })] }),
        FAILED,
        'no proposal',
      );
      await t.rejects(store.staleHeldIssues(AT, 0), { code: 'invalid_request' });
    },
  );

  await t.test('counts of an office grow from day to day and in a day', async (t) => {
    const store = await opened(t, open, 1);
    t.strictSame(await store.issueCounts(), []);
    for (const row of [countRow('2026-01-02', 1), countRow('2026-01-02', 5), countRow('2026-01-03', 1)]) {
      await commit(store, 'issued', { issueCounts: [row] });
      t.strictSame(await store.issueCounts(), [row]);
    }
    for (const row of [countRow('2026-01-03', 1), countRow('2026-01-02', 9)])
      await t.rejects(commit(store, 'issued', { issueCounts: [row] }), CONFLICT);
    await commit(store, 'issued', { issueCounts: [{ ...countRow('2026-01-01', 1), kind: 'food-handler' }] });
    t.equal((await store.issueCounts()).length, 2);
  });
}
