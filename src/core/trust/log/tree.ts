// The Merkle tree of an append-only log (RFC 6962, section 2.1), over stored hashes of complete subtrees.

import { concatBytes } from '../../codec/bytes.js';
import type { Sha256 } from '../../signature/public-key.js';

export interface TreeNode {
  /** 0 for leaves; a node of level n stands over 2^n of them. */
  readonly level: number;
  /** Place among the nodes of its level, from 0. */
  readonly index: number;
  readonly hash: Uint8Array;
}

/** The complete subtrees of a log that has at least `size` leaves. */
export type ReadNode = (level: number, index: number) => Uint8Array;

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export function leafHash(data: Uint8Array, sha256: Sha256): Uint8Array {
  return sha256(concatBytes(LEAF, data));
}

export function nodeHash(left: Uint8Array, right: Uint8Array, sha256: Sha256): Uint8Array {
  return sha256(concatBytes(NODE, left, right));
}

/**
 * The nodes that one more leaf brings: itself, and every subtree that it completes.
 * @param size leaves so far
 */
export function appendLeaf(
  size: number,
  data: Uint8Array,
  read: ReadNode,
  sha256: Sha256,
): readonly TreeNode[] {
  let node: TreeNode = { level: 0, index: size, hash: leafHash(data, sha256) };
  const nodes = [node];
  while (node.index % 2 === 1) {
    const { level, index, hash } = node;
    node = {
      level: level + 1,
      index: (index - 1) / 2,
      hash: nodeHash(read(level, index - 1), hash, sha256),
    };
    nodes.push(node);
  }
  return nodes;
}

/** The root of the first `size` leaves; SHA-256 of nothing for an empty log. */
export function treeRoot(size: number, read: ReadNode, sha256: Sha256): Uint8Array {
  return size === 0 ? sha256(new Uint8Array()) : rangeRoot(0, size, read, sha256);
}

/** Root of the leaves from `start` up to `end`, where `start` is a multiple of the largest power of two that fits. */
function rangeRoot(start: number, end: number, read: ReadNode, sha256: Sha256): Uint8Array {
  const width = end - start;
  const level = levelOf(width);
  if (level !== null) return read(level, start / width);
  const middle = start + splitOf(width);
  return nodeHash(rangeRoot(start, middle, read, sha256), rangeRoot(middle, end, read, sha256), sha256);
}

/**
 * The level of a complete subtree of `count` leaves; null when no subtree has so many. Counted: a logarithm takes 2^49 + 1 for a power of two.
 * @param count at least 1
 */
export function levelOf(count: number): number | null {
  let level = 0;
  let rest = count;
  while (rest > 1 && rest % 2 === 0) {
    rest /= 2;
    level += 1;
  }
  return rest === 1 ? level : null;
}

/** The largest power of two below `width`, which is at least 2. */
function splitOf(width: number): number {
  let split = 1;
  while (split * 2 < width) split *= 2;
  return split;
}

/**
 * The hashes beside the way from a leaf to the root, the leaf's neighbour first.
 * @param index below `size`
 * @see RFC 6962, section 2.1.1
 */
export function inclusionProof(
  index: number,
  size: number,
  read: ReadNode,
  sha256: Sha256,
): readonly Uint8Array[] {
  const proof: Uint8Array[] = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    if (index < middle) {
      proof.push(rangeRoot(middle, end, read, sha256));
      end = middle;
    } else {
      proof.push(rangeRoot(start, middle, read, sha256));
      start = middle;
    }
  }
  return proof.reverse();
}

/**
 * The hashes that show that the tree of `from` leaves is the beginning of the one of `to`; none when either is empty or both are one.
 * @param from at most `to`
 * @see RFC 6962, section 2.1.2
 */
export function consistencyProof(
  from: number,
  to: number,
  read: ReadNode,
  sha256: Sha256,
): readonly Uint8Array[] {
  if (from === 0 || from === to) return [];
  const proof: Uint8Array[] = [];
  let start = 0;
  let end = to;
  let isWhole = true;
  while (from !== end) {
    const middle = start + splitOf(end - start);
    if (from <= middle) {
      proof.push(rangeRoot(middle, end, read, sha256));
      end = middle;
    } else {
      proof.push(rangeRoot(start, middle, read, sha256));
      start = middle;
      isWhole = false;
    }
  }
  if (!isWhole) proof.push(rangeRoot(start, end, read, sha256));
  return proof.reverse();
}
