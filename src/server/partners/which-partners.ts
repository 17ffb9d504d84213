// Whose lists are fetched: every other authority's that the key table knows a status base of.

import type { KeyTable } from '../../core/trust/key-record.js';

export interface Partner {
  readonly issuer: string;
  /** Prefix of its list URIs, ending in `/`: the only address that is ever asked. */
  readonly base: string;
}

/**
 * A base belongs to one issuer (trust/status-bases.ts), an issuer may have several. One without a key that signs lists is asked for
 * nothing: no list of it could be believed.
 * @param others bases that are nobody's to fetch: our own, and the demo's, whose partner does not exist
 */
export function partnersOf({ records }: KeyTable, others: ReadonlySet<string>): readonly Partner[] {
  const found = new Map<string, Partner>();
  for (const { format, issuer, statusBase, use, state } of records) {
    if (format !== 'yima' || issuer === null || statusBase === null || others.has(statusBase)) continue;
    if (use !== 'status' || (state !== 'active' && state !== 'retired')) continue;
    found.set(statusBase, { issuer, base: statusBase });
  }
  return [...found.values()];
}
