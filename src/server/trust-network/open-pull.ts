// Pulling as a node runs it: over guarded HTTPS, counted by mirror.

import { createGuardedGet } from '../../adapters/peer/guarded-get.js';
import { createPublicResolve, resolveBySystem } from '../../adapters/peer/resolve.js';
import type { Config } from '../../config.js';
import { after } from '../after.js';
import type { Look, LookDeps } from './look-at-mirror.js';
import { startPull } from './pull.js';

export interface OpenPull {
  /** What came of the newest look at each mirror. */
  readonly looks: () => ReadonlyMap<string, Look>;
  readonly stop: () => Promise<void>;
}

/** From the question for the name to the last byte of a bundle, or to the end of a wait for news. */
const DEADLINE_MS = 90_000;

/** @returns null without mirrors to pull from */
export function openPull(
  { trust, partnerPrivate, issuer }: Pick<Config, 'trust' | 'partnerPrivate' | 'issuer'>,
  deps: Pick<LookDeps, 'desk' | 'news'> & { readonly steady: () => number },
): OpenPull | null {
  if (trust === null || trust.sources.length === 0) return null;
  const allowPrivate = partnerPrivate === 'on';
  const ending = new AbortController();
  const looks = new Map<string, Look>();
  const pull = startPull({
    ...deps,
    sources: trust.sources,
    member: issuer,
    get: createGuardedGet({
      resolve: allowPrivate ? resolveBySystem : createPublicResolve(),
      allowPrivate,
      deadlineMs: DEADLINE_MS,
      ending: ending.signal,
    }),
    after,
    chance: Math.random,
    count: (source, look) => looks.set(source, look),
  });
  return {
    looks: () => looks,
    stop: async () => {
      ending.abort();
      await pull.stop();
    },
  };
}
