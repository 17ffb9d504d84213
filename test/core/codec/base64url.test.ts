// base64url against RFC 4648 and Node's own: one text for each byte string.

import fc from 'fast-check';
import t from 'tap';
import { decodeBase64url, encodeBase64url } from '../../../src/core/codec/base64url.js';
import { equalBytes, utf8Decode, utf8Encode } from '../../../src/core/codec/bytes.js';

t.test('RFC 4648, section 10: the examples, unpadded', async (t) => {
  for (const [plain, text] of [
    ['', ''],
    ['f', 'Zg'],
    ['fo', 'Zm8'],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg'],
    ['fooba', 'Zm9vYmE'],
    ['foobar', 'Zm9vYmFy'],
  ] as const) {
    t.equal(encodeBase64url(utf8Encode(plain)), text);
    t.equal(utf8Decode(decodeBase64url(text)), plain);
  }
});

t.test('agrees with another implementation, both ways', async () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const text = Buffer.from(bytes).toString('base64url');
      return encodeBase64url(bytes) === text && equalBytes(decodeBase64url(text), bytes);
    }),
  );
});

t.test('refuses every other spelling', async (t) => {
  const rows = [
    'Zg==',
    'Zm8=',
    'Zg=',
    'Z',
    'Zm9vZ',
    'Zm9v\n',
    ' Zm9v',
    'Zm 9',
    'Zm+v',
    'Zm/v',
    'Zh',
    'Zm9',
    'Zm9vYh',
    'Zm9vYmF',
  ];
  for (const text of [...rows, 'Zm9\u00e9', 'Zm\u0142v', '\uFEFFZm9v', 'Zm9v.']) {
    t.throws(() => decodeBase64url(text), { code: 'damaged' }, JSON.stringify(text));
  }
});

t.test('a text that decodes is the only text of its bytes', async () => {
  const near = fc.string({ unit: fc.constantFrom(...'AQgwZ8-_=+/ é'), maxLength: 7 });
  fc.assert(
    fc.property(near, (text) => {
      let bytes: Uint8Array;
      try {
        bytes = decodeBase64url(text);
      } catch {
        return true;
      }
      return encodeBase64url(bytes) === text;
    }),
    { numRuns: 5_000 },
  );
});
