// Who may use which route. Each route declares it beside its schema; one that declares nothing stops the start.

import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { YimaError } from '../../core/errors/yima-error.js';
import type { Clock } from '../../core/issue/ports.js';
import { LOCAL, LOCAL_SCOPES, type Principal, type Scope } from '../../core/issue/principal.js';
import { outOfReach } from '../../core/issue/reach.js';
import type { Access, AppDeps, SiteDesk } from '../deps.js';
import { checkReachOf } from '../reach.js';
import { type RateLimit, rateLimited, type Surface } from './rate-limit.js';

/**
 * public: anybody. optional: anybody, and who shows a key is who the key says. Scopes: one of them is needed.
 * hidden: for who lacks the scope the answer is that of an unknown address. site: a checkpoint that proves it is one.
 * reach: how a key that is bound to a region or to kinds is held to them. credential: `:id` names a credential, which has to be within.
 * request: the route checks what it is asked for. any: nothing here is one office's. Absent: no bound key is let in.
 */
export type RouteAccess =
  | 'public'
  | 'optional'
  | 'site'
  | {
      readonly anyOf: readonly Scope[];
      readonly hidden?: true;
      readonly reach?: 'credential' | 'request' | 'any';
    };

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: RouteAccess;
    /** What a public route asks for itself: the token of a claim, or a proof of a device's key. */
    security?: 'accessToken' | 'deviceProof';
    /** Whether the surface has a rate limit of its own. */
    limit?: Exclude<Surface, 'general'>;
  }
}

export interface GuardOptions {
  /** null: no key opens anything. */
  readonly access: Pick<Access, 'check'> | null;
  /** null: no site is let in. */
  readonly sites: SiteGuard | null;
  /** Finds a credential, for keys that are bound; null: no bound key is let in. */
  readonly find: AppDeps['registry']['find'] | null;
  /** Whether this is the node's own socket, where a request without a key is the principal `local`. */
  readonly local: boolean;
  readonly limit: RateLimit | null;
  /** Addresses of routes that plugins bring, which cannot declare anything and are public. */
  readonly pluginPrefixes: readonly string[];
}

const LOCAL_PRINCIPAL: Principal = Object.freeze({ id: LOCAL, scopes: LOCAL_SCOPES });
const SCHEME = 'Bearer ';
/** What a checkpoint's device sends: a proof of this one request. */
const SITE_SCHEME = 'Site ';

export interface SiteGuard extends Pick<SiteDesk, 'check'> {
  /** Origin of the node, as proofs name it. */
  readonly audience: string;
  readonly clock: Clock;
}

/** Adds to every route the check of what it declares, and then the rate limit. */
export function registerGuard(app: FastifyInstance, options: GuardOptions): void {
  app.addHook('onRoute', (route) => {
    const declared = route.config?.access ?? byPlugin(route.url, options.pluginPrefixes);
    if (declared === undefined)
      throw new Error(`Route ${String(route.method)} ${route.url} declares no access`);
    const check = createCheck(declared, options, route);
    const guard = options.local ? letLocalIn(declared, check, route.url) : check;
    route.onRequest = [guard, ...[route.onRequest ?? []].flat()];
  });
}

function byPlugin(url: string, prefixes: readonly string[]): RouteAccess | undefined {
  return prefixes.some((prefix) => url === prefix || url.startsWith(`${prefix}/`)) ? 'public' : undefined;
}

/** Changes what only administrators know of. */
export const ADMIN = { access: { anyOf: ['admin'], hidden: true } } as const;
/** Reads it. */
export const AUDITOR = { access: { anyOf: ['admin', 'audit'], hidden: true } } as const;

type Guard = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => void;

/** Who shows a key is who the key says, here too. */
const letLocalIn =
  (declared: RouteAccess, check: Guard, pattern: string): Guard =>
  (request, reply, done) => {
    if (request.headers.authorization !== undefined) return check(request, reply, done);
    request.pattern = pattern;
    request.principal = LOCAL_PRINCIPAL;
    done(isOpenToLocal(declared) ? undefined : notLocal(declared));
  };

function isOpenToLocal(declared: RouteAccess): declared is 'public' | 'optional' {
  if (declared === 'site') return false;
  return typeof declared === 'string' || declared.anyOf.some((scope) => LOCAL_SCOPES.includes(scope));
}

function notLocal(declared: Exclude<RouteAccess, 'public' | 'optional'>): YimaError {
  if (declared === 'site') return noSite();
  const scopes = declared.anyOf.join(' or ');
  return new YimaError(
    'forbidden',
    `This takes an API key of one's own with scope ${scopes}: send it as "Authorization: Bearer yk_...".`,
    {
      rule: 'local',
    },
  );
}

function createCheck(declared: RouteAccess, options: GuardOptions, route: RouteOptions): Guard {
  const { limit } = options;
  const surface = route.config?.limit ?? 'general';
  const { url } = route;
  return (request, _reply, done) => {
    request.pattern = url;
    const error = declared === 'public' ? undefined : authenticate(request, declared, options);
    const refusal = overLimit(request, surface, limit) ?? error;
    const { principal } = request;
    if (refusal !== undefined || principal === null || !isHeld(declared, principal)) return done(refusal);
    checkBound(request, declared, principal, options.find).then(() => done(), done);
  };
}

type Scoped = Exclude<RouteAccess, string>;

/** Bounds are of issuing and revoking: whoever may verify verifies everything. */
function isHeld(declared: RouteAccess, { reach, scopes }: Principal): declared is Scoped {
  if (reach === undefined || typeof declared === 'string') return false;
  const isVerifier = declared.anyOf.includes('verify') && scopes.includes('verify');
  return !isVerifier && declared.reach !== 'any' && declared.reach !== 'request';
}

/** @throws YimaError `forbidden`, rule `out_of_reach` */
async function checkBound(
  { params }: FastifyRequest,
  { reach }: Scoped,
  principal: Principal,
  find: GuardOptions['find'],
): Promise<void> {
  const { id } = params as { readonly id?: string };
  if (reach === 'credential' && id !== undefined && find !== null) await checkReachOf(find, principal, id);
  else if (principal.reach !== undefined) throw outOfReach(principal.reach);
}

/** The key first, then its scopes; whatever is looked up comes after both. */
function authenticate(
  request: FastifyRequest,
  declared: Exclude<RouteAccess, 'public'>,
  { access, sites }: GuardOptions,
): YimaError | undefined {
  const header = request.headers.authorization;
  if (sites !== null && header?.startsWith(SITE_SCHEME)) {
    const refusal = admitSite(request, header.slice(SITE_SCHEME.length), sites);
    if (refusal !== undefined) return refusal;
    return maySite(declared) ? undefined : notForThisPrincipal(declared);
  }
  if (declared === 'site') return noSite();
  if (header === undefined && declared === 'optional') return undefined;
  const principal = findPrincipal(header, access);
  if (principal === undefined) {
    return new YimaError('unauthenticated', 'Send a live API key as "Authorization: Bearer yk_...".');
  }
  request.principal = principal;
  if (declared === 'optional' || declared.anyOf.some((scope) => principal.scopes.includes(scope)))
    return undefined;
  return notForThisPrincipal(declared);
}

function notForThisPrincipal(declared: Exclude<RouteAccess, 'public'>): YimaError {
  if (typeof declared === 'string') return noSite();
  if (declared.hidden === true) return new YimaError('not_found', '');
  return new YimaError('forbidden', `This needs an API key with scope ${declared.anyOf.join(' or ')}.`);
}

function maySite(declared: Exclude<RouteAccess, 'public'>): boolean {
  return typeof declared === 'string' || declared.anyOf.includes('verify');
}

function noSite(): YimaError {
  return new YimaError(
    'unauthenticated',
    'Only an enrolled checkpoint gets this: send its proof as "Authorization: Site ...".',
  );
}

/** A proof is of one request: whoever copies it has nothing. */
function admitSite(
  request: FastifyRequest,
  proof: string,
  { check, audience, clock }: SiteGuard,
): YimaError | undefined {
  try {
    request.principal = check(proof, { aud: audience, htm: request.method, htu: request.url, now: clock() });
    return undefined;
  } catch (error) {
    if (error instanceof YimaError) return error;
    throw error;
  }
}

/** Who shows this `Authorization` header; undefined for anything else than a live key. */
export function findPrincipal(
  header: string | undefined,
  access: GuardOptions['access'],
): Principal | undefined {
  return header?.startsWith(SCHEME) ? access?.check(header.slice(SCHEME.length)) : undefined;
}

/** Takes one request from the visitor's budget; the error when it is spent. */
export function overLimit(
  request: FastifyRequest,
  surface: Surface,
  limit: RateLimit | null,
): YimaError | undefined {
  if (limit === null) return undefined;
  const { principal, startedAt } = request;
  const wait =
    principal === null ? limit.byAddress(request.ip, startedAt) : limit.byKey(surface, principal, startedAt);
  if (wait === 0) return undefined;
  const { code, detail, ...rest } = rateLimited(wait);
  return new YimaError(code, detail, rest);
}

/** The principal of a route that needs one. */
export function principalOf(request: FastifyRequest): Principal {
  if (request.principal === null)
    throw new YimaError('internal', 'A route without declared scopes asked who is there.');
  return request.principal;
}
