// Strict JSON: one meaning or none, in linear time.

import fc from 'fast-check';
import t from 'tap';
import { canonicalJson, parseStrictJson } from '../../../src/core/codec/json.js';

t.test('reads what JSON.parse reads', async () => {
  const names = new Set(['__proto__', 'constructor', 'prototype']);
  const hasForbidden = (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).some(([name, member]) => names.has(name) || hasForbidden(member));
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(0, 1), (value, indent) => {
      fc.pre(!hasForbidden(value));
      const text = JSON.stringify(value, null, indent);
      return JSON.stringify(parseStrictJson(text)) === JSON.stringify(JSON.parse(text));
    }),
  );
});

t.test('refuses, each for its rule', async (t) => {
  for (const [text, rule] of [
    ['{"a":1,"a":1}', 'json_duplicate'],
    ['{"a":1,"\\u0061":2}', 'json_duplicate'],
    ['[{"x":{"a":":","a":"\\":"}}]', 'json_duplicate'],
    ['{"1":0,"1":0}', 'json_duplicate'],
    ['{"__proto__":{}}', 'json_name'],
    ['{"\\u005f_proto__":1}', 'json_name'],
    ['[{"constructor":1}]', 'json_name'],
    ['{"a":{"prototype":1}}', 'json_name'],
    ['\uFEFF{}', 'json'],
    ['{} {}', 'json'],
    ["{'a':1}", 'json'],
    ['{"a":1,}', 'json'],
    ['', 'json'],
    ['NaN', 'json'],
    ['[1e400]', 'json_number'],
    ['-1e999', 'json_number'],
    ['"\t"', 'json'],
  ] as const) {
    t.throws(() => parseStrictJson(text), { code: 'damaged', rule }, text);
  }
});

t.test('colons, quotes and brackets inside strings count for nothing', async (t) => {
  const value = { 'a:"b"\\': ['{[:"\\', '\\\\"'], '': { ':': '::' } };
  t.strictSame(parseStrictJson(JSON.stringify(value)), value);
});

t.test('depth is bounded, inclusively', async (t) => {
  t.doesNotThrow(() => parseStrictJson('[[1]]', { maxDepth: 2 }));
  t.throws(() => parseStrictJson('[[[1]]]', { maxDepth: 2 }), { code: 'damaged', rule: 'json_depth' });
  t.throws(() => parseStrictJson('['.repeat(200_000) + ']'.repeat(200_000)), { code: 'damaged' });
  t.throws(() => parseStrictJson('{"a":'.repeat(100_000)), { code: 'damaged' });
});

t.test('a long hostile text takes linear time', async (t) => {
  const text = `"${'\\\\'.repeat(500_000)}"`;
  const begin = process.hrtime.bigint();
  parseStrictJson(text);
  const many = `{${Array.from({ length: 50_000 }, (_, i) => `"k${i}":0`).join()}}`;
  parseStrictJson(many);
  t.ok(Number(process.hrtime.bigint() - begin) / 1e6 < 2_000, 'one megabyte within two seconds');
});

t.test('canonical text does not depend on the order of members', async (t) => {
  t.equal(
    canonicalJson({ b: [1, { d: null, c: 'x' }], a: true, B: 'é', skip: undefined }),
    '{"B":"é","a":true,"b":[1,{"c":"x","d":null}]}',
  );
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.integer()), (value) => {
      const reversed = Object.fromEntries(Object.entries(value).reverse());
      return canonicalJson(value) === canonicalJson(reversed);
    }),
  );
});

t.test(
  'canonical text is the same for members that stand in order already, whatever they hold',
  async (t) => {
    for (const [value, text] of [
      [{ a: [{ b: 1, c: -0 }], '\u20ac': null }, '{"a":[{"b":1,"c":0}],"\u20ac":null}'],
      [{ 9: 'x', 10: 'y' }, '{"10":"y","9":"x"}'],
      [{ a: undefined, b: 1 }, '{"b":1}'],
      [{ a: { toISOString: 'x' }, b: '\ud800' }, '{"a":{"toISOString":"x"},"b":"\\ud800"}'],
      [
        [
          { b: 1, a: 2 },
          { a: 2, b: 1 },
        ],
        '[{"a":2,"b":1},{"a":2,"b":1}]',
      ],
      [Object.create(null, { a: { value: 1, enumerable: true } }), '{"a":1}'],
      [{}, '{}'],
    ] as const) {
      t.equal(canonicalJson(value), text);
    }
  },
);

t.test('what JSON cannot carry has no canonical text', async (t) => {
  for (const value of [Number.NaN, undefined, [undefined], { a: () => 1 }, Number.POSITIVE_INFINITY]) {
    t.throws(() => canonicalJson(value), { code: 'internal' });
  }
});
