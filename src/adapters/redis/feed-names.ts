// How a feed is named and written in Redis. The version stands in every name: a program of another version finds nothing of its own here.

import { decodeBase64url, encodeBase64url } from '../../core/codec/base64url.js';
import { utf8Encode } from '../../core/codec/bytes.js';
import type { Sha256 } from '../../core/signature/public-key.js';
import { DIGEST_BYTES, type ManifestRow } from '../../core/status/feed/digest.js';
import { EPOCH_BYTES } from '../../core/status/feed/entry.js';
import type { FeedState } from '../../core/status/feed/port.js';
import { isStatusBits } from '../../core/status/packed.js';

const PREFIX = 'yima:1';
const NAME_LENGTH = 16;

export interface FeedNames {
  readonly state: string;
  readonly lists: string;
  readonly feed: string;
  /** All bitmaps, as a pattern. */
  readonly anyBits: string;
  readonly bits: (epoch: Uint8Array, number: number) => string;
  /** What the bitmaps of one epoch begin with. */
  readonly bitsOf: (epoch: Uint8Array) => string;
}

export function feedNames(base: string, sha256: Sha256): FeedNames {
  const own = `${PREFIX}:${encodeBase64url(sha256(utf8Encode(base))).slice(0, NAME_LENGTH)}`;
  const bitsOf = (epoch: Uint8Array): string => `${own}:bits:${encodeBase64url(epoch)}:`;
  return {
    state: `${own}:state`,
    lists: `${own}:lists`,
    feed: `${own}:feed`,
    anyBits: `${own}:bits:*`,
    bits: (epoch, number) => `${bitsOf(epoch)}${number}`,
    bitsOf,
  };
}

export function writeState({ epoch, n, hash }: FeedState): string {
  return `${encodeBase64url(epoch)} ${n} ${encodeBase64url(hash)}`;
}

const STATE = /^([\w-]{22}) ([1-9]\d{0,15}) ([\w-]{43})$/;

/** @returns null for anything that `writeState` does not write */
export function readState(text: string | null): FeedState | null {
  const [, epoch, n, hash] = STATE.exec(text ?? '') ?? [];
  const bytes = [bytesOf(epoch, EPOCH_BYTES), bytesOf(hash, DIGEST_BYTES)] as const;
  if (bytes[0] === null || bytes[1] === null || !Number.isSafeInteger(Number(n))) return null;
  return { epoch: bytes[0], n: Number(n), hash: bytes[1] };
}

export function writeRow({ bits, entries, digest }: ManifestRow): string {
  return `${bits} ${entries} ${encodeBase64url(digest)}`;
}

const NUMBER = /^(?:0|[1-9]\d{0,14})$/;
const ROW = /^([1248]) ([1-9]\d{0,6}) ([\w-]{43})$/;

/** @returns null unless every row is as `writeRow` writes it */
export function readRows(rows: Readonly<Record<string, string>>): readonly ManifestRow[] | null {
  const lists = Object.entries(rows).map(([number, text]) => readRow(number, text));
  return lists.every((row) => row !== null) ? lists : null;
}

function readRow(number: string, text: string): ManifestRow | null {
  const [, bits, entries, digest] = ROW.exec(text) ?? [];
  const bytes = bytesOf(digest, DIGEST_BYTES);
  const width = Number(bits);
  if (bytes === null || !NUMBER.test(number) || !isStatusBits(width)) return null;
  return { number: Number(number), bits: width, entries: Number(entries), digest: bytes };
}

function bytesOf(text: string | undefined, length: number): Uint8Array | null {
  if (text === undefined) return null;
  try {
    const bytes = decodeBase64url(text);
    return bytes.length === length ? bytes : null;
  } catch {
    return null; // characters that stand for no bytes
  }
}
