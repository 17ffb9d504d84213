import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import t from 'tap';
import { sha256 } from '../../../src/adapters/crypto-node.js';
import { ruleInForce } from '../../../src/core/issue/colour-rules.js';
import type { ColourRuleRow } from '../../../src/core/issue/decision-rows.js';
import { auditLog } from '../../../src/core/issue/log-audit.js';
import { contactRule, type Desk, openDesk, red } from '../../support/desk.js';
import { refusal } from '../../support/refusal.js';

const RED = 0x0d;
const YELLOW = 0x0c;

async function enact({ officers: [first, second], propose, approve }: Desk, change: object = {}) {
  return approve(second, await propose(first, 'rule', contactRule({ ...change })));
}

function invoke({ desk, service }: Desk, credentials: readonly string[], key: string, change: object = {}) {
  const sound = { rule: 'contact', version: 1, evidence: 'case 9', purpose: 'outbreak' };
  return desk.invoke(service, { ...sound, credentials, idempotencyKey: key, ...change });
}

t.test('a rule in force changes whom it fits and leaves the others', async (t) => {
  const world = await openDesk();
  const { desk, registry, store, issue, levels, officers, propose, approve } = world;
  await enact(world, { from: ['green'] });
  const ids = await issue(4);
  const [a = '', b = '', c = '', d = ''] = ids;
  await approve(officers[1], await propose(officers[0], 'colour', { ...red([b]), level: 'yellow' }));
  await registry.changeState('office', c, { action: 'revoke', reason: 'fraud' });
  const made = await invoke(world, ids, 'one');
  t.match(made, { changed: 2, unchanged: 2, held: 0, proposalId: null, replayed: false });
  t.same(await levels(ids), [RED, YELLOW, 1, RED]);
  t.match(await store.colourChangesOf(d, 1), [
    { by: 'rule', ruleId: 'contact', ruleVersion: 1, changeId: made.id, fromLevel: 0 },
  ]);
  t.match(await invoke(world, ids, 'one'), { id: made.id, replayed: true });
  t.match(await refusal(invoke(world, [a], 'one')), { code: 'idempotency_conflict' });
  t.match(await invoke(world, ids, 'two'), { changed: 0, unchanged: 4 }, 'all are so already');
  t.equal(desk.figures().byRule, 2);
  t.match(await auditLog({ store, sha256, nextTurn: setImmediate }), { ok: true });
});

t.test('what names no rule in force, or too little, changes nothing', async (t) => {
  const world = await openDesk();
  const { desk, issue, levels, officers, admins, now } = world;
  const ids = await issue(2);
  const [licence = ''] = await issue(1, 'food-handler');
  t.match(await refusal(invoke(world, ids, 'a')), { code: 'not_found' }, 'no rule yet');
  await enact(world, { validFrom: now.at + 60 });
  t.match(await refusal(invoke(world, ids, 'a')), { code: 'conflict', rule: 'not_in_force' }, 'not begun');
  now.at += 60;
  const rows: readonly [what: string, change: object, expected: object][] = [
    ['another version', { version: 2 }, { code: 'conflict', rule: 'not_in_force' }],
    ['another purpose', { purpose: 'crowd control' }, { code: 'invalid_request', field: 'purpose' }],
    ['no evidence', { evidence: '' }, { code: 'invalid_request', field: 'evidence' }],
    ['two lines of evidence', { evidence: 'a\nb' }, { code: 'invalid_request', field: 'evidence' }],
    ['nobody', { credentials: [] }, { code: 'invalid_request', field: 'credentials' }],
    ['one twice', { credentials: [ids[0], ids[0]] }, { code: 'invalid_request', field: 'credentials' }],
    ['a licence', { credentials: [licence] }, { code: 'invalid_request', field: 'credentials.0' }],
    [
      'one who is not there',
      { credentials: ['x'.repeat(26)] },
      { code: 'not_found', field: 'credentials.0' },
    ],
  ];
  for (const [what, change, expected] of rows)
    t.match(await refusal(invoke(world, ids, 'a', change)), expected, what);
  for (const id of [officers[0].id, admins[0], 'local', 'nobody']) {
    const invocation = {
      rule: 'contact',
      version: 1,
      credentials: ids,
      evidence: 'e',
      purpose: 'outbreak',
      idempotencyKey: 'a',
    };
    t.match(await refusal(desk.invoke(id, invocation)), { code: 'forbidden', rule: 'not_a_rule_service' });
  }
  t.same(await levels(ids), [0, 0]);
});

t.test('versions grow, the newest that has begun holds, and a retired one brings none back', async (t) => {
  const world = await openDesk();
  const { desk, officers, propose, approve, issue, now } = world;
  const [first, second] = officers;
  await enact(world);
  t.match(await refusal(enact(world)), { code: 'conflict', field: 'body.version' });
  const raced = await Promise.all([2, 2].map((version) => propose(first, 'rule', contactRule({ version }))));
  const outcomes: unknown[] = [];
  for (const proposal of raced) outcomes.push(await refusal(approve(second, proposal)));
  t.match(outcomes, [undefined, { code: 'conflict' }], 'of two second versions one');
  await enact(world, { version: 3, validFrom: now.at + 100 });
  const ids = await issue(1);
  t.match(await refusal(invoke(world, ids, 'a')), { rule: 'not_in_force' }, 'the first is over');
  t.match(await invoke(world, ids, 'b', { version: 2 }), { changed: 1 });
  const retire = (version: number) => propose(first, 'rule', { action: 'retire', id: 'contact', version });
  await approve(second, await retire(2));
  t.match(await refusal(invoke(world, ids, 'c', { version: 2 })), { rule: 'not_in_force' });
  t.match(await refusal(invoke(world, ids, 'c')), { rule: 'not_in_force' }, 'the first does not come back');
  t.match(await refusal(retire(2)), { code: 'conflict' });
  t.match(await refusal(retire(9)), { code: 'not_found' });
  now.at += 100;
  t.match(await invoke(world, ids, 'd', { version: 3 }), { unchanged: 1 });
  t.same(
    (await desk.rules()).map(({ version, retiredAt }) => [version, retiredAt !== null]),
    [
      [1, false],
      [2, true],
      [3, false],
    ],
  );
});

t.test('a rule that contradicts itself or its kind is not proposed', async (t) => {
  const { officers, propose } = await openDesk();
  const rows: readonly [change: object, field: string][] = [
    [{ action: 'suspend' }, 'body.action'],
    [{ id: 'Contact' }, 'body.id'],
    [{ version: 0 }, 'body.version'],
    [{ version: 1.5 }, 'body.version'],
    [{ kind: 'food-handler' }, 'body.kind'],
    [{ kind: 'moon-pass' }, 'body.kind'],
    [{ from: [] }, 'body.from'],
    [{ from: ['red'] }, 'body.from'],
    [{ from: ['revoked'] }, 'body.from'],
    [{ to: 'suspended' }, 'body.to'],
    [{ text: { en: 'x' } }, 'body.text.zh-CN'],
    [{ text: { en: 'x', 'zh-CN': 'x', de: 'x' } }, 'body.text'],
    [{ purposes: [] }, 'body.purposes'],
    [{ capPerHour: 0 }, 'body.capPerHour'],
    [{ validFrom: -1 }, 'body.validFrom'],
    [{ note: 'x' }, 'body'],
  ];
  for (const [change, field] of rows) {
    const asked = propose(officers[0], 'rule', contactRule({ ...change }));
    t.match(await refusal(asked), { code: 'invalid_request', field }, JSON.stringify(change));
  }
});

t.test('what exceeds the cap waits, and an officer lets through whoever the rule still fits', async (t) => {
  const world = await openDesk();
  const { desk, registry, store, officers, admins, apiKeys, issue, approve, levels, now, service } = world;
  await enact(world);
  const ids = await issue(9);
  const together = await Promise.all([
    invoke(world, ids.slice(0, 4), 'a'),
    invoke(world, ids.slice(4, 9), 'b'),
  ]);
  t.match(
    together,
    [
      { changed: 4, held: 0 },
      { changed: 1, held: 4 },
    ],
    'asked for at once',
  );
  const held = await desk.find(together[1]?.proposalId ?? '');
  if (held === undefined) return t.fail('held');
  t.match(held, { type: 'held', size: 4, proposedBy: service, proposerJws: null, state: 'open' });
  t.match(await refusal(desk.decide(admins[0], held.id, { action: 'approve', jws: 'x' })), {
    rule: 'not_an_officer',
  });
  await registry.changeState('office', ids[8] ?? '', { action: 'revoke', reason: 'fraud' });
  await approve(officers[0], held);
  t.same(await levels(ids), [RED, RED, RED, RED, RED, RED, RED, RED, 1]);
  t.match(desk.figures(), { byRule: 5, byHeld: 3, held: 4 });
  const [late = ''] = await issue(1);
  now.at += 3_599;
  const over = await invoke(world, [late], 'c');
  t.match(over, { changed: 0, held: 1 });
  now.at += 1;
  t.match(await invoke(world, [late], 'd'), { changed: 1, held: 0 });
  const last = await desk.find(over.proposalId ?? '');
  await apiKeys.revoke(admins[0], service);
  t.match(
    await refusal(approve(officers[0], last ?? held)),
    { rule: 'proposer_gone' },
    'a service that was withdrawn',
  );
  t.match(await auditLog({ store, sha256, nextTurn: setImmediate }), { ok: true });
});

t.test('what a retired rule held is let go', async (t) => {
  const world = await openDesk();
  const { desk, officers, propose, approve, issue, levels } = world;
  await enact(world, { capPerHour: 1 });
  const ids = await issue(2);
  const { proposalId } = await invoke(world, ids, 'a');
  const held = await desk.find(proposalId ?? '');
  await approve(
    officers[1],
    await propose(officers[0], 'rule', { action: 'retire', id: 'contact', version: 1 }),
  );
  if (held !== undefined)
    t.match(await refusal(approve(officers[0], held)), { code: 'conflict', rule: 'not_in_force' });
  t.same(await levels(ids), [RED, 0]);
});

t.test('a batch is taken back where it still is as it was left, once', async (t) => {
  const world = await openDesk();
  const { desk, officers, propose, approve, issue, levels, registry, store } = world;
  const [first, second] = officers;
  const ids = await issue(4);
  const [a = '', b = ''] = ids;
  await approve(second, await propose(first, 'colour', { ...red([a]), level: 'yellow' }));
  await enact(world);
  const { id } = await invoke(world, ids, 'x');
  t.same(await levels(ids), [RED, RED, RED, RED]);
  await registry.changeState('office', b, { action: 'revoke', reason: 'fraud' });
  const undo = { change: id, purpose: 'error', evidence: 'audit 3' };
  const proposal = await propose(first, 'reversal', undo);
  t.equal(proposal.size, 3);
  await approve(second, proposal);
  t.same(await levels(ids), [YELLOW, 1, 0, 0]);
  t.match(await refusal(propose(first, 'reversal', undo)), { code: 'conflict' }, 'nothing is left of it');
  t.match(
    await refusal(propose(first, 'reversal', { ...undo, change: proposal.id })),
    { code: 'conflict' },
    'a reversal',
  );
  const [single] = await store.colourChangesOf(b, 1);
  t.match(
    await refusal(propose(first, 'reversal', { ...undo, change: single?.changeId })),
    { code: 'conflict' },
    'a revocation',
  );
  t.match(await refusal(propose(first, 'reversal', { ...undo, change: 'x'.repeat(26) })), {
    code: 'not_found',
  });
  t.equal(desk.figures().byHand, 1, 'taking back is not counted as a change by hand');
  t.match(await auditLog({ store, sha256, nextTurn: setImmediate }), { ok: true });
});

t.test('an invocation of unknown outcome can be asked for again', async (t) => {
  for (const when of ['before', 'after'] as const) {
    const world = await openDesk();
    await enact(world);
    const ids = await world.issue(2);
    world.store.failNext(when);
    t.match(await refusal(invoke(world, ids, 'a')), { code: 'store_failed' });
    t.match(await invoke(world, ids, 'a'), { changed: 2, replayed: when === 'after' });
    t.same(await world.levels(ids), [RED, RED]);
  }
});

t.test('of any versions, the one in force is the newest begun, unless that one is retired', (t) => {
  const rule = fc.record({
    version: fc.integer({ min: 1, max: 6 }),
    validFrom: fc.integer({ min: 0, max: 9 }),
    retiredAt: fc.option(fc.constant(1)),
  });
  fc.assert(
    fc.property(
      fc.uniqueArray(rule, { selector: ({ version }) => version }),
      fc.integer({ min: 0, max: 9 }),
      (rules, now) => {
        const rows = rules.map((each) => ({ ...each, id: 'contact' })) as unknown as ColourRuleRow[];
        const found = ruleInForce(
          [...rows, { ...rows[0], id: 'other', version: 99, validFrom: 0, retiredAt: null } as ColourRuleRow],
          'contact',
          now,
        );
        const begun = rules.filter(({ validFrom }) => validFrom <= now).map(({ version }) => version);
        const newest = rules.find(({ version }) => version === Math.max(...begun));
        return found?.version === (newest?.retiredAt === null ? newest.version : undefined);
      },
    ),
  );
  t.end();
});
