// What stands in the log: canonical JSON, one text for one fact.

import { encodeBase64url } from '../../codec/base64url.js';
import { utf8Encode } from '../../codec/bytes.js';
import { canonicalJson } from '../../codec/json.js';
import type { Sha256 } from '../../signature/public-key.js';

/** A root or a list, as members of a manifest and as leaves name it. */
export interface LoggedDocument {
  /** `root`, or the authority of a list. */
  readonly authority: string;
  readonly version: number;
  /** base64url SHA-256 of the payload. */
  readonly hash: string;
}

/** The head of another log of a node, so that a history cannot be rewritten afterwards. */
export interface LoggedHead {
  readonly issuer: string;
  /** status: the feed of status changes. audit: the hash-chained log. */
  readonly kind: 'status' | 'audit';
  readonly seq: number;
  readonly hash: string;
  /** Epoch seconds. */
  readonly at: number;
}

export function documentLeaf({ authority, version, hash }: LoggedDocument): string {
  return canonicalJson({ type: 'document', authority, version, hash });
}

export function headLeaf(head: LoggedHead): string {
  return canonicalJson({ type: 'head', ...head });
}

/** @param manifest of `manifestHash` */
export function bundleLeaf(manifest: string): string {
  return canonicalJson({ type: 'bundle', manifest });
}

/**
 * One hash for everything that a bundle holds: SHA-256 over the documents' names, versions and hashes in the order of names.
 * @returns base64url, 43 characters
 */
export function manifestHash(documents: readonly LoggedDocument[], sha256: Sha256): string {
  const rows = documents
    .map(({ authority, version, hash }) => [authority, version, hash] as const)
    .sort(([a, m], [b, n]) => (a === b ? m - n : a < b ? -1 : 1));
  return encodeBase64url(sha256(utf8Encode(canonicalJson(rows))));
}
