// The service worker of a page that can be installed: it keeps the page and all it is made of, and gives them out with or without
// a network. Answers of the server pass by it: what a page knows, the page keeps.

/** What to keep, put in by tools/build-web.mjs. A new version is a new worker. */
interface Shell {
  readonly name: string;
  /** The page's address. */
  readonly page: string;
  readonly urls: readonly string[];
  readonly version: string;
}

declare const SHELL: Shell;

const scope = self as unknown as ServiceWorkerGlobalScope;
const CACHE = `${SHELL.name}-${SHELL.version}`;
const KEPT: ReadonlySet<string> = new Set([SHELL.page, ...SHELL.urls]);

/** All of it or nothing: a worker that could not fetch everything is not installed. */
async function keep(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll([...KEPT].map((url) => new Request(url, { cache: 'reload' })));
}

async function dropOlder(): Promise<void> {
  const names = await caches.keys();
  const older = names.filter((name) => name.startsWith(`${SHELL.name}-`) && name !== CACHE);
  await Promise.all(older.map((name) => caches.delete(name)));
}

/** The kept copy; the network where the browser has dropped it. */
async function answer(request: Request, kept: string): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(kept)) ?? fetch(request);
}

scope.addEventListener('install', (event) => event.waitUntil(keep()));
scope.addEventListener('activate', (event) => event.waitUntil(dropOlder().then(() => scope.clients.claim())));

scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== scope.location.origin || !KEPT.has(url.pathname)) return;
  event.respondWith(answer(request, url.pathname));
});

/** A page asks for the change to the new version, when the person says so. */
scope.addEventListener('message', (event) => {
  if (event.data === 'take-over') void scope.skipWaiting();
});
