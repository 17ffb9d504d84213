import { setImmediate } from 'node:timers/promises';
import t from 'tap';
import { sha256 } from '../../../src/adapters/crypto-node.js';
import { auditLog } from '../../../src/core/issue/log-audit.js';
import type { Store } from '../../../src/core/issue/store.js';
import { type DeskOfficer, openDesk, red } from '../../support/desk.js';
import { STATUS_BASE } from '../../support/office.js';
import { proposed, signed } from '../../support/officers.js';
import { refusal } from '../../support/refusal.js';

const RED = 0x0d;
const audit = (store: Store) => auditLog({ store, sha256, nextTurn: setImmediate });

t.test('two officers change a colour; everything about it is kept', async (t) => {
  const { desk, store, officers, issue, propose, approve, levels } = await openDesk();
  const [first, second] = officers;
  const ids = await issue(3);
  const proposal = await propose(first, 'colour', red(ids));
  t.match(proposal, { state: 'open', size: 3, proposedBy: first.id, decidedBy: null });
  t.same(await levels(ids), [0, 0, 0], 'nothing happens yet');
  const approved = await approve(second, proposal);
  t.match(approved, { state: 'approved', decidedBy: second.id });
  t.same(await levels(ids), [RED, RED, RED]);
  t.strictSame(await desk.find(proposal.id), approved);
  t.match(await store.colourChangesOf(ids[0] ?? '', 10), [
    {
      changeId: proposal.id,
      by: 'proposal',
      actor: second.id,
      fromLevel: 0,
      toLevel: RED,
      purpose: 'outbreak',
      evidence: 'case 26-3',
    },
  ]);
  const entries = (await store.log(0, 1_000)).slice(-3);
  t.same(
    entries.map(({ type }) => type),
    ['proposal_opened', 'proposal_approved', 'states_changed'],
  );
  t.match(JSON.parse(entries[2]?.body ?? ''), {
    credentials: ids,
    level: RED,
    change: proposal.id,
    by: 'proposal',
  });
  t.equal(desk.figures().byHand, 3);
  t.match(await audit(store), { ok: true });
});

t.test('suspending and reinstating by hand keep the colour underneath', async (t) => {
  const { officers, issue, propose, approve, levels, now } = await openDesk();
  const [first, second] = officers;
  const ids = await issue(1);
  const change = async (body: object) => {
    now.at += 60;
    await approve(second, await propose(first, 'colour', { ...red(ids), ...body }));
    return levels(ids);
  };
  t.same(await change({}), [RED]);
  const { level: _level, ...others } = red(ids);
  const stateOnly = async (action: string) => {
    await approve(second, await propose(first, 'colour', { ...others, action }));
    return levels(ids);
  };
  t.same(await stateOnly('suspend'), [2]);
  t.same(await stateOnly('reinstate'), [RED]);
});

t.test('whoever is not another live officer decides nothing', async (t) => {
  const { desk, apiKeys, admins, officers, service, issue, propose, approve, now } = await openDesk();
  const [first, second, third] = officers;
  const ids = await issue(1);
  const proposal = await propose(first, 'colour', red(ids));
  const by = (id: string) =>
    desk.decide(id, proposal.id, {
      action: 'approve',
      jws: signed(second, proposal.hash, 'approve', now.at),
    });
  for (const [who, id, rule] of [
    ['who proposed it', first.id, 'same_person'],
    ['an administrator', admins[0], 'not_an_officer'],
    ['a rule service', service, 'not_an_officer'],
    ['the socket', 'local', 'not_an_officer'],
    ['nobody', 'nobody', 'not_an_officer'],
    ['an officer with somebody else’s signature', third.id, 'approval_signature'],
  ] as const)
    t.match(await refusal(by(id)), { code: 'forbidden', rule }, who);
  t.match(await refusal(desk.decide(second.id, proposal.id, { action: 'withdraw' })), {
    rule: 'not_the_proposer',
  });
  await apiKeys.revoke(admins[0], second.id);
  t.match(await refusal(by(second.id)), { rule: 'not_an_officer' }, 'revoked since');
  await apiKeys.revoke(admins[0], first.id);
  t.match(await refusal(approve(third, proposal)), { rule: 'proposer_gone' });
  t.match(await refusal(propose(first, 'colour', red(ids))), { rule: 'not_an_officer' });
});

t.test('a proposal is decided once, and expires after a day', async (t) => {
  const { desk, officers, issue, propose, approve, now, levels } = await openDesk();
  const [first, second, third] = officers;
  const ids = await issue(4);
  const each = (n: number) => propose(first, 'colour', red(ids.slice(n, n + 1)));
  const raced = await each(0);
  const outcomes = await Promise.allSettled([approve(second, raced), approve(third, raced)]);
  t.same(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  const rejected = await each(1);
  await desk.decide(second.id, rejected.id, {
    action: 'reject',
    jws: signed(second, rejected.hash, 'reject', now.at),
  });
  t.match(await refusal(approve(third, rejected)), { code: 'conflict', rule: 'rejected' });
  const withdrawn = await each(2);
  await desk.decide(first.id, withdrawn.id, { action: 'withdraw' });
  t.match(await refusal(approve(second, withdrawn)), { code: 'conflict', rule: 'withdrawn' });
  const expiring = await each(3);
  t.same(
    (await desk.list('', 10, true)).map(({ id }) => id),
    [expiring.id],
  );
  now.at += 86_400;
  t.match(await refusal(approve(second, expiring)), { code: 'conflict', rule: 'expired' });
  t.same(await desk.list('', 10, true), []);
  t.equal((await desk.list('', 10, false)).length, 4);
  t.same(await levels(ids), [RED, 0, 0, 0]);
  t.match(await refusal(desk.decide(second.id, 'a'.repeat(26), { action: 'withdraw' })), {
    code: 'not_found',
  });
});

t.test('what somebody changed meanwhile is not changed, nor anything beside it', async (t) => {
  const { registry, officers, issue, propose, approve, levels } = await openDesk();
  const [first, second] = officers;
  const ids = await issue(3);
  const [a = '', b = '', c = ''] = ids;
  const proposal = await propose(first, 'colour', red([a, b]));
  const other = await propose(second, 'colour', { ...red([b, c]), level: 'yellow' });
  await approve(first, other);
  t.match(await refusal(approve(second, proposal)), { code: 'conflict', rule: 'changed_meanwhile' });
  const revoked = await propose(first, 'colour', red([a]));
  await registry.changeState('office', a, { action: 'revoke', reason: 'fraud' });
  t.match(await refusal(approve(second, revoked)), { code: 'conflict' });
  t.same(await levels(ids), [1, 0x0c, 0x0c]);
});

t.test('a body that says too little, too much or the wrong thing is refused with its field', async (t) => {
  const { registry, officers, issue, propose, desk, now } = await openDesk();
  const [first] = officers;
  const withShortNonce = (by: DeskOfficer, type: string, body: Record<string, unknown>) =>
    desk.propose(by.id, proposed(by, type, body, now.at));
  const ids = await issue(2);
  const [licence = ''] = await issue(1, 'food-handler');
  const [revoked = ''] = await issue(1);
  await registry.changeState('office', revoked, { action: 'revoke', reason: 'fraud' });
  const sound = red(ids);
  const rows: readonly [what: string, type: string, body: Record<string, unknown>, expected: object][] = [
    ['an unknown type', 'colours', sound, { code: 'invalid_request', field: 'type' }],
    ['what nobody proposes', 'held', sound, { code: 'invalid_request', field: 'type' }],
    ['a name of every object', 'constructor', sound, { code: 'invalid_request', field: 'type' }],
    [
      'a stranger among the members',
      'colour',
      { ...sound, note: 'x' },
      { code: 'invalid_request', field: 'body' },
    ],
    [
      'an unknown action',
      'colour',
      { ...sound, action: 'revoke' },
      { code: 'invalid_request', field: 'body.action' },
    ],
    [
      'an unknown level',
      'colour',
      { ...sound, level: 'blue' },
      { code: 'invalid_request', field: 'body.level' },
    ],
    [
      'a level to suspend to',
      'colour',
      { ...sound, action: 'suspend' },
      { code: 'invalid_request', field: 'body.level' },
    ],
    ['nobody', 'colour', red([]), { code: 'invalid_request', field: 'body.credentials' }],
    ['one twice', 'colour', red([...ids, ...ids]), { code: 'invalid_request', field: 'body.credentials' }],
    [
      'fifty-one',
      'colour',
      red(Array.from({ length: 51 }, (_, n) => `${n}`)),
      { code: 'invalid_request', field: 'body.credentials' },
    ],
    [
      'one who is not there',
      'colour',
      red([...ids, 'x'.repeat(26)]),
      { code: 'not_found', field: 'body.credentials.2' },
    ],
    ['a licence', 'colour', red([licence]), { code: 'invalid_request', field: 'body.credentials.0' }],
    ['a revoked one', 'colour', red([revoked]), { code: 'conflict', field: 'body.credentials.0' }],
    [
      'one that is so already',
      'colour',
      { ...sound, level: 'green' },
      { code: 'conflict', field: 'body.credentials.0' },
    ],
    [
      'a short nonce',
      'colour',
      { ...sound, nonce: 'short' },
      { code: 'invalid_request', field: 'body.nonce' },
    ],
  ];
  for (const [what, type, body, expected] of rows) {
    const asked = 'nonce' in body ? withShortNonce(first, type, body) : propose(first, type, body);
    t.match(await refusal(asked), expected, what);
  }
});

t.test('caps count what is open and what was done, and let go of both after a day', async (t) => {
  const { desk, officers, issue, propose, approve, now } = await openDesk(5);
  const [first, second] = officers;
  const ids = await issue(12);
  const cap = { code: 'forbidden', rule: 'daily_cap' };
  const open = await propose(first, 'colour', red(ids.slice(0, 3)));
  const together = await Promise.allSettled([
    propose(first, 'colour', red(ids.slice(3, 5))),
    propose(second, 'colour', red(ids.slice(5, 7))),
  ]);
  t.same(together.map(({ status }) => status).sort(), ['fulfilled', 'rejected'], 'asked for at once');
  await desk.decide(first.id, open.id, { action: 'withdraw' });
  const next = await propose(first, 'colour', red(ids.slice(7, 10)));
  t.match(await refusal(propose(second, 'colour', red(ids.slice(10, 11)))), cap);
  now.at += 3_600;
  await approve(second, next);
  now.at += 86_400 - 3_600;
  const expired = await propose(second, 'colour', red(ids.slice(10, 12)));
  t.match(
    await refusal(propose(second, 'colour', red(ids.slice(0, 1)))),
    cap,
    'what was approved later still counts',
  );
  await desk.decide(second.id, expired.id, { action: 'withdraw' });
  now.at += 3_600;
  await propose(second, 'colour', red(ids.slice(0, 3)));
  const none = await openDesk(0);
  const nobody = none.propose(none.officers[0], 'colour', red(await none.issue(1)));
  t.match(await refusal(nobody), cap, 'a cap of nothing lets nothing by');
});

t.test('an approval of unknown outcome shows what was written', async (t) => {
  for (const when of ['before', 'after'] as const) {
    const { store, arena, registry, officers, issue, propose, approve, levels } = await openDesk();
    const [first, second] = officers;
    const ids = await issue(2);
    const proposal = await propose(first, 'colour', red(ids));
    store.failNext(when);
    t.match(await refusal(approve(second, proposal)), { code: 'store_failed' });
    const expected = when === 'after' ? RED : 0;
    t.same(await levels(ids), [expected, expected]);
    const [encoding] = (await registry.find(ids[0] ?? ''))?.encodings ?? [];
    const shown = arena.find(STATUS_BASE, encoding?.list ?? 0, encoding?.index ?? 0);
    t.match(shown, { value: expected }, 'the mirror too');
    t.match(await audit(store), { ok: true });
  }
});
