// A clip for Chromium's fake camera: a symbol on white, uncompressed, as YUV4MPEG2.

import { writeFileSync } from 'node:fs';
import { qrMatrix } from '../../../src/adapters/qr.js';

const WIDTH = 640;
const HEIGHT = 480;
const WHITE = 235;
const BLACK = 16;
const NO_COLOUR = 128;

/** Writes two frames, which the camera shows over and over. */
export function writeClip(path: string, text: string): void {
  const { size, modules } = qrMatrix(text);
  const scale = Math.floor((HEIGHT * 0.9) / (size + 8));
  const [left, top] = [WIDTH, HEIGHT].map((side) => Math.floor((side - size * scale) / 2)) as [
    number,
    number,
  ];
  const luma = new Uint8Array(WIDTH * HEIGHT).fill(WHITE);
  for (let row = 0; row < size * scale; row++) {
    for (let column = 0; column < size * scale; column++) {
      const isDark = modules[Math.floor(row / scale) * size + Math.floor(column / scale)] === 1;
      if (isDark) luma[(top + row) * WIDTH + left + column] = BLACK;
    }
  }
  const chroma = new Uint8Array((WIDTH * HEIGHT) / 2).fill(NO_COLOUR);
  const frame = Buffer.concat([Buffer.from('FRAME\n'), luma, chroma]);
  writeFileSync(
    path,
    Buffer.concat([Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420\n`), frame, frame]),
  );
}

/** @param asks whether pages have to be allowed to use it */
export function cameraArguments(clip: string, asks = false): readonly string[] {
  return [
    ...(asks ? [] : ['--use-fake-ui-for-media-stream']),
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-video-capture=${clip}`,
  ];
}
