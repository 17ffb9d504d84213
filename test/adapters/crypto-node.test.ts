// node:crypto and node:zlib behind the ports: signers, key generation, bounded inflation.

import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import t from 'tap';
import {
  createNodeSigner,
  createNodeVerify,
  deflateZlib,
  generatePrivateJwk,
  inflateRaw,
  inflateZlib,
  randomBytes,
  sha256,
  timingSafeEqual,
} from '../../src/adapters/crypto-node.js';
import { concatBytes, hexDecode, hexEncode, utf8Encode } from '../../src/core/codec/bytes.js';
import { parsePublicJwk } from '../../src/core/signature/public-jwk.js';
import { isLowS } from '../../src/core/signature/signature-encoding.js';
import { keyId } from '../../src/core/signature/thumbprint.js';

const message = utf8Encode('message');

t.test('FIPS 180-4: SHA-256 of abc', async (t) => {
  t.equal(
    hexEncode(sha256(utf8Encode('abc'))),
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
});

t.test('random bytes have the length asked for and differ', async (t) => {
  t.equal(randomBytes(32).length, 32);
  t.notSame(randomBytes(32), randomBytes(32));
});

t.test('secrets of different lengths are unequal, without an error', async (t) => {
  t.ok(timingSafeEqual(Uint8Array.of(1, 2), Uint8Array.of(1, 2)));
  t.notOk(timingSafeEqual(Uint8Array.of(1, 2), Uint8Array.of(1, 3)));
  t.notOk(timingSafeEqual(Uint8Array.of(1), Uint8Array.of(1, 2)));
});

t.test('what a signer signs, its public key verifies', async (t) => {
  const verify = createNodeVerify();
  for (const algorithm of ['Ed25519', 'ES256'] as const) {
    const jwk = generatePrivateJwk(algorithm);
    const signer = createNodeSigner(jwk);
    const { d: _secret, ...publicPart } = jwk;
    t.equal(signer.algorithm, algorithm);
    t.strictSame(signer.publicKey, parsePublicJwk(publicPart));
    t.strictSame(signer.kid, keyId(signer.publicKey, sha256));
    for (let i = 0; i < 20; i++) {
      const signature = signer.sign(concatBytes(message, Uint8Array.of(i)));
      t.equal(signature.length, 64);
      t.ok(verify(signer.publicKey, concatBytes(message, Uint8Array.of(i)), signature));
      t.notOk(verify(signer.publicKey, message, signature));
      if (algorithm === 'ES256') t.ok(isLowS(signature));
    }
  }
});

t.test('RFC 8032, section 7.1: the signer gives the printed signature', async (t) => {
  const signer = createNodeSigner({
    kty: 'OKP',
    crv: 'Ed25519',
    alg: 'Ed25519',
    d: 'TM0Imyj_ltqdtsNG7BFOD1uKMZ81q6Yk2oz27U-4pvs',
    x: 'PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw',
  });
  t.equal(
    hexEncode(signer.sign(Uint8Array.of(0x72))),
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  );
});

t.test('refuses private keys that are no sound pair, and quotes nothing of them', async (t) => {
  const [ed, ec] = [generatePrivateJwk('Ed25519'), generatePrivateJwk('ES256')];
  for (const [name, jwk] of [
    ['x of another key', { ...ed, x: generatePrivateJwk('Ed25519').x }],
    ['EC d of another key', { ...ec, d: generatePrivateJwk('ES256').d }],
    ['d too short', { ...ed, d: 'AAAA' }],
    ['algorithm of another type', { ...ed, alg: 'ES256' as const }],
    ['no x', { ...ed, x: '' }],
  ] as const) {
    try {
      createNodeSigner(jwk);
      t.fail(name);
    } catch (error) {
      const { code, message: text, cause } = error as Error & { code: string };
      t.equal(code, 'key_refused', name);
      t.notOk(text.includes(jwk.d));
      t.equal(cause, undefined);
    }
  }
});

t.test('inflates what was deflated', async (t) => {
  const bytes = new Uint8Array(5_000).fill(3);
  t.strictSame(inflateZlib(deflateZlib(bytes), 5_000), bytes);
  t.strictSame(inflateZlib(deflateZlib(new Uint8Array(0)), 1), new Uint8Array(0));
});

t.test('refuses every stream but one whole zlib stream within the cap', async (t) => {
  const bytes = new Uint8Array(1_000).fill(5);
  const stream = deflateSync(bytes);
  const spoiled = Uint8Array.from(stream);
  spoiled[spoiled.length - 1] = (spoiled.at(-1) ?? 0) ^ 1;
  for (const [name, input] of [
    ['one byte over the cap', deflateSync(new Uint8Array(1_001))],
    ['a byte after the stream', concatBytes(stream, Uint8Array.of(0))],
    ['a second stream', concatBytes(stream, stream)],
    ['truncated', stream.subarray(0, -1)],
    ['cut in half', stream.subarray(0, stream.length >> 1)],
    ['false checksum', spoiled],
    ['gzip', gzipSync(bytes)],
    ['raw deflate', deflateRawSync(bytes)],
    ['a preset dictionary', deflateSync(bytes, { dictionary: Buffer.from('abc') })],
    ['not compressed', utf8Encode('{"a":1}')],
    ['nothing', new Uint8Array(0)],
  ] as const) {
    t.throws(() => inflateZlib(input, 1_000), { code: 'damaged' }, name);
  }
  t.equal(inflateZlib(stream, 1_000).length, 1_000);
});

t.test('refuses every stream but one whole raw one within the cap', async (t) => {
  const bytes = new Uint8Array(1_000).fill(5);
  const stream = deflateRawSync(bytes);
  for (const [name, input] of [
    ['one byte over the cap', deflateRawSync(new Uint8Array(1_001))],
    ['a byte after the stream', concatBytes(stream, Uint8Array.of(0))],
    ['a second stream', concatBytes(stream, stream)],
    ['truncated', stream.subarray(0, -1)],
    ['zlib', deflateSync(bytes)],
    ['gzip', gzipSync(bytes)],
    ['nothing', new Uint8Array(0)],
  ] as const) {
    t.throws(() => inflateRaw(input, 1_000), { code: 'damaged' }, name);
  }
  t.strictSame(inflateRaw(stream, 1_000), bytes);
});

t.test('a bomb costs neither time nor memory', async (t) => {
  const bomb = deflateSync(new Uint8Array(64 << 20), { level: 9 });
  inflateZlib(deflateZlib(message), 100);
  const before = process.memoryUsage();
  const begin = process.hrtime.bigint();
  t.throws(() => inflateZlib(bomb, 4_096), { code: 'damaged' });
  const elapsedMs = Number(process.hrtime.bigint() - begin) / 1e6;
  const after = process.memoryUsage();
  t.ok(elapsedMs < 100, `${elapsedMs.toFixed(1)} ms`);
  t.ok(after.arrayBuffers + after.external - before.arrayBuffers - before.external < 4 << 20);
});

t.test('a stream in stored blocks of no length does not hold the cap up', async (t) => {
  const empty = hexDecode('000000ffff');
  const stuffed = concatBytes(hexDecode('789c'), ...Array.from({ length: 2_000 }, () => empty));
  t.throws(() => inflateZlib(stuffed, 4_096), { code: 'damaged' });
});
