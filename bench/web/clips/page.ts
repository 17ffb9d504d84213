// In the page: draws frames and reads them with the scanner's own decoder.

import { loadDecoder, readSymbol } from '../../../src/web/scan/decoder.js';
import { drawFrame, FRAME_SIDE, type Spoiling } from './frame.js';

export interface Wanted {
  readonly text: string;
  readonly size: number;
  readonly modules: readonly number[];
  readonly steps: readonly Spoiling[];
  readonly frames: number;
}

interface Picture {
  readonly data: Uint8ClampedArray;
}
const { ImageData } = globalThis as unknown as { ImageData: new (width: number, height: number) => Picture };

/** @returns for each step, how many frames were read as the very text */
async function readFrames({ text, size, modules, steps, frames }: Wanted): Promise<readonly number[]> {
  await loadDecoder();
  const symbol = { size, modules: Uint8Array.from(modules) };
  const read: number[] = [];
  for (const step of steps) {
    let right = 0;
    for (let seed = 0; seed < frames; seed++) {
      const picture = pictureOf(drawFrame(symbol, step, seed));
      const found = await readSymbol(picture as unknown as Parameters<typeof readSymbol>[0]);
      if (found !== null && found !== text) throw new Error('A symbol was read as another text.');
      if (found === text) right++;
    }
    read.push(right);
  }
  return read;
}

function pictureOf(grey: Uint8ClampedArray): Picture {
  const picture = new ImageData(FRAME_SIDE, FRAME_SIDE);
  const pixels = new Uint32Array(picture.data.buffer);
  for (let i = 0; i < pixels.length; i++) pixels[i] = (grey[i] as number) * 0x010101 + 0xff000000;
  return picture;
}

Object.assign(globalThis, { readFrames });
