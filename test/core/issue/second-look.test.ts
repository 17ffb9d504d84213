import { setImmediate } from 'node:timers/promises';
import t from 'tap';
import { sha256 } from '../../../src/adapters/crypto-node.js';
import type { Issued, IssueHeld, IssueRequest } from '../../../src/core/issue/commands.js';
import { auditLog } from '../../../src/core/issue/log-audit.js';
import { type Desk, openDesk } from '../../support/desk.js';
import { issueRequest } from '../../support/office.js';
import { newPerson, signed } from '../../support/officers.js';
import { refusal } from '../../support/refusal.js';

/** Draws 0, 1/4, 1/2, 3/4, and again; everything else that is random is made of the same. */
function quarters() {
  let drawn = 0;
  return (size: number): Uint8Array => {
    const bytes = new Uint8Array(size);
    crypto.getRandomValues(bytes);
    if (size === 4) bytes.set([(drawn++ % 4) * 64, 0, 0, 0]);
    return bytes;
  };
}

const shares = (share: number): ReadonlyMap<string, number> => new Map([['health-code', share]]);
const always = () => openDesk(100, { shares: shares(1) });

async function waits({ registry }: Desk, principal = 'local', change: Partial<IssueRequest> = {}) {
  const answer = await registry.request(principal, issueRequest('health-code', change));
  if (!('held' in answer)) throw new Error('It was issued.');
  return answer.held;
}

const isHeld = (answer: Issued | IssueHeld): boolean => 'held' in answer;

async function decide(
  desk: Desk,
  proposalId: string,
  action: 'approve' | 'reject',
  officer = desk.officers[0],
) {
  const { hash } = (await desk.desk.find(proposalId)) ?? { hash: '' };
  return desk.desk.decide(officer.id, proposalId, {
    action,
    jws: signed(officer, hash, action, desk.now.at),
  });
}

t.test('the share that waits is the share that is configured, and the rest is issued at once', async (t) => {
  const desk = await openDesk(100, { shares: shares(0.5), draw: quarters() });
  const answers: boolean[] = [];
  for (let n = 0; n < 8; n++) answers.push(isHeld(await desk.registry.request('local', issueRequest())));
  t.same(answers, [true, true, false, false, true, true, false, false]);
  t.notOk(
    isHeld(await desk.registry.request('local', issueRequest('food-handler'))),
    'other kinds never wait',
  );
  const demo = await desk.registry.request('local', issueRequest('health-code', { demo: true }));
  t.notOk(isHeld(demo), 'nor does the demo');
});

t.test('nothing is signed before a second person approved it, and then once', async (t) => {
  const desk = await always();
  const held = await waits(desk);
  t.equal((await desk.store.credentials('', 10)).length, 0);
  t.match(await desk.held.find(held.id), { state: 'open' });
  t.match(await refusal(desk.held.claim('local', held.id)), { code: 'conflict', rule: 'open' });
  await decide(desk, held.proposalId, 'approve');
  t.match(await desk.held.find(held.id), { state: 'approved' });
  t.match(await refusal(desk.held.claim('other', held.id)), { code: 'not_found' });
  desk.now.at += 3_600;
  const issued = await desk.held.claim('local', held.id);
  t.match(issued, {
    replayed: false,
    credential: { operator: 'desk-7', issuedAt: desk.now.at, principal: 'local' },
  });
  t.match(desk.verify(issued.encodings[0]?.code ?? ''), { credential: { outcome: 'valid' } });
  const again = await desk.held.claim('local', held.id);
  t.match(again, { replayed: true, credential: { id: issued.credential.id } });
  t.match(await desk.held.find(held.id), { state: 'issued', row: { content: null } });
  const types = (await desk.store.log(0, 100)).map(({ type }) => type).slice(-5);
  t.same(types, ['proposal_opened', 'issue_held', 'proposal_approved', 'issued', 'held_issued']);
  t.match(await auditLog({ store: desk.store, sha256, nextTurn: setImmediate }), { ok: true });
});

t.test('fetched twice at once it is issued once', async (t) => {
  const desk = await always();
  const held = await waits(desk);
  await decide(desk, held.proposalId, 'approve');
  const both = await Promise.all([desk.held.claim('local', held.id), desk.held.claim('local', held.id)]);
  t.equal(new Set(both.map(({ credential }) => credential.id)).size, 1);
  t.equal((await desk.store.credentials('', 10)).length, 1);
});

t.test('the log and what is left at the end say nothing of the person', async (t) => {
  const desk = await always();
  const held = await waits(desk);
  const { holderName, holderId } = issueRequest().claims as Record<string, string>;
  t.notMatch(held.content, holderId ?? '-', 'the number is masked as in the code');
  await decide(desk, held.proposalId, 'approve');
  await desk.held.claim('local', held.id);
  const kept = [
    await desk.store.log(0, 100),
    await desk.store.findHeldIssue(held.id),
    await desk.store.proposals('', 9),
  ];
  for (const name of [holderName, holderId, held.content])
    t.notOk(JSON.stringify(kept).includes(name ?? '-'), 'nowhere');
});

t.test('what is refused is erased, and never signed', async (t) => {
  const desk = await always();
  const held = await waits(desk);
  await decide(desk, held.proposalId, 'reject');
  t.match(await desk.held.find(held.id), { state: 'rejected', row: { content: null, credentialId: null } });
  t.match(await refusal(desk.held.claim('local', held.id)), { code: 'conflict', rule: 'rejected' });
});

t.test('what nobody decides or fetches is erased in time', async (t) => {
  const desk = await always();
  const open = await waits(desk);
  const approved = await waits(desk);
  await decide(desk, approved.proposalId, 'approve');
  desk.now.at += 86_400;
  t.match(await desk.held.find(open.id), { state: 'expired' });
  t.match(await refusal(decide(desk, open.proposalId, 'approve')), { code: 'conflict', rule: 'expired' });
  t.notOk(await desk.held.eraseStale());
  t.match(await desk.held.find(approved.id), { state: 'approved' }, 'still to be fetched');
  desk.now.at += 2 * 86_400;
  t.match(await refusal(desk.held.claim('local', approved.id)), { rule: 'expired' });
  await desk.held.eraseStale();
  for (const { id } of [open, approved])
    t.match(await desk.held.find(id), { state: 'expired', row: { content: null } });
});

t.test('who decides is an officer, no one of the office’s making, and not the office itself', async (t) => {
  const desk = await always();
  const { apiKeys, admins } = desk;
  const made = async (by: string, scopes: readonly ['admin', 'issue'] | readonly ['issue']) =>
    (await apiKeys.create(by, { name: 'office', scopes, expiresAt: null })).row.id;
  const office = await made(admins[1], ['issue']);
  const held = await waits(desk, office);
  await t.resolves(decide(desk, held.proposalId, 'approve'), 'an officer whom another administrator made');
  const ofMaker = await waits(desk, admins[0]);
  t.match(
    await refusal(decide(desk, ofMaker.proposalId, 'approve')),
    { rule: 'same_origin' },
    'officers whom the office itself made',
  );
  const root = await made('local', ['admin', 'issue']);
  const child = await made(root, ['admin', 'issue']);
  const person = newPerson();
  const request = { name: 'o', scopes: ['officer'], expiresAt: null, publicKey: person.publicKey } as const;
  const { row } = await apiKeys.create(child, request);
  await apiKeys.confirm(admins[1], row.id);
  const ofRoot = await waits(desk, root);
  const grandchild = { ...person, id: row.id };
  t.match(
    await refusal(decide(desk, ofRoot.proposalId, 'approve', grandchild)),
    { rule: 'same_origin' },
    'nor one whom it made by way of a key in between',
  );
  await t.resolves(decide(desk, ofRoot.proposalId, 'approve'), 'another officer does');
  const revoked = await waits(desk, office);
  await apiKeys.revoke('local', office);
  t.match(
    await refusal(decide(desk, revoked.proposalId, 'approve')),
    { rule: 'proposer_gone' },
    'a stolen desk',
  );
});

t.test('the same idempotency key asks for the same, before and after', async (t) => {
  const desk = await always();
  const key = { idempotencyKey: 'k' };
  const held = await waits(desk, 'local', key);
  t.equal((await waits(desk, 'local', key)).id, held.id);
  const other = desk.registry.request('local', issueRequest('health-code', { ...key, evidence: 'other' }));
  t.match(await refusal(other), { code: 'idempotency_conflict' });
  await decide(desk, held.proposalId, 'approve');
  const { credential } = await desk.held.claim('local', held.id);
  const replayed = await desk.registry.request('local', issueRequest('health-code', key));
  t.match(replayed, { replayed: true, credential: { id: credential.id } });
});

t.test('what was issued before the share was set is not held when it is asked for again', async (t) => {
  const desk = await openDesk(100, { shares: shares(0.25), draw: quarters() });
  await waits(desk);
  const key = { idempotencyKey: 'k' };
  const issued = await desk.registry.request('local', issueRequest('health-code', key));
  for (let n = 0; n < 4; n++)
    t.match(await desk.registry.request('local', issueRequest('health-code', key)), {
      ...issued,
      replayed: true,
    });
});

t.test('what is not fit is refused at once, and what was changed behind the log is not signed', async (t) => {
  const desk = await always();
  const unfit = desk.registry.request('local', issueRequest('health-code', { region: '440103' }));
  t.match(await refusal(unfit), { code: 'invalid_request', field: 'region' });
  const held = await waits(desk);
  await decide(desk, held.proposalId, 'approve');
  const found = desk.store.findHeldIssue;
  const edited = {
    ...held,
    content: (held.content ?? '').replace('screen', 'paper').replace('"salt":"', '"salt":"x'),
  };
  Object.assign(desk.store, { findHeldIssue: async () => edited });
  t.match(await refusal(desk.held.claim('local', held.id)), { code: 'conflict', rule: 'changed' });
  Object.assign(desk.store, { findHeldIssue: found });
  await t.resolves(desk.held.claim('local', held.id));
});

t.test('a fetch of unknown outcome is issued once', async (t) => {
  for (const when of ['before', 'after'] as const) {
    const desk = await always();
    const held = await waits(desk);
    await decide(desk, held.proposalId, 'approve');
    desk.store.failNext(when);
    t.match(await refusal(desk.held.claim('local', held.id)), { code: 'store_failed' });
    t.match(await desk.held.claim('local', held.id), { replayed: when === 'after' });
    t.equal((await desk.store.credentials('', 10)).length, 1, when);
  }
});

t.test(
  'an office issues so many of a kind in a day, waiting ones included, also after a restart',
  async (t) => {
    const issuesPerDay = new Map([['health-code', 3]]);
    const desk = await openDesk(100, { issuesPerDay, shares: shares(0.25), draw: quarters() });
    const ask = (principal: string, kind = 'health-code') =>
      desk.registry.request(principal, issueRequest(kind));
    const asked = await Promise.all([ask('office'), ask('office'), ask('office')]);
    t.same(asked.map(isHeld), [true, false, false]);
    const spent = { code: 'rate_limited', rule: 'issue_quota' };
    t.match(await refusal(ask('office')), spent);
    t.match(await refusal(ask('office')), { retryAfterSeconds: Number });
    await t.resolves(ask('other'), 'another office');
    await t.resolves(ask('office', 'food-handler'), 'another kind');
    const demo = issueRequest('health-code', { demo: true });
    await t.resolves(desk.registry.issue('office', demo), 'the demo');
    const again = await desk.restart();
    t.match(
      await refusal(again.registry.request('office', issueRequest())),
      spent,
      'a restart forgets nothing',
    );
    desk.now.at -= 86_400;
    t.match(
      await refusal(again.registry.request('office', issueRequest())),
      spent,
      'a clock set back begins no day',
    );
    desk.now.at += 2 * 86_400;
    await t.resolves(again.registry.request('office', issueRequest()), 'the next day');
  },
);
