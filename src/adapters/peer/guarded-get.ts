// One GET to a partner, who may be slow, hostile or in others' hands: its name is resolved once, every address checked, and only a
// checked one connected to; nothing is followed; one deadline for all of it.

import {
  type ClientRequest,
  type IncomingMessage,
  type RequestOptions,
  request as requestPlain,
} from 'node:http';
import { request as requestSecure } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { mayReach } from './address-rules.js';
import { type PeerAnswer, PeerRefusal } from './peer-answer.js';
import { type PeerUrl, readPeerUrl } from './peer-url.js';
import { readAnswer } from './read-answer.js';
import type { ResolveName } from './resolve.js';

export interface PeerRequest {
  /** From a trust entry. */
  readonly url: string;
  /** Exact media types, the preferred one first. */
  readonly mediaTypes: readonly string[];
  /** The most bytes of the body, packed and unpacked. */
  readonly maxBytes: number;
  /** Of what is held; null when nothing is. */
  readonly etag: string | null;
  /** An API key of that partner; null for none. */
  readonly bearer: string | null;
  /** Of our own making, without the question mark; a partner's address has none. */
  readonly query?: string;
  /** Further headers of the request. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Never rejects. */
export type GuardedGet = (request: PeerRequest) => Promise<PeerAnswer>;

export interface GuardedGetDeps {
  readonly resolve: ResolveName;
  /** Networks of our own, loopback among them, and http without TLS. */
  readonly allowPrivate: boolean;
  /** From the question for the name to the last byte. */
  readonly deadlineMs: number;
  /** Aborted, it ends whatever is under way. */
  readonly ending: AbortSignal;
  /** Further authorities whose TLS certificates count, PEM; the system's when absent. */
  readonly ca?: string;
}

const MAX_HEADER_BYTES = 16 * 1024;

export function createGuardedGet(deps: GuardedGetDeps): GuardedGet {
  return async (request) => {
    if (deps.ending.aborted) return { kind: 'failed', rule: 'deadline' };
    const done = new AbortController();
    const timer = setTimeout(() => done.abort(), deps.deadlineMs).unref();
    const signal = AbortSignal.any([done.signal, deps.ending]);
    try {
      return await Promise.race([ask(request, deps, signal), over(signal)]);
    } catch (error) {
      return { kind: 'failed', rule: error instanceof PeerRefusal ? error.rule : 'connection' };
    } finally {
      clearTimeout(timer);
      done.abort(); // whatever is still open
    }
  };
}

/** Rejects when the time is over. */
function over(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new PeerRefusal('deadline')), { once: true });
  });
}

async function ask(request: PeerRequest, deps: GuardedGetDeps, signal: AbortSignal): Promise<PeerAnswer> {
  const url = readPeerUrl(request.url, deps.allowPrivate);
  if (url === null) throw new PeerRefusal('url');
  const addresses = await checkedAddresses(url, deps);
  const message = await connect(url, addresses, request, deps, signal);
  return readAnswer(message, { ...request, isConditional: request.etag !== null });
}

/** One address that must not be reached is enough to reach none: whoever answers so is not to be relied on. */
async function checkedAddresses(url: PeerUrl, deps: GuardedGetDeps): Promise<readonly string[]> {
  const addresses = url.isAddress ? [url.host] : await resolved(url.host, deps.resolve);
  if (addresses.length === 0) throw new PeerRefusal('name');
  if (!addresses.every((address) => mayReach(address, deps.allowPrivate))) throw new PeerRefusal('address');
  return addresses;
}

async function resolved(name: string, resolve: ResolveName): Promise<readonly string[]> {
  try {
    return await resolve(name);
  } catch {
    throw new PeerRefusal('name');
  }
}

function connect(
  url: PeerUrl,
  addresses: readonly string[],
  { mediaTypes, etag, bearer, query, headers }: PeerRequest,
  { ca }: GuardedGetDeps,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const options: RequestOptions & { readonly servername?: string; readonly ca?: string } = {
    host: url.host,
    port: url.port,
    path: query === undefined ? url.path : `${url.path}?${query}`,
    agent: false,
    lookup: answerWith(addresses),
    maxHeaderSize: MAX_HEADER_BYTES,
    signal,
    headers: {
      host: url.authority,
      accept: mediaTypes.join(', '),
      'accept-encoding': 'gzip',
      connection: 'close',
      ...(etag === null ? {} : { 'if-none-match': etag }),
      ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
      ...headers,
    },
    ...(url.isSecure && !url.isAddress ? { servername: url.host } : {}),
    ...(ca === undefined ? {} : { ca }),
  };
  return new Promise((resolve, reject) => {
    const sent: ClientRequest = (url.isSecure ? requestSecure : requestPlain)(options);
    sent.once('response', (message) => {
      message.on('error', () => undefined); // one that nobody reads any more is told of its end too
      resolve(message);
    });
    sent.on('error', reject);
    sent.once('close', () => reject(new PeerRefusal('connection'))); // without an answer, as after a switch of protocols
    sent.end();
  });
}

/** Node asks for the name's addresses a second time: it is told those that were checked. */
function answerWith(addresses: readonly string[]): LookupFunction {
  const rows = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_name, options, tell) => {
    const [first] = rows;
    if (options.all === true) tell(null, rows);
    else tell(null, first?.address ?? '', first?.family);
  };
}
