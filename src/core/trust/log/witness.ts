// A witness (C2SP tlog-witness): cosigns a log's head when it continues the one that it cosigned before. Pure: the caller keeps the
// state, and makes the new one durable before it answers.

import { decodeBase64 } from '../../codec/base64.js';
import { equalBytes } from '../../codec/bytes.js';
import { YimaError } from '../../errors/yima-error.js';
import type { Signer, VerifySignature } from '../../signature/ports.js';
import type { Sha256 } from '../../signature/public-key.js';
import { isConsistent, MAX_PROOF_HASHES, type TreeHead } from './check-proofs.js';
import { type Checkpoint, cosign, isSignedBy, parseCheckpoint } from './checkpoint.js';
import { encodeNote } from './signed-note.js';
import type { VerifierKey } from './verifier-key.js';

export interface CheckpointRequest {
  readonly oldSize: number;
  readonly proof: readonly Uint8Array[];
  readonly checkpoint: Checkpoint;
}

/** 409: the old size is not the witness's, which the body tells. */
export type WitnessStatus = 200 | 400 | 403 | 404 | 409 | 422;

export interface WitnessVerdict {
  readonly status: WitnessStatus;
  readonly body: string;
  readonly contentType: 'text/plain; charset=utf-8' | 'text/x.tlog.size';
  /** To be durable before the answer leaves; null: nothing has changed. */
  readonly head: TreeHead | null;
}

export interface WitnessDeps {
  /** Keys of the log of this origin; empty: no such log is witnessed. */
  readonly logKeys: (origin: string) => readonly VerifierKey[];
  /** The head that was cosigned last; size 0, with any root, before the first. */
  readonly lastHead: (origin: string) => TreeHead;
  readonly key: VerifierKey;
  readonly sign: Signer['sign'];
  readonly verify: VerifySignature;
  readonly sha256: Sha256;
}

const OLD = /^old (0|[1-9][0-9]{0,15})$/;
const MAX_CHARS = 96 * 1024;

/** @throws YimaError `invalid_request` unless the body is `old N`, at most 63 hashes, an empty line, a checkpoint */
export function parseCheckpointRequest(body: string): CheckpointRequest {
  const split = body.indexOf('\n\n');
  if (split < 0 || body.length > MAX_CHARS) throw badRequest();
  const [first = '', ...lines] = body.slice(0, split).split('\n');
  const [, old] = OLD.exec(first) ?? [];
  if (old === undefined || lines.length > MAX_PROOF_HASHES) throw badRequest();
  try {
    const proof = lines.map(decodeBase64);
    if (proof.some(({ length }) => length !== 32)) throw badRequest();
    return { oldSize: Number(old), proof, checkpoint: parseCheckpoint(body.slice(split + 2)) };
  } catch {
    throw badRequest();
  }
}

function badRequest(): YimaError {
  const form =
    'old N, at most 63 lines of base64 hashes, an empty line and a checkpoint (C2SP tlog-witness).';
  return new YimaError('invalid_request', `The body is ${form}`, { field: 'body' });
}

/** @param now epoch seconds */
export function judgeCheckpoint(request: CheckpointRequest, deps: WitnessDeps, now: number): WitnessVerdict {
  const { checkpoint, oldSize, proof } = request;
  const keys = deps.logKeys(checkpoint.origin);
  if (keys.length === 0) return refusal(404, 'This log is not witnessed here.');
  if (!keys.some((key) => isSignedBy(checkpoint, key, deps.verify))) {
    return refusal(403, 'The log has not signed the checkpoint.');
  }
  if (oldSize > checkpoint.size) return refusal(400, 'The old size is larger than the checkpoint.');
  const last = knownHead(checkpoint.origin, deps);
  const isSame = checkpoint.size === last.size && equalBytes(checkpoint.root, last.root);
  if (oldSize !== last.size || (checkpoint.size === last.size && !isSame && last.size > 0)) {
    return { status: 409, body: `${last.size}\n`, contentType: 'text/x.tlog.size', head: null };
  }
  if (!isSame && !isConsistent(last, checkpoint, proof, deps.sha256)) {
    return refusal(422, 'The checkpoint does not continue the one before.');
  }
  const line = encodeNote({ text: '', signatures: [cosign(checkpoint, deps.key, now, deps.sign)] }).slice(1);
  const { size, root } = checkpoint;
  return {
    status: 200,
    body: line,
    contentType: 'text/plain; charset=utf-8',
    head: isSame ? null : { size, root },
  };
}

/** The empty tree has one root, whatever is kept for a log before its first checkpoint. */
function knownHead(origin: string, { lastHead, sha256 }: WitnessDeps): TreeHead {
  const head = lastHead(origin);
  return head.size === 0 ? { size: 0, root: sha256(new Uint8Array()) } : head;
}

function refusal(status: WitnessStatus, sentence: string): WitnessVerdict {
  return { status, body: `${sentence}\n`, contentType: 'text/plain; charset=utf-8', head: null };
}
