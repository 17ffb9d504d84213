import t from 'tap';
import { sha256, timingSafeEqual } from '../../../src/adapters/crypto-node.js';
import { concatBytes, utf8Encode } from '../../../src/core/codec/bytes.js';
import { createSecretCheck, SECRET_CHARACTERS } from '../../../src/core/issue/secret-check.js';

const SALT = new Uint8Array(16).fill(7);
const SECRET = 'abcdefghijklmnopqrstuvwxyz'.repeat(2);

function open() {
  const hashed: number[] = [];
  const compared: [number, number][] = [];
  const check = createSecretCheck(SALT, sha256(concatBytes(SALT, utf8Encode(SECRET))), {
    sha256: (bytes) => {
      hashed.push(bytes.length);
      return sha256(bytes);
    },
    equalSecrets: (a, b) => {
      compared.push([a.length, b.length]);
      return timingSafeEqual(a, b);
    },
  });
  return { check, hashed, compared };
}

t.test('the right secret is hashed once and compared from then on', async (t) => {
  const { check, hashed, compared } = open();
  t.same(
    [1, 2, 3].map(() => check(SECRET, 0)),
    [true, true, true],
  );
  t.equal(hashed.length, 1);
  t.same(compared.at(-1), [SECRET_CHARACTERS, SECRET_CHARACTERS], 'all of it, in constant time');
});

t.test('a wrong secret is refused before and after the right one, and takes nothing from it', async (t) => {
  const { check } = open();
  const wrong = [
    '',
    SECRET.slice(1),
    `${SECRET}a`,
    `${SECRET.slice(0, -1)}A`,
    `b${SECRET.slice(1)}`,
    SECRET.replace('a', '\u0161'), // ends in the same byte as "a"
    SECRET.replaceAll('a', '\u0161'),
  ];
  for (const text of wrong) t.equal(check(text, 0), false, text);
  t.equal(check(SECRET, 0), true);
  for (const text of wrong) t.equal(check(text, 0), false, `${text}, afterwards`);
  t.equal(check(SECRET, 0), true);
  t.equal(check(`yk_${SECRET}`, 3), true, 'where it stands in a longer text');
});
