// What pages at checkpoints are told, written once for all of them until something in it changes.

import { gzipSync } from 'node:zlib';
import { sha256 } from '../adapters/crypto-node.js';
import { encodeBase64url } from '../core/codec/base64url.js';
import type { PolicyTable } from '../core/credential/policy-table.js';
import type { StatusArena } from '../core/status/arena.js';
import type { KeyTable } from '../core/trust/key-record.js';
import { tellRecord } from '../core/trust/told-record.js';
import { KNOWLEDGE_FORMAT, type KnowledgeDocument } from '../core/verify/knowledge-document.js';
import type { ScanKnowledge } from '../http/deps.js';
import type { Knowledge } from './knowledge.js';

/** A shift without a network; a key that was withdrawn meanwhile is trusted for no longer. */
const TRUST_MAX_AGE_SECONDS = 24 * 60 * 60;

export interface ScanKnowledgeDeps {
  readonly knowledge: Pick<Knowledge, 'keys' | 'policies' | 'status'>;
  readonly statusBase: string;
  readonly statusMaxAgeSeconds: number;
}

interface Written {
  readonly keys: KeyTable;
  readonly policies: PolicyTable;
  readonly lists: string;
  readonly told: ScanKnowledge;
}

export function createScanKnowledge(deps: ScanKnowledgeDeps): () => ScanKnowledge {
  let written: Written | null = null;
  return () => {
    const { knowledge, statusBase } = deps;
    const [keys, policies] = [knowledge.keys(), knowledge.policies()];
    const numbers = numbersOf(knowledge.status, statusBase);
    const lists = numbers.join();
    if (written?.keys === keys && written.policies === policies && written.lists === lists)
      return written.told;
    written = { keys, policies, lists, told: write(keys, policies, numbers, deps) };
    return written.told;
  };
}

function numbersOf(status: StatusArena, base: string): readonly number[] {
  return status.shapes(base).map(({ number }) => number);
}

function write(
  keys: KeyTable,
  { policies }: PolicyTable,
  lists: readonly number[],
  { statusBase, statusMaxAgeSeconds }: ScanKnowledgeDeps,
): ScanKnowledge {
  const document: KnowledgeDocument = {
    format: KNOWLEDGE_FORMAT,
    keys: keys.records.map(tellRecord),
    policies,
    statusBase,
    lists,
    statusMaxAgeSeconds,
    trustMaxAgeSeconds: TRUST_MAX_AGE_SECONDS,
  };
  const body = Buffer.from(JSON.stringify(document));
  return { body, gzipped: gzipSync(body), etag: `"${encodeBase64url(sha256(body).subarray(0, 16))}"` };
}
