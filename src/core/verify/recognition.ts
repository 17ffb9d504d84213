// How a code is recognised here: the three ways between provinces, told by whose key signed it and what region it claims.

import { normalizeRegion } from '../codec/region.js';
import type { Claims } from '../credential/kind.js';
import { REGION } from '../credential/kinds/common-fields.js';
import { SOURCE_ISSUER } from '../credential/kinds/own-fields.js';
import type { KeyRecord } from '../trust/key-record.js';

/**
 * local: of this verifier's own province. direct: another province's code, read as it is. hub: a code of a national authority.
 * translated: a national authority's code in place of another's.
 */
export const RECOGNITIONS = ['local', 'direct', 'hub', 'translated'] as const;
export type Recognition = (typeof RECOGNITIONS)[number];

/** A national authority's key is one that may sign for every region. */
function isNational({ scope }: KeyRecord): boolean {
  return scope.region === '';
}

/** Whether it says that it stands for another's code. */
function isTranslated(claims: Claims): boolean {
  return claims[SOURCE_ISSUER] !== undefined;
}

/** Whether the code says so though its signer may not translate. */
export function isFalseTranslation(claims: Claims, signer: KeyRecord): boolean {
  return !isNational(signer) && isTranslated(claims);
}

/**
 * @param claims of a proven code of ours
 * @param here region prefix of the verifier, normalised; '' is in no province
 */
export function recognitionOf(claims: Claims, signer: KeyRecord, here: string): Recognition {
  if (isNational(signer)) return isTranslated(claims) ? 'translated' : 'hub';
  const region = normalizeRegion(String(claims[REGION.name]));
  return here !== '' && region[0] === here[0] && region[1] === here[1] ? 'local' : 'direct';
}
