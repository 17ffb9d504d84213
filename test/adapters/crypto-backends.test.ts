// One answer from every backend: node:crypto, WebCrypto, noble and tables, on sound and on crafted input.

import { createPrivateKey, generateKeyPairSync, sign as nodeSign } from 'node:crypto';
import { hashes, verify as nobleVerify, Point } from '@noble/ed25519';
import fc from 'fast-check';
import t from 'tap';
import { createNobleVerify } from '../../src/adapters/crypto-noble.js';
import { createNodeSigner, createNodeVerify, generatePrivateJwk } from '../../src/adapters/crypto-node.js';
import { createWebVerify } from '../../src/adapters/crypto-web.js';
import { concatBytes, hexDecode, utf8Encode } from '../../src/core/codec/bytes.js';
import { checkPublicKey } from '../../src/core/signature/admissible-key.js';
import { SMALL_ORDER_ENCODINGS } from '../../src/core/signature/edwards.js';
import type { VerifySignatureAsync } from '../../src/core/signature/ports.js';
import { parsePublicJwk } from '../../src/core/signature/public-jwk.js';
import type { PublicKey } from '../../src/core/signature/public-key.js';
import { CURVES, integerFromBytes } from '../../src/core/signature/weierstrass.js';
import { wycheproofEd25519 } from '../conformance/wycheproof-ed25519.js';
import { littleEndian, ORDER, sha512, signFreely, TORSION } from '../core/signature/crafted.js';
import { sharedFile } from '../support/shared.js';
import { directTables } from '../support/table-backend.js';

hashes.sha512 = (data) => Uint8Array.from(sha512(data));

const node = createNodeVerify();
const noble = createNobleVerify(sha512);
const web = createWebVerify();
const tables = directTables(8);
const BACKENDS: Readonly<Record<string, VerifySignatureAsync>> = {
  'node:crypto': async (key, message, signature) => node(key, message, signature),
  WebCrypto: web,
  noble: async (key, message, signature) => noble(key, message, signature),
  // Without our own look at the signature in front: the module must refuse by itself.
  table: async (key, message, signature) => tables.verify(key, message, signature),
};
const ED25519_ALONE = ['noble', 'table'];

/** The one answer of the backends that know the key's algorithm; throws when they differ. */
async function answer(key: PublicKey, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  const names = Object.keys(BACKENDS).filter(
    (name) => key.algorithm === 'Ed25519' || !ED25519_ALONE.includes(name),
  );
  const found = await Promise.all(
    names.map(async (name) => [name, await BACKENDS[name]?.(key, message, signature)]),
  );
  const first = found[0]?.[1];
  if (found.some(([, verdict]) => verdict !== first))
    throw new Error(`backends differ: ${JSON.stringify(found)}`);
  return first === true;
}

const secret = 0x1234_5678_9abc_def0_1234_5678_9abc_def0_1234_5678_9abcn;
const a = Point.BASE.multiply(secret).toBytes();
const key: PublicKey = { algorithm: 'Ed25519', x: a };
const message = utf8Encode('message');
const nonce = 987_654_321n;
const soundR = Point.BASE.multiply(nonce);

t.test('RFC 8032, section 7.1', async (t) => {
  for (const [pk, msg, sig] of [
    [
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
      '',
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    ],
    [
      '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
      '72',
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    ],
    [
      'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
      'af82',
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
    ],
  ] as const) {
    const published: PublicKey = { algorithm: 'Ed25519', x: hexDecode(pk) };
    checkPublicKey(published);
    t.ok(await answer(published, hexDecode(msg), hexDecode(sig)));
    t.notOk(await answer(published, hexDecode(`${msg}00`), hexDecode(sig)));
  }
});

const wycheproof = sharedFile('wycheproof-ed25519.json');
const absent =
  wycheproof === undefined && 'the shared vectors are not beside the checkout: 151 cases not run';

t.test('Wycheproof, all Ed25519 cases on all backends', { skip: absent }, async (t) => {
  const { passed, failed, skipped, lines } = await wycheproofEd25519(wycheproof ?? '');
  t.strictSame({ passed, failed, skipped, lines }, { passed: 151, failed: 0, skipped: 0, lines: [] });
});

t.test('a signature made from a freely chosen nonce verifies on all backends', async (t) => {
  t.ok(await answer(key, message, signFreely({ r: soundR.toBytes(), nonce, a, secret }, message)));
});

t.test(
  'messages of 0 to 10,000 bytes: the tables answer as node:crypto does, and as all do at some lengths',
  async (t) => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const own = parsePublicJwk({ ...publicKey.export({ format: 'jwk' }), alg: 'Ed25519' });
    const lengths = Array.from({ length: 400 }, (_, i) => i);
    for (let length = 400; length <= 10_000; length += 320) lengths.push(length);
    for (const length of lengths) {
      const said = Uint8Array.from({ length }, (_, i) => (31 * i + length) & 0xff);
      const signature = Uint8Array.from(nodeSign(null, said, privateKey));
      const other = concatBytes(said, Uint8Array.of(0));
      const isRight =
        length % 100 === 0 ? await answer(own, said, signature) : tables.verify(own, said, signature);
      if (!isRight || tables.verify(own, other, signature)) t.fail(`${length} bytes`);
    }
    t.pass(`${lengths.length} lengths`);
  },
);

t.test('torsion added to R is refused, though a cofactored verifier accepts it', async (t) => {
  let torsion = TORSION;
  for (let i = 1; i < 8; i++) {
    const signature = signFreely({ r: soundR.add(torsion).toBytes(), nonce, a, secret }, message);
    t.ok(nobleVerify(signature, message, a, { zip215: false }), 'the library alone would accept it');
    t.notOk(await answer(key, message, signature), `R + ${i} T`);
    torsion = torsion.add(TORSION);
  }
});

t.test('torsion added to A is refused at import, and would split the backends otherwise', async (t) => {
  const mixed = Point.BASE.multiply(secret).add(TORSION).toBytes();
  t.notOk(tables.accepts(mixed), 'nor is a table made of it');
  t.throws(() => checkPublicKey({ algorithm: 'Ed25519', x: mixed }), {
    code: 'key_refused',
    rule: 'ed25519_torsion',
  });
  const signatures = Array.from({ length: 40 }, (_, i) =>
    signFreely({ r: soundR.toBytes(), nonce, a: mixed, secret }, Uint8Array.of(i)),
  );
  t.ok(
    signatures.every((signature, i) => nobleVerify(signature, Uint8Array.of(i), mixed, { zip215: false })),
  );
  t.ok(
    signatures.some((signature, i) => !node({ algorithm: 'Ed25519', x: mixed }, Uint8Array.of(i), signature)),
  );
});

t.test('R of small order is refused, the identity by name', async (t) => {
  for (const r of SMALL_ORDER_ENCODINGS) {
    t.notOk(await answer(key, message, signFreely({ r, nonce: 0n, a, secret }, message)));
  }
});

t.test(
  'no table is made of a key of small order or in another encoding than the canonical one',
  async (t) => {
    for (const x of SMALL_ORDER_ENCODINGS) t.notOk(tables.accepts(x), Buffer.from(x).toString('hex'));
    const notOnCurve = Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 2 : 0));
    t.notOk(tables.accepts(notOnCurve), 'no point has y = 2');
    t.ok(tables.accepts(a));
  },
);

t.test('s = L and s = 0 are refused', async (t) => {
  const r = soundR.toBytes();
  t.notOk(await answer(key, message, concatBytes(r, littleEndian(ORDER))));
  t.notOk(await answer(key, message, concatBytes(r, littleEndian(0n))));
});

t.test('s + L is refused', async (t) => {
  const signature = signFreely({ r: soundR.toBytes(), nonce, a, secret }, message);
  const s = integerFromBytes(Uint8Array.from(signature.subarray(32)).reverse());
  t.notOk(await answer(key, message, concatBytes(signature.subarray(0, 32), littleEndian(s + ORDER))));
});

t.test('any single changed bit is refused by all', async () => {
  const signature = signFreely({ r: soundR.toBytes(), nonce, a, secret }, message);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 511 }), async (bit) => {
      const spoiled = Uint8Array.from(signature);
      spoiled[bit >> 3] = (spoiled[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return !(await answer(key, message, spoiled));
    }),
    { numRuns: 60 },
  );
});

t.test('malformed signatures are false, never an error', async (t) => {
  for (const length of [0, 1, 32, 63, 65, 96, 256]) {
    t.notOk(await answer(key, message, new Uint8Array(length).fill(1)), `${length} bytes`);
  }
});

t.test('noble says that it knows Ed25519 alone', async (t) => {
  const ec: PublicKey = { algorithm: 'ES256', x: new Uint8Array(32), y: new Uint8Array(32) };
  t.throws(() => noble(ec, message, new Uint8Array(64)), { code: 'unsupported' });
});

t.test('ES256: both s of a pair verify, DER and zeros do not', async (t) => {
  const jwk = generatePrivateJwk('ES256');
  const { publicKey, sign } = createNodeSigner(jwk);
  const low = sign(message);
  const s = integerFromBytes(low.subarray(32));
  const high = concatBytes(
    low.subarray(0, 32),
    hexDecode((CURVES.ES256.n - s).toString(16).padStart(64, '0')),
  );
  t.ok(await answer(publicKey, message, low));
  t.ok(await answer(publicKey, message, high));
  const der = nodeSign('sha256', message, createPrivateKey({ key: { ...jwk }, format: 'jwk' }));
  t.notOk(await answer(publicKey, message, Uint8Array.from(der)));
  t.notOk(await answer(publicKey, message, new Uint8Array(64)));
  t.notOk(await answer(publicKey, utf8Encode('other'), low));
});

t.test('ES384 and PS256 are verified alike', async (t) => {
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const ecKey = parsePublicJwk(ec.publicKey.export({ format: 'jwk' }));
  const ecSignature = nodeSign('sha384', message, { key: ec.privateKey, dsaEncoding: 'ieee-p1363' });
  t.ok(await answer(ecKey, message, ecSignature));
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const rsaKey = parsePublicJwk({ ...rsa.publicKey.export({ format: 'jwk' }), alg: 'PS256' });
  const pss = (saltLength: number): Uint8Array =>
    nodeSign('sha256', message, { key: rsa.privateKey, padding: 6, saltLength });
  t.ok(await answer(rsaKey, message, pss(32)));
  t.notOk(await answer(rsaKey, message, pss(20)), 'the salt is exactly 32 bytes');
  t.notOk(await answer(rsaKey, message, nodeSign('sha256', message, rsa.privateKey)), 'PKCS #1 v1.5');
  t.notOk(await answer(rsaKey, utf8Encode('other'), pss(32)));
});
