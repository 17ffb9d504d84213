// The WebAssembly verifier by itself: a table for each key it is asked about, and nobody else to fall back on.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../src/adapters/crypto-node.js';
import { compileTableModule, openTableModule } from '../../src/adapters/crypto-table/table-module.js';
import { hexEncode } from '../../src/core/codec/bytes.js';
import type { VerifySignature } from '../../src/core/signature/ports.js';
import { ROOT } from './shared.js';

export const TABLE_MODULE_PATH = join(ROOT, 'src', 'wasm', 'ed25519', 'ed25519.wasm');
/** Room for the base point's table and one key's. */
const ROOM_BYTES = 8 * 1024 * 1024;

export interface DirectTables {
  /** Judges with the module alone: no check of ours in front of it. False for a key of which it makes no table. */
  readonly verify: VerifySignature;
  /** Whether the module makes a table of these 32 bytes. */
  readonly accepts: (x: Uint8Array) => boolean;
}

export function tableModule(): object {
  const bytes = readFileSync(TABLE_MODULE_PATH);
  return compileTableModule(bytes, sha256(bytes));
}

export function directTables(width: number): DirectTables {
  const { wasm, bytes, tablesFrom, scratch } = openTableModule(tableModule(), ROOM_BYTES);
  const build = (at: number, point: Uint8Array, negative: 0 | 1): boolean => {
    bytes.set(point, at);
    if (wasm.start(at, width, negative) === 0) return false;
    for (let window = 0; window * width < 254; window += 2) wasm.build(at, window, scratch);
    return wasm.finish(at) === 1;
  };
  const base = Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 0x58 : 0x66));
  if (!build(tablesFrom, base, 0)) throw new Error('no table of the base point');
  wasm.useBase(tablesFrom);
  const keyAt = Math.ceil((tablesFrom + wasm.tableBytes(width)) / 64) * 64;
  let held = { x: '', isSound: false };
  const hold = (x: Uint8Array): boolean => {
    const id = hexEncode(x);
    if (held.x !== id) held = { x: id, isSound: x.length === 32 && build(keyAt, x, 1) };
    return held.isSound;
  };
  return {
    accepts: hold,
    verify: (key, message, signature) => {
      if (key.algorithm !== 'Ed25519') throw new Error('tables know Ed25519 alone');
      if (signature.length !== 64 || !hold(key.x)) return false;
      bytes.set(signature.subarray(0, 32), wasm.inputAt());
      bytes.set(signature.subarray(32), wasm.scalarAt());
      bytes.set(message, wasm.inputAt() + 64);
      return wasm.verify(keyAt, message.length) === 1;
    },
  };
}
