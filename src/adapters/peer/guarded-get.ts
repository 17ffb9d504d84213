// One GET to a partner, who may be slow, hostile or in others' hands.

import { exchange, type GuardedDeps } from './guarded-exchange.js';
import type { PeerAnswer } from './peer-answer.js';
import { readAnswer } from './read-answer.js';

export interface PeerRequest {
  /** From a trust entry. */
  readonly url: string;
  /** Exact media types, the preferred one first. */
  readonly mediaTypes: readonly string[];
  /** The most bytes of the body, packed and unpacked. */
  readonly maxBytes: number;
  /** Of what is held; null when nothing is. */
  readonly etag: string | null;
  /** An API key of that partner; null for none. */
  readonly bearer: string | null;
  /** Further headers of the request. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Never rejects. */
export type GuardedGet = (request: PeerRequest) => Promise<PeerAnswer>;

export function createGuardedGet(deps: GuardedDeps): GuardedGet {
  return (request) => {
    const { url, mediaTypes, etag, bearer } = request;
    const headers = {
      accept: mediaTypes.join(', '),
      'accept-encoding': 'gzip',
      ...(etag === null ? {} : { 'if-none-match': etag }),
      ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
      ...request.headers,
    };
    return exchange({ url, method: 'GET', headers }, deps, (message) =>
      readAnswer(message, { ...request, isConditional: etag !== null }),
    );
  };
}
