// CBOR: RFC 8949's own examples, a table of refusals, and the proof that strict decoding knows one form alone.

import { encode } from 'cborg';
import fc from 'fast-check';
import t from 'tap';
import { equalBytes, hexDecode, hexEncode } from '../../../src/core/codec/bytes.js';
import { decodeStrict, decodeTolerant, encodeCbor } from '../../../src/core/codec/cbor.js';

t.test('RFC 8949, appendix A: what both decoders read', async (t) => {
  for (const [hex, value] of [
    ['00', 0],
    ['17', 23],
    ['1818', 24],
    ['1903e8', 1000],
    ['1a000f4240', 1_000_000],
    ['1b000000e8d4a51000', 1_000_000_000_000],
    ['1bffffffffffffffff', 18_446_744_073_709_551_615n],
    ['20', -1],
    ['3903e7', -1000],
    ['f4', false],
    ['f5', true],
    ['f6', null],
    ['40', new Uint8Array(0)],
    ['4401020304', Uint8Array.of(1, 2, 3, 4)],
    ['60', ''],
    ['6449455446', 'IETF'],
    ['62225c', '"\\'],
    ['62c3bc', '\u00fc'],
    ['63e6b0b4', '\u6c34'],
    ['64f0908591', '\u{10151}'],
    ['80', []],
    ['8301820203820405', [1, [2, 3], [4, 5]]],
    ['a0', new Map()],
    [
      'a201020304',
      new Map([
        [1, 2],
        [3, 4],
      ]),
    ],
    [
      'a26161016162820203',
      new Map<string, unknown>([
        ['a', 1],
        ['b', [2, 3]],
      ]),
    ],
  ] as const) {
    const bytes = hexDecode(hex);
    t.strictSame(decodeStrict(bytes), value, hex);
    t.strictSame(decodeTolerant(bytes), value, hex);
    t.equal(hexEncode(encodeCbor(value)), hex);
  }
});

t.test('RFC 8949, appendix A: what only the tolerant decoder reads', async (t) => {
  for (const [hex, value] of [
    ['1800', 0],
    ['1b0000000000000001', 1],
    ['f93c00', 1],
    ['f93e00', 1.5],
    ['fb3ff199999999999a', 1.1],
    ['fa47c35000', 100_000],
    ['f7', null],
    ['c11a514b67b0', 1_363_896_240],
    ['d818456449455446', hexDecode('6449455446')],
    ['9fff', []],
    ['9f018202039f0405ffff', [1, [2, 3], [4, 5]]],
    [
      'bf61610161629f0203ffff',
      new Map<string, unknown>([
        ['a', 1],
        ['b', [2, 3]],
      ]),
    ],
    [
      'a203040102',
      new Map([
        [3, 4],
        [1, 2],
      ]),
    ],
  ] as const) {
    t.strictSame(decodeTolerant(hexDecode(hex)), value, hex);
    t.throws(() => decodeStrict(hexDecode(hex)), { code: 'damaged' }, hex);
  }
});

t.test('what neither decoder reads', async (t) => {
  for (const [name, hex] of [
    ['nothing', ''],
    ['two items', '0000'],
    ['truncated head', '19'],
    ['truncated head', '1903'],
    ['truncated bytes', '4301'],
    ['truncated array', '8201'],
    ['truncated map', 'a101'],
    ['truncated float', 'f93c'],
    ['reserved information', '1c'],
    ['reserved information', 'fc'],
    ['a break alone', 'ff'],
    ['a break in an array of known length', '82ffff'],
    ['a break for a value', 'bf00ff'],
    ['indefinite integer', '1f'],
    ['bytes in chunks', '5f42010243030405ff'],
    ['text in chunks', '7f657374726561646d696e67ff'],
    ['unfinished indefinite array', '9f01'],
    ['duplicate key', 'a201020103'],
    ['duplicate key in another spelling', 'a20102180103'],
    ['key is a byte string', 'a1410102'],
    ['key is an array', 'a18002'],
    ['key is a float', 'a1f93c0002'],
    ['simple value', 'f0'],
    ['simple value', 'f8ff'],
    ['NaN', 'f97e00'],
    ['infinity', 'f97c00'],
    ['bad UTF-8', '62c328'],
    ['surrogate in UTF-8', '63eda080'],
    ['text with a byte order mark', '64efbbbf61'],
    ['array of 2^32 items', '9affffffff'],
    ['array of 2^63 items', '9b7fffffffffffffff'],
    ['map of 2^63 pairs', 'bb7fffffffffffffff'],
    ['text of 2^63 bytes', '7b7fffffffffffffff'],
    ['bytes of 2^32', '5affffffff'],
    ['tag past 32 bits', 'db000000010000000000'],
    ['17 levels', `${'81'.repeat(17)}00`],
    ['17 levels without end', `${'9f'.repeat(17)}`],
    ['17 tags', `${'c1'.repeat(17)}00`],
  ] as const) {
    t.throws(() => decodeStrict(hexDecode(hex)), { code: 'damaged' }, `${name} (strict)`);
    t.throws(() => decodeTolerant(hexDecode(hex)), { code: 'damaged' }, `${name} (tolerant)`);
  }
});

t.test('keys stand in bytewise order, 24 before -1', async (t) => {
  const map = new Map<unknown, unknown>([
    ['a', 1],
    [-1, 2],
    [24, 3],
    ['', 4],
    [1, 5],
  ]);
  t.equal(hexEncode(encodeCbor(map)), 'a501051818032002600461' + '6101');
  t.throws(() => decodeStrict(hexDecode('a220001818' + '00')), { code: 'damaged', rule: 'cbor_key_order' });
});

t.test('limits are inclusive', async (t) => {
  t.doesNotThrow(() => decodeStrict(hexDecode(`${'81'.repeat(16)}00`)));
  t.throws(() => decodeStrict(hexDecode('8181' + '00'), { maxDepth: 1 }), {
    code: 'damaged',
    rule: 'cbor_depth',
  });
  t.doesNotThrow(() => decodeStrict(hexDecode('820101'), { maxItems: 3 }));
  t.throws(() => decodeStrict(hexDecode('820101'), { maxItems: 2 }), { code: 'damaged' });
  t.throws(() => decodeTolerant(hexDecode('820101'), { maxBytes: 2 }), {
    code: 'damaged',
    rule: 'cbor_length',
  });
});

t.test('the deepest nesting that a QR symbol holds is refused at once', async (t) => {
  for (const byte of [0x81, 0x9f, 0xc1, 0xa1])
    t.throws(() => decodeTolerant(new Uint8Array(2_864).fill(byte)), { code: 'damaged' });
});

t.test('refuses to write what strict decoding refuses', async (t) => {
  const oneTwice = new Map<unknown, unknown>([
    [1, 'a'],
    [1n, 'b'],
  ]);
  const deep = Array.from({ length: 16 }).reduce((inner) => [inner], [0] as unknown);
  const maps = [new Map([[1.5, 1]]), new Map([[true, 1]]), oneTwice];
  const scalars = [1.5, -0, 2 ** 53, 2n ** 64n, undefined, Number.NaN, {}, '\ud800', '\ufeffa'];
  for (const value of [...scalars, [undefined], deep, ...maps]) {
    t.throws(() => encodeCbor(value), { code: 'internal' });
  }
});

const key = fc.oneof(
  fc.integer(),
  fc.string({ unit: 'grapheme', maxLength: 5 }).filter((s) => !s.startsWith('\uFEFF')),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'cbor' },
    fc.integer(),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    fc.string({ unit: 'grapheme' }).filter((s) => !s.startsWith('\uFEFF')),
    fc.uint8Array(),
    fc.array(tie('value'), { maxLength: 4, depthIdentifier: 'cbor' }),
    fc
      .array(fc.tuple(key, tie('value')), { maxLength: 4, depthIdentifier: 'cbor' })
      .map((pairs) => new Map(pairs)),
  ),
}));

t.test('every value round-trips through its one encoding', async () => {
  fc.assert(
    fc.property(value, (any) => {
      const bytes = encodeCbor(any);
      return (
        equalBytes(encodeCbor(decodeStrict(bytes)), bytes) &&
        equalBytes(encodeCbor(decodeTolerant(bytes)), bytes) &&
        (any instanceof Map || equalBytes(bytes, encodeCbor(any)))
      );
    }),
  );
});

t.test('bytes that decode strictly are the only encoding of their value', async () => {
  const mutation = fc.tuple(
    value,
    fc.nat(),
    fc.integer({ min: 0, max: 255 }),
    fc.constantFrom('set', 'insert', 'delete'),
  );
  fc.assert(
    fc.property(mutation, ([any, at, byte, how]) => {
      const bytes = [...encodeCbor(any)];
      bytes.splice(at % bytes.length, how === 'insert' ? 0 : 1, ...(how === 'delete' ? [] : [byte]));
      const mutant = Uint8Array.from(bytes);
      let decoded: unknown;
      try {
        decoded = decodeStrict(mutant);
      } catch (error) {
        return (error as { code?: string }).code === 'damaged';
      }
      return equalBytes(encodeCbor(decoded), mutant);
    }),
    { numRuns: 3_000 },
  );
});

t.test('random bytes are read or refused as damaged, never anything else', async () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        decodeTolerant(bytes);
        return true;
      } catch (error) {
        return (error as { code?: string }).code === 'damaged';
      }
    }),
    { numRuns: 3_000 },
  );
});

t.test('a non-canonical float inside an otherwise fine map is refused', async (t) => {
  t.throws(() => decodeStrict(encode(new Map([[4, 1.5]]))), { code: 'damaged', rule: 'cbor_simple' });
});
