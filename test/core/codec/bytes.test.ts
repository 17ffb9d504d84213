// Bytes: joining, comparing, UTF-8 and hex.

import fc from 'fast-check';
import t from 'tap';
import {
  asciiDecode,
  asciiEncode,
  concatBytes,
  equalBytes,
  hexDecode,
  hexEncode,
  utf8Decode,
  utf8Encode,
} from '../../../src/core/codec/bytes.js';

t.test('joins parts in order', async (t) => {
  t.strictSame(concatBytes(), new Uint8Array(0));
  t.strictSame(concatBytes(Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(3)), Uint8Array.of(1, 2, 3));
});

t.test('compares lengths and bytes', async (t) => {
  t.ok(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2)));
  t.notOk(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3)));
  t.notOk(equalBytes(Uint8Array.of(1), Uint8Array.of(1, 0)));
});

t.test('UTF-8 and hex round-trip', async () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => utf8Decode(utf8Encode(text)) === text));
  fc.assert(fc.property(fc.uint8Array(), (bytes) => equalBytes(hexDecode(hexEncode(bytes)), bytes)));
});

t.test('ASCII round-trips', async (t) => {
  t.equal(asciiDecode(asciiEncode('eyJ.a-b_')), 'eyJ.a-b_');
});

t.test('a byte order mark is a character like any other', async (t) => {
  t.equal(utf8Decode(hexDecode('efbbbf61')), '\uFEFFa');
});

t.test('refuses what is not well-formed UTF-8', async (t) => {
  for (const hex of ['ff', 'c0af', 'c3', 'eda080', 'f4908080', 'e4bd']) {
    t.throws(() => utf8Decode(hexDecode(hex)), { code: 'damaged', rule: 'not_utf8' }, hex);
  }
});

t.test('refuses what is not hex', async (t) => {
  for (const text of ['0', '0g', ' 00', '0x00', '+1'])
    t.throws(() => hexDecode(text), { code: 'damaged' }, text);
  t.strictSame(hexDecode('0aFF'), Uint8Array.of(10, 255));
});
