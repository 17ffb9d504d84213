// What a trusted key may sign for: a region prefix and a set of kinds. What cannot be read is never inside a scope.

import { regionCovers } from '../codec/region.js';
import type { KeyScope } from './key-record.js';

/**
 * Whether the scope covers a credential of this kind about this region.
 * @param kind the kind's name; null when this verifier does not know the kind: only a scope of any kind covers it
 * @param region GB/T 2260 code, normalised; null when the credential names none (foreign formats): only '' covers it
 */
export function scopeCovers(scope: KeyScope, kind: string | null, region: string | null): boolean {
  const kindInside = scope.kinds === null || (kind !== null && scope.kinds.includes(kind));
  const regionInside = scope.region === '' || (region !== null && regionCovers(scope.region, region));
  return kindInside && regionInside;
}
