// The table verifier as benches use it: a table is built at once when it is earned, so that nothing is left to build between calls.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createNodeVerify, sha256 } from '../../src/adapters/crypto-node.js';
import { compileTableModule, openTableModule } from '../../src/adapters/crypto-table/table-module.js';
import { createTableVerify, type TableVerify } from '../../src/adapters/crypto-table.js';
import type { PublicKey } from '../../src/core/signature/public-key.js';
import { ROOT } from '../../test/support/shared.js';

/** What a node has by default. */
const DEFAULT_BYTES = 64 * 1024 * 1024;

export function createTableBackend(
  keys: readonly PublicKey[],
  budgetBytes: number = DEFAULT_BYTES,
): TableVerify {
  const bytes = readFileSync(join(ROOT, 'src', 'wasm', 'ed25519', 'ed25519.wasm'));
  const module = openTableModule(compileTableModule(bytes, sha256(bytes)), budgetBytes);
  const tables = createTableVerify({ module, other: createNodeVerify(), defer: atOnce() });
  tables.retain(keys);
  return tables;
}

/** Runs what is deferred before it returns, one after another. */
function atOnce(): (run: () => void) => void {
  const queue: (() => void)[] = [];
  let isRunning = false;
  return (run) => {
    queue.push(run);
    if (isRunning) return;
    isRunning = true;
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) next();
    isRunning = false;
  };
}
