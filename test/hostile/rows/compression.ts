// Compressed envelopes: bombs, streams with company, and compression where there must be none.

import { constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { decodeBase45, encodeBase45 } from '../../../src/core/codec/base45.js';
import { concatBytes } from '../../../src/core/codec/bytes.js';
import { dccClaims, signDccMessage } from '../../support/fixtures.js';
import { goodYm1, repeated, splice } from '../spoil.js';
import type { CodeRow, World } from '../world.js';

const BLOCK_BYTES = 65_536;
/** Bytes that an alphanumeric symbol holds as base45 behind `HC1:`. */
const SYMBOL_BYTES = 2_860;

/** One deflate block of zeros that ends on a byte and is not the last. */
const BLOCK = Uint8Array.from(
  deflateRawSync(new Uint8Array(BLOCK_BYTES), { level: 9, finishFlush: constants.Z_FULL_FLUSH }),
);

/** A sound zlib stream: header, the block again and again, an empty last block, the Adler-32 of so many zeros. */
function bomb(blocks: number): Uint8Array {
  const sum = (blocks * BLOCK_BYTES) % 65_521;
  return concatBytes(
    Uint8Array.of(0x78, 0xda),
    repeated(blocks, ...BLOCK),
    Uint8Array.of(0x03, 0x00, sum >> 8, sum & 0xff, 0, 1),
  );
}

const hc1 = (bytes: Uint8Array): string => `HC1:${encodeBase45(bytes)}`;
const message = ({ dcc }: World): Uint8Array => signDccMessage(dccClaims(), dcc.signer);
const stream = (world: World): Uint8Array => Uint8Array.from(deflateSync(message(world)));

/** A validly signed message that grows tenfold and more: padding in the unprotected header. */
function padded({ dcc }: World): Uint8Array {
  const unprotectedHeader = new Map<number, unknown>([[99, new Uint8Array(8_000)]]);
  return Uint8Array.from(deflateSync(signDccMessage(dccClaims(), dcc.signer, { unprotectedHeader })));
}

const damaged = (name: string, make: CodeRow['make']): CodeRow => ({ name, make, expected: 'damaged' });

export const COMPRESSION_ROWS: readonly CodeRow[] = [
  damaged('a bomb of one block', () => hc1(bomb(1))),
  damaged('the greatest bomb that a symbol holds', () =>
    hc1(bomb(Math.floor((SYMBOL_BYTES - 8) / BLOCK.length))),
  ),
  damaged('a signed message with 8,000 zeros of padding', (world) => hc1(padded(world))),
  damaged('a bomb behind the message', (world) => hc1(concatBytes(stream(world), bomb(2)))),
  damaged('a byte behind the stream', (world) => hc1(concatBytes(stream(world), Uint8Array.of(0)))),
  damaged('the stream twice', (world) => hc1(concatBytes(stream(world), stream(world)))),
  damaged('a gzip member', (world) => hc1(Uint8Array.from(gzipSync(message(world))))),
  damaged('a gzip member behind the stream', (world) =>
    hc1(concatBytes(stream(world), Uint8Array.from(gzipSync(message(world))))),
  ),
  damaged('a raw stream', (world) => hc1(Uint8Array.from(deflateRawSync(message(world))))),
  damaged('no compression', (world) => hc1(message(world))),
  damaged('a stream in a stream', (world) => hc1(Uint8Array.from(deflateSync(stream(world))))),
  damaged('a cut stream', (world) => hc1(stream(world).subarray(0, -5))),
  damaged('a stream without its checksum', (world) => hc1(stream(world).subarray(0, -4))),
  damaged('a wrong checksum', (world) => {
    const bytes = stream(world);
    return hc1(splice(bytes, bytes.length - 1, 1, [(bytes.at(-1) ?? 0) ^ 1]));
  }),
  damaged('a preset dictionary', (world) => hc1(splice(stream(world), 0, 2, [0x78, 0xbb]))),
  damaged('an empty stream', () => hc1(Uint8Array.from(deflateSync(new Uint8Array(0))))),
  damaged('a compressed code of ours', (world) => {
    const bytes = decodeBase45(goodYm1(world).slice(4));
    return `YM1:${encodeBase45(Uint8Array.from(deflateSync(bytes)))}`;
  }),
  damaged('a bomb as a code of ours', () => `YM1:${encodeBase45(bomb(8))}`),
];
