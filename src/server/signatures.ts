// The signature backend of this process: tables before node:crypto, unless a setting pins another. What cannot be used is left, and told.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createNobleVerify } from '../adapters/crypto-noble.js';
import { createNodeVerify, sha256 } from '../adapters/crypto-node.js';
import { compileTableModule, openTableModule } from '../adapters/crypto-table/table-module.js';
import { createTableVerify, type TableVerify } from '../adapters/crypto-table.js';
import { createBlockingWebVerify } from '../adapters/crypto-web/blocking.js';
import type { Config } from '../config.js';
import { YimaError } from '../core/errors/yima-error.js';
import type { VerifySignature } from '../core/signature/ports.js';
import type { PublicKey } from '../core/signature/public-key.js';
import { PACKAGE_ROOT } from './package-root.js';

/** What `YIMA_VERIFIER` pins, or what `auto` became. */
export type BackendName = 'table' | 'node' | 'webcrypto' | 'noble';

export interface SignatureFigures {
  /** The backend that judges now. */
  readonly backend: BackendName;
  /** Keys with a table, and the bytes of all tables. */
  readonly tables: number;
  readonly tableBytes: number;
  /** Why `auto` does without tables; null when it does not, or when another backend is pinned. */
  readonly fallback: string | null;
}

export interface Signatures {
  readonly verify: VerifySignature;
  /** The trusted keys from now on. */
  readonly retain: (keys: readonly PublicKey[]) => void;
  readonly figures: () => SignatureFigures;
}

const MODULE = join(PACKAGE_ROOT, 'src', 'wasm', 'ed25519', 'ed25519.wasm');
const MB = 1024 * 1024;

export type SignatureConfig = Pick<Config, 'verifier' | 'verifierTableMb'>;

/** @param modulePath for tests: another file than the committed module */
export function openSignatures(config: SignatureConfig, modulePath = MODULE): Signatures {
  const node = createNodeVerify();
  switch (config.verifier) {
    case 'node':
      return pinned('node', node);
    case 'webcrypto':
      return pinned('webcrypto', createBlockingWebVerify());
    case 'noble':
      return pinned('noble', nobleBefore(node));
    case 'auto':
      // No room for tables is what somebody chose, and nothing that broke.
      if (config.verifierTableMb === 0) return pinned('node', node);
      return automatic(node, config.verifierTableMb * MB, modulePath);
  }
}

function pinned(backend: BackendName, verify: VerifySignature): Signatures {
  const figures = { backend, tables: 0, tableBytes: 0, fallback: null };
  return { verify, retain: () => undefined, figures: () => figures };
}

/** noble knows Ed25519 alone. */
function nobleBefore(other: VerifySignature): VerifySignature {
  const noble = createNobleVerify((data) => createHash('sha512').update(data).digest());
  return (key, message, signature) => (key.algorithm === 'Ed25519' ? noble : other)(key, message, signature);
}

function automatic(node: VerifySignature, budgetBytes: number, path: string): Signatures {
  let tables: TableVerify;
  try {
    const bytes = readModule(path);
    const module = openTableModule(compileTableModule(bytes, sha256(bytes)), budgetBytes);
    tables = createTableVerify({ module, other: node, defer: (run) => setImmediate(run) });
  } catch (error) {
    if (!(error instanceof YimaError) || error.rule === undefined) throw error;
    const figures: SignatureFigures = { backend: 'node', tables: 0, tableBytes: 0, fallback: error.rule };
    return { verify: node, retain: () => undefined, figures: () => figures };
  }
  return {
    verify: tables.verify,
    retain: tables.retain,
    figures: () => {
      const { fault, tables: count, bytes } = tables.figures();
      return {
        backend: fault === null ? 'table' : 'node',
        tables: count,
        tableBytes: bytes,
        fallback: fault,
      };
    },
  };
}

function readModule(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new YimaError('unavailable', 'The WebAssembly verifier is not there.', {
      rule: 'module_missing',
      cause,
    });
  }
}
