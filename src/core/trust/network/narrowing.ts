// One entry against what its authority was granted: inside on every side, or dropped with the side on which it is not.

import { normalizeRegion, prefixCovers } from '../../codec/region.js';
import type { ListEntry } from '../documents/list.js';
import type { KeyScope } from '../key-record.js';
import type { Grant } from './grant.js';

export const DROP_REASONS = {
  no_key: 'None of its keys is admissible.',
  threshold: 'Fewer of its keys are admissible than must sign.',
  format_outside: 'Foreign formats are vouched for by an authority of the whole country alone.',
  name_outside: 'The name is not under the name of the authority.',
  region_outside: "The region is not inside the authority's.",
  kinds_outside: 'It names kinds that the authority does not have.',
  window_outside: "The window is not inside the authority's.",
  depth_exceeded: 'There may be no list at this depth.',
  cycle: 'An authority above has this name already.',
  authority_taken: 'Another authority names this one already.',
  entry_twice: 'The list names this authority for lists already.',
  status_base_outside: "The status base is not under the authority's.",
  status_base_overlaps: 'The status base lies under one that the list gives to somebody else.',
} as const;

export type DropReason = keyof typeof DROP_REASONS;

/** What an entry may sign in the end. */
export interface Narrowed {
  readonly scope: KeyScope;
  readonly notBefore: number | null;
  readonly notAfter: number | null;
}

/** The rules of one entry alone; those between entries of a list are in `resolve-list.ts`. */
export function narrow(entry: ListEntry, grant: Grant): Narrowed | DropReason {
  if (entry.keys.length === 0) return 'no_key';
  if (entry.keys.length < (entry.threshold ?? 1)) return 'threshold';
  if (entry.format !== 'yima' && grant.scope.region !== '') return 'format_outside';
  if (entry.format === 'yima' && !isNameInside(entry, grant)) return 'name_outside';
  if (!prefixCovers(grant.scope.region, entry.scope.region)) return 'region_outside';
  if (!areKindsInside(grant.scope.kinds, entry.scope.kinds)) return 'kinds_outside';
  if (!isWindowInside(entry, grant)) return 'window_outside';
  if (entry.use === 'list' && (entry.depth ?? 0) >= grant.depth) return 'depth_exceeded';
  if (entry.use === 'list' && [...grant.path, grant.name].includes(entry.sub ?? '')) return 'cycle';
  if (!isBaseInside(entry.statusBase, grant.statusBase)) return 'status_base_outside';
  return {
    scope: { region: entry.scope.region, kinds: entry.scope.kinds ?? grant.scope.kinds },
    notBefore: entry.notBefore ?? grant.notBefore,
    notAfter: entry.notAfter ?? grant.notAfter,
  };
}

const DIGITS = /^[0-9]+$/;

/**
 * An authority names itself, names that end in its own behind a point, and, when it is called by a region's digits, regions inside
 * it; so no two can speak for one issuer. The hub may name anybody.
 */
function isNameInside({ sub, scope }: ListEntry, { name, path }: Grant): boolean {
  if (sub === null) return false;
  const isRegion = DIGITS.test(sub);
  if (isRegion && sub !== name && !prefixCovers(sub, scope.region)) return false;
  if (path.length === 0 || sub === name || sub.endsWith(`.${name}`)) return true;
  return isRegion && DIGITS.test(name) && normalizeRegion(sub).startsWith(normalizeRegion(name));
}

function areKindsInside(outer: readonly string[] | null, inner: readonly string[] | null): boolean {
  return outer === null || inner === null || inner.every((kind) => outer.includes(kind));
}

/** A bound that is not named is the authority's own. */
function isWindowInside({ notBefore, notAfter }: ListEntry, grant: Grant): boolean {
  const from = grant.notBefore ?? Number.NEGATIVE_INFINITY;
  const to = grant.notAfter ?? Number.POSITIVE_INFINITY;
  return [notBefore, notAfter].every((bound) => bound === null || (from <= bound && bound <= to));
}

function isBaseInside(base: string | null, prefix: string | null): boolean {
  return base === null || (prefix !== null && base.startsWith(prefix));
}
