// Keeps the demo to a browser on this very machine, on this very page: neither a proxy's visitors, nor another site's page in the
// same browser, nor a name that somebody pointed at 127.0.0.1. What it knows is the connection's address, which cannot be faked,
// and headers, which browsers set truthfully. What it cannot know is who speaks through a proxy on this machine that forwards no
// trace of itself, or a program that writes its own headers. That is why the demo signs in the name of an issuer of its own.

import type { FastifyReply, FastifyRequest } from 'fastify';
import { YimaError } from '../../../core/errors/yima-error.js';

const LOOPBACK_NAME = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;
const LOOPBACK_ADDRESS = /^(?:127(?:\.\d{1,3}){3}|::1|::ffff:127(?:\.\d{1,3}){3})$/;
const FROM_PROXY = /^(?:forwarded|via|x-forwarded-.*|x-real-ip)$/;

/** @returns why not, or undefined */
function refusal(request: FastifyRequest): string | undefined {
  const { headers } = request;
  if (!LOOPBACK_ADDRESS.test(request.socket.remoteAddress ?? '')) return 'The demo is for this machine only.';
  if (!LOOPBACK_NAME.test(headers.host ?? '')) return 'Open the demo as localhost or 127.0.0.1.';
  if (Object.keys(headers).some((name) => FROM_PROXY.test(name)))
    return 'The demo is not offered through a proxy.';
  if (request.method !== 'GET' && request.method !== 'HEAD' && !isSameOrigin(request)) {
    return "The demo takes changes from its own page only: send its address as 'Origin'.";
  }
  return undefined;
}

/** Both headers are set by the browser itself; whichever is there has to say so, and one has to be there. */
function isSameOrigin({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  const { origin } = headers;
  if (site === undefined && origin === undefined) return false;
  if (site !== undefined && site !== 'same-origin') return false;
  return origin === undefined || origin === `http://${headers.host}`;
}

export function loopbackOnly(
  request: FastifyRequest,
  _reply: FastifyReply,
  done: (error?: Error) => void,
): void {
  const reason = refusal(request);
  done(reason === undefined ? undefined : new YimaError('forbidden', reason));
}
