// JWS credentials: jose is the oracle for what is well signed; our parser is stricter about how it is written.

import { CompactSign, compactVerify, exportJWK, generateKeyPair, importJWK } from 'jose';
import t from 'tap';
import { encodeBase64url } from '../../../src/core/codec/base64url.js';
import { utf8Encode } from '../../../src/core/codec/bytes.js';
import { devicePublicKey } from '../../../src/core/envelope/device-key.js';
import { encodeYimaJws, parseYimaJws } from '../../../src/core/envelope/yima-jws.js';
import { parsePublicJwk, publicJwk } from '../../../src/core/signature/public-jwk.js';
import {
  contentOf,
  createGate,
  createIssuer,
  ISSUER,
  jwsClaims,
  jwsHeader,
  NOW,
  signJws,
} from '../../support/fixtures.js';

const ed = createIssuer();
const ec = createIssuer({}, 'ES256');
const gate = createGate([ed.record, ec.record]);
const { signer } = ed;
const header = JSON.stringify(jwsHeader(signer));
const payload = JSON.stringify(jwsClaims());
const good = signJws(header, payload, signer);

function headerWith(change: Record<string, unknown>): string {
  return JSON.stringify({ ...jwsHeader(signer), ...change });
}

t.test('everything that is written is read back', async (t) => {
  for (const { signer: by, record } of [ed, ec]) {
    for (const device of [null, ed.signer.publicKey, ec.signer.publicKey]) {
      const content = contentOf('id-card', { notBefore: NOW + 5, deviceKey: device });
      const parsed = parseYimaJws(encodeYimaJws(content, by));
      t.match(parsed, {
        envelope: 'JWS',
        format: 'yima',
        issuer: ISSUER,
        kids: [record.kid],
        algorithm: by.algorithm,
        kind: 'id-card',
        issuedAt: content.issuedAt,
        notBefore: NOW + 5,
        expiresAt: content.expiresAt,
        status: content.status.uri === '' ? {} : { uri: content.status.uri, index: 7 },
        claims: { form: 'json', values: content.claims.json },
        fault: null,
      });
      t.same(parsed.deviceKey === null ? null : devicePublicKey(parsed.deviceKey), device);
    }
  }
});

t.test('jose verifies what we write', async (t) => {
  for (const { signer: by, record } of [ed, ec]) {
    const token = encodeYimaJws(contentOf(), by);
    const result = await compactVerify(token, await importJWK({ ...publicJwk(record.key) }), {
      algorithms: [by.algorithm],
    });
    t.same(result.protectedHeader, jwsHeader(by));
    t.same(JSON.parse(new TextDecoder().decode(result.payload)), jwsClaims());
  }
});

t.test('we verify what jose writes', async (t) => {
  for (const alg of ['Ed25519', 'ES256'] as const) {
    let admitted = 0;
    for (let i = 0; i < 8; i++) {
      const { publicKey, privateKey } = await generateKeyPair(alg);
      const key = parsePublicJwk({ ...(await exportJWK(publicKey)), alg });
      const kid = ed.record.kid;
      const sign = new CompactSign(utf8Encode(payload)).setProtectedHeader({ alg, kid, typ: 'yima+jwt' });
      const { decision, reason } = createGate([{ ...ed.record, key }]).verify(await sign.sign(privateKey));
      if (decision === 'admit') admitted++;
      else t.equal(alg === 'ES256' && reason, 'damaged', 'only a high s is refused');
    }
    t.ok(admitted > 0, alg);
  }
});

t.test('the header has alg, kid and typ, and nothing else', async (t) => {
  const rows: readonly (readonly [string, string])[] = [
    ['alg none', headerWith({ alg: 'none' })],
    ['alg NoNe', headerWith({ alg: 'NoNe' })],
    ['HS256', headerWith({ alg: 'HS256' })],
    ['EdDSA', headerWith({ alg: 'EdDSA' })],
    ['RS256', headerWith({ alg: 'RS256' })],
    ['alg missing', headerWith({ alg: undefined })],
    ['crit', headerWith({ crit: ['exp'] })],
    ['empty crit', headerWith({ crit: [] })],
    ['b64', headerWith({ b64: false })],
    ['jwk', headerWith({ jwk: publicJwk(ed.record.key) })],
    ['jku', headerWith({ jku: 'https://127.0.0.1/jwks' })],
    ['x5u', headerWith({ x5u: 'https://127.0.0.1/x' })],
    ['x5c', headerWith({ x5c: ['AA'] })],
    ['zip', headerWith({ zip: 'DEF' })],
    ['cty', headerWith({ cty: 'JWT' })],
    ['kid of a path', headerWith({ kid: '../../etc/' })],
    ['kid of SQL', headerWith({ kid: "' OR 1=1--" })],
    ['kid of 10,000 characters', headerWith({ kid: 'A'.repeat(10_000) })],
    ['kid __proto__', headerWith({ kid: '__proto__' })],
    ['kid of a number', headerWith({ kid: 1 })],
    ['kid with trailing bits', headerWith({ kid: `${ed.record.kid.slice(0, 10)}B` })],
    ['a member twice', header.replace('{', '{"alg":"ES256",')],
    ['__proto__', header.replace('{', '{"__proto__":{},')],
    ['spaces', header.replace(/,/g, ', ')],
    ['a byte order mark', `\uFEFF${header}`],
    ['no object', '[]'],
  ];
  for (const [title, text] of rows)
    t.equal(gate.verify(signJws(text, payload, signer)).reason, 'damaged', title);
  t.equal(
    gate.verify(signJws(headerWith({ kid: undefined }), payload, signer)).reason,
    'issuer_unknown',
    'no kid',
  );
});

t.test('a token of another type is not ours', async (t) => {
  for (const typ of ['JWT', 'statuslist+jwt', 'dc+sd-jwt', 'YIMA+JWT', undefined]) {
    t.equal(gate.verify(signJws(headerWith({ typ }), payload, signer)).reason, 'not_ours', String(typ));
  }
});

t.test('the text has one form', async (t) => {
  const [head = '', body = '', signature = ''] = good.split('.');
  t.equal(gate.verify(good).reason, 'ok');
  const rows: readonly (readonly [string, string])[] = [
    ['padding', `${good}==`],
    ['a line end', `${good}\n`],
    ['a space in front', ` ${good}`],
    ['a byte order mark in front', `\uFEFF${good}`],
    ['white space inside', `${head}. ${body}.${signature}`],
    [
      'trailing bits',
      good.slice(0, -1) +
        (good.endsWith('A') ? 'B' : String.fromCharCode(good.charCodeAt(good.length - 1) + 1)),
    ],
    ['plus for minus', `${head}.${body.slice(0, -1)}+.${signature}`],
    ['two segments', `${head}.${body}`],
    ['four segments', `${good}.${signature}`],
    ['five segments, as JWE', `${good}..`],
    ['no signature', `${head}.${body}.`],
    ['no payload', `${head}..${signature}`],
    ['JSON serialisation', JSON.stringify({ payload: body, signatures: [{ protected: head, signature }] })],
    ['flattened JSON', JSON.stringify({ protected: head, payload: body, signature })],
    [
      'more than 4,096 characters',
      signJws(header, JSON.stringify({ ...jwsClaims(), iss: 'a'.repeat(3_000) }), signer),
    ],
    ['a header that begins with a space', signJws(` ${header}`, payload, signer)],
  ];
  for (const [title, text] of rows) t.equal(gate.verify(text).reason, 'damaged', title);
});

t.test('the payload is strict JSON, an object, and not deep', async (t) => {
  const texts = [
    '',
    'null',
    '[]',
    '"iss"',
    '{',
    `${payload}}`,
    `\uFEFF${payload}`,
    payload.replace('{', `{"iss":"330105",`),
    payload.replace('{', '{"__proto__":{},'),
    payload.replace('{', '{"constructor":1,'),
    payload.replace('{', `{"x":${'['.repeat(500)}${']'.repeat(500)},`),
  ];
  for (const text of texts)
    t.equal(gate.verify(signJws(header, text, signer)).reason, 'damaged', text.slice(0, 40));
  const notUtf8 = `${encodeBase64url(utf8Encode(header))}.${encodeBase64url(Uint8Array.of(0x7b, 0xff, 0x7d))}`;
  t.equal(gate.verify(`${notUtf8}.${encodeBase64url(new Uint8Array(64))}`).reason, 'damaged', 'not UTF-8');
});

t.test('an issuer that is not of an issuer’s form is looked up nowhere', async (t) => {
  for (const iss of ['https://issuer.example', '../x', '__proto__', 7, null, undefined, ['330102']]) {
    const token = signJws(header, JSON.stringify(jwsClaims({ iss })), signer);
    t.equal(gate.verify(token).reason, 'issuer_unknown', String(iss));
  }
});

t.test('content that only its issuer can have written breaks the claims rung', async (t) => {
  const { x } = publicJwk(ed.record.key) as { readonly x: string };
  const reference = (change: Record<string, unknown>): unknown => ({
    status_list: { idx: 7, uri: 'https://issuer.example/status-lists/1', ...change },
  });
  const jwk = (change: Record<string, unknown>): unknown => ({
    jwk: { kty: 'OKP', crv: 'Ed25519', x, ...change },
  });
  const rows: readonly (readonly [string, Record<string, unknown>])[] = [
    ['no kind', { kind: undefined }],
    ['a kind by number', { kind: 1 }],
    ['a kind of another form', { kind: 'Health Code' }],
    ['no status', { status: undefined }],
    ['an index of text', { status: reference({ idx: '7' }) }],
    ['a negative index', { status: reference({ idx: -1 }) }],
    ['a fraction for an index', { status: reference({ idx: 1.5 }) }],
    ['an index past 2^53', { status: reference({ idx: 2 ** 53 }) }],
    ['no uri', { status: reference({ uri: undefined }) }],
    ['a second status mechanism', { status: { ...(reference({}) as object), other: {} } }],
    ['no claims', { claims: undefined }],
    ['claims in an array', { claims: [] }],
    ['a member of no meaning', { aud: 'gate' }],
    ['a cnf with a kid', { cnf: { kid: 'a' } }],
    ['a device key with its private part', { cnf: jwk({ d: x }) }],
    ['a device key with an alg', { cnf: jwk({ alg: 'Ed25519' }) }],
    ['a device key with padding', { cnf: jwk({ x: `${x}=` }) }],
    ['a device key on P-256 without y', { cnf: jwk({ kty: 'EC', crv: 'P-256' }) }],
    ['a device key with a y too many', { cnf: jwk({ y: x }) }],
  ];
  for (const [title, change] of rows) {
    const token = signJws(header, JSON.stringify(jwsClaims(change)), signer);
    t.equal(parseYimaJws(token).fault, 'claims', title);
    t.equal(gate.verify(token).reason, 'invalid_claims', title);
  }
});

t.test('one list has one uri', async (t) => {
  const reasonFor = (uri: string): string =>
    gate.verify(
      signJws(header, JSON.stringify(jwsClaims({ status: { status_list: { idx: 7, uri } } })), signer),
    ).reason;
  const base = 'https://issuer.example/status-lists/';
  t.equal(reasonFor(`${base}1`), 'ok');
  for (const uri of [
    `${base}01`,
    `${base}1/`,
    `${base}1?x`,
    `${base}+1`,
    `${base}1.0`,
    `${base}`,
    `${base}../1`,
    'HTTPS://issuer.example/status-lists/1',
    `${base}${'9'.repeat(30)}`,
  ]) {
    t.equal(reasonFor(uri), 'status_unknown', uri);
  }
});
