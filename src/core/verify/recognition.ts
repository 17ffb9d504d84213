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

/** Whether the code says that it stands for another's though its signer may not translate. */
export function isFalseTranslation(claims: Claims, signer: KeyRecord): boolean {
  return Object.hasOwn(claims, SOURCE_ISSUER) && !isNational(signer);
}

/**
 * @param claims of a proven code of ours
 * @param here region prefix of the verifier, normalised; '' is in no province
 */
export function recognitionOf(claims: Claims, signer: KeyRecord, here: string): Recognition {
  if (isNational(signer)) return Object.hasOwn(claims, SOURCE_ISSUER) ? 'translated' : 'hub';
  const province = normalizeRegion(String(claims[REGION.name])).slice(0, 2);
  return here.startsWith(province) ? 'local' : 'direct';
}
