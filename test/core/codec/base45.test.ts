// Base45 against RFC 9285: its examples, its refusals, and one text for each byte string.

import fc from 'fast-check';
import t from 'tap';
import { decodeBase45, encodeBase45 } from '../../../src/core/codec/base45.js';
import { equalBytes, hexDecode, hexEncode, utf8Decode, utf8Encode } from '../../../src/core/codec/bytes.js';

t.test('RFC 9285, section 4.3 and 4.4: the examples', async (t) => {
  for (const [plain, text] of [
    ['AB', 'BB8'],
    ['Hello!!', '%69 VD92EX0'],
    ['base-45', 'UJCLQE7W581'],
    ['ietf!', 'QED8WEX0'],
    ['', ''],
  ] as const) {
    t.equal(encodeBase45(utf8Encode(plain)), text);
    t.equal(utf8Decode(decodeBase45(text)), plain);
  }
});

t.test('the greatest values pass, one more is refused', async (t) => {
  t.equal(hexEncode(decodeBase45('FGW')), 'ffff');
  t.equal(hexEncode(decodeBase45('U5')), 'ff');
  t.equal(encodeBase45(hexDecode('ff')), 'U5');
  for (const text of ['GGW', 'V5', ':::', '::', '000GGW00'])
    t.throws(() => decodeBase45(text), { code: 'damaged' }, text);
});

t.test('refuses other characters and lengths', async (t) => {
  for (const text of [
    'A',
    'BB8B',
    'bb8',
    'BB\n',
    'BB8\n',
    ' BB8 ',
    'BB\u00b8',
    'BB\u0142',
    '\u{20000}0',
    'BB"',
    'B,8',
  ]) {
    t.throws(() => decodeBase45(text), { code: 'damaged' }, JSON.stringify(text));
  }
});

t.test('round-trips every byte string', async () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) =>
      equalBytes(decodeBase45(encodeBase45(bytes)), bytes),
    ),
  );
});

t.test('a text that decodes is the only text of its bytes', async () => {
  const near = fc.string({ unit: fc.constantFrom(...'0AFGUVW:5%bé '), maxLength: 9 });
  fc.assert(
    fc.property(near, (text) => {
      let bytes: Uint8Array;
      try {
        bytes = decodeBase45(text);
      } catch {
        return true;
      }
      return encodeBase45(bytes) === text;
    }),
    { numRuns: 5_000 },
  );
});
