// What comes of asking a partner for something: its bytes, or a word for why not. Never an exception.

/** Why nothing was taken; the words are labels of a metric. */
export type PeerFailure =
  | 'url'
  | 'name'
  | 'address'
  | 'connection'
  | 'deadline'
  | 'too_large'
  | 'encoding'
  | 'content_type'
  | 'redirect'
  | 'not_found'
  | 'forbidden'
  | 'not_modified'
  | 'http_status';

export type PeerAnswer =
  | {
      readonly kind: 'fresh';
      /** One of those that were asked for. */
      readonly mediaType: string;
      readonly body: Uint8Array;
      readonly etag: string | null;
    }
  /** What was named by its entity tag is current. */
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'failed'; readonly rule: PeerFailure };

/** An answer that is none, thrown inside this folder. */
export class PeerRefusal extends Error {
  readonly rule: PeerFailure;

  constructor(rule: PeerFailure) {
    super(`The partner's answer is not taken: ${rule}.`);
    this.rule = rule;
  }
}
