import { createHash } from 'node:crypto';
import t from 'tap';
import { sha256 } from '../../../../src/adapters/crypto-node.js';
import { hexEncode } from '../../../../src/core/codec/bytes.js';
import { listDigest, manifestRoot } from '../../../../src/core/status/feed/digest.js';

const hash = (...parts: readonly Uint8Array[]): Buffer => {
  const all = createHash('sha256');
  for (const part of parts) all.update(part);
  return all.digest();
};

t.test('a list has the digest of the digests of its 16 KiB blocks, the last one as long as it is', (t) => {
  const packed = Uint8Array.from({ length: 40_000 }, (_, i) => i % 251);
  const blocks = [packed.subarray(0, 16_384), packed.subarray(16_384, 32_768), packed.subarray(32_768)];
  t.equal(hexEncode(listDigest(packed, sha256)), hash(...blocks.map((block) => hash(block))).toString('hex'));
  t.equal(
    hexEncode(listDigest(new Uint8Array(16), sha256)),
    '81fc492561da56832f9a3ce1d0569ea100c76949545d3b6254f1086a33b71413',
  );
  t.end();
});

t.test(
  'the root covers number, width, entries and digest of every list, in whatever order they come',
  (t) => {
    const row = (number: number, fill: number) =>
      ({ number, bits: 2, entries: 1_048_576, digest: new Uint8Array(32).fill(fill) }) as const;
    const bytes = (number: string, fill: number) =>
      Buffer.concat([Buffer.from(`${number}0200100000`, 'hex'), Buffer.alloc(32, fill)]);
    const expected = hash(bytes('0000000000000007', 1), bytes('0000010000000000', 2)).toString('hex');
    t.equal(hexEncode(manifestRoot([row(7, 1), row(2 ** 40, 2)], sha256)), expected);
    t.equal(hexEncode(manifestRoot([row(2 ** 40, 2), row(7, 1)], sha256)), expected);
    const one = hexEncode(manifestRoot([row(7, 1)], sha256));
    for (const other of [
      row(8, 1),
      row(7, 2),
      { ...row(7, 1), bits: 4 as const },
      { ...row(7, 1), entries: 8 },
    ]) {
      t.not(hexEncode(manifestRoot([other], sha256)), one);
    }
    t.end();
  },
);
