// Everything a verifier needs in one file: all roots, every newest list, and the proof that the log holds exactly these.

import { decodeBase64, encodeBase64 } from '../codec/base64.js';
import { utf8Encode } from '../codec/bytes.js';
import { canonicalJson, isJsonObject, parseStrictJson } from '../codec/json.js';
import { isCount } from '../codec/names.js';
import { YimaError } from '../errors/yima-error.js';
import type { VerifySignature } from '../signature/ports.js';
import type { Sha256 } from '../signature/public-key.js';
import { parseSignedDocument, type SignedDocument } from './documents/signed-document.js';
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
const FORMAT = 'yima-bundle';
const VERSION = 1;

function refuse(rule: string, message: string): YimaError {
  return new YimaError('list_refused', message, { rule });
}

const notOfItsForm = (): YimaError =>
  refuse('bundle_form', 'The bundle is not of its form. Fetch it again, or from another mirror.');

/** The one text of a bundle; documents stand in it as they were signed. */
export function encodeBundle({ roots, lists, log }: Bundle): string {
  const texts = (documents: readonly SignedDocument[]): string => documents.map(({ text }) => text).join(',');
  const proof =
    log === null
      ? null
      : {
          ...log,
          proof: log.proof.map(encodeBase64),
          continues: log.continues.map((each) => ({ from: each.from, proof: each.proof.map(encodeBase64) })),
        };
  return `{"format":"${FORMAT}","lists":[${texts(lists)}],"log":${canonicalJson(proof)},"roots":[${texts(roots)}],"version":${VERSION}}`;
}

/**
 * Reads a bundle without believing it. Yields after each document.
 * @param text at most 64 Mi characters, 10,000 lists
 * @throws YimaError `list_refused`, rules bundle_length, bundle_form, or of `parseSignedDocument`
 */
export function* parseBundle(text: string, sha256: Sha256): Generator<void, Bundle> {
  if (text.length > MAX_CHARS) throw refuse('bundle_length', 'The bundle is longer than 64 MiB.');
  const json = strictJson(text);
  if (!isJsonObject(json) || json['format'] !== FORMAT || json['version'] !== VERSION) throw notOfItsForm();
  const { roots, lists, log, ...rest } = json;
  if (Object.keys(rest).length !== 2 || !Array.isArray(roots) || !Array.isArray(lists)) throw notOfItsForm();
  if (roots.length > MAX_ROOTS || lists.length > MAX_LISTS) throw notOfItsForm();
  const read = function* (values: readonly unknown[]): Generator<void, SignedDocument[]> {
    const documents: SignedDocument[] = [];
    for (const value of values) {
      documents.push(parseSignedDocument(JSON.stringify(value), sha256));
      yield;
    }
    return documents;
  };
  const bundle = { roots: yield* read(roots), lists: yield* read(lists), log: readProof(log) };
  if (!isSorted(bundle.lists.map(({ payload }) => String(payload['iss'])))) throw notOfItsForm();
  return bundle;
}

function strictJson(text: string): unknown {
  try {
    return parseStrictJson(text, { maxDepth: 10 });
  } catch (cause) {
    throw new YimaError('list_refused', 'The bundle is not JSON of one meaning.', {
      rule: 'bundle_form',
      cause,
    });
  }
}

function isSorted(names: readonly string[]): boolean {
  return names.every((name, i) => i === 0 || (names[i - 1] ?? '') < name);
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
      if (!isJsonObject(each) || !isCount(each['from'])) throw notOfItsForm();
      return { from: each['from'], proof: readHashes(each['proof']) };
    }),
  };
}

function readHashes(value: unknown): readonly Uint8Array[] {
  if (!Array.isArray(value) || value.length > MAX_PROOF_HASHES) throw notOfItsForm();
  return value.map((each: unknown) => {
    if (typeof each !== 'string' || each.length !== 44) throw notOfItsForm();
    try {
      return decodeBase64(each);
    } catch {
      throw notOfItsForm();
    }
  });
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
