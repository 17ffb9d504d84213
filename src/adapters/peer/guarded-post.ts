// One POST of a text to a partner, who may be slow, hostile or in others' hands; the answer is a short text of any status.

import { exchange, type GuardedDeps } from './guarded-exchange.js';
import type { PeerFailure } from './peer-answer.js';
import { readBody } from './read-answer.js';

export interface PeerPost {
  readonly url: string;
  readonly mediaType: string;
  readonly body: string;
}

export type PostAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly body: string }
  | { readonly kind: 'failed'; readonly rule: PeerFailure };

/** Never rejects. */
export type GuardedPost = (request: PeerPost) => Promise<PostAnswer>;

const MAX_ANSWER_BYTES = 64 * 1024;

export function createGuardedPost(deps: GuardedDeps): GuardedPost {
  return ({ url, mediaType, body }) => {
    const headers = { 'content-type': mediaType, 'content-length': String(Buffer.byteLength(body)) };
    return exchange({ url, method: 'POST', headers, body }, deps, async (message) => {
      const answer = await readBody(message, MAX_ANSWER_BYTES);
      return { kind: 'answered' as const, status: message.statusCode ?? 0, body: answer.toString('utf8') };
    });
  };
}
