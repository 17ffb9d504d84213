// A document with what was found out about its signatures: each costs a verification once, however often lists are resolved anew.

import type { VerifySignature } from '../../signature/ports.js';
import { createSigningInput, type DocumentSignature, type SignedDocument } from './signed-document.js';
import type { TrustedKey } from './trusted-key.js';

export interface SignerCount {
  /** How many distinct ones of these keys have signed; false signatures and those of other keys count for nothing. */
  readonly among: (keys: readonly TrustedKey[]) => number;
  /** The same in pieces: yields after each key, since each hashes the whole document, which may be long. */
  readonly count: (keys: readonly TrustedKey[]) => Generator<void, number>;
}

/** Keys are told apart by their thumbprints. What a signature came to is remembered, so `verify` is asked once a key. */
export function createSignerCount(document: SignedDocument, verify: VerifySignature): SignerCount {
  return countSigners(document.signatures, createSigningInput(document), verify);
}

/** @param inputFor what the key of a signature signed */
export function countSigners(
  given: readonly DocumentSignature[],
  inputFor: (by: DocumentSignature) => Uint8Array,
  verify: VerifySignature,
): SignerCount {
  const signatures = new Map(given.map((signature) => [signature.kid, signature]));
  const found = new Map<string, boolean>();
  const hasSigned = ({ key, thumbprint }: TrustedKey): boolean => {
    const known = found.get(thumbprint);
    if (known !== undefined) return known;
    const signature = signatures.get(thumbprint);
    const isSound =
      signature !== undefined &&
      signature.algorithm === key.algorithm &&
      verify(key, inputFor(signature), signature.signature);
    found.set(thumbprint, isSound);
    return isSound;
  };
  const among = (keys: readonly TrustedKey[]): number =>
    new Set(keys.filter(hasSigned).map(({ thumbprint }) => thumbprint)).size;
  return {
    among,
    count: function* count(keys) {
      for (const key of keys) {
        hasSigned(key);
        yield;
      }
      return among(keys);
    },
  };
}
