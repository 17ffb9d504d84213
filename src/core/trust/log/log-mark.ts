// What a verifier remembers of a log, so that nobody can show it a shorter or another one later.

import { equalBytes } from '../../codec/bytes.js';
import { YimaError } from '../../errors/yima-error.js';
import type { Sha256 } from '../../signature/public-key.js';
import { isConsistent, type TreeHead } from './check-proofs.js';

function refuse(rule: string, message: string): YimaError {
  return new YimaError('list_refused', message, { rule });
}

/**
 * Whether the head continues the one that is remembered.
 * @param proof of consistency from the remembered head; may be absent for the same head alone
 * @throws YimaError `list_refused`, rules log_shrank, log_forked, consistency
 */
export function checkContinues(
  mark: TreeHead | null,
  head: TreeHead,
  proof: readonly Uint8Array[] | null,
  sha256: Sha256,
): void {
  if (mark === null) return;
  if (head.size < mark.size)
    throw refuse('log_shrank', 'The log is shorter than the one seen before. Tell the hub.');
  if (head.size === mark.size) {
    if (equalBytes(head.root, mark.root)) return;
    throw refuse(
      'log_forked',
      'The log of this size is another than the one seen before. Tell the hub and the witnesses.',
    );
  }
  if (proof === null || !isConsistent(mark, head, proof, sha256)) {
    throw refuse('consistency', 'Nothing shows that the log continues the one seen before.');
  }
}
