// Where a code is shown, out of a request: one meaning or none.

import { decodeBase64url } from '../core/codec/base64url.js';
import { MAX_SITE_CHARS } from '../core/codec/names.js';
import { NONCE_BYTES } from '../core/envelope/ym2.js';
import { YimaError } from '../core/errors/yima-error.js';
import type { Principal } from '../core/issue/principal.js';
import type { Showing } from '../core/verify/showing.js';

/** 8 to 16 bytes in base64url. */
export const NONCE_PATTERN = '^[A-Za-z0-9_-]{11,22}$';

/**
 * @param asker a key that stands for one checkpoint speaks for that one alone
 * @throws YimaError `forbidden` for the name of another checkpoint; `invalid_request` unless site is a text of 1 to 64 characters, or absent, and nonce 8 to 16 bytes in base64url, or absent
 */
export function readShowing(
  asker: Pick<Principal, 'id' | 'place'>,
  { site, nonce }: { site?: unknown; nonce?: unknown },
): Showing {
  const named = readSite(site);
  if (!maySpeakFor(asker, named)) {
    throw new YimaError('forbidden', 'This API key stands for another checkpoint. Leave the site out.', {
      rule: 'other_site',
    });
  }
  const place = asker.place ?? named;
  return { caller: asker.id, site: place, nonce: nonce === undefined ? null : readNonce(nonce) };
}

export function maySpeakFor({ place }: Pick<Principal, 'place'>, site: string | null): boolean {
  return place === undefined || site === null || site === place;
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
