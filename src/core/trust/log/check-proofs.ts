// Whether proofs of a log hold: of one leaf in a tree, and of a tree being the beginning of a larger one.

import { equalBytes } from '../../codec/bytes.js';
import type { Sha256 } from '../../signature/public-key.js';
import { levelOf, nodeHash } from './tree.js';

/** More levels than any log has. */
export const MAX_PROOF_HASHES = 63;

/** A tree: so many leaves, with this root. */
export interface TreeHead {
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
}

function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/**
 * Whether the leaf stands at `index` in the tree.
 * @param leaf its hash
 * @see RFC 9162, section 2.1.3.2
 */
export function isIncluded(
  leaf: Uint8Array,
  index: number,
  tree: TreeHead,
  proof: readonly Uint8Array[],
  sha256: Sha256,
): boolean {
  const { size, root } = tree;
  if (!isSize(size) || !isSize(index) || index >= size || proof.length > MAX_PROOF_HASHES) return false;
  let place = index;
  let last = size - 1;
  let hash = leaf;
  for (const beside of proof) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      hash = nodeHash(beside, hash, sha256);
      while (place % 2 === 0 && place !== 0) {
        place /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash = nodeHash(hash, beside, sha256);
    }
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && equalBytes(hash, root);
}

/**
 * Whether `before` is the beginning of `after`. An empty tree is the beginning of every other, and needs no proof.
 * @see RFC 9162, section 2.1.4.2
 */
export function isConsistent(
  before: TreeHead,
  after: TreeHead,
  proof: readonly Uint8Array[],
  sha256: Sha256,
): boolean {
  if (!isSize(before.size) || !isSize(after.size) || before.size > after.size) return false;
  if (before.size === after.size) return proof.length === 0 && equalBytes(before.root, after.root);
  if (before.size === 0) return proof.length === 0;
  if (proof.length === 0 || proof.length > MAX_PROOF_HASHES) return false;
  const [first, ...rest] = levelOf(before.size) !== null ? [before.root, ...proof] : proof;
  if (first === undefined) return false;
  let place = before.size - 1;
  let last = after.size - 1;
  while (place % 2 === 1) {
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  }
  let old = first;
  let fresh = first;
  for (const beside of rest) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      old = nodeHash(beside, old, sha256);
      fresh = nodeHash(beside, fresh, sha256);
      while (place % 2 === 0 && place !== 0) {
        place /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      fresh = nodeHash(fresh, beside, sha256);
    }
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && equalBytes(old, before.root) && equalBytes(fresh, after.root);
}
