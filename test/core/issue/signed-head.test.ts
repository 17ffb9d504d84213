import { setImmediate } from 'node:timers/promises';
import t from 'tap';
import {
  createNodeSigner,
  createNodeVerify,
  generatePrivateJwk,
  sha256,
  sha256Hex,
} from '../../../src/adapters/crypto-node.js';
import { encodeBase64url } from '../../../src/core/codec/base64url.js';
import { encodeCompactJws } from '../../../src/core/codec/jws.js';
import { appendLog } from '../../../src/core/issue/log.js';
import { createSignedHeads, LOG_HEAD_TYPE } from '../../../src/core/issue/signed-head.js';
import type { LogRow, Store } from '../../../src/core/issue/store.js';
import type { KeyRecord } from '../../../src/core/trust/key-record.js';
import { issueRequest, NOW, openMemoryOffice } from '../../support/office.js';

const signer = createNodeSigner(generatePrivateJwk('Ed25519'));

function keyRecord(change: Partial<KeyRecord> = {}): KeyRecord {
  return {
    format: 'yima',
    issuer: '330102',
    kid: encodeBase64url(signer.kid),
    key: signer.publicKey,
    use: 'status',
    scope: { region: '3301', kinds: null },
    notBefore: null,
    notAfter: null,
    state: 'retired',
    statusBase: null,
    trustedUntil: null,
    ...change,
  };
}

function headsOf(store: Store, keys: readonly KeyRecord[] = [keyRecord()]) {
  return createSignedHeads({
    store,
    sha256,
    nextTurn: setImmediate,
    issuer: '330102',
    signer: () => signer,
    keys: () => keys,
    verify: createNodeVerify(),
    clock: () => NOW,
  });
}

async function threeEntries() {
  const { registry, store } = await openMemoryOffice();
  for (let n = 0; n < 3; n++) await registry.issue('office', issueRequest());
  return { registry, store };
}

/** The same log told anew with another actor, every hash made right. */
async function rewritten(store: Store): Promise<Store> {
  const rows = (await store.log(0, 100)).map(({ at, type, body }) => ({
    at,
    actor: 'nobody',
    type,
    body: JSON.parse(body) as Record<string, unknown>,
  }));
  return withLog(store, appendLog(undefined, rows, sha256Hex));
}

function withLog(store: Store, rows: readonly LogRow[]): Store {
  return {
    ...store,
    head: async () => rows.at(-1),
    log: async (after, limit) => rows.slice(after, after + limit),
  };
}

t.test('a signed head is found again in the log, also after the log went on', async (t) => {
  const { registry, store } = await threeEntries();
  const { signed, ...head } = await headsOf(store).sign();
  const newest = await store.head();
  t.same(head, { issuer: '330102', seq: 3, hash: newest?.hash, at: NOW });
  t.equal(signed.split('.').length, 3);
  await registry.issue('office', issueRequest());
  t.same(await headsOf(store).check(signed), { ...head, ok: true, finding: 'same' });
});

t.test('a log that was rewritten whole, cut short or edited is found by a head from before', async (t) => {
  const { store } = await threeEntries();
  const { signed } = await headsOf(store).sign();
  const anew = await rewritten(store);
  t.match(await headsOf(anew).check(signed), { ok: false, finding: 'rewritten' });
  const rows = await store.log(0, 100);
  t.match(await headsOf(withLog(store, rows.slice(0, 2))).check(signed), { ok: false, finding: 'shorter' });
  t.match(await headsOf(withLog(store, [])).check(signed), { ok: false, finding: 'shorter' });
  const edited = rows.map((row) => (row.seq === 2 ? { ...row, actor: 'nobody' } : row));
  t.match(await headsOf(withLog(store, edited)).check(signed), { ok: false, finding: 'broken' });
});

t.test('an empty log has no head to sign', async (t) => {
  const { store } = await openMemoryOffice();
  await t.rejects(headsOf(store).sign(), { code: 'not_found' });
});

t.test('what this node did not sign is not compared', async (t) => {
  const { store } = await threeEntries();
  const { signed, ...head } = await headsOf(store).sign();
  const encode = (payload: object, change: object = {}) => {
    const header = { alg: 'Ed25519', kid: encodeBase64url(signer.kid), typ: LOG_HEAD_TYPE, ...change };
    return encodeCompactJws(header, { ...payload } as Record<string, never>, signer.sign);
  };
  const cut = signed.slice(0, signed.lastIndexOf('.') + 1);
  const rows: readonly [string, string, string, (readonly KeyRecord[])?][] = [
    ['form', 'no JWS', 'x'],
    ['form', 'another type', encode(head, { typ: 'statuslist+jwt' })],
    ['form', 'a member too many', encode({ ...head, more: 1 })],
    ['form', 'a member of another type', encode({ ...head, seq: '3' })],
    ['form', 'no entry has this number', encode({ ...head, seq: 0 })],
    ['issuer', 'another issuer', encode({ ...head, issuer: '330106' })],
    ['signature', 'another signature', `${cut}${encodeBase64url(new Uint8Array(64))}`],
    ['signature', 'another algorithm', encode(head, { alg: 'ES256' })],
    ['signature', 'an unknown key', signed, []],
    ['signature', 'a key for credentials', signed, [keyRecord({ use: 'credential' })]],
    ['signature', 'a revoked key', signed, [keyRecord({ state: 'revoked' })]],
  ];
  for (const [rule, name, text, keys] of rows)
    await t.rejects(headsOf(store, keys).check(text), { code: 'invalid_request', rule }, name);
});
