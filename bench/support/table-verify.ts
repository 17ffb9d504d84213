// The table verifier as benches use it: tables built beforehand, nothing left to build between calls.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createNodeVerify, sha256 } from '../../src/adapters/crypto-node.js';
import { compileTableModule, openTableModule } from '../../src/adapters/crypto-table/table-module.js';
import { createTableVerify, type TableVerify } from '../../src/adapters/crypto-table.js';
import type { PublicKey } from '../../src/core/signature/public-key.js';
import { ROOT } from '../../test/support/shared.js';

export const AMPLE_BYTES = 64 * 1024 * 1024;

/** Retains the keys, has every one used (`exercise` verifies once under each), and builds what that earns. */
export function tableVerifyFor(
  keys: readonly PublicKey[],
  budgetBytes: number,
  exercise: (verify: TableVerify['verify']) => void,
): TableVerify {
  const bytes = readFileSync(join(ROOT, 'src', 'wasm', 'ed25519', 'ed25519.wasm'));
  const module = compileTableModule(bytes, sha256(bytes));
  const tables = createTableVerify({
    module: openTableModule(module, budgetBytes),
    other: createNodeVerify(),
    defer: () => undefined,
  });
  tables.retain(keys);
  for (let use = 0; use < 1_100; use++) exercise(tables.verify);
  tables.settle();
  return tables;
}
