// Registers the service worker of a page that can be installed, and says when a newer version waits.

import { scriptUrl } from './script-url.js';

export interface Shell {
  /** Changes to the version that waits; the page is loaded anew. */
  readonly takeOver: () => void;
}

/**
 * Keeps the page `/NAME` for when there is no network. Where the browser has no service workers, or refuses them, the page works on
 * without: it then needs a network to open.
 * @param onNewer called when another version is ready, while this one goes on
 */
export async function keepShell(name: string, onNewer: (shell: Shell) => void): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const { serviceWorker } = navigator;
  try {
    const registration = await serviceWorker.register(scriptUrl(`/${name}-worker.js`), { scope: `/${name}` });
    const offer = (worker: ServiceWorker): void => {
      onNewer({
        takeOver: () => {
          serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
          worker.postMessage('take-over');
        },
      });
    };
    if (registration.waiting !== null && serviceWorker.controller !== null) offer(registration.waiting);
    registration.addEventListener('updatefound', () => {
      const coming = registration.installing;
      coming?.addEventListener('statechange', () => {
        if (coming.state === 'installed' && serviceWorker.controller !== null) offer(coming);
      });
    });
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') registration.update().catch(() => undefined);
    });
  } catch {
    // Refused (private mode, no secure context): nothing is kept, everything else works.
  }
}
