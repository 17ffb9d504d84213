// Where a code is shown, out of a request: one meaning or none.

import { decodeBase64url } from '../core/codec/base64url.js';
import { NONCE_BYTES } from '../core/envelope/ym2.js';
import { YimaError } from '../core/errors/yima-error.js';
import { MAX_SITE_CHARS, type Showing } from '../core/verify/showing.js';

/** 8 to 16 bytes in base64url. */
export const NONCE_PATTERN = '^[A-Za-z0-9_-]{11,22}$';

/**
 * @param caller id of the principal that asks
 * @throws YimaError `invalid_request` unless site is a text of 1 to 64 characters, or absent, and nonce 8 to 16 bytes in base64url, or absent
 */
export function readShowing(caller: string, { site, nonce }: { site?: unknown; nonce?: unknown }): Showing {
  return { caller, site: readSite(site), nonce: nonce === undefined ? null : readNonce(nonce) };
}

function readSite(site: unknown): string | null {
  if (site === undefined) return null;
  if (typeof site === 'string' && site.length > 0 && site.length <= MAX_SITE_CHARS) return site;
  throw new YimaError('invalid_request', `A site is a text of 1 to ${MAX_SITE_CHARS} characters.`, {
    field: 'site',
  });
}

function readNonce(nonce: unknown): Uint8Array {
  const bytes = typeof nonce === 'string' && nonce.length <= 22 ? bytesOf(nonce) : null;
  if (bytes !== null && bytes.length >= NONCE_BYTES.fewest && bytes.length <= NONCE_BYTES.most) return bytes;
  throw new YimaError('invalid_request', 'A nonce is 8 to 16 bytes in base64url.', { field: 'nonce' });
}

function bytesOf(text: string): Uint8Array | null {
  try {
    return decodeBase64url(text);
  } catch {
    return null; // characters that stand for no bytes
  }
}
