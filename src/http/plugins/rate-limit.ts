// Requests a minute for one principal, or for one address without a key. Own buckets: @fastify/rate-limit makes every request
// pay for an async hook and three headers (2 us beside Fastify's 16; these 0.3) and forgets a visitor once 5,000 others came.

import { isIPv6 } from 'node:net';
import type { Principal } from '../../core/issue/principal.js';
import type { RequestError } from '../request-error.js';
import { createTokenBuckets, type TokenBuckets } from './token-buckets.js';

/** `short-id`: few, since each request is a guess. */
export type Surface = 'general' | 'verify' | 'short-id';

/** Both take one request and return 0 when it is allowed, else the seconds until one is. */
export interface RateLimit {
  readonly byKey: (surface: Surface, { id }: Principal, nowMs: number) => number;
  /** Who shows no valid key counts as its address on the general surface, so that guessing keys is slow everywhere. */
  readonly byAddress: (address: string, nowMs: number) => number;
}

/** A household's IPv6 network is one visitor. */
const IPV6_NETWORK_GROUPS = 4;

/** @param perMinute for each surface; 0: no limit */
export function createRateLimit(perMinute: Readonly<Record<Surface, number>>): RateLimit {
  const buckets: Readonly<Record<Surface, TokenBuckets | null>> = {
    general: perMinute.general === 0 ? null : createTokenBuckets(perMinute.general),
    verify: perMinute.verify === 0 ? null : createTokenBuckets(perMinute.verify),
    'short-id': perMinute['short-id'] === 0 ? null : createTokenBuckets(perMinute['short-id']),
  };
  return {
    byKey: (surface, { id }, nowMs) => buckets[surface]?.take(id, nowMs) ?? 0,
    byAddress: (address, nowMs) => buckets.general?.take(network(address), nowMs) ?? 0,
  };
}

/** What somebody over the limit is told. */
export function rateLimited(
  waitSeconds: number,
): RequestError & Required<Pick<RequestError, 'detail' | 'retryAfterSeconds'>> {
  return { code: 'rate_limited', detail: `Try again in ${waitSeconds} s.`, retryAfterSeconds: waitSeconds };
}

/** IPv4 addresses as they are, IPv6 by their /64. */
function network(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.replace(/%.*$/, '').split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  if (after.at(-1)?.includes('.')) return after.at(-1) ?? address;
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array(zeros).fill('0'), ...after].slice(0, IPV6_NETWORK_GROUPS).join(':');
}
