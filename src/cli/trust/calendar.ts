// What of a trust network ends when: the root, lists, and entries whose window closes.

import type { TrustNetwork } from '../../core/trust/network/network.js';

export interface Ending {
  /** Epoch seconds. */
  readonly at: number;
  readonly what: 'root' | 'list' | 'key';
  /** Whose root or list it is, or in whose list the entry stands. */
  readonly authority: string;
  /** Of a key: whose it is. */
  readonly sub: string | null;
  readonly use: string | null;
  readonly thumbprint: string | null;
}

const IN_USE: readonly string[] = ['announced', 'active'];

/** Soonest first; keys that are retired, removed or revoked end nothing. */
export function endings(network: TrustNetwork): readonly Ending[] {
  const none = { sub: null, use: null, thumbprint: null };
  const root = network.root();
  const found: Ending[] = [];
  if (root !== null) found.push({ at: root.expiresAt, what: 'root', authority: 'root', ...none });
  for (const { list, standing } of network.authorities().values()) {
    if (list === null || standing !== 'counts') continue;
    const authority = list.issuer;
    found.push({ at: list.expiresAt, what: 'list', authority, ...none });
    const dead = new Set(list.revoked.map(({ thumbprint }) => thumbprint));
    for (const { sub, use, keys, notAfter, state } of list.entries) {
      if (notAfter === null || !IN_USE.includes(state)) continue;
      for (const { thumbprint } of keys) {
        if (!dead.has(thumbprint)) found.push({ at: notAfter, what: 'key', authority, sub, use, thumbprint });
      }
    }
  }
  return found.sort((a, b) => a.at - b.at || (a.authority < b.authority ? -1 : 1));
}
