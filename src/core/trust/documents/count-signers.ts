// How many distinct keys have signed a document: by thumbprint, since one key can go under many names and sign many times.

import type { VerifySignature } from '../../signature/ports.js';
import { type SignedDocument, signingInput } from './signed-document.js';
import type { TrustedKey } from './trusted-key.js';

/**
 * Counts the keys among `keys` that have a sound signature on the document; signatures of other keys count for nothing, and a false
 * one of a known key never stops the counting.
 * @param keys admitted ones
 */
export function countSigners(
  document: SignedDocument,
  keys: readonly TrustedKey[],
  verify: VerifySignature,
): number {
  const known = new Map(keys.map((key) => [key.thumbprint, key]));
  const signers = document.signatures.filter((signature) => {
    const by = known.get(signature.kid);
    if (by === undefined || by.key.algorithm !== signature.algorithm) return false;
    return verify(by.key, signingInput(document, signature), signature.signature);
  });
  return new Set(signers.map(({ kid }) => kid)).size;
}
