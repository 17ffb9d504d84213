// What a PDF may take of memory, tried where it counts: on the globals of a realm, which is why this file has a process of its own.

import t from 'tap';

t.test('no more bytes at once than a page needs, and else nothing changes', async (t) => {
  await import('../../src/web/worker/pdf-bounds.js');
  t.throws(() => new Uint8Array(2 ** 27 + 1), RangeError);
  t.throws(() => new Uint8Array(Number.POSITIVE_INFINITY), RangeError);
  t.equal(new Uint8Array(2 ** 27).length, 2 ** 27);
  t.same([...new Uint8Array([1, 2, 3]).subarray(1)], [2, 3]);
  t.same([...Uint8Array.from('12', Number)], [1, 2]);
  t.equal(new Uint8Array(new ArrayBuffer(8), 2, 3).byteOffset, 2);
  t.ok(new Uint8Array(1) instanceof Uint8Array);
  class Own extends Uint8Array {}
  t.ok(new Own(1) instanceof Own);
  t.equal(globalThis.DecompressionStream, undefined, 'the browser’s own inflating has no bound');
});
