// Which keys are refused at import: every crafted Ed25519 key, points off their curve, weak RSA.

import { generateKeyPairSync } from 'node:crypto';
import { Point } from '@noble/ed25519';
import t from 'tap';
import { generatePrivateJwk } from '../../../src/adapters/crypto-node.js';
import { hexDecode, hexEncode } from '../../../src/core/codec/bytes.js';
import { checkPublicKey, KEY_RULES } from '../../../src/core/signature/admissible-key.js';
import { SMALL_ORDER_ENCODINGS } from '../../../src/core/signature/edwards.js';
import { parsePublicJwk } from '../../../src/core/signature/public-jwk.js';
import type { PublicKey } from '../../../src/core/signature/public-key.js';
import { ORDER, TORSION } from './crafted.js';

const E = Uint8Array.of(1, 0, 1);

function ed25519(x: Uint8Array): PublicKey {
  return { algorithm: 'Ed25519', x };
}

function rsa(n: bigint, e = E): PublicKey {
  const hex = n.toString(16);
  return { algorithm: 'PS256', n: hexDecode(hex.padStart(hex.length + (hex.length % 2), '0')), e };
}

function rsaModulus(bits: number): bigint {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: bits });
  const { n } = publicKey.export({ format: 'jwk' });
  return BigInt(`0x${Buffer.from(n ?? '', 'base64url').toString('hex')}`);
}

t.test('sound keys of every algorithm pass', async (t) => {
  for (const algorithm of ['Ed25519', 'ES256'] as const) {
    const { d: _secret, ...jwk } = generatePrivateJwk(algorithm);
    t.doesNotThrow(() => checkPublicKey(parsePublicJwk(jwk)));
  }
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' });
  t.doesNotThrow(() => checkPublicKey(parsePublicJwk(p384)));
  t.doesNotThrow(() => checkPublicKey(rsa(rsaModulus(2048))));
});

t.test('all 14 encodings of small-order points are refused', async (t) => {
  t.equal(new Set(SMALL_ORDER_ENCODINGS.map(hexEncode)).size, 14);
  for (const x of SMALL_ORDER_ENCODINGS) {
    t.throws(
      () => checkPublicKey(ed25519(x)),
      { code: 'key_refused', rule: 'ed25519_small_order' },
      hexEncode(x),
    );
  }
});

t.test('the list holds every point of order 1, 2, 4 and 8', async (t) => {
  const listed = new Set(SMALL_ORDER_ENCODINGS.map(hexEncode));
  let point = TORSION;
  for (let i = 0; i < 8; i++) {
    t.ok(listed.has(point.toHex()));
    point = point.add(TORSION);
  }
  for (const x of SMALL_ORDER_ENCODINGS) t.ok(Point.fromBytes(x, true).isSmallOrder(), hexEncode(x));
});

t.test('a key with any torsion component is refused', async (t) => {
  const sound = Point.BASE.multiply(123_456_789n);
  let torsion = TORSION;
  for (let i = 1; i < 8; i++) {
    const x = sound.add(torsion).toBytes();
    t.throws(() => checkPublicKey(ed25519(x)), { code: 'key_refused', rule: 'ed25519_torsion' }, `${i} T`);
    torsion = torsion.add(TORSION);
  }
  t.doesNotThrow(() => checkPublicKey(ed25519(sound.toBytes())));
  t.ok(
    sound
      .multiplyUnsafe(ORDER - 1n)
      .add(sound)
      .is0(),
    'the order used here is right',
  );
});

t.test('encodings that are no canonical point are refused', async (t) => {
  const overflowing = hexDecode(`f1${'ff'.repeat(30)}7f`);
  for (const [name, x] of [
    ['y of p + 4', overflowing],
    ['y off the curve', hexDecode(`02${'00'.repeat(31)}`)],
    ['31 bytes', new Uint8Array(31).fill(9)],
    ['33 bytes', new Uint8Array(33).fill(9)],
    ['nothing', new Uint8Array(0)],
  ] as const) {
    t.throws(() => checkPublicKey(ed25519(x)), { code: 'key_refused', rule: 'ed25519_encoding' }, name);
  }
});

t.test('EC keys off their curve are refused', async (t) => {
  const { d: _secret, ...jwk } = generatePrivateJwk('ES256');
  const key = parsePublicJwk(jwk);
  if (key.algorithm !== 'ES256') throw new Error('not an EC key');
  const spoiled = Uint8Array.from(key.y);
  spoiled[31] = (spoiled[31] ?? 0) ^ 1;
  const rows: readonly PublicKey[] = [
    { ...key, y: spoiled },
    { ...key, x: key.y, y: key.x },
    { ...key, x: new Uint8Array(32), y: new Uint8Array(32) },
    { ...key, x: new Uint8Array(32).fill(255) },
    { ...key, x: key.x.subarray(1) },
    { ...key, algorithm: 'ES384' },
  ];
  for (const row of rows) t.throws(() => checkPublicKey(row), { code: 'key_refused', rule: 'ec_point' });
});

/** What the faulty library made: a modulus that is a power of 65537 modulo the product of small primes. */
function rocaModulus(): bigint {
  let product = 1n;
  for (let n = 2n; n <= 167n; n++) if (isPrime(n)) product *= n;
  let residue = 1n;
  for (let i = 0; i < 1_234; i++) residue = (residue * 65_537n) % product;
  return ((1n << 2_047n) / product + 5n) * product + residue;
}

function isPrime(n: bigint): boolean {
  for (let d = 2n; d * d <= n; d++) if (n % d === 0n) return false;
  return true;
}

t.test('weak RSA keys are refused, each for its rule', async (t) => {
  const fair = rsaModulus(2048);
  for (const [name, key, rule] of [
    ['1024 bits', rsa(rsaModulus(1024)), 'rsa_size'],
    ['2047 bits', rsa((1n << 2_046n) + 1n), 'rsa_size'],
    ['4104 bits', rsa((1n << 4_103n) + 1n), 'rsa_size'],
    ['leading zero', { algorithm: 'PS256', n: new Uint8Array(257), e: E }, 'rsa_size'],
    ['even modulus', rsa(fair + 1n), 'rsa_modulus'],
    ['factor 3', rsa((((fair >> 4n) << 4n) / 3n) * 6n + 3n), 'rsa_modulus'],
    ['e = 1', rsa(fair, Uint8Array.of(1)), 'rsa_exponent'],
    ['e = 3', rsa(fair, Uint8Array.of(3)), 'rsa_exponent'],
    ['e even', rsa(fair, Uint8Array.of(1, 0, 2)), 'rsa_exponent'],
    ['e with a leading zero', rsa(fair, Uint8Array.of(0, 1, 0, 1)), 'rsa_exponent'],
    ['e of five bytes', rsa(fair, Uint8Array.of(1, 0, 0, 0, 1)), 'rsa_exponent'],
    ['no e', rsa(fair, new Uint8Array(0)), 'rsa_exponent'],
    ['ROCA', rsa(rocaModulus()), 'rsa_roca'],
  ] as const) {
    t.throws(() => checkPublicKey(key), { code: 'key_refused', rule, message: KEY_RULES[rule] }, name);
  }
});
