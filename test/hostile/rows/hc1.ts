// Foreign certificates: what the tolerant parser still refuses, and what their issuers' key cannot mend.

import { encode, rfc8949EncodeOptions } from 'cborg';
import { deflateZlib } from '../../../src/adapters/crypto-node.js';
import { encodeBase45 } from '../../../src/core/codec/base45.js';
import { concatBytes } from '../../../src/core/codec/bytes.js';
import { encodeCbor } from '../../../src/core/codec/cbor.js';
import { encodeCoseSign1, sigStructure } from '../../../src/core/codec/cose-sign1.js';
import type { ReasonCode } from '../../../src/core/errors/reasons.js';
import { encodeListCwt } from '../../../src/core/status/list-cwt.js';
import { dccClaims, NOW, signHc1 } from '../../support/fixtures.js';
import { repeated } from '../spoil.js';
import type { CodeRow, World } from '../world.js';
import { LIST_CLAIMS } from './jose.js';

const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);

/** A message over any payload, signed by a trusted certificate's key. */
function signedPayload({ dcc: { signer } }: World, payload: Uint8Array): string {
  const header = new Map<number, unknown>([
    [1, -7],
    [4, signer.kid],
  ]);
  const protectedBytes = encodeCbor(header);
  const signature = signer.sign(sigStructure(protectedBytes, new Uint8Array(0), payload));
  return `HC1:${encodeBase45(deflateZlib(encodeCoseSign1(protectedBytes, payload, signature)))}`;
}

const good = encodeCbor(dccClaims());

const PAYLOADS: Readonly<Record<string, Uint8Array>> = {
  'a duplicate key': concatBytes(bytes(0xa5, 1, 0x62, 0x41, 0x54), good.subarray(1)),
  'a key of bytes': bytes(0xa1, 0x41, 1, 0),
  'a key that is an array': bytes(0xa1, 0x80, 0),
  'text in chunks': bytes(0xa1, 1, 0x7f, 0x61, 0x41, 0x61, 0x54, 0xff),
  'text that is not UTF-8': bytes(0xa1, 1, 0x61, 0xff),
  NaN: bytes(0xa1, 4, 0xf9, 0x7e, 0),
  'nesting 17 deep': concatBytes(bytes(0xa1, 0), repeated(16, 0x81), bytes(0)),
  'nesting 1,000 deep without end': concatBytes(bytes(0xbf, 0), repeated(1_000, 0x9f)),
  'an array of 2^32 items': bytes(0xa1, 0, 0x9b, 0, 0, 0, 1, 0, 0, 0, 0),
  'a byte behind': concatBytes(good, bytes(0)),
  'half of it': good.subarray(0, good.length >> 1),
  'no map': bytes(0x80),
};

/** Claim, value, reason. */
const CLAIMS: readonly (readonly [name: string, key: number, value: unknown, ReasonCode])[] = [
  ['no exp', 4, undefined, 'invalid_claims'],
  ['exp 0', 4, 0, 'invalid_claims'],
  ['exp below 0', 4, -1, 'invalid_claims'],
  ['exp half a second', 4, NOW + 0.5, 'invalid_claims'],
  ['exp 1e21', 4, 1e21, 'invalid_claims'],
  ['exp 2^53', 4, 9_007_199_254_740_992n, 'invalid_claims'],
  ['exp in milliseconds', 4, NOW * 1000, 'invalid_claims'],
  ['exp as text', 4, String(NOW + 60), 'invalid_claims'],
  ['exp before iat', 4, NOW - 100_000, 'invalid_claims'],
  ['iat tomorrow', 6, NOW + 80_000, 'not_yet_valid'],
  ['no certificate', -260, undefined, 'invalid_claims'],
  ['a certificate of text', -260, 'v', 'invalid_claims'],
  ['a certificate without entries', -260, new Map([[1, new Map([['v', []]])]]), 'invalid_claims'],
];

export const HC1_ROWS: readonly CodeRow[] = [
  ...Object.entries(PAYLOADS).map(
    ([name, payload]): CodeRow => ({
      name: `HC1: payload with ${name}`,
      make: (world) => signedPayload(world, payload),
      expected: 'damaged',
    }),
  ),
  ...CLAIMS.map(
    ([name, key, value, expected]): CodeRow => ({
      name: `HC1: ${name}`,
      make: (world) =>
        signedPayload(world, Uint8Array.from(encode(dccClaims([[key, value]]), rfc8949EncodeOptions))),
      expected,
    }),
  ),
  ...[[98], [0xd8, 98], [0xd1], [0xd8, 61, 0xd1], [0xd2, 0xd2]].map(
    (tags): CodeRow => ({
      name: `HC1: tags ${tags}`,
      make: ({ dcc }) => signHc1(dccClaims(), dcc.signer, { tags }),
      expected: 'damaged',
    }),
  ),
  {
    name: 'HC1: the true kid unprotected, a false one protected',
    make: ({ dcc, attacker }) =>
      signHc1(dccClaims(), dcc.signer, {
        protectedHeader: new Map<number, unknown>([
          [1, -7],
          [4, attacker.signer.kid],
        ]),
        unprotectedHeader: new Map([[4, dcc.signer.kid]]),
      }),
    expected: 'issuer_unknown',
  },
  {
    name: 'HC1: a critical header',
    make: ({ dcc }) =>
      signHc1(dccClaims(), dcc.signer, {
        protectedHeader: new Map<number, unknown>([
          [1, -7],
          [2, [99]],
          [4, dcc.signer.kid],
        ]),
      }),
    expected: 'damaged',
  },
  {
    name: 'HC1: signed by a key for our own codes',
    make: ({ ec }) => signHc1(dccClaims(), ec.signer),
    expected: 'issuer_unknown',
  },
  {
    name: 'YM1: a status list token',
    make: ({ lists }) => `YM1:${encodeBase45(encodeListCwt(LIST_CLAIMS, lists.signer))}`,
    expected: 'damaged',
  },
];
