// The claims of a code under its kind's names: decoded when first asked for, and then no more.

import { checkClaims, decodeClaims } from '../credential/claims.js';
import type { Claims, Kind } from '../credential/kind.js';
import type { CodeFacts } from '../envelope/parsed-code.js';
import { YimaError } from '../errors/yima-error.js';

/** null where the claims break the kind's table, and where there is no table or nothing sound to read. */
export type ReadClaims = () => Claims | null;

/** A pure function of facts and kind, so that whoever keeps both may keep this too. */
export function createClaimsReader({ claims, fault }: CodeFacts, kind: Kind | undefined): ReadClaims {
  let read: Claims | null | undefined;
  return () => {
    if (read === undefined) read = kind === undefined || fault !== null ? null : readClaims(claims, kind);
    return read;
  };
}

function readClaims(claims: CodeFacts['claims'], kind: Kind): Claims | null {
  try {
    return claims.form === 'cbor'
      ? decodeClaims(kind, claims.values)
      : checkClaims(kind, claims.values, 'carried');
  } catch (error) {
    if (error instanceof YimaError && error.code === 'invalid_claims') return null;
    throw error;
  }
}
