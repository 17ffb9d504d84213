import { setImmediate } from 'node:timers/promises';
import t from 'tap';
import { createNodeVerify, randomBytes, sha256 } from '../../../src/adapters/crypto-node.js';
import type { MemoryStore } from '../../../src/adapters/memory-store.js';
import { KINDS } from '../../../src/core/credential/kind-table.js';
import type { Appeals } from '../../../src/core/issue/appeals.js';
import { createAppeals } from '../../../src/core/issue/appeals.js';
import { proposalHash } from '../../../src/core/issue/approval.js';
import { bulkChange, type Provenance, type StateDelta } from '../../../src/core/issue/bulk-change.js';
import { ruleEnacted } from '../../../src/core/issue/colour-rule-log.js';
import { readRecord } from '../../../src/core/issue/credential-record.js';
import type { ColourRuleRow, ProposalRow } from '../../../src/core/issue/decision-rows.js';
import { auditLog } from '../../../src/core/issue/log-audit.js';
import type { Officers } from '../../../src/core/issue/officers.js';
import { proposalDecided, proposalOpened } from '../../../src/core/issue/proposal-log.js';
import { newTimedId } from '../../../src/core/issue/timed-id.js';
import { issueRequest, NOW, type Office, openMemoryOffice } from '../../support/office.js';
import { newPerson, type Person, signed } from '../../support/officers.js';
import { refuses } from '../../support/refusal.js';

const RED = 0x0d;
const YELLOW = 0x0c;
const FILED = { operator: 'desk-1', grounds: 'I was never there' };
const DUE = 15 * 86_400;

interface World {
  readonly office: Office & { readonly store: MemoryStore };
  readonly appeals: Appeals;
  readonly people: Readonly<Record<string, Person>>;
  readonly givenBack: () => number;
}

/** Officers by name; `maker` has made the key of `made`. */
async function openWorld(): Promise<World> {
  const office = await openMemoryOffice();
  const people = { ann: newPerson(), bob: newPerson(), eve: newPerson(), made: newPerson() };
  const officers: Officers = {
    get: (id) => {
      const person = (people as Record<string, Person>)[id];
      if (person === undefined) throw Object.assign(new Error('no officer'), { code: 'forbidden' });
      return { id, publicKey: person.signer.publicKey };
    },
    checkRuleService: () => undefined,
    isLive: () => true,
    madeEachOther: (a, b) => [a, b].sort().join() === 'made,service',
  };
  let givenBack = 0;
  const appeals = createAppeals({
    store: office.store,
    ledger: office.ledger,
    kinds: KINDS,
    clock: () => office.now.at,
    random: randomBytes,
    sha256,
    verify: createNodeVerify(),
    officers,
    publish: office.registry.publish,
    onGivenBack: () => {
      givenBack += 1;
    },
  });
  return { office, appeals, people, givenBack: () => givenBack };
}

const code = (issued: { encodings: readonly { code: string }[] }): string => issued.encodings[0]?.code ?? '';

/** A change as a rule, two officers or one of them would make it. @returns its id */
async function change(
  { office }: World,
  credential: string,
  delta: StateDelta,
  by: Partial<Provenance> = {},
): Promise<string> {
  const { store, ledger, registry, now } = office;
  const changeId = by.changeId ?? newTimedId(now.at, randomBytes);
  const provenance: Provenance = {
    changeId,
    by: 'rule',
    actor: 'service',
    at: now.at,
    rule: { id: 'contact', version: 1 },
    purpose: 'outbreak',
    evidence: 'case 7',
    ...by,
  };
  await ledger.submit([`credential:${credential}`], async () => {
    const stored = await store.findCredential(credential);
    if (stored === undefined) throw new Error('no such credential');
    const deps = { store, kinds: KINDS, publish: registry.publish };
    const effect = bulkChange([{ stored, delta }], provenance, deps);
    return { entries: effect.entries, change: effect.change, done: () => effect.done?.() };
  });
  return changeId;
}

/** An approved proposal, with a rule that it puts in force or nothing. @returns its id */
async function approved({ office }: World, by: readonly [string, string], rule = false): Promise<string> {
  const id = newTimedId(office.now.at, randomBytes);
  const { text: body, hash } = proposalHash('rule', { nonce: id }, sha256);
  const row: ProposalRow = {
    id,
    type: rule ? 'rule' : 'colour',
    body,
    hash,
    size: 1,
    seen: '',
    proposedBy: by[0],
    proposedAt: office.now.at,
    proposerJws: 'a',
    state: 'approved',
    decidedBy: by[1],
    decidedAt: office.now.at,
    deciderJws: 'b',
  };
  const enacted: ColourRuleRow = {
    id: 'contact',
    version: 1,
    kind: 'health-code',
    fromLevels: ['green'],
    toLevel: 'red',
    text: { 'zh-CN': '密接', en: 'A contact' },
    purposes: ['outbreak'],
    capPerHour: 9,
    validFrom: 0,
    proposalId: id,
    retiredAt: null,
    retiredBy: null,
  };
  await office.ledger.submit([], async () => ({
    entries: [
      proposalOpened({ ...row, state: 'open' }),
      proposalDecided(row),
      ...(rule ? [ruleEnacted(enacted, row)] : []),
    ],
    change: { proposals: [row], ...(rule ? { colourRules: [enacted] } : {}) },
    done: () => undefined,
  }));
  return id;
}

async function turnedRed() {
  const world = await openWorld();
  await approved(world, ['bob', 'eve'], true);
  const issued = await world.office.registry.issue('desk', issueRequest());
  const id = issued.credential.id;
  await change(world, id, { level: RED });
  return { ...world, issued, id };
}

async function decide(world: World, by: string, action: 'approve' | 'reject', answer: string | null = null) {
  const [open] = await world.appeals.listOpen('', 1);
  if (open === undefined) throw new Error('no appeal is open');
  const person = world.people[by] ?? newPerson();
  const jws = signed(person, open.hash, action, world.office.now.at);
  return world.appeals.decide(by, open.appeal.id, { action, jws, answer });
}

const audit = ({ office }: World) => auditLog({ store: office.store, sha256, nextTurn: setImmediate });

t.test('an accepted appeal gives the colour back at once, on the record and in the log', async (t) => {
  const world = await turnedRed();
  const { office, appeals, id, issued } = world;
  t.equal(office.verify(code(issued)).decision, 'refuse');
  office.now.at += 60;
  const filed = await appeals.file('desk', id, FILED);
  t.match(filed, { state: 'open', filedBy: 'desk', filedAt: NOW + 60, credentialId: id });
  t.equal(office.verify(code(issued)).decision, 'refuse', 'an appeal alone changes nothing');
  t.match(await appeals.listOpen('', 10), [
    {
      appeal: { id: filed.id, grounds: FILED.grounds },
      change: { to: { word: 'red' }, rule: { id: 'contact', version: 1 }, ground: { en: 'A contact' } },
      evidence: 'case 7',
    },
  ]);
  t.match(await readRecord({ store: office.store, kinds: KINDS }, id), {
    appeals: [{ id: filed.id, state: 'open', dueAt: NOW + 60 + DUE, decidedAt: null }],
  });

  const decided = await decide(world, 'ann', 'approve', 'You were right');
  t.match(decided, { state: 'accepted', decidedBy: 'ann', answer: 'You were right', proposalId: String });
  t.equal(office.verify(code(issued)).decision, 'admit');
  t.equal(world.givenBack(), 1);
  t.same(await appeals.listOpen('', 10), []);
  t.equal(await office.store.countOpenAppeals(), 0);
  t.match(await office.store.findProposal(decided.proposalId ?? ''), {
    type: 'appeal',
    state: 'approved',
    proposedBy: 'desk',
    decidedBy: 'ann',
  });
  t.match(await audit(world), { ok: true });
  const record = await readRecord({ store: office.store, kinds: KINDS }, id);
  t.match(record, {
    status: { word: 'green' },
    changes: [
      { by: 'appeal', from: { word: 'red' }, to: { word: 'green' }, rule: null },
      { by: 'rule', from: { word: 'green' }, to: { word: 'red' }, reason: 'outbreak' },
    ],
    appeals: [{ state: 'accepted', answer: 'You were right' }],
  });
  const log = JSON.stringify(await office.store.log(0, 1_000));
  for (const words of [FILED.grounds, 'You were right']) t.notOk(log.includes(words), words);
});

t.test('a rejection needs a reason, and leaves the colour as it is', async (t) => {
  const world = await turnedRed();
  await world.appeals.file('desk', world.id, FILED);
  await refuses(t, decide(world, 'ann', 'reject'), 'invalid_request', 'answer');
  t.match(await decide(world, 'ann', 'reject', 'The case is sound'), { state: 'rejected', proposalId: null });
  t.equal(world.office.verify(code(world.issued)).decision, 'refuse');
  t.match(await audit(world), { ok: true });
  t.match(await world.appeals.file('desk', world.id, FILED), { state: 'open' }, 'and may be appealed again');
});

t.test('nobody judges what he had a part in', async (t) => {
  const world = await turnedRed();
  const { appeals, id, office } = world;
  await appeals.file('desk', id, FILED);
  const rule = (name: string) => ({ code: 'forbidden', rule: name });
  await t.rejects(decide(world, 'bob', 'approve'), rule('took_part'), 'who proposed the rule');
  await t.rejects(decide(world, 'eve', 'reject', 'no'), rule('took_part'), 'who put it in force');
  await t.rejects(decide(world, 'made', 'approve'), rule('same_origin'), 'a key of the service’s maker');
  await t.rejects(decide(world, 'nobody', 'approve'), { code: 'forbidden' }, 'no officer');
  await decide(world, 'ann', 'reject', 'no');

  const changeId = await approved(world, ['ann', 'bob']);
  const other = (await office.registry.issue('desk', issueRequest())).credential.id;
  await change(world, other, { level: YELLOW }, { changeId, by: 'proposal', actor: 'bob', rule: null });
  await appeals.file('eve', other, FILED);
  await t.rejects(decide(world, 'ann', 'approve'), rule('took_part'), 'who proposed the change');
  await t.rejects(decide(world, 'bob', 'approve'), rule('took_part'), 'who approved it');
  await t.rejects(decide(world, 'eve', 'approve'), rule('took_part'), 'who filed the appeal');
  t.match(await decide(world, 'made', 'approve'), { state: 'accepted' });
});

t.test('a decision is signed, once, by the officer’s own key', async (t) => {
  const world = await turnedRed();
  const { appeals, people, id, office } = world;
  const { id: appeal } = await appeals.file('desk', id, FILED);
  const [open] = await appeals.listOpen('', 1);
  const hash = open?.hash ?? '';
  const { ann, bob } = people as { ann: Person; bob: Person };
  const rows: readonly [string, string][] = [
    ['approval_action', signed(ann, hash, 'reject', NOW)],
    ['approval_hash', signed(ann, 'ab', 'approve', NOW)],
    ['approval_signature', signed(bob, hash, 'approve', NOW)],
    ['approval_time', signed(ann, hash, 'approve', NOW - 301)],
  ];
  for (const [rule, jws] of rows)
    await t.rejects(
      appeals.decide('ann', appeal, { action: 'approve', jws, answer: null }),
      { code: 'forbidden', rule },
      rule,
    );
  t.equal(office.verify(code(world.issued)).decision, 'refuse');
  const decision = { action: 'approve', jws: signed(ann, hash, 'approve', NOW), answer: null } as const;
  await appeals.decide('ann', appeal, decision);
  await t.rejects(appeals.decide('ann', appeal, decision), { code: 'conflict', rule: 'accepted' });
  await refuses(t, appeals.decide('ann', 'a'.repeat(26), decision), 'not_found');
});

t.test('what is filed has a form, one at a time, against a change that made something worse', async (t) => {
  const world = await turnedRed();
  const { appeals, id, office } = world;
  const file = (change: object) => appeals.file('desk', id, { ...FILED, ...change });
  for (const field of ['operator', 'grounds'] as const) {
    for (const text of ['', 'x'.repeat(501), 'a\nb'])
      await refuses(t, file({ [field]: text }), 'invalid_request', field);
  }
  await refuses(t, appeals.file('desk', 'a'.repeat(26), FILED), 'not_found');
  await refuses(t, file({ change: 'a'.repeat(26) }), 'not_found', 'change');
  await file({});
  await t.rejects(file({}), { code: 'conflict', rule: 'appeal_open' });
  await decide(world, 'ann', 'approve');
  await t.rejects(file({}), { code: 'conflict', rule: 'not_worse' }, 'nobody is turned red on appeal');
  const fresh = (await office.registry.issue('desk', issueRequest())).credential.id;
  await refuses(t, appeals.file('desk', fresh, FILED), 'not_found', 'change');
});

t.test('what was changed again since is not given back over the newer change', async (t) => {
  const world = await turnedRed();
  const { appeals, id } = world;
  await appeals.file('desk', id, FILED);
  await change(world, id, { level: YELLOW });
  await t.rejects(decide(world, 'ann', 'approve'), { code: 'conflict', rule: 'changed_meanwhile' });
  await change(world, id, { level: RED });
  await t.rejects(
    decide(world, 'ann', 'approve'),
    { code: 'conflict', rule: 'changed_meanwhile' },
    'not even as it was left',
  );
  t.match(await decide(world, 'ann', 'reject', 'Appeal against the newest'), { state: 'rejected' });
});

t.test('revoked is for good: an accepted appeal says so, and the code is issued anew', async (t) => {
  const world = await openWorld();
  const issued = await world.office.registry.issue('desk', issueRequest());
  const { id } = issued.credential;
  await world.office.registry.changeState('clerk', id, { action: 'revoke', reason: 'mistake' });
  await world.appeals.file('desk', id, FILED);
  t.match(await decide(world, 'ann', 'approve', 'Come by'), { state: 'accepted', proposalId: null });
  t.equal(world.office.verify(code(issued)).reason, 'revoked');
  t.equal(world.givenBack(), 0);
  t.match(await audit(world), { ok: true });
  t.match(await readRecord({ store: world.office.store, kinds: KINDS }, id), {
    status: { word: 'revoked' },
    changes: [{ by: 'officer', to: { word: 'revoked' }, reason: 'mistake' }],
  });
});

t.test('an appeal whose row was edited is stray', async (t) => {
  const world = await turnedRed();
  const { store } = world.office;
  const { id } = await world.appeals.file('desk', world.id, FILED);
  const edits: readonly [string, object][] = [
    ['other grounds', { grounds: 'Nothing' }],
    ['another desk', { operator: 'desk-2' }],
    ['decided behind the log', { state: 'rejected', decidedBy: 'x', decidedAt: NOW, answer: 'no' }],
  ];
  for (const [name, edit] of edits) {
    const appeals: MemoryStore['appeals'] = async (after, limit) =>
      (await store.appeals(after, limit)).map((row) => ({ ...row, ...edit }));
    const found = await auditLog({ store: { ...store, appeals }, sha256, nextTurn: setImmediate });
    t.match(found, { ok: false, strayAppeals: [id] }, name);
  }
  const gone = { ...store, appeals: async () => [] };
  t.match(await auditLog({ store: gone, sha256, nextTurn: setImmediate }), { strayAppeals: [id] });
});

t.test('a record has nothing of people who decided, nor of files about many', async (t) => {
  const world = await turnedRed();
  const record = JSON.stringify(await readRecord({ store: world.office.store, kinds: KINDS }, world.id));
  for (const trace of ['service', 'bob', 'eve', 'case 7', 'desk']) t.notOk(record.includes(trace), trace);
  const licence = await world.office.registry.issue('desk', issueRequest('business-licence'));
  t.match(await readRecord({ store: world.office.store, kinds: KINDS }, licence.credential.id), {
    changes: null,
    status: { word: 'valid' },
  });
  await refuses(t, readRecord({ store: world.office.store, kinds: KINDS }, 'a'.repeat(26)), 'not_found');
});

t.test('a write of unknown outcome is read again', async (t) => {
  const world = await turnedRed();
  await world.appeals.file('desk', world.id, FILED);
  world.office.store.failNext('after');
  await t.rejects(decide(world, 'ann', 'approve'), { code: 'store_failed' });
  await world.office.ledger.idle();
  t.equal(world.office.verify(code(world.issued)).decision, 'admit');
  t.match(await audit(world), { ok: true });
});
