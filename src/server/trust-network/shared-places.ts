// The places that trust documents have among the nodes of one Redis: `root/VERSION` and `list/AUTHORITY`.

import type { TrustNetwork } from '../../core/trust/network/network.js';
import type { SharedDocument, SharedMark } from '../../core/trust/share-port.js';

export type SharedNetwork = Pick<TrustNetwork, 'roots' | 'root' | 'list' | 'lists'>;

export function placeOf(authority: string, version: number): string {
  return authority === 'root' ? `root/${version}` : `list/${authority}`;
}

/** The authority that a place is for: `root`, or the one of its list. */
export function authorityAt(place: string): string {
  return place.startsWith('root/') ? 'root' : place.slice('list/'.length);
}

/** Which version of a place is held here; 0 for none. */
export function heldVersion(network: SharedNetwork, { place, version }: SharedMark): number {
  if (!place.startsWith('root/')) return network.list(authorityAt(place))?.version ?? 0;
  return place === `root/${version}` && version <= (network.root()?.version ?? 0) ? version : 0;
}

export function heldAt(network: SharedNetwork, place: string): SharedDocument | undefined {
  const held = place.startsWith('root/')
    ? network.roots()[Number(place.slice('root/'.length)) - 1]
    : network.list(authorityAt(place));
  if (held === undefined) return undefined;
  const { version, document } = held;
  return { place, version, hash: document.hash, text: document.text };
}

/** Of everything that is held, roots first. */
export function* sharedMarks(network: SharedNetwork): Generator<SharedMark> {
  for (const { version, document } of network.roots())
    yield { place: `root/${version}`, version, hash: document.hash };
  for (const { issuer, version, document } of network.lists()) {
    yield { place: `list/${issuer}`, version, hash: document.hash };
  }
}
