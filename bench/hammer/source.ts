// Where sound codes come from: signed by the hammer with a key that the node trusts, or issued by the node beforehand.

import type { SignedCode, SigningNode } from '../support/signing-node.js';

export interface CodeSource {
  /** A code that is admitted, as seldom shown before as the source can. */
  readonly next: () => SignedCode;
  /** Makes a few codes ahead; for moments in which nothing else is to be done. */
  readonly refill: () => void;
  /** null: the node trusts no key of the hammer's. */
  readonly sign: SigningNode['sign'] | null;
}

const REFILL_CODES = 8;

/**
 * Each code once. Signing one takes 60 us, so `reserve` of them are made beforehand and kept up.
 * @param reserve how many
 */
export function signedSource(sign: SigningNode['sign'], reserve: number): CodeSource {
  const ready = Array.from({ length: reserve }, () => sign());
  return {
    next: () => ready.pop() ?? sign(),
    refill: () => {
      for (let i = 0; i < REFILL_CODES && ready.length < reserve; i += 1) ready.push(sign());
    },
    sign,
  };
}

/** These codes in turn, for ever. */
export function issuedSource(codes: readonly SignedCode[]): CodeSource {
  let taken = 0;
  const next = (): SignedCode => {
    const code = codes[taken % codes.length];
    if (code === undefined) throw new Error('no code was issued');
    taken += 1;
    return code;
  };
  return { next, refill: () => undefined, sign: null };
}
