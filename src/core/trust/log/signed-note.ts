// Signed notes (C2SP signed-note): a text that people can read, and under it a line for each signature.

import { decodeBase64, encodeBase64 } from '../../codec/base64.js';
import { concatBytes, hexDecode, hexEncode, utf8Encode } from '../../codec/bytes.js';
import { YimaError } from '../../errors/yima-error.js';
import { isKeyName } from './verifier-key.js';

export interface NoteSignature {
  readonly name: string;
  /** 4 bytes, hex. */
  readonly id: string;
  /** What follows the id: 64 bytes of a note's signature; 8 bytes of time and 64 of a cosignature. */
  readonly bytes: Uint8Array;
}

export interface SignedNote {
  /** Ends in a newline; what is signed. */
  readonly text: string;
  /** At least one; several may be of one name. */
  readonly signatures: readonly NoteSignature[];
}

const MAX_CHARS = 64 * 1024;
const MAX_SIGNATURES = 100;
const DASH = '\u2014 ';
// biome-ignore lint/suspicious/noControlCharactersInRegex: notes may hold none but the newline
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;
const SURROGATE = /\p{Surrogate}/u;

function refuse(rule: string): YimaError {
  return new YimaError('list_refused', 'The signed note is not of its form (C2SP signed-note).', { rule });
}

/** @throws YimaError `list_refused`, rules note_length, note_form, note_signature */
export function parseNote(note: string): SignedNote {
  if (note.length > MAX_CHARS) throw refuse('note_length');
  if (CONTROL.test(note) || SURROGATE.test(note)) throw refuse('note_form');
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) throw refuse('note_form');
  const text = note.slice(0, split + 1);
  const lines = note.slice(split + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw refuse('note_length');
  return { text, signatures: lines.map(parseLine) };
}

function parseLine(line: string): NoteSignature {
  const [name, encoded, ...more] = line.startsWith(DASH) ? line.slice(DASH.length).split(' ') : [];
  if (name === undefined || encoded === undefined || more.length > 0 || !isKeyName(name)) {
    throw refuse('note_signature');
  }
  let bytes: Uint8Array;
  try {
    bytes = decodeBase64(encoded);
  } catch (cause) {
    throw new YimaError('list_refused', 'A signature of the note is not base64.', {
      rule: 'note_signature',
      cause,
    });
  }
  if (bytes.length <= 4) throw refuse('note_signature');
  return { name, id: hexEncode(bytes.subarray(0, 4)), bytes: bytes.slice(4) };
}

export function encodeNote({ text, signatures }: SignedNote): string {
  return `${text}\n${signatures.map(encodeLine).join('')}`;
}

function encodeLine({ name, id, bytes }: NoteSignature): string {
  return `${DASH}${name} ${encodeBase64(concatBytes(hexDecode(id), bytes))}\n`;
}

/** The bytes that a note's own signature (type 1) is made over. */
export function noteMessage(text: string): Uint8Array {
  return utf8Encode(text);
}
