// A node's own keys as the trust file that a partner can save as it is.

import { publicJwk } from '../signature/public-jwk.js';
import type { KeyRecord } from './key-record.js';

type PublishedOwner = Pick<KeyRecord, 'issuer' | 'scope' | 'statusBase'>;

/**
 * A JWK set (RFC 7517, section 5) with the members that `parseTrustFile` reads: each key keeps its purpose, its window and its
 * state, so that a saved status key signs no credential and a retired key stays retired. An announced key stands as active, so that a
 * set that was saved before goes on when that key begins to sign.
 */
export function publishKeys(
  { issuer, scope, statusBase }: PublishedOwner,
  records: readonly KeyRecord[],
): Readonly<Record<string, unknown>> {
  return { issuer, scope, statusBase, keys: records.map(publishedKey) };
}

function publishedKey({ key, kid, use, notBefore, notAfter, state }: KeyRecord): Record<string, unknown> {
  return {
    ...publicJwk(key),
    kid,
    use: 'sig',
    purpose: use,
    ...(notBefore === null ? {} : { nbf: notBefore }),
    ...(notAfter === null ? {} : { exp: notAfter }),
    state: state === 'announced' ? 'active' : state,
  };
}
