// Compact JWS: jose as the oracle for what is right, and a table of what jose would let through.

import fc from 'fast-check';
import { CompactSign, compactVerify, generateKeyPair, importJWK } from 'jose';
import t from 'tap';
import { createNodeSigner, createNodeVerify, generatePrivateJwk } from '../../../src/adapters/crypto-node.js';
import { encodeBase64url } from '../../../src/core/codec/base64url.js';
import { utf8Decode, utf8Encode } from '../../../src/core/codec/bytes.js';
import { encodeCompactJws, parseCompactJws } from '../../../src/core/codec/jws.js';
import { publicJwk } from '../../../src/core/signature/public-jwk.js';

const segment = (text: string): string => encodeBase64url(utf8Encode(text));
const tokenOf = (header: string, payload = '{"iss":"330102"}', signature = 'AAAA'): string =>
  `${segment(header)}.${segment(payload)}.${signature}`;

t.test('takes a token apart', async (t) => {
  const parsed = parseCompactJws(tokenOf('{"alg":"Ed25519","kid":"k","typ":"yima+jwt"}'));
  t.strictSame(parsed.header, { alg: 'Ed25519', kid: 'k', typ: 'yima+jwt' });
  t.equal(parsed.algorithm, 'Ed25519');
  t.equal(parsed.kid, 'k');
  t.equal(parsed.type, 'yima+jwt');
  t.equal(utf8Decode(parsed.payloadBytes), '{"iss":"330102"}');
  t.equal(parsed.signature.length, 3);
  t.equal(parseCompactJws(tokenOf('{"alg":"ES256"}')).kid, null);
});

t.test('jose verifies what is written here', async (t) => {
  for (const algorithm of ['Ed25519', 'ES256'] as const) {
    const signer = createNodeSigner(generatePrivateJwk(algorithm));
    const token = encodeCompactJws(
      { alg: algorithm, typ: 'yima+jwt' },
      { iss: '330102', name: '张三' },
      signer.sign,
    );
    const { payload } = await compactVerify(token, await importJWK({ ...publicJwk(signer.publicKey) }));
    t.same(JSON.parse(utf8Decode(payload)), { iss: '330102', name: '张三' });
  }
});

t.test('what jose signs is read and verified here', async (t) => {
  const { privateKey, publicKey } = await generateKeyPair('Ed25519', { extractable: true });
  const token = await new CompactSign(utf8Encode('{"a":1}'))
    .setProtectedHeader({ alg: 'Ed25519' })
    .sign(privateKey);
  const parsed = parseCompactJws(token);
  const { x } = (await crypto.subtle.exportKey('jwk', publicKey)) as { x: string };
  const key = { algorithm: 'Ed25519', x: Uint8Array.from(Buffer.from(x, 'base64url')) } as const;
  t.ok(createNodeVerify()(key, parsed.signingInput, parsed.signature));
});

t.test('refuses, whole, before any key is looked for', async (t) => {
  const good = '{"alg":"Ed25519"}';
  for (const [name, token] of [
    ['alg none', tokenOf('{"alg":"none"}')],
    ['alg NoNe', tokenOf('{"alg":"NoNe"}')],
    ['no alg', tokenOf('{"typ":"JWT"}')],
    ['alg is a number', tokenOf('{"alg":1}')],
    ['kid is a number', tokenOf('{"alg":"Ed25519","kid":1}')],
    ['typ is null', tokenOf('{"alg":"Ed25519","typ":null}')],
    ['crit', tokenOf('{"alg":"Ed25519","crit":["exp"],"exp":1}')],
    ['empty crit', tokenOf('{"alg":"Ed25519","crit":[]}')],
    ['b64 without crit', tokenOf('{"alg":"Ed25519","b64":false}')],
    ['zip', tokenOf('{"alg":"Ed25519","zip":"DEF"}')],
    ['jwk', tokenOf('{"alg":"Ed25519","jwk":{"kty":"OKP"}}')],
    ['jku', tokenOf('{"alg":"Ed25519","jku":"https://example.com"}')],
    ['x5u', tokenOf('{"alg":"Ed25519","x5u":"https://example.com"}')],
    ['x5c', tokenOf('{"alg":"Ed25519","x5c":["AA=="]}')],
    ['duplicate member', tokenOf('{"alg":"Ed25519","alg":"Ed25519"}')],
    ['__proto__', tokenOf('{"alg":"Ed25519","__proto__":{}}')],
    ['white space in the header', tokenOf('{"alg": "Ed25519"}')],
    ['escape where none is needed', tokenOf('{"\\u0061lg":"Ed25519"}')],
    ['byte order mark', tokenOf('\uFEFF{"alg":"Ed25519"}')],
    ['header is an array', tokenOf('["Ed25519"]')],
    ['header is not UTF-8', `${encodeBase64url(Uint8Array.of(0xff))}.e30.AAAA`],
    ['empty signature', tokenOf(good, '{}', '')],
    ['padding', `${tokenOf(good)}=`],
    ['trailing bits', tokenOf(good, '{}', 'AB')],
    ['newline', `${tokenOf(good)}\n`],
    ['two segments', `${segment(good)}.e30`],
    ['four segments', `${tokenOf(good)}.AAAA`],
    ['empty header', '.e30.AAAA'],
    ['JSON form', '{"payload":"e30","signatures":[]}'],
    ['JWE', `${tokenOf(good)}.AAAA.AAAA`],
    ['nothing', ''],
  ] as const) {
    t.throws(() => parseCompactJws(token), { code: 'damaged' }, name);
  }
});

t.test('length is bounded, inclusively', async (t) => {
  const token = tokenOf('{"alg":"Ed25519"}');
  t.doesNotThrow(() => parseCompactJws(token, { maxChars: token.length }));
  t.throws(() => parseCompactJws(token, { maxChars: token.length - 1 }), {
    code: 'damaged',
    rule: 'jws_length',
  });
});

t.test('a token that parses is the only text of its content', async () => {
  const token = tokenOf('{"alg":"Ed25519","kid":"k"}');
  const unit = fc.constantFrom(...'ABQgwxyz019-_=. \n{}');
  fc.assert(
    fc.property(
      fc.nat({ max: token.length }),
      fc.string({ unit, maxLength: 2 }),
      fc.nat({ max: 2 }),
      (at, insert, cut) => {
        const mutant = token.slice(0, at) + insert + token.slice(at + cut);
        try {
          const parsed = parseCompactJws(mutant);
          const header = segment(JSON.stringify(parsed.header));
          return (
            `${header}.${encodeBase64url(parsed.payloadBytes)}.${encodeBase64url(parsed.signature)}` ===
            mutant
          );
        } catch (error) {
          return (error as { code?: string }).code === 'damaged';
        }
      },
    ),
    { numRuns: 2_000 },
  );
});

t.test('a foreign header may be compressed and spaced, and nothing else is let through', async (t) => {
  const spaced = tokenOf('{ "zip": "DEF", "alg": "ES256" }');
  t.throws(() => parseCompactJws(spaced), { code: 'damaged' });
  t.equal(parseCompactJws(spaced, { foreign: true }).header['zip'], 'DEF');
  for (const member of [
    '"crit":["x"]',
    '"b64":false',
    '"jwk":{}',
    '"jku":"x"',
    '"x5u":"x"',
    '"x5c":[]',
    '"alg":"ES256"',
  ]) {
    const token = tokenOf(`{"alg":"ES256",${member}}`);
    t.throws(() => parseCompactJws(token, { foreign: true }), { code: 'damaged' }, member);
  }
});
