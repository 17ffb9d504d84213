// Keys of signed notes: a name and a type bound to the key by a short id (C2SP signed-note).

import { decodeBase64, encodeBase64 } from '../../codec/base64.js';
import { concatBytes, hexEncode, utf8Encode } from '../../codec/bytes.js';
import { checkPublicKey } from '../../signature/admissible-key.js';
import type { PublicKey, Sha256 } from '../../signature/public-key.js';

/** 1: the note's text is signed. 4: a cosignature, with its time. */
export const NOTE_TYPES = { note: 1, cosignature: 4 } as const;
export type NoteType = keyof typeof NOTE_TYPES;

export interface VerifierKey {
  readonly name: string;
  readonly type: NoteType;
  /** 4 bytes, hex: first bytes of SHA-256(name || 0x0A || type || key). */
  readonly id: string;
  readonly key: Extract<PublicKey, { algorithm: 'Ed25519' }>;
}

const NAME = /^[^\s+\p{Cc}]{1,128}$/u;
const ED25519_BYTES = 32;

export function isKeyName(name: string): boolean {
  return NAME.test(name);
}

export function createVerifierKey(name: string, type: NoteType, x: Uint8Array, sha256: Sha256): VerifierKey {
  const typed = concatBytes(Uint8Array.of(NOTE_TYPES[type]), x);
  const digest = sha256(concatBytes(utf8Encode(`${name}\n`), typed));
  return { name, type, id: hexEncode(digest.subarray(0, 4)), key: { algorithm: 'Ed25519', x } };
}

/** `name+id+base64(type || key)` */
export function encodeVerifierKey({ name, type, id, key }: VerifierKey): string {
  return `${name}+${id}+${encodeBase64(concatBytes(Uint8Array.of(NOTE_TYPES[type]), key.x))}`;
}

/** @returns null for what is no key of ours: another form, an unknown type, a false id, a key that is not admissible */
export function parseVerifierKey(text: string, sha256: Sha256): VerifierKey | null {
  const [name, id, encoded, ...more] = splitKey(text);
  if (name === undefined || id === undefined || encoded === undefined || more.length > 0) return null;
  if (!isKeyName(name)) return null;
  try {
    const bytes = decodeBase64(encoded);
    const type = typeOf(bytes[0]);
    if (type === null || bytes.length !== 1 + ED25519_BYTES) return null;
    const key = createVerifierKey(name, type, bytes.slice(1), sha256);
    checkPublicKey(key.key);
    return key.id === id ? key : null;
  } catch {
    return null;
  }
}

/** Names hold no plus; base64 may. */
function splitKey(text: string): readonly string[] {
  const first = text.indexOf('+');
  const second = text.indexOf('+', first + 1);
  if (first < 0 || second < 0) return [];
  return [text.slice(0, first), text.slice(first + 1, second), text.slice(second + 1)];
}

function typeOf(byte: number | undefined): NoteType | null {
  if (byte === NOTE_TYPES.note) return 'note';
  return byte === NOTE_TYPES.cosignature ? 'cosignature' : null;
}
