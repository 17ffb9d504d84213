import { createHash } from 'node:crypto';
import { importJWK, jwtVerify } from 'jose';
import t from 'tap';
import {
  createNodeSigner,
  createNodeVerify,
  generatePrivateJwk,
  randomBytes,
  sha256,
} from '../../../src/adapters/crypto-node.js';
import type { CodeContent } from '../../../src/core/envelope/code-content.js';
import { encodeSdJwt, isSoundSdJwt, readSdJwt } from '../../../src/core/envelope/sd-jwt.js';
import { publicJwk } from '../../../src/core/signature/public-jwk.js';
import { refusal } from '../../support/refusal.js';

const issuer = createNodeSigner(generatePrivateJwk('ES256'));
const device = createNodeSigner(generatePrivateJwk('ES256'));
const verify = createNodeVerify();
const deps = { random: randomBytes, sha256 };

const CONTENT: CodeContent = {
  issuer: 'https://yima.test',
  issuedAt: 1_790_000_000,
  notBefore: null,
  expiresAt: 1_800_000_000,
  kind: { number: 9, name: 'food-handler' },
  status: { list: 2, index: 77, uri: 'https://yima.test/status-lists/2' },
  claims: { cbor: new Map(), json: { number: '330102202600001', holderName: '张*三', jobType: '餐饮服务' } },
  deviceKey: device.publicKey,
};

const made = (change: Partial<CodeContent> = {}): string =>
  encodeSdJwt({ ...CONTENT, ...change }, issuer, deps);

t.test(
  'jose verifies it, and every claim is in a disclosure of its own (RFC 9901, section 4.2)',
  async (t) => {
    const text = made();
    const [jwt = '', ...rest] = text.split('~');
    t.equal(rest.at(-1), '', 'the last tilde stays');
    const key = await importJWK({ ...publicJwk(issuer.publicKey) }, 'ES256');
    const { payload } = await jwtVerify(jwt, key, {
      typ: 'dc+sd-jwt',
      currentDate: new Date(CONTENT.issuedAt * 1000),
    });
    const { _sd, ...others } = payload;
    const { alg: _alg, ...jwk } = publicJwk(device.publicKey);
    t.same(others, {
      iss: 'https://yima.test',
      iat: CONTENT.issuedAt,
      exp: CONTENT.expiresAt,
      vct: 'urn:yima:food-handler:1',
      cnf: { jwk },
      status: { status_list: { idx: 77, uri: 'https://yima.test/status-lists/2' } },
      _sd_alg: 'sha-256',
    });
    const disclosures = rest.slice(0, -1);
    t.same(
      _sd,
      disclosures.map((each) => createHash('sha256').update(each).digest('base64url')).sort(),
      'sorted',
    );
    const parts = disclosures.map((each) => JSON.parse(Buffer.from(each, 'base64url').toString()));
    t.same(Object.fromEntries(parts.map(([, name, value]) => [name, value])), CONTENT.claims.json);
    t.ok(parts.every(([salt]) => Buffer.from(salt, 'base64url').length === 16));
    t.equal(new Set(parts.map(([salt]) => salt)).size, 3, 'a salt each');
    t.not(made(), text, 'and others each time');
    t.notOk('exp' in readSdJwt(made({ expiresAt: null }), sha256).payload);
  },
);

t.test('RFC 9901, example: a disclosure’s digest is over its ASCII', (t) => {
  const disclosure = 'WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0';
  t.equal(
    createHash('sha256').update(disclosure).digest('base64url'),
    'X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0',
  );
  t.end();
});

t.test('it is read back, and what is not as it was signed is refused', async (t) => {
  const text = made();
  t.same(readSdJwt(text, sha256).claims, CONTENT.claims.json);
  t.ok(isSoundSdJwt(text, CONTENT, issuer.publicKey, { verify, sha256 }));
  t.notOk(isSoundSdJwt(text, CONTENT, device.publicKey, { verify, sha256 }), 'another key');
  const other = { ...CONTENT, claims: { ...CONTENT.claims, json: { ...CONTENT.claims.json, jobType: 'x' } } };
  t.notOk(isSoundSdJwt(text, other, issuer.publicKey, { verify, sha256 }), 'another claim');
  const [jwt = '', first = '', ...rest] = text.split('~');
  const stranger = Buffer.from('["AA","sub","me"]').toString('base64url');
  const rows: [string, string][] = [
    ['no tilde at the end', text.slice(0, -1)],
    ['one disclosure less', [jwt, ...rest].join('~')],
    ['one twice', [jwt, first, first, ...rest.slice(1)].join('~')],
    ['one of nobody', [jwt, stranger, ...rest].join('~')],
    ['a key binding', `${text}a.b.c`],
    ['too long', `${text}${'x'.repeat(17_000)}`],
  ];
  for (const [name, bad] of rows)
    t.match(await refusal(Promise.resolve().then(() => readSdJwt(bad, sha256))), { code: 'damaged' }, name);
});

t.test('what cannot be an SD-JWT VC is a fault of ours', async (t) => {
  const fault = async (make: () => string) =>
    t.match(await refusal(Promise.resolve().then(make)), { code: 'internal' });
  await fault(() => made({ deviceKey: null }));
  await fault(() => made({ claims: { cbor: new Map(), json: { iss: 'me' } } }));
  const ed25519 = createNodeSigner(generatePrivateJwk('Ed25519'));
  await fault(() => encodeSdJwt(CONTENT, ed25519, deps));
});
