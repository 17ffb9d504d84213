// Base32 without padding: written in lower case, read in upper case.

import fc from 'fast-check';
import t from 'tap';
import { decodeBase32, encodeBase32 } from '../../../src/core/codec/base32.js';
import { utf8Encode } from '../../../src/core/codec/bytes.js';

t.test('RFC 4648, section 10: the examples, in lower case and unpadded', async (t) => {
  for (const [plain, text] of [
    ['', ''],
    ['f', 'my'],
    ['fo', 'mzxq'],
    ['foo', 'mzxw6'],
    ['foob', 'mzxw6yq'],
    ['fooba', 'mzxw6ytb'],
    ['foobar', 'mzxw6ytboi'],
  ] as const) {
    t.equal(encodeBase32(utf8Encode(plain)), text);
  }
});

t.test('different bytes have different texts of the expected length', async () => {
  const bytes = fc.uint8Array({ minLength: 10, maxLength: 10 });
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      const [textA, textB] = [encodeBase32(a), encodeBase32(b)];
      return (
        textA.length === 16 && /^[a-z2-7]*$/.test(textA) && (textA === textB) === (a.join() === b.join())
      );
    }),
  );
});

t.test('what is written in upper case is read back', async () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      return decodeBase32(encodeBase32(bytes).toUpperCase()).join() === bytes.join();
    }),
  );
});

t.test('a text has one spelling, and no other is read', async (t) => {
  for (const text of [
    'my',
    'MY======',
    'MZ',
    'M',
    'MZX',
    'MZXW6Y',
    'MY ',
    'M1',
    'M0',
    'M8',
    'MÝ',
    'MZXR',
    'MZXW6YB',
  ]) {
    t.throws(() => decodeBase32(text), { code: 'damaged' }, text);
  }
  t.strictSame(decodeBase32('MZXW6YTBOI'), utf8Encode('foobar'));
  t.strictSame(decodeBase32(''), new Uint8Array(0));
});
