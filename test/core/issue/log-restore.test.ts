import { setImmediate } from 'node:timers/promises';
import t from 'tap';
import { sha256, sha256Hex } from '../../../src/adapters/crypto-node.js';
import { appendLog } from '../../../src/core/issue/log.js';
import { auditLog } from '../../../src/core/issue/log-audit.js';
import { restoreFromLog } from '../../../src/core/issue/log-restore.js';
import type { Change, StateUpdate, Store, StoredCredential } from '../../../src/core/issue/store.js';
import { issueRequest, NOW, type Office, openMemoryOffice, STATUS_BASE } from '../../support/office.js';

const reason = 'test';

/** Writes rows as an edit of the file would: the log tells nothing of it. */
async function edit(store: Store, change: Omit<Change, 'log'>): Promise<void> {
  const noise = { at: NOW, actor: 'x', type: 'noise', body: {} };
  await store.commit({ log: appendLog(await store.head(), [noise], sha256Hex), ...change });
}

function edited({ credential, encodings }: StoredCredential, change: Partial<StateUpdate>, value: number) {
  const { id: credentialId, revoked, suspended, level } = credential;
  const places = encodings.map(({ list, index }) => ({
    list,
    index,
    revoked: value === 1,
    value,
    endsAt: null,
  }));
  return { credentialId, revoked, suspended, level, encodings: places, ...change };
}

/** @param seen whose arena tells what verifiers have seen; the office's own ledger would not know of the edit */
async function restore(store: Store, office: Office, seen: Office, request = {}) {
  const { ledger, now } = office;
  const deps = { store, ledger, arena: seen.arena, statusBase: STATUS_BASE, sha256, nextTurn: setImmediate };
  return restoreFromLog({ ...deps, clock: () => now.at }, 'local', {
    dryRun: false,
    neverServed: false,
    ...request,
  });
}

const audit = (store: Store) => auditLog({ store, sha256, nextTurn: setImmediate });

t.test(
  'states that were edited go back to what the log tells, and codes are judged so at once',
  async (t) => {
    const { registry, store, restart } = await openMemoryOffice();
    const issue = () => registry.issue('office', issueRequest('health-code', { demo: true }));
    const [red, green, dead] = [await issue(), await issue(), await issue()];
    const untouched = await issue();
    await registry.changeState('x', green.credential.id, { action: 'set-level', level: 'yellow', reason });
    await registry.changeState('x', dead.credential.id, { action: 'revoke', reason });
    await edit(store, {
      restored: [
        edited(red, { level: 0x0d }, 0x0d),
        edited(green, { level: 0 }, 0),
        edited(dead, { revoked: false }, 0),
      ],
    });
    const office = await restart();
    const codeOf = (issued: StoredCredential) => issued.encodings[0]?.code ?? '';
    t.equal(office.verify(codeOf(red)).decision, 'refuse');
    t.equal(office.verify(codeOf(dead)).decision, 'admit', 'the edit holds so far');
    t.match(await audit(store), { ok: false, strayCredentials: { length: 3 } });

    t.match(await restore(store, office, office, { dryRun: true }), { restored: 3, logSeqs: [] });
    t.match(await audit(store), { ok: false }, 'a dry run changes nothing');
    const seq = (await store.head())?.seq ?? 0;
    t.match(await restore(store, office, office), {
      restored: 3,
      keptRevokedCount: 0,
      strayCredentials: [],
      logSeqs: [seq + 1],
    });
    t.match(await audit(store), { ok: true });
    const decisions = [red, green, dead, untouched].map((issued) => office.verify(codeOf(issued)).reason);
    t.same(decisions, ['ok', 'held_by_policy', 'revoked', 'ok']);
    t.match(await store.head(), { type: 'restored', actor: 'local' });
    t.match(
      await restore(store, office, office),
      { restored: 0, logSeqs: [] },
      'there is nothing left to do',
    );
  },
);

t.test('what nobody saw revoked comes back; what verifiers saw stays so, and the log says so', async (t) => {
  const office = await openMemoryOffice();
  const { registry, store } = office;
  const forms = ['screen', 'paper'] as const;
  const behind = await registry.issue('office', issueRequest('health-code', { forms }));
  await edit(store, { states: [edited(behind, { revoked: true }, 1)] });
  const running = { ...(await office.restart()), arena: office.arena };
  t.match(await restore(store, running, office), { restored: 1, keptRevokedCount: 0 });
  const back = await office.restart();
  t.equal(back.verify(behind.encodings[0]?.code ?? '').decision, 'admit');

  await edit(store, { states: [edited(behind, { revoked: true }, 1)] });
  const served = await office.restart(); // loads what the file says, and tells verifiers
  const found = await restore(store, served, served);
  t.match(found, { restored: 1, keptRevokedCount: 2 });
  t.same(
    found.keptRevoked.map(({ credential, form }) => [credential, form]),
    forms.map((form) => [behind.credential.id, form]),
  );
  t.match(await audit(store), { ok: true });
  const stored = await store.findCredential(behind.credential.id);
  t.match(stored, { credential: { revoked: false }, encodings: [{ revoked: true, value: 1 }, { value: 1 }] });

  const stopped = await registry.issue('office', issueRequest()).catch(() => null);
  t.equal(stopped, null, 'an office whose ledger is behind writes nothing');
});

t.test('with the word that nothing was served, everything comes back', async (t) => {
  const { registry, store, restart } = await openMemoryOffice();
  const issued = await registry.issue('office', issueRequest());
  await edit(store, { states: [edited(issued, { revoked: true }, 1)] });
  const office = await restart();
  t.match(await restore(store, office, office, { neverServed: true }), { restored: 1, keptRevokedCount: 0 });
  t.equal((await restart()).verify(issued.encodings[0]?.code ?? '').decision, 'admit');
});

t.test('what the log does not know, or knows otherwise, is told and stays', async (t) => {
  const { registry, store, restart } = await openMemoryOffice();
  const issued = await registry.issue('office', issueRequest());
  const foreign = { ...issued.credential, id: 'x'.repeat(26) };
  await edit(store, { credentials: [foreign] });
  const office = await restart();
  t.match(await restore(store, office, office), { restored: 0, strayCredentials: [foreign.id] });
  const altered: Store = {
    ...store,
    findCredential: async (id) => alter(await store.findCredential(id)),
    credentials: async (after, limit) =>
      (await store.credentials(after, limit)).flatMap((each) => alter(each) ?? []),
  };
  t.match(await restore(altered, office, office), {
    strayCredentials: [issued.credential.id, foreign.id].sort(),
  });
  const gone: Store = { ...store, findCredential: async () => undefined, credentials: async () => [] };
  t.match(await restore(gone, office, office), { strayCredentials: [issued.credential.id] });
});

function alter(stored: StoredCredential | undefined): StoredCredential | undefined {
  return stored && { ...stored, credential: { ...stored.credential, operator: 'somebody else' } };
}

t.test('groups are of at most 500, each with an entry of its own', async (t) => {
  const { registry, store, restart } = await openMemoryOffice({ listEntries: 2_048 });
  const all = await Promise.all(
    Array.from({ length: 1_317 }, () => registry.issue('office', issueRequest())),
  );
  await edit(store, { states: all.map((issued) => edited(issued, { level: 0x0d }, 0x0d)) });
  const office = await restart();
  const seq = (await store.head())?.seq ?? 0;
  t.match(await restore(store, office, office), { restored: 1_317, logSeqs: [seq + 1, seq + 2, seq + 3] });
  t.match(await audit(store), { ok: true, entries: seq + 3 });
});

t.test('a log that was changed tells nothing', async (t) => {
  const { registry, store, ...office } = await openMemoryOffice();
  await registry.issue('office', issueRequest());
  const spoilt: Store = {
    ...store,
    log: async (after, limit) => (await store.log(after, limit)).map((row) => ({ ...row, actor: 'me' })),
  };
  const refused = restore(spoilt, { ...office, registry }, { ...office, registry });
  await t.rejects(refused, { code: 'conflict', rule: 'log_broken' });
});

t.test('a write of unknown outcome is read again before anything else happens', async (t) => {
  const { registry, store, restart } = await openMemoryOffice();
  const issued = await registry.issue('office', issueRequest());
  await edit(store, { states: [edited(issued, { level: 0x0d }, 0x0d)] });
  const office = await restart();
  store.failNext('after');
  await t.rejects(restore(store, office, office), { code: 'store_failed' });
  await office.ledger.idle();
  t.equal(office.verify(issued.encodings[0]?.code ?? '').decision, 'admit');
  t.match(await audit(store), { ok: true });
});
