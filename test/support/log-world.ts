// A log of the trust network for tests: its leaves, its key, and witnesses who have seen it.

import { createNodeSigner, generatePrivateJwk, sha256 } from '../../src/adapters/crypto-node.js';
import { utf8Encode } from '../../src/core/codec/bytes.js';
import type { Signer } from '../../src/core/signature/ports.js';
import type { LogPolicy } from '../../src/core/trust/documents/root.js';
import {
  cosign,
  parseCheckpoint,
  signCheckpoint,
  withSignatures,
} from '../../src/core/trust/log/checkpoint.js';
import {
  appendLeaf,
  consistencyProof,
  inclusionProof,
  type ReadNode,
  treeRoot,
} from '../../src/core/trust/log/tree.js';
import {
  createVerifierKey,
  encodeVerifierKey,
  type NoteType,
  type VerifierKey,
} from '../../src/core/trust/log/verifier-key.js';

export interface NoteKey {
  readonly signer: Signer;
  readonly key: VerifierKey;
  readonly text: string;
}

export function noteKey(name: string, type: NoteType = 'cosignature'): NoteKey {
  const signer = createNodeSigner(generatePrivateJwk('Ed25519'));
  const { publicKey } = signer;
  if (publicKey.algorithm !== 'Ed25519') throw new Error('Notes are signed with Ed25519.');
  const key = createVerifierKey(name, type, publicKey.x, sha256);
  return { signer, key, text: encodeVerifierKey(key) };
}

export function createTestLog(origin = 'cn.example/log') {
  const nodes = new Map<string, Uint8Array>();
  const own = noteKey(origin, 'note');
  let size = 0;
  const read: ReadNode = (level, index) => {
    const hash = nodes.get(`${level}/${index}`);
    if (hash === undefined) throw new Error(`There is no node ${level}/${index}.`);
    return hash;
  };
  return {
    own,
    size: () => size,
    append: (leaf: string): number => {
      for (const each of appendLeaf(size, utf8Encode(leaf), read, sha256)) {
        nodes.set(`${each.level}/${each.index}`, each.hash);
      }
      size += 1;
      return size - 1;
    },
    head: (at = size) => ({ size: at, root: treeRoot(at, read, sha256) }),
    checkpoint: (at = size): string =>
      signCheckpoint(own.key, { size: at, root: treeRoot(at, read, sha256) }, own.signer.sign),
    inclusion: (index: number, at = size) => inclusionProof(index, at, read, sha256),
    consistency: (from: number, to = size) => consistencyProof(from, to, read, sha256),
  };
}

/** The checkpoint with these witnesses' cosignatures of this time. */
export function cosignedBy(checkpoint: string, witnesses: readonly NoteKey[], at: number): string {
  const parsed = parseCheckpoint(checkpoint);
  return withSignatures(
    parsed,
    witnesses.map(({ key, signer }) => cosign(parsed, key, at, signer.sign)),
  );
}

export function logPolicy(own: NoteKey, witnesses: readonly NoteKey[], quorum: number): LogPolicy {
  return {
    origin: own.key.name,
    key: own.text,
    witnesses: { quorum, keys: witnesses.map(({ text }) => text) },
  };
}
