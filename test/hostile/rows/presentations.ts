// Live codes that no device of the holder's made: cut, spliced, signed by others, from another time, or in another spelling.

import { Point } from '@noble/ed25519';
import { decodeBase45, encodeBase45 } from '../../../src/core/codec/base45.js';
import { concatBytes, hexDecode } from '../../../src/core/codec/bytes.js';
import { encodeCbor } from '../../../src/core/codec/cbor.js';
import { encodeYm1, openYm1 } from '../../../src/core/envelope/ym1.js';
import { SMALL_ORDER_ENCODINGS } from '../../../src/core/signature/edwards.js';
import { CURVES, integerFromBytes } from '../../../src/core/signature/weierstrass.js';
import { TORSION } from '../../core/signature/crafted.js';
import { createDevice, signYm2, ym2Claims } from '../../support/device.js';
import { contentOf, NOW, signYm1, ym1Claims } from '../../support/fixtures.js';
import { goodYm1, repeated, splice } from '../spoil.js';
import type { CodeRow, World } from '../world.js';

const ec = createDevice('ES256');
const ed = createDevice('Ed25519');
const thief = createDevice('ES256');
const DEVICES = [
  ['P-256', ec],
  ['Ed25519', ed],
] as const;
const ORDER = CURVES.ES256.n;

const bound = ({ ed: issuer }: World, device = ec): string => device.bind(issuer.signer);
const live = (world: World): string => ec.present(bound(world));

function respell(text: string, change: (bytes: Uint8Array) => Uint8Array): string {
  return `YM2:${encodeBase45(change(decodeBase45(text.slice(4))))}`;
}

function bytes32(value: bigint): Uint8Array {
  return hexDecode(value.toString(16).padStart(64, '0'));
}

/** The other signature that verifies, too. */
function highS(text: string): string {
  return respell(text, (bytes) => {
    const s = integerFromBytes(bytes.subarray(-32));
    return concatBytes(bytes.subarray(0, -32), bytes32(ORDER - s));
  });
}

const OTHERS: readonly CodeRow[] = [
  {
    name: 'signed by a thief’s phone',
    make: (world) => thief.present(bound(world)),
    expected: 'holder_mismatch',
  },
  {
    name: 'signed by a key of another algorithm',
    make: (world) => signYm2(ym2Claims(bound(world)), ed.signer),
    expected: 'holder_mismatch',
  },
  {
    name: 'signed by the issuer',
    make: (world) => signYm2(ym2Claims(bound(world)), world.ed.signer),
    expected: 'holder_mismatch',
  },
  {
    name: 'around an unbound code',
    make: (world) => signYm2(ym2Claims(goodYm1(world)), ec.signer),
    expected: 'holder_mismatch',
  },
  {
    name: 'the signature of another credential',
    make: (world) => {
      const status = { list: 1, index: 8, uri: '' };
      const other = ec.present(ec.bind(world.ed.signer, 'health-code', { status }));
      return respell(live(world), (bytes) =>
        concatBytes(bytes.subarray(0, -64), decodeBase45(other.slice(4)).subarray(-64)),
      );
    },
    expected: 'holder_mismatch',
  },
  {
    name: 'the credential of another person under a good signature',
    make: (world) => {
      const own = ec.bind(world.ed.signer, 'health-code', { status: { list: 1, index: 8, uri: '' } });
      const signature = decodeBase45(ec.present(own).slice(4)).subarray(-64);
      return signYm2(ym2Claims(bound(world, ed)), ec.signer, { sign: () => signature });
    },
    expected: 'holder_mismatch',
  },
  {
    name: 'signed for another context',
    make: (world) => signYm2(ym2Claims(bound(world)), ec.signer, { aad: 'YM1' }),
    expected: 'holder_mismatch',
  },
  {
    name: 'a signature of zeros',
    make: (world) => signYm2(ym2Claims(bound(world)), ec.signer, { sign: () => new Uint8Array(64) }),
    expected: 'holder_mismatch',
  },
  {
    name: 'a signature that somebody made up',
    make: (world) =>
      signYm2(ym2Claims(bound(world)), ec.signer, {
        sign: () => concatBytes(repeated(32, 0x11), repeated(32, 0x01)),
      }),
    expected: 'holder_mismatch',
  },
  {
    name: 'a credential that a thief signed too',
    make: ({ attacker }) => ec.present(ec.bind(attacker.signer)),
    expected: 'issuer_unknown',
  },
  {
    name: 'a credential spoilt inside',
    make: (world) => {
      const credential = openYm1(bound(world));
      const at = credential.length - 1;
      const forged = splice(credential, at, 1, [(credential[at] ?? 0) ^ 1]);
      return signYm2(ym2Claims('YM1:', [[-65538, forged]]), ec.signer);
    },
    expected: 'bad_signature',
  },
];

const TIMES: readonly CodeRow[] = (
  [
    ['31 s old', NOW - 31],
    ['from 31 s ahead', NOW + 31],
    ['a year old', NOW - 31_536_000],
    ['from the year 1970', 0],
    ['from the year 9999', 253_402_300_799],
  ] as const
).map(([name, at]) => ({
  name,
  make: (world) => ec.present(bound(world), at),
  expected: 'presentation_expired',
}));

const FORMS: readonly (readonly [name: string, make: (world: World) => string])[] = [
  ['cut in the middle', (world) => live(world).slice(0, 240)],
  ['cut by one character', (world) => live(world).slice(0, -1)],
  ['cut by three', (world) => live(world).slice(0, -3)],
  ['two in one', (world) => live(world) + live(world).slice(4)],
  ['the larger s', (world) => highS(live(world))],
  ['in lower case', (world) => live(world).toLowerCase()],
  ['a space behind', (world) => `${live(world)} `],
  ['a triple over 65535', (world) => `YM2::::${live(world).slice(7)}`],
  ['bytes behind', (world) => respell(live(world), (bytes) => concatBytes(bytes, Uint8Array.of(0)))],
  ['no tag', (world) => respell(live(world), (bytes) => bytes.subarray(1))],
  ['tag 17', (world) => respell(live(world), (bytes) => splice(bytes, 0, 1, [0xd1]))],
  ['tag 98', (world) => respell(live(world), (bytes) => splice(bytes, 0, 1, [0xd8, 98]))],
  ['an unprotected header', (world) => respell(live(world), (bytes) => splice(bytes, 6, 1, [0xa1, 4, 0x40]))],
  ['a credential of ours as it is', (world) => `YM2:${bound(world).slice(4)}`],
  ['a claim too many', (world) => signYm2(ym2Claims(bound(world), [[4, NOW + 60]]), ec.signer)],
  ['a text as a claim’s name', (world) => signYm2(mapWith(ym2Claims(bound(world)), 'iat', NOW), ec.signer)],
  ['no time', (world) => signYm2(ym2Claims(bound(world), [[6, undefined]]), ec.signer)],
  ['a time in parts of seconds', (world) => signYm2(null, ec.signer, { payloadBytes: withFloat(world) })],
  ['no credential', (world) => signYm2(ym2Claims(bound(world), [[-65538, undefined]]), ec.signer)],
  [
    'an empty credential',
    (world) => signYm2(ym2Claims(bound(world), [[-65538, new Uint8Array(0)]]), ec.signer),
  ],
  [
    'a nonce of 1,000 bytes',
    (world) => signYm2(ym2Claims(bound(world), [[10, new Uint8Array(1_000)]]), ec.signer),
  ],
  [
    'a kid',
    (world) =>
      signYm2(ym2Claims(bound(world)), ec.signer, {
        header: new Map<number, unknown>([
          [1, -9],
          [4, ec.signer.kid],
        ]),
      }),
  ],
  ['alg none', (world) => signYm2(ym2Claims(bound(world)), ec.signer, { header: new Map([[1, 0]]) })],
  ['no alg', (world) => signYm2(ym2Claims(bound(world)), ec.signer, { header: new Map() })],
  ['over 4 KB', (world) => signYm2(ym2Claims(bound(world), [[-65538, new Uint8Array(3_000)]]), ec.signer)],
  ['as much as a symbol holds', () => `YM2:${'0'.repeat(4_292)}`],
];

function mapWith(map: ReadonlyMap<unknown, unknown>, key: unknown, value: unknown): Map<unknown, unknown> {
  return new Map([...map, [key, value]]);
}

/** iat as 1790000000.0 */
function withFloat(world: World): Uint8Array {
  const claims = encodeCbor(ym2Claims(bound(world)));
  const float = new Uint8Array(9);
  float[0] = 0xfb;
  new DataView(float.buffer).setFloat64(1, NOW);
  return splice(claims, 2, 5, [...float]);
}

/** A presentation has no issuer. */
const MISPLACED: readonly CodeRow[] = [
  {
    name: 'a live code inside a live code',
    make: (world) => {
      const inner = decodeBase45(live(world).slice(4));
      return signYm2(ym2Claims('YM1:', [[-65538, inner]]), ec.signer);
    },
    expected: 'issuer_unknown',
  },
  {
    name: 'under the prefix of a credential',
    make: (world) => `YM1:${live(world).slice(4)}`,
    expected: 'issuer_unknown',
  },
];

const weak = (x: Uint8Array) => ({ algorithm: 'Ed25519', x }) as const;
const WEAK_KEYS: readonly CodeRow[] = [
  ...SMALL_ORDER_ENCODINGS.map((x, i) => ({ name: `a device key of small order, ${i}`, key: weak(x) })),
  { name: 'a device key with torsion', key: weak(Point.BASE.add(TORSION).toBytes()) },
  {
    name: 'a device key off its curve',
    key: { algorithm: 'ES256', x: bytes32(CURVES.ES256.p - 1n), y: bytes32(1n) } as const,
  },
].map(({ name, key }) => ({
  name,
  make: ({ ed: issuer }: World) => {
    const code = encodeYm1(contentOf('health-code', { deviceKey: key }), issuer.signer);
    // R the identity, s = 0: the one signature that such keys verify for every message.
    const sign = (): Uint8Array => concatBytes(Uint8Array.of(1), new Uint8Array(63));
    return signYm2(ym2Claims(code), (key.algorithm === 'ES256' ? ec : ed).signer, { sign });
  },
  expected: 'invalid_claims' as const,
}));

/** The issuer's own faults are told as of any code of his. */
const CONTENTS: readonly CodeRow[] = [
  {
    name: 'a binding to a text',
    make: ({ ed: issuer }) => signYm2(ym2Claims(signYm1(ym1Claims([[8, 'key']]), issuer.signer)), ec.signer),
    expected: 'invalid_claims',
  },
];

const good: readonly CodeRow[] = DEVICES.map(([name, device]) => ({
  name: `a good one, ${name}, after its time`,
  make: (world) => device.present(bound(world, device), NOW - 60),
  expected: 'presentation_expired',
}));

export const PRESENTATION_ROWS: readonly CodeRow[] = [
  ...OTHERS,
  ...TIMES,
  ...FORMS.map(([name, make]): CodeRow => ({ name, make, expected: 'damaged' })),
  ...MISPLACED,
  ...WEAK_KEYS,
  ...CONTENTS,
  ...good,
].map((row) => ({ ...row, name: `YM2: ${row.name}` }));
