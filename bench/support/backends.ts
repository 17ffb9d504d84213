// The signature backends that benches compare, by name.

import { createNodeVerify } from '../../src/adapters/crypto-node.js';
import type { VerifySignature } from '../../src/core/signature/ports.js';
import type { PublicKey } from '../../src/core/signature/public-key.js';
import { createTableBackend } from './table-verify.js';

export interface Backend {
  readonly name: string;
  /** @param keys the trusted ones */
  readonly create: (keys: readonly PublicKey[]) => VerifySignature;
}

/** Slowest first: the last is the one that a node uses. */
export function signatureBackends(): readonly [Backend, ...Backend[]] {
  return [
    { name: 'node', create: () => createNodeVerify() },
    { name: 'table', create: (keys) => createTableBackend(keys).verify },
  ];
}

/** The one that a node uses. */
export function signatureBackend(): Backend {
  const all = signatureBackends();
  return all.at(-1) ?? all[0];
}
