// Texts that open something for whoever has them: the id of what they open, then 128 random bits, of which only a hash is kept.

import { encodeBase32 } from '../codec/base32.js';
import { hexEncode, utf8Encode } from '../codec/bytes.js';
import type { Sha256 } from '../signature/public-key.js';
import type { Random } from './ports.js';

const SECRET_BYTES = 16;
const TEXT = /^([a-z2-7]{26})([a-z2-7]{26})$/;

export interface BearerSecret {
  readonly id: string;
  readonly secret: string;
}

export function newSecret(random: Random): string {
  return encodeBase32(random(SECRET_BYTES));
}

/** null for what has another form. */
export function parseBearer(text: string): BearerSecret | null {
  const [, id, secret] = TEXT.exec(text) ?? [];
  return id === undefined || secret === undefined ? null : { id, secret };
}

/** @param use so that a hash for one thing is none for another */
export function secretHash(use: 'offer' | 'token', secret: string, sha256: Sha256): string {
  return hexEncode(sha256(utf8Encode(`yima-${use}-v1 ${secret}`)));
}
