// Checkpoints (C2SP tlog-checkpoint): the head of a log as a signed note, and the cosignatures of those who saw it.

import { decodeBase64, encodeBase64 } from '../../codec/base64.js';
import { concatBytes, utf8Encode } from '../../codec/bytes.js';
import { YimaError } from '../../errors/yima-error.js';
import type { Signer, VerifySignature } from '../../signature/ports.js';
import type { TreeHead } from './check-proofs.js';
import { encodeNote, type NoteSignature, noteMessage, parseNote, type SignedNote } from './signed-note.js';
import type { VerifierKey } from './verifier-key.js';

export interface Checkpoint extends TreeHead {
  /** The log's name, and the name of its key. */
  readonly origin: string;
  readonly note: SignedNote;
}

const SIZE = /^(?:0|[1-9][0-9]{0,15})$/;
const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;

function refuse(rule: string, message: string): YimaError {
  return new YimaError('list_refused', message, { rule });
}

/**
 * Reads a checkpoint without looking at its signatures.
 * @throws YimaError `list_refused`, rules of `parseNote` and checkpoint_form
 */
export function parseCheckpoint(text: string): Checkpoint {
  const note = parseNote(text);
  const [origin, size, root, ...extensions] = note.text.slice(0, -1).split('\n');
  const isForm = origin !== undefined && origin !== '' && size !== undefined && SIZE.test(size);
  if (!isForm || root === undefined || !Number.isSafeInteger(Number(size))) throw checkpointForm();
  if (extensions.includes('')) throw checkpointForm();
  let hash: Uint8Array;
  try {
    hash = decodeBase64(root);
  } catch {
    throw checkpointForm();
  }
  if (hash.length !== 32) throw checkpointForm();
  return { origin, size: Number(size), root: hash, note };
}

function checkpointForm(): YimaError {
  return refuse(
    'checkpoint_form',
    'The checkpoint does not begin with origin, size and root, or a line is empty (C2SP tlog-checkpoint).',
  );
}

function checkpointText(origin: string, { size, root }: TreeHead): string {
  return `${origin}\n${size}\n${encodeBase64(root)}\n`;
}

/** The head, signed by the log itself. */
export function signCheckpoint(key: VerifierKey, head: TreeHead, sign: Signer['sign']): string {
  const text = checkpointText(key.name, head);
  const { name, id } = key;
  return encodeNote({ text, signatures: [{ name, id, bytes: sign(noteMessage(text)) }] });
}

/**
 * Whether the log has signed it: every signature under its name and id must be sound.
 * @see C2SP signed-note: a false signature of a known key rejects the note
 */
export function isSignedBy({ origin, note }: Checkpoint, log: VerifierKey, verify: VerifySignature): boolean {
  const own = note.signatures.filter(({ name, id }) => name === log.name && id === log.id);
  const isSound = ({ bytes }: NoteSignature): boolean =>
    bytes.length === SIGNATURE_BYTES && verify(log.key, noteMessage(note.text), bytes);
  return origin === log.name && own.length > 0 && own.every(isSound);
}

/** What a witness signs: the time and the checkpoint's text (C2SP tlog-cosignature, v1). */
function cosignedMessage(text: string, at: number): Uint8Array {
  return utf8Encode(`cosignature/v1\ntime ${at}\n${text}`);
}

/** @param at epoch seconds */
export function cosign(
  { note }: Checkpoint,
  witness: VerifierKey,
  at: number,
  sign: Signer['sign'],
): NoteSignature {
  const time = new Uint8Array(TIME_BYTES);
  new DataView(time.buffer).setBigUint64(0, BigInt(at));
  const { name, id } = witness;
  return { name, id, bytes: concatBytes(time, sign(cosignedMessage(note.text, at))) };
}

/**
 * When the witness says to have seen the checkpoint, epoch seconds; the latest of several, null when none of its signatures is there.
 * @throws YimaError `list_refused`, rule cosignature, when one that claims to be its is false
 */
export function cosignedAt(
  { note }: Checkpoint,
  witness: VerifierKey,
  verify: VerifySignature,
): number | null {
  let latest: number | null = null;
  for (const { name, id, bytes } of note.signatures) {
    if (name !== witness.name || id !== witness.id) continue;
    const at = timeOf(bytes);
    const isSound =
      at !== null && verify(witness.key, cosignedMessage(note.text, at), bytes.slice(TIME_BYTES));
    if (!isSound) throw refuse('cosignature', 'A cosignature of a known witness is false.');
    if (latest === null || at > latest) latest = at;
  }
  return latest;
}

function timeOf(bytes: Uint8Array): number | null {
  if (bytes.length !== TIME_BYTES + SIGNATURE_BYTES) return null;
  const at = Number(new DataView(bytes.buffer, bytes.byteOffset, TIME_BYTES).getBigUint64(0));
  return Number.isSafeInteger(at) ? at : null;
}

/** The same checkpoint with more signatures under it; those that it has already stay one. */
export function withSignatures({ note }: Checkpoint, more: readonly NoteSignature[]): string {
  const has = (one: NoteSignature): boolean =>
    note.signatures.some(({ name, id }) => name === one.name && id === one.id);
  return encodeNote({
    text: note.text,
    signatures: [...note.signatures, ...more.filter((one) => !has(one))],
  });
}

/**
 * Those of the signatures that are these witnesses' own: what a witness sends under another's name would have the whole note refused.
 * @see C2SP tlog-witness: cosignatures of unknown keys are ignored
 */
export function soundCosignatures(
  { note, ...head }: Checkpoint,
  signatures: readonly NoteSignature[],
  witnesses: readonly VerifierKey[],
  verify: VerifySignature,
): readonly NoteSignature[] {
  return signatures.filter((signature) => {
    const alone = { ...head, note: { text: note.text, signatures: [signature] } };
    return witnesses.some((witness) => {
      try {
        return cosignedAt(alone, witness, verify) !== null;
      } catch {
        return false;
      }
    });
  });
}
