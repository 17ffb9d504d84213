import t from 'tap';
import { createMemoryStore } from '../../../src/adapters/memory-store.js';
import { parseShortId } from '../../../src/core/codec/short-id.js';
import { KINDS } from '../../../src/core/credential/kind-table.js';
import type { StateChange } from '../../../src/core/issue/commands.js';
import type { Change } from '../../../src/core/issue/store.js';
import { issueRequest, NOW, openMemoryOffice, openOffice } from '../../support/office.js';
import { refusal, refuses } from '../../support/refusal.js';

const reason = 'test';

t.test(
  'an issued health code is admitted, and refused from the moment its revocation is acknowledged',
  async (t) => {
    const { registry, verify } = await openMemoryOffice();
    const issued = await registry.issue('office', issueRequest());
    const code = issued.encodings[0]?.code ?? '';
    t.match(code, /^YM1:/);
    t.equal(verify(code).decision, 'admit');
    await registry.changeState('officer', issued.credential.id, { action: 'revoke', reason });
    const answer = verify(code);
    t.equal(answer.decision, 'refuse');
    t.equal(answer.reason, 'revoked');
  },
);

t.test('every kind issues and its code verifies as valid, under both algorithms', async (t) => {
  for (const algorithm of ['Ed25519', 'ES256'] as const) {
    const { registry, verify } = await openMemoryOffice({ algorithm });
    for (const kind of KINDS.all) {
      const issued = await registry.issue('office', issueRequest(kind.name, { forms: ['screen', 'jws'] }));
      for (const { code, form } of issued.encodings) {
        t.equal(verify(code).credential?.outcome, 'valid', `${kind.name} ${form} ${algorithm}`);
      }
    }
  }
});

t.test('each form has an index of its own and dies alone', async (t) => {
  const { registry, verify } = await openMemoryOffice();
  const issued = await registry.issue(
    'office',
    issueRequest('health-code', { forms: ['screen', 'paper', 'jws'] }),
  );
  t.equal(new Set(issued.encodings.map(({ index }) => index)).size, 3);
  await registry.changeState('officer', issued.credential.id, { action: 'revoke', form: 'paper', reason });
  const decisions = issued.encodings.map(({ code }) => verify(code).decision);
  t.same(decisions, ['admit', 'refuse', 'admit']);
});

t.test('paper has a short id of its own, by which it is found and dies alone', async (t) => {
  const { registry, verify, restart } = await openMemoryOffice();
  const issued = await registry.issue('office', issueRequest('health-code', { forms: ['paper', 'screen'] }));
  const [paper, screen] = issued.encodings;
  const shortId = paper?.shortId ?? '';
  t.equal(parseShortId(shortId), shortId);
  t.equal(screen?.shortId, null);
  t.strictSame(await registry.findPaper(shortId), paper);

  const lost = await registry.reportLost('desk', shortId, reason);
  t.match(lost.entry, { type: 'encoding_revoked', actor: 'desk' });
  t.match(lost.encodings, [
    { revoked: true, value: 1 },
    { revoked: false, value: 0 },
  ]);
  t.equal(lost.credential.revoked, false);
  t.same(
    [paper, screen].map((each) => verify(each?.code ?? '').reason),
    ['revoked', 'ok'],
  );
  t.equal((await registry.reportLost('desk', shortId, reason)).entry, null, 'again changes nothing');
  const restarted = await restart();
  t.same(
    [paper, screen].map((each) => restarted.verify(each?.code ?? '').reason),
    ['revoked', 'ok'],
  );
  await refuses(t, registry.reportLost('desk', '7K3QMXW2PD41', reason), 'not_found');
});

t.test('of two papers of one credential the lost one dies', async (t) => {
  const { registry, verify } = await openMemoryOffice();
  const { credential } = await registry.issue('office', issueRequest('food-handler', { forms: ['paper'] }));
  const { encodings } = await registry.addEncoding('office', credential.id, { form: 'paper', reason });
  const shortIds = encodings.map(({ shortId }) => shortId ?? '');
  t.equal(new Set(shortIds).size, 2);
  await registry.reportLost('desk', shortIds[1] ?? '', reason);
  t.same(
    encodings.map(({ code }) => verify(code).reason),
    ['ok', 'revoked'],
  );
});

t.test('a suspended credential comes back with the level it had, a revoked one never', async (t) => {
  const { registry, verify } = await openMemoryOffice();
  const issued = await registry.issue('demo', issueRequest('health-code', { demo: true }));
  const { id } = issued.credential;
  const code = issued.encodings[0]?.code ?? '';
  const change = (state: Omit<StateChange, 'reason'>) =>
    registry.changeState('demo', id, { ...state, reason });
  await change({ action: 'set-level', level: 'yellow' });
  t.equal(verify(code).reason, 'held_by_policy');
  await change({ action: 'suspend' });
  t.equal(verify(code).reason, 'suspended');
  await change({ action: 'reinstate' });
  t.equal(verify(code).reason, 'held_by_policy');
  await change({ action: 'set-level', level: 'red' });
  t.equal(verify(code).reason, 'refused_by_policy');
  t.equal((await change({ action: 'revoke' })).entry?.type, 'revoked');
  t.equal((await change({ action: 'revoke' })).entry, null, 'revoking again changes nothing and says so');
  await refuses(t, change({ action: 'reinstate' }), 'conflict');
  await refuses(t, change({ action: 'suspend' }), 'conflict');
  await refuses(t, change({ action: 'set-level', level: 'green' }), 'conflict');
  t.equal(verify(code).reason, 'revoked');
});

t.test('only demo credentials can be recoloured', async (t) => {
  const { registry } = await openMemoryOffice();
  const { credential } = await registry.issue('office', issueRequest());
  const change = registry.changeState('office', credential.id, { action: 'set-level', level: 'red', reason });
  await refuses(t, change, 'forbidden');
});

t.test('a colour is neither suspended nor reinstated by one person, a licence is', async (t) => {
  const { registry, verify } = await openMemoryOffice();
  const code = await registry.issue('office', issueRequest());
  for (const action of ['suspend', 'reinstate'] as const) {
    const change = registry.changeState('office', code.credential.id, { action, reason });
    t.match(await refusal(change), { code: 'forbidden', rule: 'two_people' }, action);
  }
  t.equal(verify(code.encodings[0]?.code ?? '').decision, 'admit');
  const licence = await registry.issue('office', issueRequest('food-handler'));
  await registry.changeState('office', licence.credential.id, { action: 'suspend', reason });
  t.equal(verify(licence.encodings[0]?.code ?? '').reason, 'suspended');
  await registry.changeState('office', licence.credential.id, { action: 'reinstate', reason });
  t.equal(verify(licence.encodings[0]?.code ?? '').decision, 'admit');
});

t.test('one principal revokes few codes with a colour in any 24 hours, whatever was restarted', async (t) => {
  const office = await openMemoryOffice({ singleRevocationsPerDay: 2 });
  const { registry, now, store } = office;
  const issue = async (by: typeof registry, kind?: string, demo = false) =>
    (await by.issue('office', issueRequest(kind, { demo, forms: ['screen', 'paper'] }))).credential.id;
  const ids = await Promise.all(Array.from({ length: 4 }, () => issue(registry)));
  const [first = '', second = '', third = '', fourth = ''] = ids;
  const revoke = (by: typeof registry, actor: string, id: string, form?: 'paper') =>
    by.changeState(actor, id, { action: 'revoke', reason, ...(form === undefined ? {} : { form }) });

  const together = await Promise.allSettled([first, second, third].map((id) => revoke(registry, 'a', id)));
  t.same(
    together.map(({ status }) => status),
    ['fulfilled', 'fulfilled', 'rejected'],
    'asked for at once, the third is one too many',
  );
  t.equal((await revoke(registry, 'a', first)).entry, null, 'revoking again takes no room');
  const over = { code: 'forbidden', rule: 'daily_cap' };
  const { registry: restarted } = await office.restart();
  t.match(await refusal(revoke(restarted, 'a', third)), over);
  t.match(await refusal(revoke(restarted, 'a', third, 'paper')), over, 'one form of it either');
  await revoke(restarted, 'b', third, 'paper');
  t.match(await store.colourChangesOf(third, 10), [
    { by: 'single', actor: 'b', form: 'paper', toRevoked: false, purpose: reason },
  ]);
  await revoke(restarted, 'a', await issue(restarted, 'food-handler'));
  await revoke(restarted, 'a', await issue(restarted, 'health-code', true));
  now.at += 86_399;
  t.match(await refusal(revoke(restarted, 'a', fourth)), over, 'a second before the day is over');
  now.at += 1;
  await revoke(restarted, 'a', fourth);
  t.match(await store.colourChangesOf(fourth, 10), [{ by: 'single', toRevoked: true, form: null }]);
});

t.test('without a limit one principal revokes as many as there are', async (t) => {
  const { registry } = await openMemoryOffice({ singleRevocationsPerDay: 0 });
  const issued = await Promise.all(Array.from({ length: 5 }, () => registry.issue('office', issueRequest())));
  for (const { credential } of issued) {
    const { entry } = await registry.changeState('a', credential.id, { action: 'revoke', reason });
    t.equal(entry?.type, 'revoked');
  }
});

t.test(
  'the same idempotency key gives the same credential, and another request under it is a conflict',
  async (t) => {
    const { registry } = await openMemoryOffice();
    const request = issueRequest('health-code', { idempotencyKey: 'a-1' });
    const [first, second] = await Promise.all([
      registry.issue('office', request),
      registry.issue('office', request),
    ]);
    t.equal(second.credential.id, first.credential.id);
    t.same([first.replayed, second.replayed], [false, true]);
    t.equal(second.encodings[0]?.code, first.encodings[0]?.code);
    const elsewhere = await registry.issue('another office', request);
    t.not(elsewhere.credential.id, first.credential.id, 'keys belong to their principal');
    await refuses(t, registry.issue('office', { ...request, operator: 'desk-8' }), 'idempotency_conflict');
  },
);

t.test('a request is refused with the field that is wrong', async (t) => {
  const { registry, store } = await openMemoryOffice();
  const claims = issueRequest().claims;
  const rows = [
    [{ kind: 'moon-pass' }, 'invalid_request', 'kind'],
    [{ region: '440106' }, 'invalid_request', 'region'],
    [{ region: '000000' }, 'invalid_request', 'region'],
    [{ operator: '' }, 'invalid_request', 'operator'],
    [{ evidence: 'two\nlines' }, 'invalid_request', 'evidence'],
    [{ forms: [] }, 'invalid_request', 'forms'],
    [{ forms: ['screen', 'screen'] }, 'invalid_request', 'forms'],
    [{ validSeconds: 0 }, 'invalid_request', 'validSeconds'],
    [{ validSeconds: 8 * 86_400 }, 'invalid_request', 'validSeconds'],
    [{ claims: { ...claims, holderName: '···' } }, 'claims_rejected', 'claims.holderName'],
    [{ claims: { ...claims, holderId: '330102190001010012' } }, 'claims_rejected', 'claims.holderId'],
    [{ claims: { ...claims, holderName: 'x'.repeat(10_000) } }, 'claims_rejected', 'claims.holderName'],
    [{ claims: { ...claims, level: 'green' } }, 'claims_rejected', 'claims.level'],
    [{ claims: { ...claims, region: '330103' } }, 'claims_rejected', 'claims.region'],
  ] as const;
  for (const [change, code, field] of rows) {
    await refuses(t, registry.issue('office', issueRequest('health-code', change as object)), code, field);
  }
  t.equal(await store.head(), undefined, 'nothing was written');
});

t.test('a licence never outlives its own last day', async (t) => {
  const { registry } = await openMemoryOffice();
  const claims = { ...issueRequest('food-handler').claims, validTo: '2026-10-31' };
  const issued = await registry.issue('office', issueRequest('food-handler', { claims }));
  t.equal(issued.credential.expiresAt, Date.parse('2026-10-31T23:59:59+08:00') / 1000);
  const past = registry.issue(
    'office',
    issueRequest('food-handler', { claims: { ...claims, validTo: '2026-08-31' } }),
  );
  await refuses(t, past, 'claims_rejected', 'claims.validTo');
});

t.test('concurrent issues share one transaction and one of them failing harms no other', async (t) => {
  const { registry, store } = await openMemoryOffice();
  const requests = Array.from({ length: 20 }, (_, i) =>
    issueRequest('health-code', { operator: i === 7 ? '' : `desk-${i}` }),
  );
  const results = await Promise.allSettled(requests.map((request) => registry.issue('office', request)));
  t.same(
    results.map(({ status }) => status === 'fulfilled'),
    requests.map((_, i) => i !== 7),
  );
  t.equal((await store.head())?.seq, 19);
});

t.test('a store that fails before writing leaves nothing, and the next request goes on', async (t) => {
  const { registry, store } = await openMemoryOffice();
  store.failNext('before');
  await refuses(t, registry.issue('office', issueRequest()), 'store_failed');
  t.equal(await store.head(), undefined);
  const issued = await registry.issue('office', issueRequest());
  t.same(await store.findCredential(issued.credential.id), {
    credential: issued.credential,
    encodings: issued.encodings,
  });
});

t.test('a list is written with the first index of it that is durable, and not again', async (t) => {
  const memory = createMemoryStore();
  const written: (readonly number[])[] = [];
  const store = {
    ...memory,
    commit: (change: Change) => {
      written.push((change.lists ?? []).map(({ next }) => next));
      return memory.commit(change);
    },
  };
  const { registry } = await openOffice(store);
  const issue = () => registry.issue('office', issueRequest());
  memory.failNext('before');
  await refuses(t, issue(), 'store_failed');
  memory.failNext('after');
  await refuses(t, issue(), 'store_failed');
  await issue();
  await issue();
  t.same(written, [[1], [2], [3], []]);
});

t.test('a revocation that was stored although its commit failed is in force at once', async (t) => {
  const { registry, store, verify } = await openMemoryOffice();
  const issued = await registry.issue('office', issueRequest());
  store.failNext('after');
  await refuses(
    t,
    registry.changeState('x', issued.credential.id, { action: 'revoke', reason }),
    'store_failed',
  );
  t.equal(verify(issued.encodings[0]?.code ?? '').reason, 'revoked');
});

t.test(
  'an issue that was stored although its commit failed is found again under its idempotency key',
  async (t) => {
    const { registry, store } = await openMemoryOffice();
    const request = issueRequest('health-code', { idempotencyKey: 'retry' });
    store.failNext('after');
    await refuses(t, registry.issue('office', request), 'store_failed');
    t.equal((await registry.issue('office', request)).replayed, true);
    t.equal((await store.head())?.seq, 1);
  },
);

t.test('after a restart every status is as it was, and no index is used twice', async (t) => {
  const office = await openMemoryOffice({ listEntries: 1024 });
  const issued = await Promise.all(
    Array.from({ length: 50 }, () => office.registry.issue('office', issueRequest('food-handler'))),
  );
  const [first, second] = issued;
  await office.registry.changeState('x', first?.credential.id ?? '', { action: 'revoke', reason });
  await office.registry.changeState('x', second?.credential.id ?? '', { action: 'suspend', reason });
  const again = await office.restart();
  t.equal(again.verify(first?.encodings[0]?.code ?? '').reason, 'revoked');
  t.equal(again.verify(second?.encodings[0]?.code ?? '').reason, 'suspended');
  const later = await Promise.all(
    Array.from({ length: 50 }, () => again.registry.issue('office', issueRequest('food-handler'))),
  );
  const indices = [...issued, ...later].map(({ encodings }) => encodings[0]?.index);
  t.equal(new Set(indices).size, 100);
});

t.test('a full list is followed by a new one', async (t) => {
  const { registry, verify } = await openMemoryOffice({ listEntries: 16 });
  const issued = await Promise.all(
    Array.from({ length: 40 }, () => registry.issue('office', issueRequest())),
  );
  const lists = new Set(issued.map(({ encodings }) => encodings[0]?.list));
  t.equal(lists.size, 3);
  t.ok(issued.every(({ encodings }) => verify(encodings[0]?.code ?? '').decision === 'admit'));
  t.equal(registry.lists().size, 3);
});

t.test('a code expires when it says so', async (t) => {
  const { registry, verify, now } = await openMemoryOffice();
  const issued = await registry.issue('office', issueRequest('health-code', { validSeconds: 3600 }));
  const code = issued.encodings[0]?.code ?? '';
  now.at = NOW + 3600 + 61;
  t.equal(verify(code).reason, 'expired');
});
