// The browser pages: files built beforehand, under a policy that lets a page run its own scripts and nothing else.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import helmet from '@fastify/helmet';
import fastifyStatic from '@fastify/static';
import type { App } from '../app-types.js';

/** Names that hold a hash of their content, as esbuild writes them: `app-K3J5X7QA.js`. */
const HASHED = /-[0-9A-Za-z]{8,}\.[a-z0-9]+$/;
const ONE_YEAR = 'public, max-age=31536000, immutable';
const CHECK_EACH_TIME = 'no-cache';

export const ASSETS_PREFIX = '/assets';

/** Nothing inline, nothing from elsewhere; `data:` and `blob:` are for symbols drawn in the page. */
const PAGE_POLICY = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:', 'blob:'],
  fontSrc: ["'self'"],
  connectSrc: ["'self'"],
  manifestSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
} as const;

/**
 * A page that can be installed: it has a service worker, plays clips, sees through the camera, and no string becomes a script or
 * markup in it (Trusted Types; the one policy checks the addresses of its workers). What reads symbols is WebAssembly, which asks for a
 * word of its own; still nothing evaluates text.
 */
const APP_POLICY = {
  ...PAGE_POLICY,
  scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
  workerSrc: ["'self'"],
  mediaSrc: ["'self'", 'blob:'],
  requireTrustedTypesFor: ["'script'"],
  trustedTypes: ['yima-shell'],
} as const;

/** Pages that can be installed, by name: `/NAME` is the page, `/NAME-worker.js` its service worker. */
const APPS = ['wallet', 'scan'] as const;

/** What a stranger's PDF is read in: not even the own origin can be asked for anything. */
const PDF_POLICY = {
  defaultSrc: ["'none'"],
  requireTrustedTypesFor: ["'script'"],
  trustedTypes: ["'none'"],
} as const;

/** The headers of a page: helmet's, with the policy above. Strict transport only where the node is reached by https. */
export async function registerPageHeaders(app: App, https: boolean): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { ...PAGE_POLICY } as never },
    strictTransportSecurity: https ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    xFrameOptions: { action: 'deny' },
  });
}

/** @param root folder with `index.html`, the apps' files and `assets/` */
export async function registerPages(app: App, root: string, https: boolean): Promise<void> {
  await registerPageHeaders(app, https);
  const assets = join(root, 'assets');
  await app.register(fastifyStatic, {
    root: existsSync(assets) ? assets : root,
    prefix: `${ASSETS_PREFIX}/`,
    index: false,
    dotfiles: 'deny',
    cacheControl: false,
    setHeaders: (response, path) => {
      response.header('cache-control', HASHED.test(path) ? ONE_YEAR : CHECK_EACH_TIME);
    },
  });
  app.get('/', { config: { access: 'public' }, schema: { hide: true } }, (_request, reply) =>
    reply.header('cache-control', CHECK_EACH_TIME).sendFile('index.html', root),
  );
  for (const name of APPS) registerApp(app, root, name);
  app.get('/scan-pdf.js', underPolicy(PDF_POLICY), (_request, reply) =>
    reply.header('cache-control', CHECK_EACH_TIME).sendFile('scan-pdf.js', root),
  );
}

function underPolicy(policy: object) {
  return {
    config: { access: 'public' },
    schema: { hide: true },
    helmet: { contentSecurityPolicy: { useDefaults: false, directives: { ...policy } as never } },
  } as const;
}

function registerApp(app: App, root: string, name: (typeof APPS)[number]): void {
  app.get(`/${name}`, underPolicy(APP_POLICY), (_request, reply) =>
    reply.header('cache-control', CHECK_EACH_TIME).sendFile(`${name}.html`, root),
  );
  app.get(`/${name}-worker.js`, { config: { access: 'public' }, schema: { hide: true } }, (_request, reply) =>
    reply.header('cache-control', CHECK_EACH_TIME).sendFile(`${name}-worker.js`, root),
  );
}
