// The one-pass reader against cborg: what cborg reads and our encoder writes back byte for byte is read, with the same value, and
// nothing else.

import fc from 'fast-check';
import t from 'tap';
import { equalBytes } from '../../../src/core/codec/bytes.js';
import { decodeTolerant, encodeCbor } from '../../../src/core/codec/cbor.js';
import type { CborLimits } from '../../../src/core/codec/cbor-scan.js';
import { readStrict } from '../../../src/core/codec/cbor-strict.js';
import { YimaError } from '../../../src/core/errors/yima-error.js';

type Outcome = { readonly value: unknown } | 'damaged';

function outcome(work: () => unknown): Outcome {
  try {
    return { value: work() };
  } catch (error) {
    if (error instanceof YimaError && (error.code === 'damaged' || error.code === 'internal'))
      return 'damaged';
    throw error;
  }
}

/** cborg gives Buffers on Node; they hold the same bytes. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, plain(item)]));
  return value;
}

function oracle(bytes: Uint8Array, limits: CborLimits): Outcome {
  return outcome(() => {
    const value = plain(decodeTolerant(bytes, limits));
    if (!equalBytes(encodeCbor(value), bytes))
      throw new YimaError('damaged', 'There is another way to write it.');
    return value;
  });
}

const leaf = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n - 1n }).filter((n) => n > 2n ** 53n || n < -(2n ** 53n)),
  fc.boolean(),
  fc.constant(null),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.uint8Array({ maxLength: 300 }),
);
const { item } = fc.letrec((tie) => ({
  item: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie('item'), { maxLength: 5 }),
    fc
      .array(fc.tuple(fc.oneof(fc.integer(), fc.string({ maxLength: 5 })), tie('item')), { maxLength: 5 })
      .map((pairs) => new Map(pairs)),
  ),
}));

t.test('what is written is read as cborg reads it', async (t) => {
  fc.assert(
    fc.property(item, (value) => {
      const bytes = encodeCbor(value);
      t.strictSame(
        outcome(() => readStrict(bytes, {})),
        oracle(bytes, {}),
      );
    }),
    { numRuns: 300 },
  );
});

t.test('spoiled and random bytes get the same verdict', async (t) => {
  const spoiled = fc
    .tuple(item, fc.nat(), fc.nat(255), fc.constantFrom(0, 1, 2))
    .map(([value, at, byte, how]) => {
      const bytes = encodeCbor(value);
      const place = at % bytes.length;
      const middle = how === 0 ? [byte] : how === 1 ? [byte, bytes[place] ?? 0] : [];
      return Uint8Array.from([...bytes.subarray(0, place), ...middle, ...bytes.subarray(place + 1)]);
    });
  const limits = fc.constantFrom<CborLimits>({}, { maxDepth: 2 }, { maxItems: 6 }, { maxBytes: 20 });
  let refused = 0;
  fc.assert(
    fc.property(fc.oneof(spoiled, fc.uint8Array({ maxLength: 12 })), limits, (bytes, bound) => {
      const found = outcome(() => readStrict(bytes, bound));
      if (found === 'damaged') refused++;
      t.strictSame(found, oracle(bytes, bound));
    }),
    { numRuns: 1_500 },
  );
  t.ok(refused > 100);
});
