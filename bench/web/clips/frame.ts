// One frame of a camera, drawn: a symbol on grey paper, turned, small, out of focus, noisy or in the dark. The same numbers give the
// same frame. Runs in a browser too.

export interface Symbol {
  /** Modules a side. */
  readonly size: number;
  /** Row-major, 1 is dark. */
  readonly modules: Uint8Array;
}

/** What is done to the frame. */
export interface Spoiling {
  /** Of the symbol without its quiet zone, in pixels. */
  readonly side: number;
  readonly degrees: number;
  /** Standard deviation of the Gauss bell that each point becomes, in pixels. */
  readonly blur: number;
  /** Standard deviation, of 255. */
  readonly noise: number;
  /** How much of the light there is, 0 to 1. */
  readonly light: number;
}

/** What a camera of 640 x 480 gives the scanner: the square in the middle. */
export const FRAME_SIDE = 480;
const QUIET = 4;
const PAPER = 0.88;
const INK = 0.12;
/** Points a pixel is the mean of, a side. */
const SAMPLES = 2;
const MOST_OFFSET = 16;

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** @returns grey, row-major, `FRAME_SIDE` a side; where the symbol lies differs a little with the seed */
export function drawFrame(symbol: Symbol, spoiling: Spoiling, seed: number): Uint8ClampedArray {
  const random = randomFrom(seed);
  const sharp = drawSymbol(symbol, spoiling, random);
  const seen = spoiling.blur === 0 ? sharp : blurred(sharp, spoiling.blur);
  const grey = new Uint8ClampedArray(seen.length);
  for (let i = 0; i < grey.length; i++) {
    grey[i] = 255 * spoiling.light * (seen[i] as number) + spoiling.noise * normal(random);
  }
  return grey;
}

function drawSymbol(
  { size, modules }: Symbol,
  { side, degrees }: Spoiling,
  random: () => number,
): Float32Array {
  const frame = new Float32Array(FRAME_SIDE * FRAME_SIDE).fill(PAPER * 0.8);
  const [left, top] = [0, 0].map(() => FRAME_SIDE / 2 + (random() * 2 - 1) * MOST_OFFSET) as [number, number];
  const [cos, sin] = [Math.cos, Math.sin].map((of) => of((degrees * Math.PI) / 180)) as [number, number];
  const perPixel = size / side;
  const at = (x: number, y: number): number => {
    const column = Math.floor((cos * (x - left) + sin * (y - top)) * perPixel + size / 2);
    const row = Math.floor((cos * (y - top) - sin * (x - left)) * perPixel + size / 2);
    const isCode = row >= 0 && column >= 0 && row < size && column < size;
    if (isCode) return modules[row * size + column] === 1 ? INK : PAPER;
    const isPaper = Math.min(row, column) >= -QUIET && Math.max(row, column) < size + QUIET;
    return isPaper ? PAPER : PAPER * 0.8;
  };
  for (let y = 0; y < FRAME_SIDE; y++) {
    for (let x = 0; x < FRAME_SIDE; x++) {
      let sum = 0;
      for (let i = 0; i < SAMPLES * SAMPLES; i++) {
        sum += at(x + ((i % SAMPLES) + 0.5) / SAMPLES, y + (Math.floor(i / SAMPLES) + 0.5) / SAMPLES);
      }
      frame[y * FRAME_SIDE + x] = sum / (SAMPLES * SAMPLES);
    }
  }
  return frame;
}

/** A Gauss bell, rows first and columns then. */
function blurred(frame: Float32Array, deviation: number): Float32Array {
  const reach = Math.ceil(3 * deviation);
  const bell = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * deviation ** 2)),
  );
  const whole = bell.reduce((sum, each) => sum + each, 0);
  const weights = bell.map((each) => each / whole);
  return along(along(frame, weights, reach, 1, FRAME_SIDE), weights, reach, FRAME_SIDE, 1);
}

function along(
  frame: Float32Array,
  weights: readonly number[],
  reach: number,
  step: number,
  across: number,
): Float32Array {
  const out = new Float32Array(frame.length);
  for (let line = 0; line < FRAME_SIDE; line++) {
    for (let i = 0; i < FRAME_SIDE; i++) {
      let sum = 0;
      for (let k = -reach; k <= reach; k++) {
        const near = Math.min(FRAME_SIDE - 1, Math.max(0, i + k));
        sum += (weights[k + reach] as number) * (frame[line * across + near * step] as number);
      }
      out[line * across + i * step] = sum;
    }
  }
  return out;
}

/** Of deviation 1, near enough: twelve times the variance of one. */
function normal(random: () => number): number {
  return (random() + random() + random() + random() - 2) * Math.sqrt(3);
}
