// What an authority may vouch for: everything that its own list is narrowed by.

import type { TrustedKey } from '../documents/trusted-key.js';
import type { KeyScope } from '../key-record.js';

/** Keys that are dead for an authority and all below it, by thumbprint: its own and those of the authorities above. */
export interface Dead {
  readonly own: ReadonlySet<string>;
  readonly above: Dead | null;
}

export function isDead(dead: Dead | null, thumbprint: string): boolean {
  for (let each = dead; each !== null; each = each.above) if (each.own.has(thumbprint)) return true;
  return false;
}

export interface Grant {
  /** The authority that it is given to. */
  readonly name: string;
  /** Names of the authorities from the hub down to the one that gives it; empty for the hub's own. */
  readonly path: readonly string[];
  readonly scope: KeyScope;
  /** Further levels of lists that there may be below its list. */
  readonly depth: number;
  /** Epoch seconds; null: no bound. */
  readonly notBefore: number | null;
  readonly notAfter: number | null;
  /** What the status bases of its entries begin with; '' for any, null for none. */
  readonly statusBase: string | null;
  /** Who signs its list, and how many of them. */
  readonly keys: readonly TrustedKey[];
  readonly threshold: number;
  /** Whether new versions of its list are taken, inside the window; a retired authority's last one stands. */
  readonly isOpen: boolean;
  /** The first end of the root and the lists above, epoch seconds. */
  readonly trustedUntil: number;
  /** Of the authorities above. */
  readonly dead: Dead | null;
}

/** Whether both allow the same to the same keys. */
export function sameGrant(a: Grant, b: Grant): boolean {
  return a === b || (textOf(a) === textOf(b) && sameDead(a.dead, b.dead));
}

function textOf({ dead: _dead, keys, ...rest }: Grant): string {
  return JSON.stringify([rest, keys.map(({ thumbprint }) => thumbprint)]);
}

function sameDead(a: Dead | null, b: Dead | null): boolean {
  if (a === b) return true;
  if (a === null || b === null || a.own.size !== b.own.size) return false;
  for (const thumbprint of a.own) if (!b.own.has(thumbprint)) return false;
  return sameDead(a.above, b.above);
}
