// The parts module in memory: elements as limbs and as numbers.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/shared.js';

interface PartsExports {
  readonly memory: { readonly buffer: ArrayBuffer; readonly grow: (pages: number) => number };
  readonly prepare: () => void;
  readonly heapBase: () => number;
  readonly add: (out: number, f: number, g: number) => void;
  readonly sub: (out: number, f: number, g: number) => void;
  readonly addSub: (sum: number, difference: number, f: number, g: number) => void;
  readonly mul: (out: number, f: number, g: number) => void;
  readonly powRoot: (out: number, f: number) => void;
  readonly pack: (out: number, f: number, lane: number) => void;
  readonly unpackPair: (out: number, first: number, second: number, flips: number) => void;
  readonly invertBytes: (bytes: number) => void;
  readonly decodePoint: (point: number, bytes: number) => number;
  readonly isReduced: (scalar: number) => number;
  readonly reduceHash: (out: number, hash: number) => void;
  readonly recode: (digits: number, scalar: number, width: number) => void;
  readonly windowsOf: (width: number) => number;
  readonly sha512: (out: number, data: number, length: number) => void;
}

interface Runtime {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

const { Module, Instance } = (globalThis as unknown as { readonly WebAssembly: Runtime }).WebAssembly;

export const P = 2n ** 255n - 19n;
export const L = 2n ** 252n + 27742317777372353535851937790883648493n;
export const LIMBS = 12;
export const ELEMENT_BYTES = 192;

/** e(k) = ceil(21.25 k): limb k is a multiple of 2^e(k). */
export function exponent(k: number): number {
  return Math.ceil(21.25 * k);
}

export const parts = new Instance(
  new Module(readFileSync(join(ROOT, 'src', 'wasm', 'ed25519', 'parts.wasm'))),
).exports as PartsExports;
parts.memory.grow(2);
parts.prepare();

const bytes = new Uint8Array(parts.memory.buffer);
const doubles = new Float64Array(parts.memory.buffer);
export const integers = new Int32Array(parts.memory.buffer);
const BASE = Math.ceil(parts.heapBase() / 64) * 64;

/** Address of the n-th free place for an element or for bytes. */
export function place(n: number): number {
  return BASE + n * ELEMENT_BYTES;
}

export function writeBytes(at: number, data: Uint8Array): void {
  bytes.set(data, at);
}

export function readBytes(at: number, length: number): Uint8Array {
  return bytes.slice(at, at + length);
}

export function toBytes(value: bigint, length = 32): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
}

export function toNumber(data: Uint8Array): bigint {
  return data.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

/** Writes whole multiples of the units 2^e(k), as they are, into one lane. */
export function writeLimbs(at: number, lane: 0 | 1, units: readonly number[]): void {
  units.forEach((unit, k) => {
    doubles[at / 8 + 2 * k + lane] = unit * 2 ** exponent(k);
  });
}

/** The limbs in units of 2^e(k). */
export function readLimbs(at: number, lane: 0 | 1): number[] {
  return Array.from(
    { length: LIMBS },
    (_, k) => (doubles[at / 8 + 2 * k + lane] ?? Number.NaN) / 2 ** exponent(k),
  );
}

export function valueOfLimbs(units: readonly number[]): bigint {
  return units.reduce((sum, unit, k) => sum + (BigInt(unit) << BigInt(exponent(k))), 0n);
}

/** The residue in [0, p) that a lane packs to. */
export function residue(at: number, lane: 0 | 1): bigint {
  const out = place(30);
  parts.pack(out, at, lane);
  return toNumber(readBytes(out, 32));
}

/** An element of two numbers below 2^255. */
export function writeNumbers(at: number, first: bigint, second: bigint, flips = 0): void {
  writeBytes(place(31), toBytes(first));
  writeBytes(place(32), toBytes(second));
  parts.unpackPair(at, place(31), place(32), flips);
}

export function modP(value: bigint): bigint {
  return ((value % P) + P) % P;
}
