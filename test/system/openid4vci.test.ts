// Somebody else's wallet against a real node: an independent client claims both forms of a licence, and jose reads the SD-JWT.

import { createHash, randomBytes } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import { Openid4vciClient, setGlobalConfig } from '@openid4vc/openid4vci';
import {
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  type JSONWebKeySet,
  type JWTHeaderParameters,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from 'jose';
import t from 'tap';
import { dataFolder, freePorts, type NodeProcess, startNode } from '../support/node-process.js';
import { sampleClaims } from '../support/sample-claims.js';
import { createClient } from './support/client.js';

setGlobalConfig({ allowInsecureUrls: true }); // loopback

const KIND = 'business-licence';
type Callbacks = ConstructorParameters<typeof Openid4vciClient>[0]['callbacks'];

/** A wallet with one key, and what it would do with the offer that somebody shows it. */
async function createWallet() {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const { kty = '', ...rest } = await exportJWK(publicKey);
  const publicJwk = { kty, ...rest } as { kty: string; crv: string; x: string; y: string };
  const callbacks: Callbacks = {
    fetch,
    hash: (data) => createHash('sha256').update(data).digest(),
    generateRandom: (length) => randomBytes(length),
    clientAuthentication: () => undefined,
    signJwt: async (_signer, { header, payload }) => ({
      jwt: await new SignJWT(payload as JWTPayload)
        .setProtectedHeader(header as JWTHeaderParameters)
        .sign(privateKey),
      signerJwk: publicJwk,
    }),
  };
  const client = new Openid4vciClient({ callbacks });
  const redeem = async (offerUri: string, txCode: string) => {
    const credentialOffer = await client.resolveCredentialOffer(offerUri);
    const issuerMetadata = await client.resolveIssuerMetadata(credentialOffer.credential_issuer);
    const { accessTokenResponse } = await client.retrievePreAuthorizedCodeAccessTokenFromOffer({
      credentialOffer,
      issuerMetadata,
      txCode,
    });
    return { credentialOffer, issuerMetadata, accessToken: accessTokenResponse.access_token };
  };
  type Redeemed = Awaited<ReturnType<typeof redeem>>;
  return {
    publicJwk,
    redeem,
    /** Signs in at the holder's surface. */
    holderProof: (url: string, uri: string): Promise<string> =>
      new SignJWT({ aud: url, htm: 'GET', htu: uri, jti: randomBytes(16).toString('base64url') })
        .setIssuedAt()
        .setProtectedHeader({ alg: 'ES256', typ: 'yima-holder+jwt', jwk: publicJwk })
        .sign(privateKey),
    claim: async ({ issuerMetadata, accessToken }: Redeemed, credentialConfigurationId: string) => {
      const { c_nonce: nonce } = await client.requestNonce({ issuerMetadata });
      const { jwt } = await client.createCredentialRequestJwtProof({
        issuerMetadata,
        credentialConfigurationId,
        nonce,
        signer: { method: 'jwk', alg: 'ES256', publicJwk },
      });
      const { credentialResponse } = await client.retrieveCredentials({
        issuerMetadata,
        accessToken,
        credentialConfigurationId,
        proofs: { jwt: [jwt] },
      });
      const [first] = (credentialResponse.credentials ?? []) as readonly { credential: string }[];
      return first?.credential ?? '';
    },
  };
}

async function makeOffer(node: NodeProcess, dataDir: string) {
  const client = createClient(node, dataDir);
  const { region, ...claims } = sampleClaims(KIND);
  const body = { kind: KIND, region, claims, operator: 'desk-1', evidence: 'case 1' };
  const { id } = (await (await client.send('/v1/credentials', body)).json()) as { id: string };
  const made = await client.send(`/v1/credentials/${id}/offers`, {});
  const { offerUri, txCode } = (await made.json()) as { offerUri: string; txCode: string };
  return { client, id, claims, offerUri, txCode };
}

/** The disclosures, each held against a digest that was signed. */
function disclosed(sdJwt: string, digests: readonly string[]): Record<string, unknown> {
  const [, ...disclosures] = sdJwt.split('~').filter((part) => part !== '');
  const claims: Record<string, unknown> = {};
  for (const disclosure of disclosures) {
    const digest = createHash('sha256').update(disclosure).digest('base64url');
    if (!digests.includes(digest)) throw new Error('A disclosure that nobody signed.');
    const [, name, value] = JSON.parse(Buffer.from(disclosure, 'base64url').toString()) as [
      string,
      string,
      unknown,
    ];
    claims[name] = value;
  }
  return claims;
}

for (const workers of ['1', '2']) {
  t.test(`an independent wallet claims a licence in both formats, WORKERS=${workers}`, async (t) => {
    const dataDir = dataFolder(t);
    const node = await startNode(t, dataDir, {
      ...(await freePorts()),
      WORKERS: workers,
      YIMA_LOG_LEVEL: 'debug',
      YIMA_LOG_SAMPLE: '1',
    });
    const { client, id, claims, offerUri, txCode } = await makeOffer(node, dataDir);
    const wallet = await createWallet();
    await t.rejects(
      wallet.redeem(offerUri, '12345'),
      { message: /access token/i },
      'a wrong code is no code',
    );
    const redeemed = await wallet.redeem(offerUri, txCode);
    t.same(redeemed.credentialOffer.credential_configuration_ids, [KIND, `${KIND}_dc+sd-jwt`]);

    const code = await wallet.claim(redeemed, KIND);
    t.match(code, /^YM1:/);
    t.equal(await client.verify(code), 'refuse/holder_mismatch', 'valid, and bound');
    t.equal(await wallet.claim(redeemed, KIND), code, 'and the same again');

    const sdJwt = await wallet.claim(redeemed, `${KIND}_dc+sd-jwt`);
    const [jwt = ''] = sdJwt.split('~');
    const issuer = await fetch(`${node.url}/.well-known/jwt-vc-issuer`);
    const { jwks } = (await issuer.json()) as { jwks: JSONWebKeySet };
    const { payload, protectedHeader } = await jwtVerify(jwt, createLocalJWKSet(jwks), {
      typ: 'dc+sd-jwt',
      issuer: node.url,
      algorithms: ['ES256'],
    });
    t.match(protectedHeader, { alg: 'ES256', typ: 'dc+sd-jwt' });
    const { kty, crv, x, y } = wallet.publicJwk;
    t.match(payload, {
      vct: `urn:yima:${KIND}:1`,
      cnf: { jwk: { kty, crv, x, y } },
      status: { status_list: { uri: `${node.url}/status-lists/1` } },
      _sd_alg: 'sha-256',
    });
    t.ok(sdJwt.endsWith('~'), 'without a key binding');
    const told = disclosed(sdJwt, payload['_sd'] as string[]);
    t.equal(told['number'], claims['number']);
    t.equal(told['region'], '330102');
    t.notMatch(JSON.stringify(payload), String(claims['legalRep']), 'nothing is told but what is disclosed');

    const { idx, uri } = (payload['status'] as { status_list: { idx: number; uri: string } }).status_list;
    t.equal(await valueAt(uri, idx), 0);
    await client.revoke(id);
    t.equal(await client.verify(code), 'refuse/revoked');

    const held = `${node.url}/holder/credentials`;
    const proof = await wallet.holderProof(node.url, held);
    const list = () => fetch(held, { headers: { authorization: `Holder ${proof}` } });
    const first = await list();
    const { credentials } = (await first.json()) as { credentials: { form: string; state: string }[] };
    t.same(credentials.map(({ form, state }) => [form, state]).sort(), [
      ['device', 'revoked'],
      ['sd-jwt', 'revoked'],
    ]);
    for (let n = 0; n < 4; n++)
      t.equal((await list()).status, 401, 'a proof is good once, at whichever worker');

    const logged = node.output();
    t.match(logged, '/openid4vci/token', 'requests are logged');
    for (const secret of [
      offerUri.slice(-26),
      redeemed.accessToken,
      proof,
      code.slice(40),
      sdJwt.slice(40, 80),
    ])
      t.notOk(logged.includes(secret), 'and nothing of a claim among them');
    t.notMatch(logged, new RegExp(`(?<![\\d.])${txCode}(?!\\d)`));
  });
}

/** As any verifier reads it: two bits an entry in a zlib stream. */
async function valueAt(uri: string, index: number): Promise<number> {
  const response = await fetch(uri, { headers: { accept: 'application/statuslist+jwt' } });
  const [, payload = ''] = (await response.text()).split('.');
  const { status_list: list } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as {
    status_list: { bits: number; lst: string };
  };
  const bytes = inflateSync(Buffer.from(list.lst, 'base64url'));
  return ((bytes[index >> 2] ?? 0xff) >> ((index % 4) * 2)) & 3;
}

t.test('the node is killed in the middle of a claim: claimed once, never lost, never twice', async (t) => {
  const dataDir = dataFolder(t);
  const settings = await freePorts();
  const node = await startNode(t, dataDir, settings);
  const { client, id, offerUri, txCode } = await makeOffer(node, dataDir);
  const wallet = await createWallet();
  const redeemed = await wallet.redeem(offerUri, txCode);
  const first = wallet.claim(redeemed, KIND).catch(() => null); // its answer may never come
  setTimeout(() => node.signal('SIGKILL'), Math.random() * 20);
  const answered = await first;
  node.signal('SIGKILL');
  await node.ended;

  await startNode(t, dataDir, settings);
  const code = await wallet.claim(redeemed, KIND);
  t.match(code, /^YM1:/);
  if (answered !== null) t.equal(code, answered, 'the one that was answered');
  const stored = (await client.find(id)) as unknown as { encodings: { form: string; code: string }[] };
  t.same(
    stored.encodings.filter(({ form }) => form === 'device').map((encoding) => encoding.code),
    [code],
  );
  const thief = await createWallet();
  await t.rejects(thief.redeem(offerUri, txCode), 'nobody else claims it');
});
