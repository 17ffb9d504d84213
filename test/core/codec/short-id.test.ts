import fc from 'fast-check';
import t from 'tap';
import { randomBytes } from '../../../src/adapters/crypto-node.js';
import {
  alphanumericCheckCharacter,
  groupedShortId,
  newShortId,
  parseShortId,
} from '../../../src/core/codec/short-id.js';
import { refusal } from '../../support/refusal.js';

const ID = '7K3QMXW2PD41';
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

t.test('the check character is that of ISO/IEC 7064, MOD 37,36', async (t) => {
  // Global Release Identifier standard, 2.0: the example identifier A1-2425G-ABC1234002-M.
  t.equal(alphanumericCheckCharacter('A12425GABC1234002'), 'M');
  t.equal(alphanumericCheckCharacter('7K3QMXW2PD4'), '1');
});

t.test('new ones hold only characters that look and sound like no other, and are read back', async (t) => {
  const seen = new Set<string>();
  for (let i = 0; i < 2_000; i++) {
    const id = newShortId(randomBytes);
    t.ok(
      /^[0-9A-HJKMNP-TV-Z]{12}$/.test(id) &&
        parseShortId(id) === id &&
        parseShortId(groupedShortId(id)) === id,
      id,
    );
    seen.add(id);
  }
  t.equal(seen.size, 2_000);
});

t.test('one whose check character would be I, L, O or U is drawn again', async (t) => {
  const unfit = [...Array(32).keys()].find((last) => {
    const drawn = `${'0'.repeat(10)}${ALPHABET[last]}`;
    return 'ILOU'.includes(alphanumericCheckCharacter(drawn));
  });
  t.ok(unfit !== undefined);
  const draws = [new Uint8Array([...Array(10).fill(0), unfit ?? 0]), new Uint8Array(11).fill(33)];
  t.equal(newShortId(() => draws.shift() ?? randomBytes(11)).slice(0, 11), '1'.repeat(11));
  t.equal(draws.length, 0);
});

t.test('it is printed in groups of four, and any way of typing it is understood', async (t) => {
  t.equal(groupedShortId(ID), '7K3Q-MXW2-PD41');
  const ways = [
    '7k3q-mxw2-pd41',
    ' 7K3Q MXW2 PD4I ',
    '7K3QMXW2PD4l',
    '７Ｋ３Ｑ－ＭＸＷ２－ＰＤ４１',
    '7K3Q\u2014MXW2\u2014PD41',
  ];
  for (const typed of ways) t.equal(parseShortId(typed), ID, typed);
});

t.test('what is none is refused by its rule', async (t) => {
  const rows: readonly [string, string][] = [
    ['', 'length'],
    ['7K3QMXW2PD4', 'length'],
    ['7K3QMXW2PD411', 'length'],
    ['7'.repeat(100_000), 'length'],
    ['7K3QMXW2PDU1', 'characters'],
    ['7K3QMXW2PD<1', 'characters'],
    ['7K3QMXW2\u202ePD4', 'characters'],
    ['7K3QMXW2PD42', 'check_character'],
  ];
  for (const [typed, rule] of rows) {
    t.match(
      await refusal(Promise.resolve().then(() => parseShortId(typed))),
      { code: 'invalid_request', field: 'shortId', rule },
      typed.slice(0, 20),
    );
  }
});

t.test('a wrong character, and two neighbours changed over, are found', async (t) => {
  const drawn = fc.array(fc.integer({ min: 0, max: 31 }), { minLength: 11, maxLength: 11 });
  const place = fc.integer({ min: 0, max: 11 });
  fc.assert(
    fc.property(drawn, place, fc.integer({ min: 1, max: 31 }), (values, at, by) => {
      let shift = 0;
      const id = newShortId(() => Uint8Array.from(values.map((value) => value + shift++)));
      const other = ALPHABET[(ALPHABET.indexOf(id.charAt(at)) + by) % 32];
      return throws(`${id.slice(0, at)}${other}${id.slice(at + 1)}`);
    }),
    { numRuns: 500 },
  );
  const swapped = '7K3QMXW2PD41'.replace('KM', 'MK').replace('W2', '2W');
  t.ok(throws(swapped));
});

function throws(typed: string): boolean {
  try {
    parseShortId(typed);
    return false;
  } catch {
    return true;
  }
}
