// What happened to each feed, in numbers: written by the loops, read by metrics and the ready probe.

import { hexEncode } from '../../core/codec/bytes.js';
import type { FeedRefusal } from '../../core/status/feed/refusal.js';

export interface LastRebuild {
  /** Epoch seconds. */
  readonly at: number;
  readonly reason: FeedRefusal;
}

export interface FeedFigures {
  readonly issuer: string;
  readonly base: string;
  /** Hex; null before the first verified entry. */
  epoch: string | null;
  /** The newest verified entry's. */
  seq: number;
  highWater: number;
  lastRebuild: LastRebuild | null;
  /** Revoked values that somebody wanted back. */
  kept: number;
  readonly rebuilds: Map<FeedRefusal, number>;
  /** `clock`: an entry's time lay too far ahead to confirm anything. */
  readonly refused: Map<FeedRefusal | 'clock', number>;
}

export function createFigures(issuer: string, base: string): FeedFigures {
  return {
    issuer,
    base,
    epoch: null,
    seq: 0,
    highWater: 0,
    lastRebuild: null,
    kept: 0,
    rebuilds: new Map(),
    refused: new Map(),
  };
}

export function countRefusal({ refused }: FeedFigures, reason: FeedRefusal | 'clock'): void {
  refused.set(reason, (refused.get(reason) ?? 0) + 1);
}

export function countRebuild(figures: FeedFigures, reason: FeedRefusal, at: number): void {
  figures.rebuilds.set(reason, (figures.rebuilds.get(reason) ?? 0) + 1);
  figures.lastRebuild = { at, reason };
}

export function noteNewest(
  figures: FeedFigures,
  { epoch, seq, highWater }: { readonly epoch: Uint8Array; readonly seq: number; readonly highWater: number },
): void {
  figures.epoch = hexEncode(epoch);
  figures.seq = seq;
  figures.highWater = highWater;
}
