import { setImmediate } from 'node:timers/promises';
import t from 'tap';
import { randomBytes, sha256, sha256Hex, timingSafeEqual } from '../../../src/adapters/crypto-node.js';
import type { MemoryStore } from '../../../src/adapters/memory-store.js';
import { encodeBase64url } from '../../../src/core/codec/base64url.js';
import { KINDS } from '../../../src/core/credential/kind-table.js';
import { createClaims } from '../../../src/core/issue/claims.js';
import { endOverdue } from '../../../src/core/issue/encoding-ends.js';
import { createHolder } from '../../../src/core/issue/holder.js';
import { auditLog } from '../../../src/core/issue/log-audit.js';
import { createNonces } from '../../../src/core/issue/nonces.js';
import type { OfferRow } from '../../../src/core/issue/offer-rows.js';
import { createOffers } from '../../../src/core/issue/offers.js';
import { createProofUses } from '../../../src/core/issue/proof-uses.js';
import type { Store } from '../../../src/core/issue/store.js';
import { thumbprint } from '../../../src/core/signature/thumbprint.js';
import { readContent } from '../../../src/server/source-code.js';
import { createPhone, type Phone } from '../../support/holder.js';
import { issueRequest, type Office, openMemoryOffice } from '../../support/office.js';
import { refusal, refuses } from '../../support/refusal.js';

/** What serves phones, over an office in memory. */
function desk(office: Office, store: Store) {
  const { ledger, registry, now } = office;
  const clock = () => now.at;
  const secrets = { clock, random: randomBytes, sha256, sha256Hex, equalSecrets: timingSafeEqual };
  const { planner, publish } = registry;
  const claims = createClaims({ store, ledger, planner, nonces: createNonces(secrets), ...secrets });
  const file = (): never => {
    throw new Error('Nobody appeals here.');
  };
  const uses = createProofUses(clock);
  return {
    offers: createOffers({ store, ledger, kinds: KINDS, offerSeconds: 900, ...secrets }),
    holder: createHolder({
      keyOf: (code) => readContent(code).deviceKey,
      store,
      ledger,
      planner,
      kinds: KINDS,
      appeals: { file },
      uses,
      clock,
      sha256,
    }),
    claim: (accessToken: string, { signer }: Phone, kind = 'health-code') =>
      claims.claim({
        accessToken,
        configuration: { kind, form: 'device' },
        proof: { key: signer.publicKey, nonce: claims.nonce() },
      }),
    endOverdue: () => endOverdue({ store, ledger, clock, publish }),
  };
}

async function openDesk() {
  const { store, ...office } = await openMemoryOffice();
  const phones = desk(office, store);
  const { credential } = await office.registry.issue('office', issueRequest());
  const { id, code, txCode } = await phones.offers.make('office', credential.id, {});
  const redeemed = await phones.offers.redeem(code, txCode);
  if (!redeemed.ok) throw new Error('The right code was refused.');
  return { office, store, phones, credential, offer: { id, code, txCode }, token: redeemed.accessToken };
}

const audit = (store: Store) => auditLog({ store, sha256, nextTurn: setImmediate });
const proofOf = ({ signer }: Phone, id: string) => ({ key: signer.publicKey, id });

async function boundCodes(store: MemoryStore, id: string): Promise<string[]> {
  const stored = await store.findCredential(id);
  return (stored?.encodings ?? []).filter(({ device }) => device !== null).map(({ code }) => code);
}

for (const when of ['before', 'after'] as const) {
  t.test(`a write that fails ${when} it was made: the phone asks again, and has claimed once`, async (t) => {
    const { store, phones, credential, token } = await openDesk();
    const [phone, thief] = [createPhone(), createPhone()];
    store.failNext(when);
    await refuses(t, phones.claim(token, phone), 'store_failed');
    t.equal((await boundCodes(store, credential.id)).length, when === 'before' ? 0 : 1);
    if (when === 'after')
      t.match(await refusal(phones.claim(token, thief)), { rule: 'credential_request_denied' });
    const code = await phones.claim(token, phone);
    t.same(await boundCodes(store, credential.id), [code]);
    t.match(await refusal(phones.claim(token, thief)), { rule: 'credential_request_denied' });
    t.match(await audit(store), { ok: true });
  });

  t.test(`a wrong code whose count fails ${when} the write is never free`, async (t) => {
    const { office, store } = await openDesk();
    const phones = desk(office, store);
    const { credential } = await office.registry.issue('office', issueRequest());
    const { code, txCode } = await phones.offers.make('office', credential.id, {});
    const wrong = txCode === '000000' ? '000001' : '000000';
    store.failNext(when);
    await refuses(t, phones.offers.redeem(code, wrong), 'store_failed');
    const left = when === 'before' ? [4, 3, 2, 1, 0] : [3, 2, 1, 0];
    for (const each of left) t.same(await phones.offers.redeem(code, wrong), { ok: false, left: each });
    await refuses(t, phones.offers.redeem(code, txCode), 'invalid_request');
  });
}

t.test('two phones at once: one claims', async (t) => {
  const { store, phones, credential, token } = await openDesk();
  const tried = await Promise.allSettled(Array.from({ length: 8 }, () => phones.claim(token, createPhone())));
  t.equal(tried.filter(({ status }) => status === 'fulfilled').length, 1);
  t.equal((await boundCodes(store, credential.id)).length, 1);
});

t.test('a code is redeemed ten times at most, and each time the newest token counts', async (t) => {
  const { phones, offer, token } = await openDesk();
  let newest = token;
  for (let n = 1; n < 10; n++) {
    const redeemed = await phones.offers.redeem(offer.code, offer.txCode);
    if (redeemed.ok) newest = redeemed.accessToken;
  }
  await refuses(t, phones.offers.redeem(offer.code, offer.txCode), 'invalid_request');
  await refuses(t, phones.claim(token, createPhone()), 'unauthenticated');
  t.match(await phones.claim(newest, createPhone()), /^YM1:/);
});

t.test('a token or code of another is none, whatever its id says', async (t) => {
  const { phones, offer, token } = await openDesk();
  const other = await openDesk();
  for (const bad of [
    `${offer.id}${token.slice(26, -1)}a`,
    `${offer.id}${offer.code.slice(26)}`,
    other.token,
    '',
    'x',
  ])
    if (bad !== token) await refuses(t, phones.claim(bad, createPhone()), 'unauthenticated');
  const mixed = `${offer.id}${other.offer.code.slice(26)}`;
  t.match(await refusal(phones.offers.redeem(mixed, offer.txCode)), { rule: 'invalid_grant' });
  t.match(await phones.claim(token, createPhone()), /^YM1:/);
});

t.test('what another phone has taken over is not given to the first again', async (t) => {
  const { office, phones, credential, token } = await openDesk();
  const phone = createPhone();
  await phones.claim(token, phone);
  const deviceKey = createPhone().signer.publicKey;
  await office.registry.addEncoding('office', credential.id, { form: 'device', deviceKey, reason: 'moved' });
  t.match(await refusal(phones.claim(token, phone)), { rule: 'credential_request_denied' });
  await refuses(t, phones.holder.refresh(proofOf(phone, 'a'), credential.id), 'not_found');
});

t.test('a refresh that was written and not answered is asked for again, and costs one place', async (t) => {
  const { store, phones, credential, token } = await openDesk();
  const phone = createPhone();
  await phones.claim(token, phone);
  store.failNext('after');
  await refuses(t, phones.holder.refresh(proofOf(phone, 'a'), credential.id), 'store_failed');
  const fresh = await phones.holder.refresh(proofOf(phone, 'b'), credential.id);
  const codes = await boundCodes(store, credential.id);
  t.same([codes.length, codes[1]], [2, fresh.code]);
  t.match(await audit(store), { ok: true });
});

t.test('a row that says that a code is bound to another phone gives that phone nothing signed', async (t) => {
  const { office, store, phones, credential, token } = await openDesk();
  const [phone, thief] = [createPhone(), createPhone()];
  await phones.claim(token, phone);
  const device = encodeBase64url(thumbprint(thief.signer.publicKey, sha256));
  const findCredential: Store['findCredential'] = async (id) => {
    const stored = await store.findCredential(id);
    return stored && { ...stored, encodings: stored.encodings.map((each) => ({ ...each, device })) };
  };
  const edited = desk(office, { ...store, findCredential });
  await refuses(t, edited.holder.refresh(proofOf(thief, 'a'), credential.id), 'not_found');
  t.equal((await boundCodes(store, credential.id)).length, 1);
  t.match(await phones.holder.refresh(proofOf(phone, 'b'), credential.id), { state: 'active' });
});

t.test('hundreds of codes whose time is over end a hundred at a time', async (t) => {
  const { store, ...office } = await openMemoryOffice();
  const phones = desk(office, store);
  const phone = createPhone();
  const deviceKey = phone.signer.publicKey;
  const ids: string[] = [];
  for (let n = 0; n < 105; n++) {
    const { credential } = await office.registry.issue('office', issueRequest());
    await office.registry.addEncoding('office', credential.id, { form: 'device', deviceKey, reason: 'x' });
    ids.push(credential.id);
    if (n % 50 === 0) office.now.at += 121; // so that the phone need not wait
  }
  const held = await phones.holder.list(proofOf(phone, 'list'));
  t.equal(held.length, 50, 'a phone is shown fifty');
  for (const [n, id] of ids.slice(-50).entries()) {
    if (n % 40 === 0) office.now.at += 121;
    await phones.holder.refresh(proofOf(phone, `proof ${n}`), id);
  }
  t.equal(await phones.endOverdue(), false);
  office.now.at += 600;
  t.equal((await store.overdue(office.now.at, 1_000)).length, 50);
  store.failNext('before');
  await refuses(t, phones.endOverdue(), 'store_failed');
  t.equal(await phones.endOverdue(), false);
  t.same(await store.overdue(office.now.at, 1_000), []);
  t.match(await audit(store), { ok: true });
});

t.test('an offer that somebody wrote into the file is found', async (t) => {
  const { store, phones, credential } = await openDesk();
  const { id, code, txCode } = await phones.offers.make('office', credential.id, {});
  await phones.offers.redeem(code, txCode === '000000' ? '000001' : '000000');
  t.match(await audit(store), { ok: true, strayOffers: [] });
  const rows = await store.offers('', 10);
  const [first, row] = [rows.find((each) => each.id !== id), rows.find((each) => each.id === id)];
  t.ok(first !== undefined && row !== undefined);
  if (first === undefined || row === undefined) return;
  const edited = (...offers: readonly OfferRow[]) => audit({ ...store, offers: async () => offers });
  for (const edit of [
    { wrongCodes: 0 },
    { credentialId: 'b'.repeat(26) },
    { expiresAt: row.expiresAt + 9_999 },
  ])
    t.match(await edited(first, { ...row, ...edit }), { ok: false, strayOffers: [id] });
  const stranger = { ...row, id: 'z'.repeat(26) };
  t.match(await edited(first, row, stranger), { strayOffers: [stranger.id] });
  t.match(await edited(first), { strayOffers: [id] });
});
