// Why something of a feed is not taken: stable words, which count in the figures and name the reason of a rebuild.

export const FEED_REFUSALS = [
  /** No COSE_Sign1 with a sound payload of this version's shape. */
  'damaged',
  /** A version that this program does not know: what is known of the issuer ages until it is upgraded. */
  'version',
  /** Signed for another issuer's base. */
  'base',
  /** No key of the issuer that may sign status now has this id. */
  'key',
  'signature',
  /** Another epoch began: the publisher built everything anew. */
  'epoch',
  /** An entry between is missing: dropped, reordered, or trimmed away. */
  'gap',
  /** The entry before is not the one that was applied. */
  'chain',
  /** The lists are not those that the entry signs. */
  'root',
  /** Behind what was already applied here: a stale replica, a restored snapshot. */
  'older',
  /** A list that is held here is no longer named, or one that is named was never begun. */
  'lists',
  /** A value that its list has no room for, or a list in another shape. */
  'shape',
  /** A list's bytes in Redis are those of no entry. */
  'digest',
  /** More changes than are kept, or sent one by one. */
  'overflow',
  /** No entry at all is there. */
  'empty',
  /** No verified entry for too long. */
  'silent',
  /** Redis did not answer. */
  'unreachable',
] as const;

export type FeedRefusal = (typeof FEED_REFUSALS)[number];
