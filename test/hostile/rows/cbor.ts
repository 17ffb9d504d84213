// CBOR that says the same in another way, or more than it may: in the payload, in the protected header, in the message around.

import { encode } from 'cborg';
import { asciiEncode, concatBytes } from '../../../src/core/codec/bytes.js';
import { encodeCbor } from '../../../src/core/codec/cbor.js';
import { contentOf, NOW, signYm1, ym1Claims } from '../../support/fixtures.js';
import { goodYm1, repeated, respell, splice } from '../spoil.js';
import type { CodeRow, World } from '../world.js';

const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);
const ISS = concatBytes(bytes(0x66), asciiEncode('330102'));
const u32 = (value: number): Uint8Array =>
  bytes(0x1a, value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255);

/** The four members of a good payload, in order, to be written differently. */
function members(): Readonly<Record<'iss' | 'exp' | 'iat' | 'credential', Uint8Array>> {
  const { claims } = contentOf();
  return {
    iss: concatBytes(bytes(1), ISS),
    exp: concatBytes(bytes(4), u32(NOW + 3_600)),
    iat: concatBytes(bytes(6), u32(NOW - 10)),
    credential: concatBytes(bytes(0x3a, 0, 1, 0, 0), encodeCbor([1, 1, 7, claims.cbor])),
  };
}

const { iss, exp, iat, credential } = members();

/** Payloads that the issuer signed; with the usual bytes they would be admitted. */
const PAYLOADS: Readonly<Record<string, Uint8Array>> = {
  'a map of indefinite length': concatBytes(bytes(0xbf), iss, exp, iat, credential, bytes(0xff)),
  'a map length in two bytes': concatBytes(bytes(0xb8, 4), iss, exp, iat, credential),
  'a map length in nine bytes': concatBytes(bytes(0xbb, 0, 0, 0, 0, 0, 0, 0, 4), iss, exp, iat, credential),
  'a long key': concatBytes(bytes(0xa4, 0x18), iss, exp, iat, credential),
  'a time in nine bytes': concatBytes(
    bytes(0xa4),
    iss,
    exp,
    bytes(6, 0x1b, 0, 0, 0, 0),
    iat.subarray(2),
    credential,
  ),
  'text of indefinite length': concatBytes(bytes(0xa4, 1, 0x7f), ISS, bytes(0xff), exp, iat, credential),
  'a long text length': concatBytes(bytes(0xa4, 1, 0x78, 6), ISS.subarray(1), exp, iat, credential),
  'a duplicate key': concatBytes(bytes(0xa5), iss, iss, exp, iat, credential),
  'a duplicate key in its long form': concatBytes(bytes(0xa5), iss, exp, iat, bytes(0x18), iss, credential),
  'keys out of order': concatBytes(bytes(0xa4), exp, iss, iat, credential),
  'a key of bytes': concatBytes(bytes(0xa5), iss, exp, iat, credential, bytes(0x41, 1, 0)),
  'a floating time': concatBytes(bytes(0xa4), iss, exp, bytes(6), encode(NOW - 10.5), credential),
  'a tagged time': concatBytes(bytes(0xa4), iss, exp, bytes(6, 0xc1), iat.subarray(1), credential),
  'a bignum time': concatBytes(bytes(0xa4), iss, exp, bytes(6, 0xc2, 0x44), iat.subarray(2), credential),
  'a tag around all': concatBytes(bytes(0xd8, 61, 0xa4), iss, exp, iat, credential),
  undefined: concatBytes(bytes(0xa4, 1, 0xf7), exp, iat, credential),
  'a simple value': concatBytes(bytes(0xa4, 1, 0xe0), exp, iat, credential),
  NaN: concatBytes(bytes(0xa4), iss, bytes(4, 0xf9, 0x7e, 0), iat, credential),
  Infinity: concatBytes(bytes(0xa4), iss, bytes(4, 0xf9, 0x7c, 0), iat, credential),
  'text that is not UTF-8': concatBytes(bytes(0xa4, 1, 0x61, 0xff), exp, iat, credential),
  'an encoded surrogate': concatBytes(bytes(0xa4, 1, 0x63, 0xed, 0xa0, 0x80), exp, iat, credential),
  'an overlong letter': concatBytes(bytes(0xa4, 1, 0x62, 0xc1, 0x81), exp, iat, credential),
  'a break without a beginning': concatBytes(bytes(0xa4), iss, exp, iat, bytes(0xff)),
  'a byte behind': concatBytes(bytes(0xa4), iss, exp, iat, credential, bytes(0)),
  'a second item behind': concatBytes(bytes(0xa4), iss, exp, iat, credential, bytes(0xa0)),
  'a member too few': concatBytes(bytes(0xa5), iss, exp, iat, credential),
  'an array': encodeCbor([1, 2, 3]),
  nothing: new Uint8Array(0),
  'nesting 17 deep': concatBytes(repeated(17, 0x81), bytes(0)),
  'nesting 2,700 deep': concatBytes(repeated(2_700, 0x81), bytes(0)),
  'maps nested 1,300 deep': concatBytes(repeated(1_300, 0xa1, 0), bytes(0)),
  'tags nested 2,700 deep': concatBytes(repeated(2_700, 0xc1), bytes(0)),
  '2,700 open arrays': repeated(2_700, 0x9f),
  'an array of 2^32 items': bytes(0x9b, 0, 0, 0, 1, 0, 0, 0, 0),
  'an array of 2^63 items': bytes(0x9b, 0x80, 0, 0, 0, 0, 0, 0, 0),
  'a map of 2^32 - 1 pairs': bytes(0xba, 255, 255, 255, 255),
  'text of 2^63 bytes': bytes(0x7b, 0x80, 0, 0, 0, 0, 0, 0, 0),
  'bytes of 2^31': bytes(0x5a, 0x80, 0, 0, 0),
};

/** Protected headers that the issuer signed. `[label, value]` pairs. */
const HEADERS: Readonly<Record<string, (world: World) => readonly (readonly [number, unknown])[]>> = {
  'no algorithm': ({ ed }) => [[4, ed.signer.kid]],
  'the algorithm EdDSA': ({ ed }) => [
    [1, -8],
    [4, ed.signer.kid],
  ],
  'the algorithm ES256 of RFC 9053': ({ ed }) => [
    [1, -7],
    [4, ed.signer.kid],
  ],
  'HMAC as algorithm': ({ ed }) => [
    [1, 5],
    [4, ed.signer.kid],
  ],
  'no algorithm at all (0)': ({ ed }) => [
    [1, 0],
    [4, ed.signer.kid],
  ],
  'an algorithm as text': ({ ed }) => [
    [1, 'Ed25519'],
    [4, ed.signer.kid],
  ],
  'a critical header': ({ ed }) => [
    [1, -19],
    [2, [99]],
    [4, ed.signer.kid],
  ],
  'an empty list of critical headers': ({ ed }) => [
    [1, -19],
    [2, []],
    [4, ed.signer.kid],
  ],
  'a content type': ({ ed }) => [
    [1, -19],
    [3, 0],
    [4, ed.signer.kid],
  ],
  'an x5u': ({ ed }) => [
    [1, -19],
    [4, ed.signer.kid],
    [35, 'https://attacker.example/'],
  ],
  'an embedded key': ({ ed, attacker }) => [
    [1, -19],
    [4, ed.signer.kid],
    [33, attacker.signer.kid],
  ],
  'a kid of 9 bytes': ({ ed }) => [
    [1, -19],
    [4, concatBytes(ed.signer.kid, bytes(0))],
  ],
  'a kid of 7 bytes': ({ ed }) => [
    [1, -19],
    [4, ed.signer.kid.subarray(1)],
  ],
  'a kid of 2,000 bytes': () => [
    [1, -19],
    [4, new Uint8Array(2_000)],
  ],
  'a kid as text': () => [
    [1, -19],
    [4, '../../etc'],
  ],
};

/** The message itself, spoiled behind the issuer's back. */
const MESSAGES: Readonly<Record<string, (message: Uint8Array) => Uint8Array>> = {
  'no tag': (m) => m.subarray(1),
  'tag 17, a MAC': (m) => splice(m, 0, 1, [0xd1]),
  'tag 98, many signers': (m) => splice(m, 0, 1, [0xd8, 98]),
  'tag 61 around tag 18': (m) => splice(m, 0, 0, [0xd8, 61]),
  'tag 18 twice': (m) => splice(m, 0, 0, [0xd2]),
  'tag 18 in two bytes': (m) => splice(m, 0, 1, [0xd8, 18]),
  'an array of indefinite length': (m) => concatBytes(splice(m, 1, 1, [0x9f]), bytes(0xff)),
  'an array length in two bytes': (m) => splice(m, 1, 1, [0x98, 4]),
  'five elements': (m) => concatBytes(splice(m, 1, 1, [0x85]), bytes(0)),
  'three elements': (m) => splice(m, 1, 1, [0x83]),
  'a header length in two bytes': (m) => splice(m, 2, 1, [0x58, 13]),
  'no protected header': (m) => splice(m, 2, 14, [0x40]),
  'an unprotected kid': (m) => splice(m, 16, 1, [0xa1, 4, 0x41, 0]),
  'an unprotected algorithm': (m) => splice(m, 16, 1, [0xa1, 1, 0x26]),
  'an unprotected map of indefinite length': (m) => splice(m, 16, 1, [0xbf, 0xff]),
  'no unprotected header': (m) => splice(m, 16, 1),
  'a byte behind': (m) => concatBytes(m, bytes(0)),
  'half of it': (m) => m.subarray(0, m.length >> 1),
  'its first byte': (m) => m.subarray(0, 1),
  'a signature of 63 bytes': (m) => splice(m, m.length - 66, 3, [0x58, 63]),
};

const DAMAGED = 'damaged' as const;

export const CBOR_ROWS: readonly CodeRow[] = [
  ...Object.entries(PAYLOADS).map(([name, payloadBytes]) => ({
    name: `CBOR: payload with ${name}`,
    make: ({ ed }: World) => signYm1(null, ed.signer, { payloadBytes }),
    expected: DAMAGED,
  })),
  ...Object.entries(HEADERS).map(([name, pairs]) => ({
    name: `COSE: header with ${name}`,
    make: (world: World) => signYm1(ym1Claims(), world.ed.signer, { header: new Map(pairs(world)) }),
    expected: DAMAGED,
  })),
  ...Object.entries(MESSAGES).map(([name, change]) => ({
    name: `COSE: ${name}`,
    make: (world: World) => respell(goodYm1(world), change),
    expected: DAMAGED,
  })),
];

/** A payload as it should be, to show that the rows above fail for their own reason. */
export const SOUND_PAYLOAD = concatBytes(bytes(0xa4), iss, exp, iat, credential);
