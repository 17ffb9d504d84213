// The signature backends that benches compare, by name.

import { createNodeVerify } from '../../src/adapters/crypto-node.js';
import type { VerifySignature } from '../../src/core/signature/ports.js';

export interface Backend {
  readonly name: string;
  readonly create: () => VerifySignature;
}

/** Slowest first: the last is the one that a node uses. */
export function signatureBackends(): readonly [Backend, ...Backend[]] {
  return [{ name: 'node', create: createNodeVerify }];
}

/** The one that a node uses. */
export function signatureBackend(): Backend {
  const all = signatureBackends();
  return all.at(-1) ?? all[0];
}
