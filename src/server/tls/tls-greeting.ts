// How a phone comes to a node that speaks HTTPS with a certificate of its own: what a person reads, and points a camera at, after the start.

import { qrMatrix, renderTerminal } from '../../adapters/qr.js';
import type { Config } from '../../config.js';
import { isLoopbackHost } from '../../core/codec/loopback.js';
import type { LoadedTls } from './load-tls.js';
import { lanAddresses } from './own-certificate.js';

/**
 * @param url where the public port listens
 * @param colour whether the terminal shows colours
 * @returns null where nothing is to be said
 */
export function tlsGreeting(
  url: string,
  { host, publicUrl }: Pick<Config, 'host' | 'publicUrl'>,
  tls: LoadedTls | null,
  colour: boolean,
  lan: readonly string[] = lanAddresses(),
): string | null {
  if (tls === null || !('authorityFile' in tls)) return null;
  const known = [
    '',
    `HTTPS with a certificate of its own. Its authority, for whoever is to trust it: ${tls.authorityFile}`,
    `SHA-256 ${tls.fingerprint}`,
  ];
  return [...known, ...wayForPhones(url, host, publicUrl, colour, lan)].join('\n');
}

function wayForPhones(
  url: string,
  host: string,
  publicUrl: string,
  colour: boolean,
  lan: readonly string[],
): readonly string[] {
  if (isLoopbackHost(host)) {
    return [
      'Only this machine reaches it. For phones in this network start it with HOST=0.0.0.0 YIMA_TLS=self',
    ];
  }
  const isEverywhere = host === '0.0.0.0' || host === '::';
  const address = isEverywhere ? lan[0] : host;
  if (address === undefined)
    return ['This machine has no private address in a network, so no phone reaches it.'];
  const shown = `https://${address.includes(':') ? `[${address}]` : address}:${new URL(url).port || 443}`;
  const links = publicUrl === shown ? [] : [`So that links lead phones here too: YIMA_PUBLIC_URL=${shown}`];
  return [
    `On a phone in this network: ${shown}/`,
    `How the phone takes the authority in, so that it stops warning: ${shown}/certificate`,
    ...links,
    renderTerminal(qrMatrix(`${shown}/`, 'L'), colour ? 'colour' : 'dark').replace(/\n$/, ''),
  ];
}
