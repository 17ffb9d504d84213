// Everything a verifier needs in one file: all roots, every newest list, and the proof that the log holds exactly these.

import { decodeBase64, encodeBase64 } from '../codec/base64.js';
import { utf8Encode } from '../codec/bytes.js';
import { canonicalJson, isJsonObject, parseStrictJson } from '../codec/json.js';
import { isCount } from '../codec/names.js';
import { YimaError } from '../errors/yima-error.js';
import type { VerifySignature } from '../signature/ports.js';
import type { Sha256 } from '../signature/public-key.js';
import { type DocumentType, parseSignedDocument, type SignedDocument } from './documents/signed-document.js';
import { isIncluded, MAX_PROOF_HASHES, type TreeHead } from './log/check-proofs.js';
import { type Checkpoint, parseCheckpoint } from './log/checkpoint.js';
import { bundleLeaf, type LoggedDocument, manifestHash } from './log/leaves.js';
import { leafHash } from './log/tree.js';
import { checkWitnesses, type LogKeys } from './log/witnesses.js';

/** Where the bundle stands in the log. */
export interface BundleProof {
  readonly checkpoint: string;
  readonly index: number;
  readonly proof: readonly Uint8Array[];
  /** That the log continues earlier heads: each from its size to the checkpoint's. */
  readonly continues: readonly { readonly from: number; readonly proof: readonly Uint8Array[] }[];
}

export interface Bundle {
  /** Ascending by version, without a gap. */
  readonly roots: readonly SignedDocument[];
  /** Ascending by authority. */
  readonly lists: readonly SignedDocument[];
  readonly log: BundleProof | null;
}

const MAX_CHARS = 64 * 1024 * 1024;
const MAX_LISTS = 10_000;
const MAX_ROOTS = 1_000;
const MAX_CONTINUES = 64;
const MAX_HEAD_CHARS = 512 * 1024;
const HASH_BYTES = 32;
const FORMAT = 'yima-bundle';
const VERSION = 1;

function refuse(rule: string, message: string): YimaError {
  return new YimaError('list_refused', message, { rule });
}

const notOfItsForm = (): YimaError =>
  refuse('bundle_form', 'The bundle is not of its form. Fetch it again, or from another mirror.');

/** The one text of a bundle, in lines: a head, then the documents as they were signed, roots first. Each line ends in a newline. */
export function encodeBundle({ roots, lists, log }: Bundle): string {
  const proof =
    log === null
      ? null
      : {
          ...log,
          proof: log.proof.map(encodeBase64),
          continues: log.continues.map((each) => ({ from: each.from, proof: each.proof.map(encodeBase64) })),
        };
  const head = { format: FORMAT, version: VERSION, roots: roots.length, lists: lists.length, log: proof };
  return `${[canonicalJson(head), ...[...roots, ...lists].map(({ text }) => text)].join('\n')}\n`;
}

/**
 * Reads a bundle without believing it. Yields after each document.
 * @param text at most 64 Mi characters, 10,000 lists
 * @throws YimaError `list_refused`, rules bundle_length, bundle_form, or of `parseSignedDocument`
 */
export function* parseBundle(text: string, sha256: Sha256): Generator<void, Bundle> {
  if (text.length > MAX_CHARS) throw refuse('bundle_length', 'The bundle is longer than 64 MiB.');
  const lines = linesOf(text);
  const head = readHead(lines.next());
  const read = function* (count: number, type: DocumentType): Generator<void, SignedDocument[]> {
    const documents: SignedDocument[] = [];
    for (let i = 0; i < count; i++) {
      const line = lines.next();
      if (line.done === true) throw notOfItsForm();
      const document = parseSignedDocument(line.value, sha256);
      if (document.type !== type) throw notOfItsForm();
      documents.push(document);
      yield;
    }
    return documents;
  };
  const roots = yield* read(head.roots, 'root');
  const lists = yield* read(head.lists, 'list');
  if (lines.next().done !== true) throw notOfItsForm();
  if (!isCounted(roots.map(({ payload }) => Number(payload['version'])))) throw notOfItsForm();
  if (!isSorted(lists.map(({ payload }) => String(payload['iss'])))) throw notOfItsForm();
  return { roots, lists, log: head.log };
}

function* linesOf(text: string): Generator<string, void> {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    if (end < 0) throw notOfItsForm();
    yield text.slice(start, end);
    start = end + 1;
  }
}

interface BundleHead {
  readonly roots: number;
  readonly lists: number;
  readonly log: BundleProof | null;
}

function readHead(line: IteratorResult<string, void>): BundleHead {
  if (line.done === true || line.value.length > MAX_HEAD_CHARS) throw notOfItsForm();
  const head = strictJson(line.value);
  if (!isJsonObject(head)) throw notOfItsForm();
  const { format, version, roots, lists, log, ...rest } = head;
  const isOurs = format === FORMAT && version === VERSION && Object.keys(rest).length === 0;
  if (!isOurs || !isCount(roots) || !isCount(lists)) throw notOfItsForm();
  if (roots > MAX_ROOTS || lists > MAX_LISTS || log === undefined) throw notOfItsForm();
  return { roots, lists, log: readProof(log) };
}

function strictJson(text: string): unknown {
  try {
    return parseStrictJson(text, { maxDepth: 10 });
  } catch (cause) {
    throw new YimaError('list_refused', 'The head of the bundle is not JSON of one meaning.', {
      rule: 'bundle_form',
      cause,
    });
  }
}

function isSorted(names: readonly string[]): boolean {
  return names.every((name, i) => i === 0 || (names[i - 1] ?? '') < name);
}

function isCounted(versions: readonly number[]): boolean {
  return versions.every((version, i) => i === 0 || version === (versions[i - 1] ?? 0) + 1);
}

function readProof(value: unknown): BundleProof | null {
  if (value === null) return null;
  if (!isJsonObject(value)) throw notOfItsForm();
  const { checkpoint, index, proof, continues, ...rest } = value;
  const isForm = typeof checkpoint === 'string' && isCount(index) && Array.isArray(continues);
  if (!isForm || Object.keys(rest).length > 0 || continues.length > MAX_CONTINUES) throw notOfItsForm();
  return {
    checkpoint,
    index,
    proof: readHashes(proof),
    continues: continues.map((each: unknown) => {
      if (!isJsonObject(each)) throw notOfItsForm();
      const { from, proof: hashes, ...more } = each;
      if (!isCount(from) || Object.keys(more).length > 0) throw notOfItsForm();
      return { from, proof: readHashes(hashes) };
    }),
  };
}

function readHashes(value: unknown): readonly Uint8Array[] {
  if (!Array.isArray(value) || value.length > MAX_PROOF_HASHES) throw notOfItsForm();
  return value.map(readHash);
}

function readHash(value: unknown): Uint8Array {
  if (typeof value !== 'string') throw notOfItsForm();
  let hash: Uint8Array;
  try {
    hash = decodeBase64(value);
  } catch {
    throw notOfItsForm();
  }
  if (hash.length !== HASH_BYTES) throw notOfItsForm();
  return hash;
}

/** What a bundle's documents are called in the log. */
export function loggedDocument({ type, payload, hash }: SignedDocument): LoggedDocument {
  return {
    authority: type === 'root' ? 'root' : String(payload['iss']),
    version: Number(payload['version']),
    hash,
  };
}

/**
 * Whether the log that these keys are of holds exactly this bundle.
 * @returns the head that the bundle stands under, for the verifier to remember
 * @throws YimaError `list_refused`, rules log_missing, bundle_not_logged, and of `parseCheckpoint` and `checkWitnesses`
 */
export function checkBundleLogged(
  { roots, lists, log }: Bundle,
  keys: LogKeys,
  verify: VerifySignature,
  sha256: Sha256,
  times: { readonly now: number; readonly maxAgeSeconds: number | null },
): Checkpoint & TreeHead {
  if (log === null)
    throw refuse('log_missing', 'The bundle brings no proof of the log. Fetch it from the hub or a mirror.');
  const checkpoint = parseCheckpoint(log.checkpoint);
  checkWitnesses(checkpoint, keys, verify, times);
  const leaf = bundleLeaf(manifestHash([...roots, ...lists].map(loggedDocument), sha256));
  if (!isIncluded(leafHash(utf8Encode(leaf), sha256), log.index, checkpoint, log.proof, sha256)) {
    throw refuse(
      'bundle_not_logged',
      'The log does not hold this bundle. Ask another mirror, and tell the hub.',
    );
  }
  return checkpoint;
}
