// Holds an office's key to its regions and kinds, before anything is done or shown. A key without bounds costs nothing here.

import { prefixCovers } from '../core/codec/region.js';
import type { Principal } from '../core/issue/principal.js';
import { outOfReach, reaches } from '../core/issue/reach.js';
import type { CredentialRow } from '../core/issue/store.js';
import type { AppDeps } from './deps.js';

type Find = AppDeps['registry']['find'];

/** @throws YimaError `forbidden`, rule `out_of_reach` */
export function checkReach({ reach }: Principal, about: Pick<CredentialRow, 'kind' | 'region'>): void {
  if (reach !== undefined && !reaches(reach, about)) throw outOfReach(reach);
}

/** The same for a credential by its id. What does not exist is for the route to say. */
export async function checkReachOf(find: Find, principal: Principal, id: string): Promise<void> {
  if (principal.reach === undefined) return;
  const found = await find(id);
  if (found !== undefined) checkReach(principal, found.credential);
}

/** The same for whatever a scope covers. @throws YimaError as `checkReach` */
export function checkScopeReach({ reach }: Principal, scope: { region?: unknown; kind?: unknown }): void {
  if (reach === undefined) return;
  const { region, kinds } = reach;
  const isInRegion =
    region === null || (typeof scope.region === 'string' && prefixCovers(region, scope.region));
  const isOfKinds = kinds === null || (typeof scope.kind === 'string' && kinds.includes(scope.kind));
  if (!isInRegion || !isOfKinds) throw outOfReach(reach);
}
