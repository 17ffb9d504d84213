// Why a key is trusted, or is not: the way from the root down to each entry that names it, with what each level allows.

import type { ListEntry } from '../documents/list.js';
import type { KeyState } from '../key-record.js';
import type { DropReason } from './narrowing.js';
import type { TrustNetwork } from './network.js';
import type { Authority, Standing } from './tree.js';

/** One level on the way: what an authority was granted, and by which version of its list it speaks. */
export interface Step {
  readonly authority: string;
  readonly version: number | null;
  readonly standing: Standing;
  readonly region: string;
  readonly kinds: readonly string[] | null;
  readonly depth: number;
  readonly notBefore: number | null;
  readonly notAfter: number | null;
}

/** One entry that names the key. */
export interface Explanation {
  readonly thumbprint: string;
  readonly kid: string;
  readonly entry: Pick<
    ListEntry,
    'sub' | 'use' | 'format' | 'scope' | 'notBefore' | 'notAfter' | 'statusBase'
  >;
  /** From the hub down to the authority in whose list the entry stands. */
  readonly path: readonly Step[];
  /** null: it counts for nothing, for this reason or because the list does not count. */
  readonly state: KeyState | null;
  readonly dropped: DropReason | null;
  readonly trustedUntil: number | null;
}

/**
 * Every entry of every list held that names the key.
 * @param name a thumbprint, or a kid as codes name it
 */
export function why(network: TrustNetwork, name: string): readonly Explanation[] {
  const authorities = network.authorities();
  return [...authorities.values()].flatMap((authority) => {
    const { list } = authority;
    if (list === null) return [];
    return list.entries.flatMap((entry, place) =>
      entry.keys
        .filter(({ kid, thumbprint }) => kid === name || thumbprint === name)
        .map(({ kid, thumbprint }): Explanation => {
          const record = authority.records.find((each) => each.kid === kid && isOf(each, entry));
          const { sub, use, format, scope, notBefore, notAfter, statusBase } = entry;
          return {
            thumbprint,
            kid,
            entry: { sub, use, format, scope, notBefore, notAfter, statusBase },
            path: pathOf(authority, authorities),
            state: record?.state ?? null,
            dropped: authority.dropped.find((each) => each.entry === place)?.reason ?? null,
            trustedUntil: record?.trustedUntil ?? null,
          };
        }),
    );
  });
}

function isOf(
  record: { readonly issuer: string | null; readonly use: string; readonly format: string },
  { sub, use, format }: ListEntry,
): boolean {
  return record.issuer === sub && record.use === use && record.format === format;
}

function pathOf({ grant }: Authority, authorities: ReadonlyMap<string, Authority>): readonly Step[] {
  return [...grant.path, grant.name].flatMap((name) => {
    const each = authorities.get(name);
    if (each === undefined) return [];
    const { scope, depth, notBefore, notAfter } = each.grant;
    return [
      {
        authority: name,
        version: each.list?.version ?? null,
        standing: each.standing,
        region: scope.region,
        kinds: scope.kinds,
        depth,
        notBefore,
        notAfter,
      },
    ];
  });
}
