// One status base belongs to one issuer: whoever could name another's would be judged by lists that never spoke of its codes.

import type { KeyRecord } from './key-record.js';

/** The one spelling that list uris are compared with: no part of it leads upwards, out of the prefix that it begins with. */
export const STATUS_BASE =
  /^https?:\/\/[a-z0-9.:[\]-]{1,255}\/(?:(?!\.{1,2}\/)[A-Za-z0-9._~-]{1,64}\/){0,8}$/;

/** The rule under which the records of a base's second issuer are left out. */
export const STATUS_BASE_TAKEN = 'status_base_taken';

/**
 * Says of one record after the other whether it may stand. A base belongs to the node that this is made for, or else to the first
 * issuer that names it. A tombstone always stands: it brings no status with it.
 */
export function createBaseClaims(
  own: Pick<KeyRecord, 'issuer' | 'statusBase'>,
): (record: KeyRecord) => boolean {
  const owners = new Map([[own.statusBase, own.issuer]]);
  return ({ statusBase, issuer, state }) => {
    if (statusBase === null || state === 'revoked') return true;
    if (!owners.has(statusBase)) owners.set(statusBase, issuer);
    return owners.get(statusBase) === issuer;
  };
}
