import { test } from 'tap';
import { sha256 } from '../../../../src/adapters/crypto-node.js';
import { decodeBase64 } from '../../../../src/core/codec/base64.js';
import { isConsistent, isIncluded } from '../../../../src/core/trust/log/check-proofs.js';
import { CONSISTENCY, INCLUSION, SAME } from './published-vectors.js';

/** What the published suite spoils in a proof: a bit, a hash too many in front or behind, one missing, none. */
function spoilt(
  proof: readonly Uint8Array[],
  roots: readonly Uint8Array[],
): readonly (readonly Uint8Array[])[] {
  const flipped = proof.map((hash, i) => proof.map((each, j) => (i === j ? flip(hash) : each)));
  const garbage = [new Uint8Array(32), ...roots];
  return [
    ...flipped,
    ...garbage.map((hash) => [hash, ...proof]),
    ...garbage.map((hash) => [...proof, hash]),
    proof.slice(1),
    proof.slice(0, -1),
    [],
  ];
}

function flip(hash: Uint8Array): Uint8Array {
  const other = hash.slice();
  other[0] = (other[0] ?? 0) ^ 0x10;
  return other;
}

test('the published inclusion proofs hold, and spoilt ones do not', async (t) => {
  for (const each of INCLUSION) {
    const { leafIdx: index, treeSize: size } = each;
    const [root, leaf, proof] = [
      decodeBase64(each.root),
      decodeBase64(each.leafHash),
      each.proof.map(decodeBase64),
    ];
    const holds = (at: number, of: number, r: Uint8Array, l: Uint8Array, p: readonly Uint8Array[]): boolean =>
      isIncluded(l, at, { size: of, root: r }, p, sha256);
    t.ok(holds(index, size, root, leaf, proof), `${index} in ${size}`);
    for (const other of spoilt(proof, [root, leaf]))
      if (other.length > 0 || proof.length > 0) t.notOk(holds(index, size, root, leaf, other));
    for (const at of [index - 1, index + 1, index ^ 2]) t.notOk(holds(at, size, root, leaf, proof));
    for (const of of [Math.floor(size / 2), size * 2, 0, -1, size + 0.5])
      t.notOk(holds(index, of, root, leaf, proof));
    t.notOk(holds(index, size, flip(root), leaf, proof));
    t.notOk(holds(index, size, root, flip(leaf), proof));
  }
});

test('the published consistency proofs hold, and spoilt ones do not', async (t) => {
  const same = { size: SAME.size, root: decodeBase64(SAME.root) };
  t.ok(isConsistent(same, same, [], sha256));
  t.notOk(isConsistent(same, { ...same, root: flip(same.root) }, [], sha256));
  t.notOk(isConsistent(same, same, [same.root], sha256));
  for (const each of CONSISTENCY) {
    const before = { size: each.size1, root: decodeBase64(each.root1) };
    const after = { size: each.size2, root: decodeBase64(each.root2) };
    const proof = each.proof.map(decodeBase64);
    t.ok(isConsistent(before, after, proof, sha256), `${before.size} to ${after.size}`);
    for (const other of spoilt(proof, [before.root, after.root]))
      t.notOk(isConsistent(before, after, other, sha256));
    for (const size of [before.size - 1, before.size + 1, before.size ^ 2]) {
      t.notOk(isConsistent({ ...before, size }, after, proof, sha256));
    }
    for (const size of [after.size * 2, Math.floor(after.size / 2)]) {
      t.notOk(isConsistent(before, { ...after, size }, proof, sha256));
    }
    t.notOk(isConsistent(after, before, proof, sha256), 'swapped');
    t.notOk(isConsistent({ ...before, root: flip(before.root) }, after, proof, sha256));
    t.notOk(isConsistent(before, { ...after, root: flip(after.root) }, proof, sha256));
  }
});
