// Why a trust document or one of its entries is not taken: one stable name and one sentence for each rule.

import { YimaError } from '../../errors/yima-error.js';

export const DOCUMENT_RULES = {
  too_long: 'The document is longer than 2 MiB. Delegate to child authorities instead of listing everything.',
  not_json: 'The document is not JSON of one meaning. Take the file as it was published.',
  not_canonical: 'The document is not in its one form. Write it with yima trust sign or yima trust merge.',
  form: 'A member is missing, one too many, or not of its form. Compare with docs/trust.md.',
  header:
    'A signature header is not exactly alg, kid and typ of a trust document. Sign with yima trust sign.',
  type: 'The document is of another type than its signatures say.',
  signature_order:
    'The signatures are not in the order of their keys, one a key. Put them together with yima trust merge.',
  too_many:
    'The document holds more signatures, entries or keys than are allowed. Delegate to child authorities.',
  threshold: 'Fewer distinct keys have signed than the threshold asks for. Let another custodian sign.',
  lifetime: 'The document must end after it begins, within 400 days. Correct exp.',
  expired: 'The document has expired. Sign a new version.',
  from_future: 'The document was signed later than now. Look at the clocks.',
  key: 'A key that must be able to sign is not admissible. Put another in its place.',
  key_twice: 'One key stands twice among those that must be distinct. Name another key.',
  pin: 'The first root is not the one that this node is pinned to. Compare the pin over a second channel.',
  no_root: 'No root is known here. Import the root first.',
  unknown_authority:
    'No accepted list names this authority with keys for lists. Its parent must list it first.',
  wrong_authority: 'The list is not the one of the authority that it was sent for.',
  parent_expired: "The list of the authority's parent has expired. The parent must sign a new version.",
  rollback: 'An older version than the one known. Fetch the newest.',
  fork: 'Another document of the same version is known. Two versions exist: ask the authority which one it signed.',
  fast_forward: 'The version jumps too far ahead. Count on from the version before.',
  prev: 'The document does not follow the version before (prev). Draft it anew from the newest version.',
  time_back: 'The document was signed earlier than the version before. Look at the clock of the desk.',
  tombstone_removed: 'A revocation of the version before is missing. Revocations stay for ever.',
  key_revoked: 'A revoked key is listed again. Make a new key.',
  state_back: 'A key goes back to an earlier state. States go forward alone.',
  key_dropped: 'A key in use is gone without a word. List it as removed first.',
} as const;

export type DocumentRule = keyof typeof DOCUMENT_RULES;

/** @param detail `field`: where, in the document's own words; `cause`: what it comes from */
export function refuseDocument(
  rule: DocumentRule,
  detail: { readonly field?: string; readonly cause?: unknown } = {},
): YimaError {
  const where = detail.field === undefined ? '' : ` (${detail.field})`;
  return new YimaError('list_refused', `${DOCUMENT_RULES[rule]}${where}`, { rule, ...detail });
}
