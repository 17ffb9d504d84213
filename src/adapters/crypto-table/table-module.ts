// The committed WebAssembly module (src/wasm/ed25519) and its memory, typed. Bytes with another digest are not run.

import { hexEncode } from '../../core/codec/bytes.js';
import { YimaError } from '../../core/errors/yima-error.js';
import { TABLE_MODULE_SHA256 } from './digest.js';
import { WIDEST } from './table-plan.js';

/** What is used of the runtime's WebAssembly; its own types belong to the DOM. */
interface Runtime {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; readonly grow: (pages: number) => number };
  readonly prepare: () => void;
  readonly heapBase: () => number;
  readonly inputAt: () => number;
  readonly scalarAt: () => number;
  readonly maxMessage: () => number;
  readonly tableBytes: (width: number) => number;
  readonly scratchBytes: (width: number) => number;
  readonly start: (table: number, width: number, negative: number) => number;
  readonly build: (table: number, window: number, scratch: number) => void;
  readonly finish: (table: number) => number;
  readonly useBase: (table: number) => void;
  readonly verify: (table: number, length: number) => number;
}

/** The module with its memory grown once, so that the views stay as they are. */
export interface TableModule {
  readonly wasm: Omit<Exports, 'memory'>;
  readonly bytes: Uint8Array;
  /** Most bytes of keys' tables. */
  readonly budgetBytes: number;
  /** First address that tables may take, a multiple of 64, and the first that they may not. */
  readonly tablesFrom: number;
  readonly tablesEnd: number;
  readonly scratch: number;
}

const PAGE = 65_536;
const LINE = 64;
/** For the base point's tables, one of each width: 76 KB, 384 KB and 1.2 MB. */
const BASE_BYTES = 2 * 1024 * 1024;

function refuse(rule: string, cause?: unknown): YimaError {
  return new YimaError('unavailable', 'The WebAssembly verifier cannot be used here.', { rule, cause });
}

/**
 * Checks and compiles the module's bytes.
 * @param digest SHA-256 of the bytes; an argument, since a browser only computes it later
 * @returns what `openTableModule` instantiates
 * @throws YimaError `unavailable` with rule `module_digest` (other bytes than the program was built for) or `module_compile` (a runtime
 *   without WebAssembly or its vectors)
 */
export function compileTableModule(bytes: Uint8Array, digest: Uint8Array): object {
  if (hexEncode(digest) !== TABLE_MODULE_SHA256) throw refuse('module_digest');
  try {
    return new (runtime().Module)(bytes);
  } catch (cause) {
    throw refuse('module_compile', cause);
  }
}

function runtime(): Runtime {
  return (globalThis as unknown as { readonly WebAssembly: Runtime }).WebAssembly;
}

/**
 * An instance with memory for tables; pages that no table touches cost nothing.
 * @param module from `compileTableModule`
 * @throws YimaError `unavailable` with rule `module_memory`
 */
export function openTableModule(module: object, budgetBytes: number): TableModule {
  const { memory, ...wasm } = new (runtime().Instance)(module).exports as Exports;
  wasm.prepare();
  const scratch = roundUp(wasm.heapBase());
  const tablesFrom = roundUp(scratch + wasm.scratchBytes(WIDEST));
  const tablesEnd = tablesFrom + budgetBytes + BASE_BYTES;
  try {
    memory.grow(Math.ceil((tablesEnd - memory.buffer.byteLength) / PAGE));
  } catch (cause) {
    throw refuse('module_memory', cause);
  }
  return { wasm, bytes: new Uint8Array(memory.buffer), budgetBytes, tablesFrom, tablesEnd, scratch };
}

function roundUp(address: number): number {
  return Math.ceil(address / LINE) * LINE;
}
