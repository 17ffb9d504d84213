// Fingerprints as people read them to each other: in groups of four, and back.

import { sha256 } from '../../adapters/crypto-node.js';
import { decodeBase64url, encodeBase64url } from '../../core/codec/base64url.js';
import { YimaError } from '../../core/errors/yima-error.js';
import { parsePublicJwk } from '../../core/signature/public-jwk.js';
import { thumbprint } from '../../core/signature/thumbprint.js';
import { isThumbprint } from '../../core/trust/documents/signed-document.js';

/** A thumbprint or hash, 43 characters, as ten groups of four and one of three. */
export function inGroups(hash: string): string {
  return hash.match(/.{1,4}/g)?.join(' ') ?? '';
}

/**
 * A thumbprint or hash as somebody typed or pasted it, with or without its spaces.
 * @throws YimaError `invalid_request`
 */
export function readHash(text: string, field: string): string {
  const hash = text.replace(/\s+/g, '');
  if (isThumbprint(hash)) return hash;
  throw new YimaError('invalid_request', `--${field} takes the 43 characters of a fingerprint.`, { field });
}

const KID_BYTES = 8;

/** The key id that codes of ours name: the first 8 bytes of the thumbprint. */
export function kidOf(print: string): string {
  return encodeBase64url(decodeBase64url(print).subarray(0, KID_BYTES));
}

/** The thumbprint of a JWK of any format; '' for what is none. */
export function publicThumbprint(jwk: unknown): string {
  try {
    return encodeBase64url(thumbprint(parsePublicJwk(jwk), sha256));
  } catch {
    return '';
  }
}
