import t from 'tap';
import { randomBytes } from '../../src/adapters/crypto-node.js';
import { encodeBase64url } from '../../src/core/codec/base64url.js';
import { startClaimProof } from '../../src/core/envelope/claim-proof.js';
import { readContent } from '../../src/server/source-code.js';
import {
  asHolder,
  ask,
  claim,
  nonce,
  type Offered,
  offer,
  offerAgain,
  openScene,
  PRE_AUTHORIZED,
  PUBLIC_URL,
  redeem,
  type Scene,
  tokenFor,
} from '../support/claiming.js';
import { createPhone } from '../support/holder.js';
import { privateFolder, verdict } from '../support/open-node.js';

const codeOf = (response: { json: () => { credentials: { credential: string }[] } }): string =>
  response.json().credentials[0]?.credential ?? '';

async function checkLog({ localApp }: Scene) {
  return (await localApp.inject('/v1/log/check')).json();
}

async function encodingsOf({ localApp }: Scene, id: string) {
  return (await localApp.inject(`/v1/credentials/${id}`)).json().encodings as {
    form: string;
    code: string;
    index: number;
    status: number;
    revokedAlone: boolean;
    bound: boolean;
    endsAt: number | null;
  }[];
}

t.test('a person claims a health code: offer, transaction code, nonce, proof', async (t) => {
  const node = await openScene(t, privateFolder(t));
  const offered = await offer(node);
  t.equal(
    offered.walletUrl,
    `${PUBLIC_URL}/wallet#offer=${encodeURIComponent(`${PUBLIC_URL}/openid4vci/offers/${offered.code}`)}`,
  );
  t.match(offered.txCode, /^[0-9]{6}$/);
  const shown = await node.app.inject(`/openid4vci/offers/${offered.code}`);
  t.same(shown.json(), {
    credential_issuer: PUBLIC_URL,
    credential_configuration_ids: ['health-code'],
    grants: {
      [PRE_AUTHORIZED]: {
        'pre-authorized_code': offered.code,
        tx_code: { input_mode: 'numeric', length: 6 },
      },
    },
  });
  t.notMatch(shown.payload, offered.txCode, 'the transaction code comes another way');

  const phone = createPhone();
  const response = await claim(node, await tokenFor(node, offered), phone);
  t.equal(response.statusCode, 200);
  t.equal(response.headers['cache-control'], 'no-store');
  t.same(readContent(codeOf(response)).deviceKey, phone.signer.publicKey);
  t.equal(
    await verdict(node, codeOf(response)),
    'refuse/holder_mismatch',
    'valid, and of no use as a picture',
  );
  t.equal(
    (await node.app.inject(`/openid4vci/offers/${offered.code}`)).statusCode,
    404,
    'the offer is used up',
  );
  const again = await redeem(node, offered.code, offered.txCode);
  t.match([again.statusCode, again.json().error], [400, 'invalid_grant']);
  t.match(await checkLog(node), { ok: true });
});

t.test('five wrong transaction codes kill an offer, from wherever and whatever comes after', async (t) => {
  const node = await openScene(t, privateFolder(t));
  const offered = await offer(node);
  const wrong = offered.txCode === '000000' ? '000001' : '000000';
  for (const left of [4, 3, 2, 1]) {
    const response = await redeem(node, offered.code, wrong);
    t.match([response.statusCode, response.json()], [400, { error: 'invalid_grant', attempts_left: left }]);
  }
  const [fifth, ...others] = await Promise.all([1, 2, 3].map(() => redeem(node, offered.code, wrong)));
  t.match(fifth?.json(), { error: 'invalid_grant', attempts_left: 0 });
  for (const other of others) t.strictSame(other.json().attempts_left, undefined, 'tried at once counts too');
  const right = await redeem(node, offered.code, offered.txCode);
  t.match([right.statusCode, right.json().error], [400, 'invalid_grant'], 'the right one comes too late');
  t.equal((await node.app.inject(`/openid4vci/offers/${offered.code}`)).statusCode, 404);
  const written = (await checkLog(node)).entries;
  await redeem(node, offered.code, wrong);
  await redeem(node, `${'a'.repeat(26)}${'b'.repeat(26)}`, wrong);
  t.match(await checkLog(node), { ok: true, entries: written }, 'and nothing more is written for it');
});

t.test('what was tried before a restart counts after it', async (t) => {
  const dir = privateFolder(t);
  const node = await openScene(t, dir);
  const offered = await offer(node);
  const wrong = offered.txCode === '000000' ? '000001' : '000000';
  for (let i = 0; i < 4; i++) await redeem(node, offered.code, wrong);
  await node.close();
  const restarted = await openScene(t, dir);
  t.match((await redeem(restarted, offered.code, wrong)).json(), { attempts_left: 0 });
  t.equal((await redeem(restarted, offered.code, offered.txCode)).statusCode, 400);
});

t.test('an offer and a token end when their time is over', async (t) => {
  const node = await openScene(t, privateFolder(t), { YIMA_OFFER_SECONDS: '600' });
  const [late, used] = [await offer(node), await offer(node)];
  const token = await tokenFor(node, used);
  node.now.at += 299;
  t.equal((await claim(node, token, createPhone())).statusCode, 200);
  node.now.at += 1;
  const over = await claim(node, token, createPhone());
  t.match([over.statusCode, over.json().error], [401, 'invalid_token']);
  t.match(over.headers['www-authenticate'], 'Bearer error="invalid_token"');
  node.now.at += 300;
  t.match((await redeem(node, late.code, late.txCode)).json(), { error: 'invalid_grant' });
});

t.test('the token endpoint says what is wrong in the words of its standard', async (t) => {
  const node = await openScene(t, privateFolder(t));
  const { code, txCode } = await offer(node);
  const post = (payload: string, type = 'application/x-www-form-urlencoded') =>
    node.app.inject({ method: 'POST', url: '/openid4vci/token', headers: { 'content-type': type }, payload });
  const form = (members: Record<string, string>) => post(new URLSearchParams(members).toString());
  const all = { grant_type: PRE_AUTHORIZED, 'pre-authorized_code': code, tx_code: txCode };
  const rows: [string, Awaited<ReturnType<typeof post>>, number, string][] = [
    [
      'another grant',
      await form({ ...all, grant_type: 'authorization_code' }),
      400,
      'unsupported_grant_type',
    ],
    ['no grant', await form({ tx_code: txCode }), 400, 'invalid_request'],
    ['no code', await form({ ...all, 'pre-authorized_code': '' }), 400, 'invalid_request'],
    ['no transaction code', await form({ ...all, tx_code: '' }), 400, 'invalid_request'],
    ['a long transaction code', await form({ ...all, tx_code: '1'.repeat(65) }), 400, 'invalid_request'],
    ['a name twice', await post(`${new URLSearchParams(all)}&tx_code=1`), 400, 'invalid_request'],
    ['JSON', await post(JSON.stringify(all), 'application/json'), 415, 'invalid_request'],
    ['an unknown code', await form({ ...all, 'pre-authorized_code': 'a'.repeat(52) }), 400, 'invalid_grant'],
    ['a code of another form', await form({ ...all, 'pre-authorized_code': '../x' }), 400, 'invalid_grant'],
    ['too much', await post('x'.repeat(20_000)), 413, 'invalid_request'],
  ];
  for (const [name, response, status, error] of rows) {
    t.match([response.statusCode, response.json().error], [status, error], name);
    t.match(response.headers['content-type'], 'application/json', name);
    t.notMatch(response.json().error_description ?? '', /[^\x20-\x7e]/, name);
  }
  t.equal((await form(all)).statusCode, 200, 'and the offer is none the worse for it');
});

t.test('a proof that is not exactly one of this device, for this issuer, now, claims nothing', async (t) => {
  const node = await openScene(t, privateFolder(t));
  const offered = await offer(node);
  const token = await tokenFor(node, offered);
  const phone = createPhone();
  const { sign } = phone.signer;
  const now = node.now.at;
  const request = (jwt: readonly unknown[], id: unknown = 'health-code') =>
    ask(node, token, { credential_configuration_id: id, proofs: { jwt } });
  const made = async (change: { issuer?: string; nonce?: string; now?: number }) =>
    phone.claimProof(change.issuer ?? PUBLIC_URL, change.nonce ?? (await nonce(node)), change.now ?? now);
  const retyped = async (change: object, payload: object = {}): Promise<string> => {
    const text = [
      { alg: 'ES256', typ: 'openid4vci-proof+jwt', jwk: jwkOf(phone), ...change },
      { aud: PUBLIC_URL, iat: now, nonce: await nonce(node), ...payload },
    ]
      .map((part) => encodeBase64url(new TextEncoder().encode(JSON.stringify(part))))
      .join('.');
    return `${text}.${encodeBase64url(sign(new TextEncoder().encode(text)))}`;
  };
  const good = await made({});
  const other = createPhone();
  const rows: [string, readonly unknown[], string][] = [
    ['for another issuer', [await made({ issuer: 'https://other.test' })], 'invalid_proof'],
    ['from yesterday', [await made({ now: now - 86_400 })], 'invalid_proof'],
    ['from tomorrow', [await made({ now: now + 86_400 })], 'invalid_proof'],
    ['a nonce of nobody', [await made({ nonce: encodeBase64url(randomBytes(32)) })], 'invalid_nonce'],
    ['no nonce at all', [await retyped({}, { nonce: undefined })], 'invalid_proof'],
    ['an issuer of its own', [await retyped({}, { iss: 'me' })], 'invalid_proof'],
    ['another type', [await retyped({ typ: 'JWT' })], 'invalid_proof'],
    ['no algorithm', [await retyped({ alg: 'none' })], 'invalid_proof'],
    ['another algorithm', [await retyped({ alg: 'ES384' })], 'invalid_proof'],
    ['a private key', [await retyped({ jwk: { ...jwkOf(phone), d: 'AA' } })], 'invalid_proof'],
    ['another key', [await retyped({ jwk: jwkOf(other) })], 'invalid_proof'],
    ['two keys', [await retyped({ kid: 'did:x#1' })], 'invalid_proof'],
    ['a certificate', [await retyped({ x5c: ['AA'] })], 'invalid_proof'],
    ['critical', [await retyped({ crit: ['exp'], exp: 1 })], 'invalid_proof'],
    [
      'a point that is none',
      [await retyped({ jwk: { ...jwkOf(phone), x: encodeBase64url(new Uint8Array(32)) } })],
      'invalid_proof',
    ],
    ['cut', [good.slice(0, -4)], 'invalid_proof'],
    ['two at once', [good, good], 'invalid_proof'],
    ['none', [], 'invalid_proof'],
    ['a number', [7], 'invalid_proof'],
    ['4 KB of something', ['x'.repeat(5_000)], 'invalid_proof'],
  ];
  for (const [name, jwt, error] of rows) {
    const response = await request(jwt);
    t.match([response.statusCode, response.json().error], [400, error], name);
  }
  const unknown = await request([good], 'driving-licence');
  t.match(unknown.json(), { error: 'unknown_credential_configuration' });
  t.match((await request([good], 7)).json(), { error: 'invalid_credential_request' });
  const encrypted = await ask(node, token, {
    credential_configuration_id: 'health-code',
    proofs: { jwt: [good] },
    credential_response_encryption: {},
  });
  t.match(encrypted.json(), { error: 'invalid_encryption_parameters' });
  t.match((await ask(node, 'x', {})).json(), { error: 'invalid_credential_request' });
  const nobody = await ask(node, 'x', {
    credential_configuration_id: 'health-code',
    proofs: { jwt: [good] },
  });
  t.match([nobody.statusCode, nobody.json().error], [401, 'invalid_token']);
  t.equal((await request([good])).statusCode, 200, 'and the sound one still claims');
});

function jwkOf({ signer }: ReturnType<typeof createPhone>): Record<string, unknown> {
  const { message } = startClaimProof(signer.publicKey, 'x', 'x', 0);
  const [head = ''] = new TextDecoder().decode(message).split('.');
  return JSON.parse(Buffer.from(head, 'base64url').toString()).jwk;
}

t.test('claimed once: the same phone gets the same again, another gets nothing', async (t) => {
  const dir = privateFolder(t);
  const node = await openScene(t, dir);
  const offered = await offer(node);
  const token = await tokenFor(node, offered);
  const [phone, thief] = [createPhone(), createPhone()];
  const proof = phone.claimProof(PUBLIC_URL, await nonce(node), node.now.at);
  const payload = { credential_configuration_id: 'health-code', proofs: { jwt: [proof] } };
  const answers = await Promise.all([
    ask(node, token, payload),
    ask(node, token, payload),
    claim(node, token, phone),
  ]);
  const codes = new Set(answers.map(codeOf));
  t.equal(codes.size, 1, 'asked for at once, with one nonce or two');
  const stolen = await claim(node, token, thief);
  t.match([stolen.statusCode, stolen.json().error], [400, 'credential_request_denied']);
  await node.close();

  const restarted = await openScene(t, dir);
  t.match(
    (await ask(restarted, token, payload)).json(),
    { error: 'invalid_nonce' },
    'a nonce of before the restart',
  );
  t.ok(codes.has(codeOf(await claim(restarted, token, phone))), 'and then the same');
  t.equal((await encodingsOf(restarted, offered.credential)).length, 2, 'one was issued');
  t.match(await checkLog(restarted), { ok: true });
});

t.test('a nonce is good for one claim alone, and for five minutes', async (t) => {
  const node = await openScene(t, privateFolder(t));
  const [first, second] = [await offer(node), await offer(node)];
  const tokens = [await tokenFor(node, first), await tokenFor(node, second)];
  const phone = createPhone();
  const used = await nonce(node);
  const proof = () => phone.claimProof(PUBLIC_URL, used, node.now.at);
  const at = (token: string | undefined) =>
    ask(node, token ?? '', { credential_configuration_id: 'health-code', proofs: { jwt: [proof()] } });
  t.equal((await at(tokens[0])).statusCode, 200);
  t.match((await at(tokens[1])).json(), { error: 'invalid_nonce' });
  const old = await nonce(node);
  node.now.at += 300;
  const fresh = await tokenFor(node, second);
  const late = phone.claimProof(PUBLIC_URL, old, node.now.at);
  const answer = await ask(node, fresh, {
    credential_configuration_id: 'health-code',
    proofs: { jwt: [late] },
  });
  t.match(answer.json(), { error: 'invalid_nonce' });
});

t.test('an answer that got lost costs nobody his offer: the newest token counts', async (t) => {
  const node = await openScene(t, privateFolder(t));
  const offered = await offer(node);
  const lost = await tokenFor(node, offered);
  const token = await tokenFor(node, offered);
  t.equal((await claim(node, lost, createPhone())).statusCode, 401);
  t.equal((await claim(node, token, createPhone())).statusCode, 200);
});

t.test('a new phone: claimed again, and the old binding dies', async (t) => {
  const node = await openScene(t, privateFolder(t));
  const [old, fresh] = [createPhone(), createPhone('Ed25519')];
  const offered = await offer(node);
  const first = codeOf(await claim(node, await tokenFor(node, offered), old));
  const moved = await offerAgain(node, offered.credential);
  const second = codeOf(await claim(node, await tokenFor(node, moved), fresh));
  t.equal(await verdict(node, first), 'refuse/revoked');
  t.equal(await verdict(node, second), 'refuse/holder_mismatch');
  const [screen] = await encodingsOf(node, offered.credential);
  t.equal(await verdict(node, screen?.code ?? ''), 'admit/ok', 'what is bound to no phone stays');
  t.match((await asHolder(node, old, 'GET', '/holder/credentials')).json(), {
    credentials: [{ id: offered.credential, state: 'moved', code: null, status: null }],
  });
  t.match((await asHolder(node, fresh, 'GET', '/holder/credentials')).json(), {
    now: node.now.at,
    credentials: [{ id: offered.credential, state: 'active', code: second, status: { word: 'green' } }],
  });

  const both = await offerAgain(node, offered.credential, { keepDevices: true });
  await claim(node, await tokenFor(node, both), old);
  t.equal(await verdict(node, second), 'refuse/holder_mismatch', 'unless the desk says otherwise');
  t.match(await checkLog(node), { ok: true });
});

t.test('what is revoked or has expired is neither offered nor claimed', async (t) => {
  const node = await openScene(t, privateFolder(t));
  const offered = await offer(node);
  const token = await tokenFor(node, offered);
  await node.localApp.inject({
    method: 'POST',
    url: `/v1/credentials/${offered.credential}/status`,
    payload: { action: 'revoke', reason: 'test' },
  });
  const response = await claim(node, token, createPhone());
  t.match([response.statusCode, response.json().error], [400, 'invalid_credential_request']);
  const again = await node.localApp.inject({
    method: 'POST',
    url: `/v1/credentials/${offered.credential}/offers`,
    payload: {},
  });
  t.equal(again.statusCode, 409);
});

t.test('a licence is claimed in both forms by one device, in each once', async (t) => {
  const node = await openScene(t, privateFolder(t));
  const offered: Offered = await offer(node, 'food-handler');
  t.same((await node.app.inject(`/openid4vci/offers/${offered.code}`)).json().credential_configuration_ids, [
    'food-handler',
    'food-handler_dc+sd-jwt',
  ]);
  const token = await tokenFor(node, offered);
  const phone = createPhone();
  const own = codeOf(await claim(node, token, phone, 'food-handler'));
  const sdJwt = codeOf(await claim(node, token, phone, 'food-handler_dc+sd-jwt'));
  t.equal(await verdict(node, own), 'refuse/holder_mismatch', 'the other form did not end it');
  t.equal(codeOf(await claim(node, token, phone, 'food-handler_dc+sd-jwt')), sdJwt);
  const other = await claim(node, token, createPhone(), 'food-handler_dc+sd-jwt');
  t.match(other.json(), { error: 'credential_request_denied' });
  const wrong = await offer(node, 'food-handler');
  const refused = await claim(
    node,
    await tokenFor(node, wrong),
    createPhone('Ed25519'),
    'food-handler_dc+sd-jwt',
  );
  t.match(refused.json(), { error: 'invalid_proof' }, 'wallets of others are told ES256');

  const encodings = await encodingsOf(node, offered.credential);
  t.same(
    encodings.map(({ form, bound }) => [form, bound]),
    [
      ['screen', false],
      ['device', true],
      ['sd-jwt', true],
    ],
  );
  await node.localApp.inject({
    method: 'POST',
    url: `/v1/credentials/${offered.credential}/status`,
    payload: { action: 'revoke', reason: 'test' },
  });
  t.same(
    (await encodingsOf(node, offered.credential)).map(({ status }) => status),
    [1, 1, 1],
    'its status changes all of them',
  );
  t.match(await checkLog(node), { ok: true });
});

t.test('nothing of a claim stands in the log of the node or in the file', async (t) => {
  const node = await openScene(t, privateFolder(t));
  const offered = await offer(node);
  await claim(node, await tokenFor(node, offered), createPhone());
  const { entries } = (await node.localApp.inject('/v1/log?limit=1000')).json();
  const text = JSON.stringify(entries);
  for (const secret of [offered.txCode, offered.code.slice(26), offered.code])
    t.notMatch(text, new RegExp(secret), 'told by hashes alone');
  t.match(
    entries.map(({ type }: { type: string }) => type),
    ['issued', 'offer_made', 'offer_redeemed', 'encoding_added'],
  );
});

t.test('after half a year another key signs SD-JWTs, and both are published', async (t) => {
  const dir = privateFolder(t);
  const node = await openScene(t, dir);
  const keys = async ({ app }: Pick<Scene, 'app'>): Promise<{ kid: string; crv: string; d?: string }[]> =>
    (await app.inject('/.well-known/jwt-vc-issuer')).json().jwks.keys;
  const claimed = async (scene: Scene): Promise<string> => {
    const token = await tokenFor(scene, await offer(scene, 'business-licence'));
    const text = codeOf(await claim(scene, token, createPhone(), 'business-licence_dc+sd-jwt'));
    return JSON.parse(Buffer.from(text.split('.')[0] ?? '', 'base64url').toString()).kid;
  };
  const first = await claimed(node);
  t.match(await keys(node), [{ kid: first, crv: 'P-256', d: undefined }]);
  node.now.at += 180 * 86_400;
  const [second, same] = await Promise.all([claimed(node), claimed(node)]);
  t.not(second, first);
  t.equal(same, second, 'once, however many ask');
  const published = (await keys(node)).map(({ kid }) => kid);
  t.same(published, [first, second]);
  const trusted = (await node.app.inject('/.well-known/jwks.json')).json().keys;
  t.notOk(
    trusted.some(({ kid }: { kid: string }) => published.includes(kid)),
    'neither is among the keys that codes are trusted by',
  );
  t.match(await checkLog(node), { ok: true });
  await node.close();
  const restarted = await openScene(t, dir, {}, node.now.at);
  t.same(
    (await keys(restarted)).map(({ kid }) => kid),
    published,
  );
  t.equal(await claimed(restarted), second);
});

t.test('an office withdraws an offer, and what was given for it is worth nothing', async (t) => {
  const node = await openScene(t, privateFolder(t));
  const phone = createPhone();
  const offered = await offer(node);
  const token = await tokenFor(node, offered);
  const withdraw = async ({ credential, code }: Pick<Offered, 'credential' | 'code'>): Promise<number> => {
    const url = `/v1/credentials/${credential}/offers/${code.slice(0, 26)}`;
    return (await node.localApp.inject({ method: 'DELETE', url })).statusCode;
  };
  const entries = async (): Promise<number> => {
    const { entries } = (await node.localApp.inject('/v1/log?limit=100')).json() as {
      entries: { type: string }[];
    };
    return entries.filter(({ type }) => type === 'offer_withdrawn').length;
  };
  const other = await offer(node);
  t.equal(await withdraw({ credential: other.credential, code: offered.code }), 404, 'of another credential');
  t.equal(await withdraw(offered), 204);
  t.equal(await withdraw(offered), 204, 'once more is no harm');
  t.equal(await entries(), 1);
  t.equal((await node.app.inject(`/openid4vci/offers/${offered.code}`)).statusCode, 404);
  t.equal((await redeem(node, offered.code, offered.txCode)).statusCode, 400);
  t.equal((await claim(node, token, phone)).statusCode, 401, 'nor the token');
  const claimed = await claim(node, await tokenFor(node, other), phone);
  t.equal(claimed.statusCode, 200);
  t.equal(await withdraw(other), 409, 'a claim is not taken back so');
  t.equal(await verdict(node, codeOf(claimed)), 'refuse/holder_mismatch', 'what is on the phone lives on');
  t.match(await checkLog(node), { ok: true, strayOffers: [] });
});
