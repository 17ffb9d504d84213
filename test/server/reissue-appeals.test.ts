// A red by rule whose key is withdrawn: history, appeals and what gives the colour back follow to the new id.

import type { FastifyInstance } from 'fastify';
import t, { type Test } from 'tap';
import { type Person, proposed, signed, withNonce } from '../support/officers.js';
import { ask } from '../support/officers-at-work.js';
import { verdict } from '../support/open-node.js';
import { NOW, openAppealWorld } from './support/appeal-world.js';

const GROUNDS = { operator: 'desk-1', grounds: 'I was never there' };

type World = Awaited<ReturnType<typeof openAppealWorld>>;

/** Goes over to another key and signs anew what the one before signed. @returns the successor's id and code */
async function reissue({ localApp, id }: World): Promise<{ fresh: string; freshCode: string }> {
  const [old] = (await ask(localApp, `/v1/credentials/${id}`))['encodings'] as { kid: string }[];
  await ask(localApp, '/v1/keys/rotate', { use: 'credential' });
  await ask(localApp, `/v1/keys/${old?.kid}/reissue`, {});
  const fresh = String((await ask(localApp, `/v1/credentials/${id}`))['replacedBy']);
  const [made] = (await ask(localApp, `/v1/credentials/${fresh}`))['encodings'] as { code: string }[];
  return { fresh, freshCode: made?.code ?? '' };
}

function file({ localApp }: World, id: string): ReturnType<typeof ask> {
  return ask(localApp, `/v1/credentials/${id}/appeals`, GROUNDS);
}

async function accept(app: FastifyInstance, id: unknown, by: Person & { key: string }) {
  const { appeals } = (await ask(app, '/v1/appeals', undefined, by.key)) as unknown as {
    appeals: { id: string; hash: string }[];
  };
  const hash = appeals.find((each) => each.id === id)?.hash ?? '';
  const jws = signed(by, hash, 'approve', NOW);
  return ask(app, `/v1/appeals/${id}/decision`, { action: 'approve', jws }, by.key);
}

async function holds(t: Test, { localApp }: World): Promise<void> {
  t.match(await ask(localApp, '/v1/log/check'), { ok: true });
  const restored = await ask(localApp, '/v1/log/restore', { dryRun: true, neverServed: true });
  t.match(restored, { restored: 0, strayCredentials: [] }, 'the log tells the same states');
}

t.test('what was filed before is decided for what was issued since', async (t) => {
  const world = await openAppealWorld(t);
  const { node, app, localApp, id, code, third } = world;
  const filed = await file(world, id);
  const { fresh, freshCode } = await reissue(world);
  t.equal(await verdict(node, code), 'refuse/revoked');
  t.equal(await verdict(node, freshCode), 'refuse/refused_by_policy', 'it is as red as it was');
  const record = (of: string) => ask(localApp, `/v1/credentials/${of}/record`);
  const before = { changes: [{ by: 'rule' }], appeals: [{ id: filed['id'], state: 'open' }] };
  t.match(await record(id), { ...before, status: { word: 'revoked' }, replaces: null, replacedBy: fresh });
  t.match(await record(fresh), { ...before, status: { word: 'red' }, replaces: id, replacedBy: null });
  for (const either of [id, fresh])
    t.match(await file(world, either), { http: 409, rule: 'appeal_open' }, 'one at a time');

  t.match(await accept(app, filed['id'], third), { http: 200, state: 'accepted', credential: id });
  t.equal(await verdict(node, freshCode), 'admit/ok');
  t.equal(await verdict(node, code), 'refuse/revoked');
  const after = { changes: [{ by: 'appeal' }, { by: 'rule' }], appeals: [{ state: 'accepted' }] };
  t.match(await record(id), after);
  t.match(await record(fresh), { ...after, status: { word: 'green' } });
  await holds(t, world);
});

t.test('what was done before is appealed against under either id, also after a second key', async (t) => {
  for (const which of ['oldest', 'newest'] as const) {
    const world = await openAppealWorld(t);
    const { fresh } = await reissue(world);
    const { fresh: newest, freshCode } = await reissue({ ...world, id: fresh });
    const found = await ask(world.localApp, `/v1/credentials/${world.id}`);
    t.match(found, { state: 'revoked', replacedBy: newest }, 'the oldest id tells the newest');
    const filed = await file(world, which === 'oldest' ? world.id : newest);
    t.match(filed, { http: 201, credential: world.id }, 'the change is where it was made');
    t.match(await accept(world.app, filed['id'], world.third), { state: 'accepted' });
    t.equal(await verdict(world.node, freshCode), 'admit/ok', which);
    await holds(t, world);
  }
});

t.test('what was changed since under the new id is not given back for the old', async (t) => {
  const world = await openAppealWorld(t);
  const { app, localApp, id, first, second, third } = world;
  const filed = await file(world, id);
  const { fresh } = await reissue(world);
  const purpose = { purpose: 'checked by hand', evidence: 'case 27' };
  const body = withNonce({ action: 'set-level', level: 'yellow', credentials: [fresh], ...purpose });
  t.match(await decideOn(app, first, second, 'colour', body), { state: 'approved' });
  t.match(await accept(app, filed['id'], third), { http: 409, rule: 'changed_meanwhile' });
  t.match(await ask(localApp, `/v1/credentials/${fresh}`), { level: 0x0c });
});

t.test('a batch that is taken back is taken back under the new ids', async (t) => {
  const world = await openAppealWorld(t);
  const { app, localApp, id, first, second } = world;
  const { fresh, freshCode } = await reissue(world);
  const { changes } = (await ask(localApp, `/v1/credentials/${fresh}/record`)) as unknown as {
    changes: { id: string }[];
  };
  const body = withNonce({ change: changes[0]?.id ?? '', purpose: 'wrong list', evidence: 'case 28' });
  t.match(await decideOn(app, first, second, 'reversal', body), { http: 200, state: 'approved' });
  t.equal(await verdict(world.node, freshCode), 'admit/ok');
  t.match(await ask(localApp, `/v1/credentials/${id}`), { state: 'revoked' });
  await holds(t, world);
});

t.test(
  'a service that names the old id changes the new one; whoever names it by hand hears of it',
  async (t) => {
    const world = await openAppealWorld(t);
    const { app, localApp, id, first, second, third, service } = world;
    const filed = await file(world, id);
    const { fresh, freshCode } = await reissue(world);
    await accept(app, filed['id'], third);
    t.equal(await verdict(world.node, freshCode), 'admit/ok');

    const told = { http: 409, rule: 'reissued', detail: new RegExp(fresh) };
    const grounds = { purpose: 'checked by hand', evidence: 'case 27' };
    const colour = withNonce({ action: 'suspend', credentials: [id], ...grounds });
    t.match(await ask(app, '/v1/proposals', proposed(first, 'colour', colour, NOW), first.key), told);
    const revocation = withNonce({ scope: { credentials: [id] }, count: 1, ...grounds });
    const { jws } = proposed(first, 'revocation', revocation, NOW);
    t.match(await ask(app, '/v1/proposals', { type: 'revocation', body: revocation, jws }, first.key), told);
    const change = { action: 'revoke', reason: 'test' };
    t.match(await ask(localApp, `/v1/credentials/${id}/status`, change), told);

    const invocation = { version: 1, credentials: [id, fresh], purpose: 'outbreak', evidence: 'case 29' };
    const path = '/v1/colour-rules/close-contact/invocations';
    const headers = { authorization: `Bearer ${service}`, 'idempotency-key': 'b' };
    const response = await app.inject({ method: 'POST', url: path, headers, payload: invocation });
    t.match(response.json(), { changed: 1, unchanged: 0 });
    t.equal(await verdict(world.node, freshCode), 'refuse/refused_by_policy');
    const late = withNonce({ change: response.json().id, ...grounds });
    t.match(await decideOn(app, first, second, 'reversal', late), { http: 200 });
    await holds(t, world);
  },
);

/** Proposed by one and approved by the other. */
async function decideOn(
  app: FastifyInstance,
  by: Person & { key: string },
  approver: Person & { key: string },
  type: string,
  body: Parameters<typeof proposed>[2],
) {
  const made = await ask(app, '/v1/proposals', proposed(by, type, body, NOW), by.key);
  const jws = signed(approver, String(made['hash']), 'approve', NOW);
  return ask(app, `/v1/proposals/${made['id']}/decision`, { action: 'approve', jws }, approver.key);
}
