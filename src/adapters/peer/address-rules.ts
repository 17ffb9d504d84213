// Which addresses a partner may have. What a name resolves to is data of somebody else, so only what is certainly a host of the
// public Internet passes, and networks of our own where the operator says so.

import { BlockList, isIP } from 'node:net';

export type Reach = 'public' | 'private';

type Network = readonly [address: string, prefix: number];

/** IANA special-purpose registry (RFC 6890 and its updates), and multicast. */
const SPECIAL_4: readonly Network[] = [
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];
const OWN_4: readonly Network[] = [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
];
/** All that is handed out as global unicast; everything else, forms that embed an IPv4 address among it, is not. */
const GLOBAL_6: readonly Network[] = [['2000::', 3]];
const SPECIAL_6: readonly Network[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];
const OWN_6: readonly Network[] = [
  ['::1', 128],
  ['fc00::', 7],
];

function listOf(networks: readonly Network[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const [address, prefix] of networks) list.addSubnet(address, prefix, family);
  return list;
}

const special4 = listOf(SPECIAL_4, 'ipv4');
const own4 = listOf(OWN_4, 'ipv4');
const global6 = listOf(GLOBAL_6, 'ipv6');
const special6 = listOf(SPECIAL_6, 'ipv6');
const own6 = listOf(OWN_6, 'ipv6');

/**
 * Where an address leads: a public host, or this machine and networks of our own (RFC 1918, RFC 6598, RFC 4193). null: nowhere that
 * anybody may be sent to - link-local (the metadata services of clouds), multicast, reserved, tunnels, mapped addresses, no address.
 */
export function reachOf(address: string): Reach | null {
  const version = isIP(address);
  if (version === 4) {
    if (special4.check(address)) return null;
    return own4.check(address) ? 'private' : 'public';
  }
  if (version !== 6 || address.includes('%')) return null; // a zone names an interface of this machine
  if (own6.check(address, 'ipv6')) return 'private';
  return global6.check(address, 'ipv6') && !special6.check(address, 'ipv6') ? 'public' : null;
}

/** @param allowPrivate whether networks of our own count */
export function mayReach(address: string, allowPrivate: boolean): boolean {
  const reach = reachOf(address);
  return reach === 'public' || (reach === 'private' && allowPrivate);
}
