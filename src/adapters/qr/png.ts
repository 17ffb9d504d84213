// Writes 1-bit greyscale PNG files (W3C PNG, third edition): the smallest form of a black and white picture.

import { crc32, deflateSync } from 'node:zlib';

/** Filter types (section 9.2): a row as it is, or as its difference from the row above. */
export const FILTER_NONE = 0;
export const FILTER_UP = 2;

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * Deflate level 3: a version 10 symbol at scale 8 takes 0.05 ms and 1.3 KB; level 6 takes 0.4 ms for 1.1 KB.
 * @param rows packed rows of ceil(width / 8) bytes, each after its filter byte; most significant bit first, 1 is white
 * @param width pixels
 * @param height pixels
 * @see W3C PNG, sections 5.3, 7.2 and 9
 */
export function encodePng(rows: Uint8Array, width: number, height: number): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1; // bit depth; the zeros after it: greyscale, deflate, adaptive filters, no interlace
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 3 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, 'latin1');
  out.set(data, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length);
  return out;
}
