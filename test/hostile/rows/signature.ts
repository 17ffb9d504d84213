// Signatures and keys that no honest signer makes: small orders, torsion, second spellings of one signature.

import { Point } from '@noble/ed25519';
import { concatBytes, hexDecode } from '../../../src/core/codec/bytes.js';
import type { ReasonCode } from '../../../src/core/errors/reasons.js';
import { SMALL_ORDER_ENCODINGS } from '../../../src/core/signature/edwards.js';
import type { Signer } from '../../../src/core/signature/ports.js';
import { CURVES, integerFromBytes } from '../../../src/core/signature/weierstrass.js';
import { challenge, littleEndian, ORDER, signFreely, TORSION } from '../../core/signature/crafted.js';
import { signYm1, ym1Claims } from '../../support/fixtures.js';
import { jwsWith, ym1SignedBy } from '../spoil.js';
import type { CodeRow, CraftedIssuer, World } from '../world.js';

type Sign = (issuer: CraftedIssuer) => Signer['sign'];

function integer(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}

/** Signs as usual, then respells s. */
function withS(respell: (s: bigint) => bigint): Sign {
  return ({ signer }) =>
    (message) => {
      const signature = signer.sign(message);
      return concatBytes(signature.subarray(0, 32), littleEndian(respell(integer(signature.subarray(32)))));
    };
}

/** s answers the challenge for a chosen R, as far as R is a multiple of the base point. */
function withR(r: (nonce: bigint) => Uint8Array, nonce: bigint): Sign {
  return ({ a, secret }) =>
    (message) =>
      signFreely({ r: r(nonce), nonce, a, secret }, message);
}

const NONCE = 0x5eed_5eed_5eed_5eed_5eed_5eedn;
const HIGH_BITS = [1n << 253n, 1n << 254n, 1n << 255n, 7n << 253n] as const;

const SPOILED: Readonly<Record<string, Sign>> = {
  's = L': withS(() => ORDER),
  's = L - 1': withS(() => ORDER - 1n),
  's + L': withS((s) => s + ORDER),
  's + 7 L': withS((s) => s + 7n * ORDER),
  's = 0': withS(() => 0n),
  'all bits of s': withS(() => (1n << 256n) - 1n),
  ...Object.fromEntries(
    HIGH_BITS.map((bit) => [`s with high bits ${bit.toString(16)}`, withS((s) => s | bit)]),
  ),
  'nothing but zeros': () => () => new Uint8Array(64),
  'nothing but ones': () => () => new Uint8Array(64).fill(255),
  'torsion added to R': withR((nonce) => Point.BASE.multiply(nonce).add(TORSION).toBytes(), NONCE),
  'R and s exchanged':
    ({ signer }) =>
    (message) => {
      const signature = signer.sign(message);
      return concatBytes(signature.subarray(32), signature.subarray(0, 32));
    },
};

/** The identity as R even satisfies the equation; the others do once it is multiplied by the cofactor. */
const SMALL_R: readonly (readonly [string, Sign])[] = SMALL_ORDER_ENCODINGS.map((r) => [
  `R = ${Buffer.from(r).toString('hex')}`,
  withR(() => r, 0n),
]);

const ED25519: readonly CodeRow[] = [...Object.entries(SPOILED), ...SMALL_R].flatMap(([name, sign]) => [
  {
    name: `Ed25519, YM1: ${name}`,
    make: ({ ed }: World) => ym1SignedBy(ed.signer, sign(ed)),
    expected: 'bad_signature' as const,
  },
  {
    name: `Ed25519, JWS: ${name}`,
    make: ({ ed }: World) => jwsWith({ ...ed.signer, sign: sign(ed) }),
    expected: 'bad_signature' as const,
  },
]);

/** R = A multiple of the base, and nonces until torsion in A falls away: verifies without cofactor too. */
function underTorsion({ a, secret }: CraftedIssuer): Signer['sign'] {
  return (message) => {
    let nonce = NONCE;
    while (challenge(Point.BASE.multiply(nonce).toBytes(), a, message) % 8n !== 0n) nonce += 1n;
    return signFreely({ r: Point.BASE.multiply(nonce).toBytes(), nonce, a, secret }, message);
  };
}

/** The keys that a trust file named and the node refused: whoever holds them is nobody. */
const KEYS: readonly CodeRow[] = [
  ...SMALL_ORDER_ENCODINGS.map(
    (a, i): CodeRow => ({
      name: `Ed25519: A = ${Buffer.from(a).toString('hex')}, one signature for every message`,
      make: ({ refused }) => {
        const signer = refused[i]?.signer;
        const identity = hexDecode('01'.padEnd(64, '0'));
        return signer === undefined
          ? ''
          : ym1SignedBy(signer, () => concatBytes(identity, new Uint8Array(32)));
      },
      expected: 'issuer_unknown',
    }),
  ),
  {
    name: 'Ed25519: torsion added to A',
    make: ({ refused }) => {
      const issuer = refused.at(-1);
      return issuer === undefined ? '' : ym1SignedBy(issuer.signer, underTorsion(issuer));
    },
    expected: 'issuer_unknown',
  },
];

const { n, coordinateBytes } = CURVES.ES256;

const bigEndian = (value: bigint): Uint8Array =>
  hexDecode(value.toString(16).padStart(2 * coordinateBytes, '0'));

/** Signs as usual, then changes r and s. */
function rs(change: (r: bigint, s: bigint) => readonly [bigint, bigint]) {
  return ({ sign }: Signer) =>
    (message: Uint8Array) => {
      const signature = sign(message);
      const [r, s] = change(
        integerFromBytes(signature.subarray(0, 32)),
        integerFromBytes(signature.subarray(32)),
      );
      return concatBytes(bigEndian(r), bigEndian(s));
    };
}

const ECDSA: Readonly<Record<string, readonly [ReasonCode, (signer: Signer) => Signer['sign']]>> = {
  'r = s = 0': ['bad_signature', rs(() => [0n, 0n])],
  'r = 0': ['bad_signature', rs((_, s) => [0n, s])],
  's = 0': ['bad_signature', rs((r) => [r, 0n])],
  'r = n': ['bad_signature', rs((_, s) => [n, s])],
  's = n': ['damaged', rs((r) => [r, n])],
  'n - s, which verifies as well': ['damaged', rs((r, s) => [r, n - s])],
  'r = s = 1': ['bad_signature', rs(() => [1n, 1n])],
  'all bits': ['damaged', rs(() => [(1n << 256n) - 1n, (1n << 256n) - 1n])],
};

const ES256: readonly CodeRow[] = [
  ...Object.entries(ECDSA).flatMap(([name, [expected, sign]]) => [
    {
      name: `ES256, YM1: ${name}`,
      make: ({ ec }: World) => ym1SignedBy(ec.signer, sign(ec.signer)),
      expected,
    },
    {
      name: `ES256, JWS: ${name}`,
      make: ({ ec }: World) => jwsWith({ ...ec.signer, sign: sign(ec.signer) }),
      expected,
    },
  ]),
  ...([63, 65, 70, 0] as const).map(
    (length): CodeRow => ({
      name: `ES256: a signature of ${length} bytes, as DER has`,
      make: ({ ec }) => ym1SignedBy(ec.signer, () => new Uint8Array(length).fill(0x30)),
      expected: 'damaged',
    }),
  ),
];

/** Signed by the right key for another purpose. */
const ELSEWHERE: readonly CodeRow[] = ['', 'YM2', 'ym1'].map((aad) => ({
  name: `COSE: external data "${aad}"`,
  make: ({ ed }) => signYm1(ym1Claims(), ed.signer, { aad }),
  expected: 'bad_signature',
}));

export const SIGNATURE_ROWS: readonly CodeRow[] = [...ED25519, ...KEYS, ...ES256, ...ELSEWHERE];
