// Putting the wallet on the home screen: the browser's own offer where it makes one, else how to do it by hand.

import { useEffect, useState } from 'preact/hooks';

interface InstallPrompt extends Event {
  readonly prompt: () => Promise<unknown>;
}

export interface Install {
  readonly installed: boolean;
  /** iOS has no offer to take, only a menu. */
  readonly ios: boolean;
  /** null: the browser made no offer. */
  readonly install: (() => void) | null;
}

export function useInstall(): Install {
  const [prompt, setPrompt] = useState<InstallPrompt | null>(null);
  useEffect(() => {
    const keep = (event: Event): void => {
      event.preventDefault();
      setPrompt(event as InstallPrompt);
    };
    const done = (): void => setPrompt(null);
    addEventListener('beforeinstallprompt', keep);
    addEventListener('appinstalled', done);
    return () => {
      removeEventListener('beforeinstallprompt', keep);
      removeEventListener('appinstalled', done);
    };
  }, []);
  return {
    installed: matchMedia('(display-mode: standalone)').matches,
    ios: /iPhone|iPad/.test(navigator.userAgent),
    install: prompt === null ? null : () => void prompt.prompt(),
  };
}
