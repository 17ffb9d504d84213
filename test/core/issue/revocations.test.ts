import { setImmediate as nextTurn } from 'node:timers/promises';
import t from 'tap';
import { KINDS } from '../../../src/core/credential/kind-table.js';
import { readRevocation } from '../../../src/core/issue/revocation-proposal.js';
import { createRevocations } from '../../../src/core/issue/revocations.js';
import { type Desk, openDesk, red } from '../../support/desk.js';
import { issueRequest, NOW } from '../../support/office.js';
import { proposed, withNonce } from '../../support/officers.js';
import { refuses } from '../../support/refusal.js';

const SCOPE = { batch: 'spoilt' };

async function issueBatch({ registry }: Desk, count: number, kind = 'health-code'): Promise<string[]> {
  const request = issueRequest(kind, SCOPE);
  const issued = await Promise.all(Array.from({ length: count }, () => registry.issue('office', request)));
  return issued.map(({ encodings }) => encodings[0]?.code ?? '');
}

const bodyFor = (count: number) =>
  withNonce({ scope: SCOPE, count, purpose: 'printer stolen', evidence: 'case 9' });

function propose(desk: Desk, count: number) {
  const [officer] = desk.officers;
  const { body, jws } = proposed(officer, 'revocation', bodyFor(count), NOW);
  return desk.revocations.propose(officer.id, body, jws);
}

t.test('one officer counts and proposes, another approves, and then it runs', async (t) => {
  const desk = await openDesk();
  const codes = await issueBatch(desk, 12);
  const { count } = await desk.revocations.count(SCOPE);
  t.equal(count, 12);
  const proposal = await propose(desk, count);
  t.match(await desk.revocations.find(proposal.id), { proposal: { state: 'open', size: 12 }, job: null });
  t.same([...new Set(codes.map((code) => desk.verify(code).reason))], ['ok'], 'nothing is revoked before');
  await refuses(t, desk.approve(desk.officers[0], proposal), 'forbidden');
  await desk.approve(desk.officers[1], proposal);
  await desk.jobs.idle();
  t.match(await desk.revocations.find(proposal.id), { job: { state: 'done', done: 12, total: 12 } });
  t.same([...new Set(codes.map((code) => desk.verify(code).reason))], ['revoked']);
  t.strictSame(desk.jobs.figures(), { revoked: 12, stopped: 0 });
});

t.test('the record of a colour tells who revoked it and what for', async (t) => {
  const desk = await openDesk();
  await issueBatch(desk, 1);
  const proposal = await propose(desk, 1);
  await desk.approve(desk.officers[1], proposal);
  await desk.jobs.idle();
  const [row] = await desk.store.colourChanges(proposal.id, '', 10);
  t.match(row, {
    by: 'proposal',
    actor: desk.officers[1].id,
    toRevoked: true,
    purpose: 'printer stolen',
    evidence: 'case 9',
  });
});

t.test('a count that nobody can have found is not proposed', async (t) => {
  const desk = await openDesk();
  await issueBatch(desk, 12);
  for (const count of [1, 10, 14, 500_000]) await refuses(t, propose(desk, count), 'conflict', 'count');
  t.equal((await propose(desk, 11)).size, 11, 'a tenth is what may change meanwhile');
});

t.test('who signs a smaller number than there is gets nothing revoked', async (t) => {
  const desk = await openDesk();
  const codes = await issueBatch(desk, 12);
  const proposal = await desk.propose(desk.officers[0], 'revocation', bodyFor(1));
  await desk.approve(desk.officers[1], proposal);
  await desk.jobs.idle();
  t.match(await desk.revocations.find(proposal.id), { job: { done: 0, failure: 'conflict' } });
  t.same([...new Set(codes.map((code) => desk.verify(code).reason))], ['ok']);
  t.strictSame(desk.jobs.figures(), { revoked: 0, stopped: 1 });
});

t.test('a rejected one never runs', async (t) => {
  const desk = await openDesk();
  await issueBatch(desk, 2);
  const proposal = await propose(desk, 2);
  await desk.desk.decide(desk.officers[0].id, proposal.id, { action: 'withdraw' });
  await desk.jobs.idle();
  t.match(await desk.revocations.find(proposal.id), { proposal: { state: 'withdrawn' }, job: null });
});

t.test('another proposal is no revocation', async (t) => {
  const desk = await openDesk();
  const ids = await desk.issue(1);
  const proposal = await desk.propose(desk.officers[0], 'colour', red(ids));
  t.equal(await desk.revocations.find(proposal.id), undefined);
});

t.test('two counts run at a time, a third is told to come later', async (t) => {
  const desk = await openDesk();
  let turn: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    turn = resolve;
  });
  const revocations = createRevocations({
    store: desk.store,
    kinds: KINDS,
    nextTurn: () => held,
    proposals: desk.desk,
  });
  const under = [revocations.count(SCOPE), revocations.count(SCOPE)];
  await nextTurn();
  await refuses(t, revocations.count(SCOPE), 'overloaded');
  turn();
  t.same(
    (await Promise.all(under)).map(({ count }) => count),
    [0, 0],
  );
  t.equal((await revocations.count(SCOPE)).count, 0, 'and later it is served');
});

const BODY = bodyFor(5);
const refused: [string, object, string][] = [
  ['no scope', { scope: undefined }, 'body.scope'],
  ['a scope of everything', { scope: {} }, 'body.scope'],
  ['an unknown kind', { scope: { kind: 'passport' } }, 'body.scope.kind'],
  ['a count of none', { count: 0 }, 'body.count'],
  ['a count in words', { count: 'five' }, 'body.count'],
  ['no purpose', { purpose: '' }, 'body.purpose'],
  ['no evidence', { evidence: undefined }, 'body.evidence'],
  ['a line break', { evidence: 'a\nb' }, 'body.evidence'],
  ['a stranger', { force: true }, 'body'],
];
for (const [what, change, field] of refused) {
  t.test(`a body is refused: ${what}`, (t) => {
    t.throws(() => readRevocation({ ...BODY, ...change }, KINDS), { code: 'invalid_request', field });
    t.end();
  });
}
