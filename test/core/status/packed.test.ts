import fc from 'fast-check';
import t from 'tap';
import {
  getStatus,
  isStatusBits,
  packedLength,
  STATUS_BITS,
  setStatus,
} from '../../../src/core/status/packed.js';

t.test('the 1-bit example of Token Status List, section 4.1, is packed as printed', (t) => {
  const values = [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1];
  const bytes = new Uint8Array(packedLength(16, 1));
  values.forEach((value, index) => {
    setStatus(bytes, 1, index, value);
  });
  t.strictSame([...bytes], [0xb9, 0xa3]);
  t.end();
});

t.test('the 2-bit example of Token Status List, section 4.1, is packed as printed', (t) => {
  const values = [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3];
  const bytes = new Uint8Array(packedLength(12, 2));
  values.forEach((value, index) => {
    setStatus(bytes, 2, index, value);
  });
  t.strictSame([...bytes], [0xc9, 0x44, 0xf9]);
  t.end();
});

t.test('an index that is past the end, negative or not whole has no status', (t) => {
  const bytes = new Uint8Array(4);
  for (const index of [8, 2 ** 31, 2 ** 53, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    t.equal(getStatus(bytes, 4, index), undefined, `${index}`);
  }
  t.equal(getStatus(bytes, 4, 7), 0);
  t.end();
});

t.test('only the widths of the standard are widths', (t) => {
  t.strictSame(
    [0, 1, 2, 3, 4, 8, 16, '1', null].map((value) => isStatusBits(value)),
    [false, true, true, false, true, true, false, false, false],
  );
  t.end();
});

t.test('what is written is read, at every width, and neighbours stay', (t) => {
  fc.assert(
    fc.property(
      fc.constantFrom(...STATUS_BITS),
      fc.array(fc.tuple(fc.nat(99), fc.nat(255)), { maxLength: 60 }),
      (bits, writes) => {
        const bytes = new Uint8Array(packedLength(100, bits));
        const model = new Array<number>(100).fill(0);
        for (const [index, any] of writes) {
          const value = any % 2 ** bits;
          model[index] = value;
          setStatus(bytes, bits, index, value);
        }
        return model.every((value, index) => getStatus(bytes, bits, index) === value);
      },
    ),
  );
  t.end();
});
