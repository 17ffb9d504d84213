import { test } from 'tap';
import { sha256 } from '../../../../src/adapters/crypto-node.js';
import { utf8Encode } from '../../../../src/core/codec/bytes.js';
import { isConsistent, isIncluded } from '../../../../src/core/trust/log/check-proofs.js';
import {
  appendLeaf,
  consistencyProof,
  inclusionProof,
  leafHash,
  nodeHash,
  type ReadNode,
  treeRoot,
} from '../../../../src/core/trust/log/tree.js';

const MOST = 70;
const data = (n: number): Uint8Array => utf8Encode(`leaf ${n}`);

function grow(size: number): ReadNode {
  const nodes = new Map<string, Uint8Array>();
  const read: ReadNode = (level, index) => {
    const hash = nodes.get(`${level}/${index}`);
    if (hash === undefined) throw new Error(`There is no node ${level}/${index}.`);
    return hash;
  };
  for (let n = 0; n < size; n++) {
    for (const { level, index, hash } of appendLeaf(n, data(n), read, sha256))
      nodes.set(`${level}/${index}`, hash);
  }
  return read;
}

/** RFC 6962, section 2.1, word for word. */
function plainRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return sha256(new Uint8Array());
  const [only] = leaves;
  if (leaves.length === 1 && only !== undefined) return leafHash(only, sha256);
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return nodeHash(plainRoot(leaves.slice(0, k)), plainRoot(leaves.slice(k)), sha256);
}

const read = grow(MOST);
const roots = Array.from({ length: MOST + 1 }, (_, size) => treeRoot(size, read, sha256));

test('roots are those of the definition', async (t) => {
  const leaves = Array.from({ length: MOST }, (_, n) => data(n));
  for (const [size, root] of roots.entries()) t.strictSame(root, plainRoot(leaves.slice(0, size)), `${size}`);
});

test('every leaf is shown to be in every tree, and in no other place', async (t) => {
  for (let size = 1; size <= MOST; size++) {
    const tree = { size, root: roots[size] as Uint8Array };
    for (let index = 0; index < size; index++) {
      const proof = inclusionProof(index, size, read, sha256);
      const leaf = leafHash(data(index), sha256);
      const holds = isIncluded(leaf, index, tree, proof, sha256);
      const elsewhere = isIncluded(leaf, index + 1, tree, proof, sha256);
      const short = proof.length > 0 && isIncluded(leaf, index, tree, proof.slice(1), sha256);
      const long = isIncluded(leaf, index, tree, [...proof, leaf], sha256);
      const other = isIncluded(leafHash(data(MOST), sha256), index, tree, proof, sha256);
      if (!holds || elsewhere || short || long || other) t.fail(`leaf ${index} of ${size}`);
    }
  }
  t.pass('all of them');
});

test('every tree is shown to continue every smaller one, and no other', async (t) => {
  for (let to = 0; to <= MOST; to++) {
    for (let from = 0; from <= to; from++) {
      const before = { size: from, root: roots[from] as Uint8Array };
      const after = { size: to, root: roots[to] as Uint8Array };
      const proof = consistencyProof(from, to, read, sha256);
      const holds = isConsistent(before, after, proof, sha256);
      const forged =
        from > 0 && isConsistent({ ...before, root: roots[0] as Uint8Array }, after, proof, sha256);
      const back = from < to && isConsistent(after, before, proof, sha256);
      const longer = isConsistent(before, after, [...proof, after.root], sha256);
      if (!holds || forged || back || longer) t.fail(`${from} to ${to}`);
    }
  }
  t.pass('all of them');
});
