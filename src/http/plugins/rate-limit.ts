// Requests a minute for one principal, or for one address without a key. Own buckets: @fastify/rate-limit makes every request
// pay for an async hook and three headers (2 us beside Fastify's 16; these 0.3) and forgets a visitor once 5,000 others came.

import { isIPv6 } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { YimaError } from '../../core/errors/yima-error.js';
import { createTokenBuckets, type TokenBuckets } from './token-buckets.js';

type Surface = 'general' | 'verify';

export interface RateLimit {
  /** The error when the visitor has to wait; the header `Retry-After` is set then. */
  (surface: Surface, request: FastifyRequest, reply: FastifyReply): YimaError | undefined;
  /** One more, for a request that asks for many things: 0 when allowed, else the seconds until one is. */
  readonly spend: (surface: Surface, request: FastifyRequest) => number;
}

/** A household's IPv6 network is one visitor. */
const IPV6_NETWORK_GROUPS = 4;

/** @param perMinute for each surface; 0: no limit */
export function createRateLimit(perMinute: Readonly<Record<'general' | 'verify', number>>): RateLimit {
  const buckets: Readonly<Record<'general' | 'verify', TokenBuckets | null>> = {
    general: perMinute.general === 0 ? null : createTokenBuckets(perMinute.general),
    verify: perMinute.verify === 0 ? null : createTokenBuckets(perMinute.verify),
  };
  const take = (surface: Surface, request: FastifyRequest, nowMs: number): number => {
    // Who shows no valid key counts as its address on the general surface, so that guessing keys is slow everywhere.
    const { principal } = request;
    const bucket = buckets[principal === null ? 'general' : surface];
    return bucket === null ? 0 : bucket.take(principal?.id ?? network(request.ip), nowMs);
  };
  const check = (surface: Surface, request: FastifyRequest, reply: FastifyReply): YimaError | undefined => {
    const waitSeconds = take(surface, request, request.startedAt);
    if (waitSeconds === 0) return undefined;
    reply.header('retry-after', waitSeconds);
    return new YimaError('rate_limited', `Try again in ${waitSeconds} s.`);
  };
  return Object.assign(check, {
    spend: (surface: Surface, request: FastifyRequest) => take(surface, request, performance.now()),
  });
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
