// The Merkle tree of this hub's log in memory: the hashes of its complete subtrees, 64 bytes a leaf, beside the store that keeps them.

import { utf8Encode } from '../../core/codec/bytes.js';
import { YimaError } from '../../core/errors/yima-error.js';
import type { Store } from '../../core/issue/store.js';
import type { TrustNodeRow, TrustWrites } from '../../core/issue/trust-rows.js';
import type { Sha256 } from '../../core/signature/public-key.js';
import type { TreeHead } from '../../core/trust/log/check-proofs.js';
import { appendLeaf, type ReadNode, treeRoot } from '../../core/trust/log/tree.js';

export interface LogTree {
  readonly size: () => number;
  readonly read: ReadNode;
  readonly head: () => TreeHead;
  /** What more leaves would write. Changes nothing. */
  readonly plan: (texts: readonly string[]) => Required<Pick<TrustWrites, 'leaves' | 'nodes'>>;
  /** It was written. */
  readonly add: (nodes: readonly TrustNodeRow[]) => void;
}

const HASH_BYTES = 32;
const FIRST_HASHES = 1_024;

export async function openLogTree(store: Pick<Store, 'trustNodes'>, sha256: Sha256): Promise<LogTree> {
  const tree = createLogTree(sha256);
  for await (const rows of store.trustNodes()) tree.add(rows);
  return tree;
}

export function createLogTree(sha256: Sha256): LogTree {
  const levels: { bytes: Uint8Array; length: number }[] = [];

  const read: ReadNode = (level, index) => {
    const { bytes, length } = levels[level] ?? { bytes: new Uint8Array(), length: 0 };
    if (index >= length)
      throw new YimaError('internal', 'The trust log lacks a hash. Restore the database from its backup.');
    return bytes.slice(index * HASH_BYTES, (index + 1) * HASH_BYTES);
  };
  const size = (): number => levels[0]?.length ?? 0;

  return {
    size,
    read,
    head: () => ({ size: size(), root: treeRoot(size(), read, sha256) }),
    plan: (texts) => {
      const planned = new Map<string, Uint8Array>();
      const readPlanned: ReadNode = (level, index) => planned.get(`${level} ${index}`) ?? read(level, index);
      const nodes: TrustNodeRow[] = [];
      const leaves = texts.map((text, i) => {
        const index = size() + i;
        for (const node of appendLeaf(index, utf8Encode(text), readPlanned, sha256)) {
          planned.set(`${node.level} ${node.index}`, node.hash);
          nodes.push(node);
        }
        return { index, text };
      });
      return { leaves, nodes };
    },
    add: (nodes) => {
      for (const { level, index, hash } of nodes) {
        const row = levels[level] ?? { bytes: new Uint8Array(FIRST_HASHES * HASH_BYTES), length: 0 };
        levels[level] = row;
        if (index !== row.length)
          throw new YimaError('internal', 'The trust log has a hole. Restore the database from its backup.');
        if (row.bytes.length === row.length * HASH_BYTES) {
          const larger = new Uint8Array(row.bytes.length * 2);
          larger.set(row.bytes);
          row.bytes = larger;
        }
        row.bytes.set(hash, index * HASH_BYTES);
        row.length += 1;
      }
    },
  };
}
