// What it takes to compress and sign one full list, and how long its token is, beside the fewest bytes that could say the same.

import { createNodeSigner, deflateZlib, generatePrivateJwk, sha256 } from '../../src/adapters/crypto-node.js';
import { createStatusArena } from '../../src/core/status/arena.js';
import { createListService } from '../../src/core/status/list-service.js';
import { listTimes } from '../../src/core/status/list-times.js';
import { median, spreadOf } from '../support/pairs.js';
import type { Report } from '../support/report.js';
import { createSequence } from '../support/sequence.js';

const BASE = 'https://codes.example/bench/';
const ENTRIES = 2 ** 20;
const SHARES = [
  ['0.01pct', 0.0001],
  ['1pct', 0.01],
  ['10pct', 0.1],
] as const;
const ROUNDS = 7;
const TTL_SECONDS = 60;

export function reportSigning(report: Report): void {
  const { minIntervalSeconds } = listTimes(TTL_SECONDS);
  for (const bits of [2, 4] as const) {
    for (const [name, share] of SHARES) {
      const { ms, bytes } = signList(bits, share);
      const prefix = `list_${bits}bit_${name}`;
      report(`${prefix}_ms`, median(ms), 'ms to compress and sign, 2^20 entries', spreadOf(ms));
      report(`${prefix}_bytes`, bytes, 'bytes of the CWT');
      report(`${prefix}_bound_bytes`, entropyBytes(share), 'bytes by entropy, which no coding goes below');
    }
  }
  report(
    'list_interval_share',
    minIntervalSeconds / TTL_SECONDS,
    'of the ttl, at least, between two signings',
  );
}

/** Revoked codes at random places. */
function signList(bits: 2 | 4, share: number): { readonly ms: readonly number[]; readonly bytes: number } {
  const arena = createStatusArena();
  arena.addList({ base: BASE, number: 1, bits, entries: ENTRIES });
  const random = createSequence();
  for (let set = 0; set < share * ENTRIES; ) {
    if (arena.set(BASE, 1, Math.floor(random() * ENTRIES), 1) === 'changed') set += 1;
  }
  const signer = createNodeSigner(generatePrivateJwk('Ed25519'));
  const ms: number[] = [];
  let bytes = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const service = createListService({
      base: BASE,
      lists: arena,
      signer: () => signer,
      deflate: deflateZlib,
      sha256,
    });
    const begin = performance.now();
    bytes = service.find(1, 'cwt', 1_790_000_000)?.body.length ?? Number.NaN;
    ms.push(performance.now() - begin);
  }
  return { ms, bytes };
}

/** Entries that are set with this chance, independently of each other. */
function entropyBytes(share: number): number {
  const bitsEach = -share * Math.log2(share) - (1 - share) * Math.log2(1 - share);
  return Math.round((ENTRIES * bitsEach) / 8);
}
