// Our own inflate beside node:zlib: the same answer for every stream, and for every spoilt one.

import { deflateRawSync, deflateSync, constants as zlib } from 'node:zlib';
import fc from 'fast-check';
import t from 'tap';
import { inflateRaw, inflateZlib } from '../../../src/adapters/crypto-node.js';
import { inflateRawStream, inflateZlibStream } from '../../../src/core/codec/inflate.js';

const MAX = 70_000;
const STRATEGIES = [zlib.Z_DEFAULT_STRATEGY, zlib.Z_FIXED, zlib.Z_HUFFMAN_ONLY, zlib.Z_RLE];

type InflateBoth = readonly [ours: typeof inflateZlibStream, node: typeof inflateZlib];
const ZLIB: InflateBoth = [inflateZlibStream, inflateZlib];
const RAW: InflateBoth = [inflateRawStream, inflateRaw];

function outcome(inflate: typeof inflateZlib, bytes: Uint8Array, max = MAX): string {
  try {
    return Buffer.from(inflate(bytes, max)).toString('hex');
  } catch (error) {
    return `refused ${(error as { code: string }).code}`;
  }
}

const same = ([ours, node]: InflateBoth, bytes: Uint8Array, max = MAX): boolean =>
  outcome(ours, bytes, max) === outcome(node, bytes, max);

const content = fc.oneof(
  fc.uint8Array({ maxLength: 2_000 }),
  fc.array(fc.constantFrom(0, 0, 0, 0, 12, 13, 1), { maxLength: 3_000 }).map((list) => Uint8Array.from(list)),
);

t.test('whatever zlib writes is read as node:zlib reads it', async () => {
  fc.assert(
    fc.property(
      content,
      fc.constantFrom(0, 1, 6, 9),
      fc.constantFrom(...STRATEGIES),
      (bytes, level, strategy) => {
        return (
          same(ZLIB, deflateSync(bytes, { level, strategy })) &&
          same(RAW, deflateRawSync(bytes, { level, strategy }))
        );
      },
    ),
    { numRuns: 300 },
  );
});

t.test('a spoilt stream is refused where node:zlib refuses it, and read as it reads it', async () => {
  fc.assert(
    fc.property(content, fc.nat(), fc.integer({ min: 1, max: 255 }), (bytes, place, change) => {
      const spoilt = Uint8Array.from(deflateSync(bytes, { level: 6 }));
      const at = place % spoilt.length;
      spoilt[at] = (spoilt[at] ?? 0) ^ change;
      const raw = Uint8Array.from(deflateRawSync(bytes, { level: 6 }));
      raw[place % raw.length] = (raw[place % raw.length] ?? 0) ^ change;
      return same(ZLIB, spoilt) && same(RAW, raw);
    }),
    { numRuns: 1_000 },
  );
});

t.test('cut streams, bytes after them, and noise are refused as node:zlib refuses them', async () => {
  fc.assert(
    fc.property(content, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 8 }), (bytes, place, more) => {
      const whole = deflateSync(bytes);
      const cut = whole.subarray(0, place % whole.length);
      return (
        same(ZLIB, cut) &&
        same(ZLIB, Buffer.concat([whole, more])) &&
        same(RAW, Buffer.concat([deflateRawSync(bytes), more])) &&
        same(RAW, more)
      );
    }),
    { numRuns: 300 },
  );
});

t.test('a bomb stops at its cap', async (t) => {
  const bomb = deflateSync(Buffer.alloc(1_000_000));
  t.throws(() => inflateZlibStream(bomb, 999_999), { code: 'damaged' });
  t.equal(inflateZlibStream(bomb, 1_000_000).length, 1_000_000);
  t.throws(() => inflateRawStream(deflateRawSync(Buffer.alloc(5)), 4), { code: 'damaged' });
});

t.test('bytes after a stream have a rule of their own', async (t) => {
  const whole = deflateSync(Buffer.from('one text'));
  t.throws(() => inflateZlibStream(Buffer.concat([whole, whole]), MAX), {
    code: 'damaged',
    rule: 'zlib_trailing',
  });
});
