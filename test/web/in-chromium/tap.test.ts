// The stand-in counts what tap would count: every assertion fails where it must, and nothing that was begun is forgotten.

import t from 'tap';
import { counts, settled, test } from './tap.js';

class Refused extends Error {
  readonly code = 'damaged';
}
const refuse = (): never => {
  throw new Refused('no');
};
const fine = (): undefined => undefined;

t.test('each assertion holds and fails as its name says', async (t) => {
  void test('all that hold', async (t) => {
    t.ok(1);
    t.notOk(0);
    t.pass();
    t.equal(Number.NaN, Number.NaN);
    t.not(0, -0);
    t.same({ a: [1, '2'] }, { a: ['1', 2] });
    t.notSame({ a: 1 }, { a: 1, b: 2 });
    t.strictSame(
      new Map([['a', new Set([Uint8Array.of(1)])]]),
      new Map([['a', new Set([Uint8Array.of(1)])]]),
    );
    t.same(new Set(['a', 'b']), new Set(['b', 'a']));
    t.match({ a: 'text', b: 1 }, { a: /^t/, b: Number });
    t.match('a text', 'text');
    t.notMatch({ a: 1 }, { b: 1 });
    t.throws(refuse, { code: 'damaged' });
    t.throws(refuse, Refused);
    t.throws(refuse, 'a name alone');
    t.doesNotThrow(fine);
    await t.rejects(async () => refuse(), { message: /no/ });
  });
  await settled();
  t.strictSame([counts.passed, counts.failed], [17, []]);

  void test('all that fail', async (t) => {
    t.ok(0);
    t.notOk(1);
    t.fail();
    t.equal({}, {});
    t.not('a', 'a');
    t.same({ a: 1 }, { a: 1, b: undefined });
    t.same([1, 2], [1]);
    t.notSame([1], [1]);
    t.strictSame([1], ['1']);
    t.strictSame(Uint8Array.of(1), [1]);
    t.strictSame(new Map([[1, 2]]), new Map([[1, 3]]));
    t.strictSame(new Set([1]), new Set([2]));
    t.same(new Set([1]), new Set([1, 2]));
    t.match({ a: 'text' }, { a: /^x/ });
    t.match({}, { a: 1 });
    t.match(undefined, { a: 1 });
    t.notMatch('text', /t/);
    t.throws(fine);
    t.throws(refuse, { code: 'other' });
    t.throws(refuse, RangeError);
    t.doesNotThrow(refuse);
    await t.rejects(Promise.resolve());
    await t.rejects(async () => refuse(), { code: 'other' });
  });
  await settled();
  t.strictSame([counts.passed, counts.failed.length], [17, 23]);
});

t.test('what is thrown, comes later or is skipped is told', async (t) => {
  const [passed, failed] = [counts.passed, counts.failed.length];
  void test('outer', (t) => {
    void t.test('inner', async (t) => {
      await new Promise((resolve) => setTimeout(resolve));
      t.pass();
      throw new Error('after all');
    });
    void t.test('left out', { skip: 'no file' }, (t) => t.fail());
  });
  await settled();
  t.equal(counts.passed, passed + 1);
  t.match(counts.failed.slice(failed), ['outer > inner: exception Error: after all']);
  t.strictSame(counts.skipped, ['outer > left out']);
});
