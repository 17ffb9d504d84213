// Whatever the tree: its proofs hold, no changed one does, and two histories are never shown to be one.

import fc from 'fast-check';
import { test } from 'tap';
import { sha256 } from '../../../../src/adapters/crypto-node.js';
import { isConsistent, isIncluded, type TreeHead } from '../../../../src/core/trust/log/check-proofs.js';
import {
  consistencyProof,
  inclusionProof,
  leafHash,
  nodeHash,
  type ReadNode,
  treeRoot,
} from '../../../../src/core/trust/log/tree.js';
import { createTestLog } from '../../../support/log-world.js';

const LEAVES = fc.array(fc.string({ maxLength: 8 }), { minLength: 1, maxLength: 300 });
/** What is done to a proof: a bit turned, a hash dropped, doubled, or two exchanged. */
const CHANGE = fc.record({
  kind: fc.constantFrom('turn', 'drop', 'double', 'swap'),
  at: fc.nat(),
  bit: fc.nat({ max: 255 }),
});

type Change = typeof CHANGE extends fc.Arbitrary<infer T> ? T : never;

function turn(hash: Uint8Array, bit: number): Uint8Array {
  const other = hash.slice();
  const place = bit >> 3;
  other[place] = (other[place] ?? 0) ^ (1 << (bit & 7));
  return other;
}

/** @returns null where it would change nothing */
function changed(proof: readonly Uint8Array[], { kind, at, bit }: Change): readonly Uint8Array[] | null {
  const place = at % Math.max(proof.length, 1);
  const hash = proof[place];
  if (hash === undefined) return null;
  if (kind === 'turn') return proof.with(place, turn(hash, bit));
  if (kind === 'drop') return proof.toSpliced(place, 1);
  if (kind === 'double') return proof.toSpliced(place, 0, hash);
  const next = proof[place + 1];
  if (next === undefined || Buffer.compare(next, hash) === 0) return null;
  return proof.with(place, next).with(place + 1, hash);
}

function logOf(leaves: readonly string[]): ReturnType<typeof createTestLog> {
  const log = createTestLog();
  for (const leaf of leaves) log.append(leaf);
  return log;
}

test('a leaf is in its place, and no changed proof says so', async (t) => {
  fc.assert(
    fc.property(LEAVES, fc.nat(), fc.nat(), CHANGE, (leaves, anyIndex, anySize, change) => {
      const log = logOf(leaves);
      const size = 1 + (anySize % leaves.length);
      const index = anyIndex % size;
      const leaf = leafHash(new TextEncoder().encode(leaves[index]), sha256);
      const tree = log.head(size);
      const proof = log.inclusion(index, size);
      const other = changed(proof, change);
      const turned = { size, root: turn(tree.root, change.bit) };
      return (
        isIncluded(leaf, index, tree, proof, sha256) &&
        !(other !== null && isIncluded(leaf, index, tree, other, sha256)) &&
        !isIncluded(turn(leaf, change.bit), index, tree, proof, sha256) &&
        !isIncluded(leaf, index, turned, proof, sha256)
      );
    }),
    { numRuns: 200 },
  );
  t.pass('in all of them');
});

test('a tree goes on from every earlier one, no changed proof says so, and no rewritten history does', async (t) => {
  fc.assert(
    fc.property(LEAVES, fc.nat(), fc.nat(), CHANGE, (leaves, anyFrom, anyPlace, change) => {
      const log = logOf(leaves);
      const from = 1 + (anyFrom % leaves.length);
      const [before, after] = [log.head(from), log.head()];
      const proof = log.consistency(from);
      const other = changed(proof, change);
      const rewritten = logOf(leaves.with(anyPlace % from, 'nine characters'));
      return (
        isConsistent(before, after, proof, sha256) &&
        !(other !== null && isConsistent(before, after, other, sha256)) &&
        !isConsistent(before, rewritten.head(), rewritten.consistency(from), sha256) &&
        !isConsistent(before, rewritten.head(), proof, sha256)
      );
    }),
    { numRuns: 200 },
  );
  t.pass('in all of them');
});

/** A log of whatever size, all leaves of which are the same: one hash a level. */
function uniform(): { read: ReadNode; head: (size: number) => TreeHead; leaf: Uint8Array } {
  const leaf = leafHash(new Uint8Array(), sha256);
  const levels = [leaf];
  const read: ReadNode = (level) => {
    for (let n = levels.length; n <= level; n++) {
      const below = levels[n - 1] ?? leaf;
      levels[n] = nodeHash(below, below, sha256);
    }
    return levels[level] ?? leaf;
  };
  return { read, head: (size) => ({ size, root: treeRoot(size, read, sha256) }), leaf };
}

test('sizes are counted exactly up to the largest safe integer', async (t) => {
  const { read, head, leaf } = uniform();
  const most = Number.MAX_SAFE_INTEGER;
  for (const from of [
    2 ** 31 + 1,
    2 ** 48 + 1,
    2 ** 49 - 1,
    2 ** 49,
    2 ** 49 + 1,
    2 ** 50 + 1,
    2 ** 52 - 1,
  ]) {
    for (const to of [from + 1, from + 2, 2 ** 52 + 1, most]) {
      const proof = consistencyProof(from, to, read, sha256);
      t.ok(isConsistent(head(from), head(to), proof, sha256), `${from} to ${to}`);
    }
    for (const index of [0, from - 1]) {
      const proof = inclusionProof(index, from, read, sha256);
      t.ok(isIncluded(leaf, index, head(from), proof, sha256), `${index} in ${from}`);
    }
  }
  t.notOk(
    isConsistent(head(3), { ...head(5), size: most + 1 }, consistencyProof(3, 5, read, sha256), sha256),
  );
});
