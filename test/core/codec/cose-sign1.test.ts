// COSE_Sign1: our own form alone in strict mode, what foreign issuers really send in tolerant mode.

import { encode, rfc8949EncodeOptions } from 'cborg';
import fc from 'fast-check';
import t from 'tap';
import { concatBytes, equalBytes, hexDecode, hexEncode, utf8Encode } from '../../../src/core/codec/bytes.js';
import { encodeCbor } from '../../../src/core/codec/cbor.js';
import { encodeCoseSign1, parseCoseSign1, sigStructure } from '../../../src/core/codec/cose-sign1.js';

const protectedBytes = encodeCbor(
  new Map<number, unknown>([
    [1, -19],
    [4, hexDecode('0102030405060708')],
  ]),
);
const payload = encodeCbor(new Map([[1, '330102']]));
const signature = new Uint8Array(64).fill(7);
const message = encodeCoseSign1(protectedBytes, payload, signature);
const untagged = message.subarray(1);

t.test('what is written is read back in both modes', async (t) => {
  for (const mode of ['strict', 'tolerant'] as const) {
    const parsed = parseCoseSign1(message, { mode });
    t.strictSame(parsed.protectedBytes, protectedBytes);
    t.equal(parsed.protectedHeaders.get(1), -19);
    t.equal(parsed.unprotectedHeaders.size, 0);
    t.strictSame(parsed.payload, payload);
    t.strictSame(parsed.signature, signature);
  }
});

t.test('RFC 9052, section 4.4: the bytes that are signed', async (t) => {
  const bytes = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ minLength: 250, maxLength: 300 }));
  fc.assert(
    fc.property(bytes, bytes, bytes, (first, aad, body) =>
      equalBytes(
        sigStructure(first, aad, body),
        encode(['Signature1', first, aad, body], rfc8949EncodeOptions),
      ),
    ),
  );
  const long = new Uint8Array(70_000);
  t.strictSame(
    sigStructure(long, long, long),
    encode(['Signature1', long, long, long], rfc8949EncodeOptions),
  );
  t.equal(
    hexEncode(sigStructure(hexDecode('a0'), utf8Encode('YM1'), hexDecode('ff'))),
    '846a5369676e61747572653141a043594d3141ff',
  );
});

t.test('tolerant mode takes no tag, tag 18, and tag 61 around tag 18', async (t) => {
  for (const bytes of [untagged, message, concatBytes(hexDecode('d83d'), message)]) {
    t.strictSame(parseCoseSign1(bytes, { mode: 'tolerant' }).payload, payload);
  }
});

t.test('tolerant mode takes an empty protected header and a filled unprotected one', async (t) => {
  const headers = new Map<number, unknown>([
    [1, -7],
    [4, hexDecode('01')],
  ]);
  const parsed = parseCoseSign1(encode([new Uint8Array(0), headers, payload, signature]), {
    mode: 'tolerant',
  });
  t.equal(parsed.protectedHeaders.size, 0);
  t.equal(parsed.unprotectedHeaders.get(1), -7);
});

t.test('strict mode refuses every other form', async (t) => {
  const parts = (first: unknown, second: unknown, third: unknown, fourth: unknown): Uint8Array =>
    concatBytes(hexDecode('d2'), encode([first, second, third, fourth], rfc8949EncodeOptions));
  const unsorted = hexDecode('a20448010203040506070801' + '32');
  for (const [name, bytes] of [
    ['untagged', untagged],
    ['tag 61', concatBytes(hexDecode('d83d'), message)],
    ['long tag', concatBytes(hexDecode('d812'), untagged)],
    ['tag 98', concatBytes(hexDecode('d862'), untagged)],
    ['bytes after it', concatBytes(message, hexDecode('00'))],
    ['unprotected header', parts(protectedBytes, new Map([[4, 1]]), payload, signature)],
    ['no protected header', parts(new Uint8Array(0), new Map(), payload, signature)],
    ['protected header unsorted', parts(unsorted, new Map(), payload, signature)],
    ['protected header not a map', parts(hexDecode('80'), new Map(), payload, signature)],
    [
      'protected header with crit',
      parts(
        encodeCbor(
          new Map<number, unknown>([
            [1, -19],
            [2, [1]],
          ]),
        ),
        new Map(),
        payload,
        signature,
      ),
    ],
    ['payload detached', parts(protectedBytes, new Map(), null, signature)],
    ['signature is text', parts(protectedBytes, new Map(), payload, 'sig')],
    ['three parts', concatBytes(hexDecode('d2'), encode([protectedBytes, new Map(), payload]))],
    ['indefinite array', concatBytes(hexDecode('d29f'), untagged.subarray(1), hexDecode('ff'))],
    ['nothing', new Uint8Array(0)],
  ] as const) {
    t.throws(() => parseCoseSign1(bytes, { mode: 'strict' }), { code: 'damaged' }, name);
  }
});

t.test('tolerant mode refuses other COSE types and shapes', async (t) => {
  const crit = encodeCbor(
    new Map<number, unknown>([
      [1, -7],
      [2, [33]],
    ]),
  );
  for (const [name, bytes] of [
    ['tag 98', concatBytes(hexDecode('d862'), untagged)],
    ['tag 17', concatBytes(hexDecode('d1'), untagged)],
    ['tag 61 alone', concatBytes(hexDecode('d83d'), untagged)],
    ['tag 18 twice', concatBytes(hexDecode('d2'), message)],
    ['crit', encode([crit, new Map(), payload, signature])],
    ['headers are an array', encode([protectedBytes, [], payload, signature])],
    ['five parts', encode([protectedBytes, new Map(), payload, signature, 0])],
  ] as const) {
    t.throws(() => parseCoseSign1(bytes, { mode: 'tolerant' }), { code: 'damaged' }, name);
  }
});

t.test('any single changed byte is refused or still the one encoding of what it says', async () => {
  fc.assert(
    fc.property(fc.nat({ max: message.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const mutant = Uint8Array.from(message);
      mutant[at] = (mutant[at] ?? 0) ^ change;
      try {
        const parsed = parseCoseSign1(mutant, { mode: 'strict' });
        return equalBytes(encodeCoseSign1(parsed.protectedBytes, parsed.payload, parsed.signature), mutant);
      } catch (error) {
        return (error as { code?: string }).code === 'damaged';
      }
    }),
    { numRuns: 2_000 },
  );
});
