// The address of a partner, read once. It comes from a trust entry, which people write, and never from a code.

import { isIP } from 'node:net';

export interface PeerUrl {
  readonly isSecure: boolean;
  /** A name, or an address without brackets. */
  readonly host: string;
  /** What the `Host` header says. */
  readonly authority: string;
  readonly port: number;
  readonly path: string;
  /** Whether the host is an address, for which nothing is resolved. */
  readonly isAddress: boolean;
}

const PORTS: Readonly<Record<string, number>> = { 'https:': 443, 'http:': 80 };

/**
 * Every spelling of an IPv4 address (`0x7f.1`, `2130706433`) is read as that address, as the URL standard says.
 * @param allowPlain whether http is good enough
 * @returns null for another scheme, a user, a query or a fragment
 */
export function readPeerUrl(text: string, allowPlain: boolean): PeerUrl | null {
  if (!URL.canParse(text) || /[\s\\?#@]/.test(text)) return null;
  const url = new URL(text);
  const standard = PORTS[url.protocol];
  if (standard === undefined || (url.protocol === 'http:' && !allowPlain)) return null;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return {
    isSecure: url.protocol === 'https:',
    host,
    authority: url.host,
    port: url.port === '' ? standard : Number(url.port),
    path: url.pathname,
    isAddress: isIP(host) !== 0,
  };
}
