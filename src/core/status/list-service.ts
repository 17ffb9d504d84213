// Serving our own lists: the signed bytes with their entity tag, made on demand and kept while they hold.

import { encodeBase64url } from '../codec/base64url.js';
import { asciiEncode } from '../codec/bytes.js';
import type { Signer } from '../signature/ports.js';
import type { Sha256 } from '../signature/public-key.js';
import type { ListSnapshot } from './arena.js';
import { type Deflate, LIST_DEFLATE_LEVEL, type StatusListClaims } from './list-claims.js';
import { encodeListCwt } from './list-cwt.js';
import { LIST_MEDIA_TYPES, type ListForm } from './list-forms.js';
import { encodeListJwt } from './list-jwt.js';
import { LIST_TIMES, type ListTimes, needsNewToken, type SignedState } from './list-times.js';

export interface ServedList {
  /** The token: ASCII of the JWT, or the CWT. */
  readonly body: Uint8Array;
  readonly mediaType: string;
  /** Strong, quoted; stays while the token does. */
  readonly etag: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly ttlSeconds: number;
}

export interface ListServiceDeps {
  /** Our statusBase, ending in `/`. */
  readonly base: string;
  readonly lists: {
    readonly changes: (base: string, number: number) => number | undefined;
    readonly snapshot: (base: string, number: number) => ListSnapshot | undefined;
  };
  readonly signer: () => Signer;
  readonly deflate: Deflate;
  readonly sha256: Sha256;
  readonly times?: ListTimes;
}

export interface ListService {
  /**
   * The list's token, signed anew only where `needsNewToken` says so; undefined: no such list.
   * @param asOf when what is held was last known to be current, epoch seconds: the `iat` of a token signed now, so that a
   *   token never looks fresher than what is in it. While it stands still, so does the token
   */
  readonly find: (number: number, form: ListForm, asOf: number) => ServedList | undefined;
}

interface Kept {
  readonly signed: SignedState;
  readonly signer: Signer;
  readonly claims: StatusListClaims & { readonly expiresAt: number };
  readonly served: Map<ListForm, ServedList>;
}

/** Keeps one token a list and form. Compressing and signing happen on demand, so lists nobody asks for cost nothing. */
export function createListService(deps: ListServiceDeps): ListService {
  const times = deps.times ?? LIST_TIMES;
  const kept = new Map<number, Kept>();

  const renew = (number: number, signer: Signer, kid: string, asOf: number): Kept | undefined => {
    const list = deps.lists.snapshot(deps.base, number);
    if (list === undefined) return undefined;
    const before = kept.get(number);
    const unchanged = before !== undefined && before.signed.changes === list.changes;
    const claims = {
      uri: `${deps.base}${number}`,
      issuedAt: asOf,
      notBefore: null,
      expiresAt: asOf + times.lifetimeSeconds,
      ttlSeconds: times.ttlSeconds,
      bits: list.bits,
      compressed: unchanged ? before.claims.compressed : deps.deflate(list.bytes, LIST_DEFLATE_LEVEL),
    };
    const fresh: Kept = {
      signed: { changes: list.changes, issuedAt: asOf, kid },
      signer,
      claims,
      served: new Map(),
    };
    kept.set(number, fresh);
    return fresh;
  };

  const current = (number: number, asOf: number): Kept | undefined => {
    const changes = deps.lists.changes(deps.base, number);
    if (changes === undefined) return undefined;
    const signer = deps.signer();
    const kid = encodeBase64url(signer.kid);
    const held = kept.get(number);
    return needsNewToken(held?.signed, { changes, kid, now: asOf }, times)
      ? renew(number, signer, kid, asOf)
      : held;
  };

  return {
    find: (number, form, asOf) => {
      const list = current(number, asOf);
      if (list === undefined) return undefined;
      const ready = list.served.get(form) ?? serve(list, form, deps.sha256, times);
      list.served.set(form, ready);
      return ready;
    },
  };
}

function serve({ claims, signer }: Kept, form: ListForm, sha256: Sha256, times: ListTimes): ServedList {
  const body = form === 'jwt' ? asciiEncode(encodeListJwt(claims, signer)) : encodeListCwt(claims, signer);
  return {
    body,
    mediaType: LIST_MEDIA_TYPES[form],
    etag: `"${encodeBase64url(sha256(body).subarray(0, 16))}"`,
    issuedAt: claims.issuedAt,
    expiresAt: claims.expiresAt,
    ttlSeconds: times.ttlSeconds,
  };
}
