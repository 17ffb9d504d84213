// The line to the node: each request with a proof of this checkpoint; whether the node is there and what time it has is noted.

import type { KeptSite } from './kept.js';
import { type Asked, type AskOptions, ask } from './node-api.js';
import type { NodeClock } from './node-clock.js';

export interface NodeLine {
  /** Whether the last request was answered. */
  readonly isOnline: () => boolean;
  readonly ask: (site: KeptSite, path: string, options?: AskOptions) => Promise<Asked>;
}

/** @param onRevoked hears that this checkpoint is no more, before the answer is given on */
export function createNodeLine(clock: NodeClock, onRevoked: () => Promise<void>): NodeLine {
  let online = false;
  const askOnce: NodeLine['ask'] = async ({ id, audience, privateKey }, path, options) => {
    const asked = await ask({ kid: id, audience, privateKey, now: clock.now }, path, options);
    clock.hear(asked.offset);
    online = asked.ok || asked.failure !== 'unreachable';
    if (!asked.ok && asked.failure === 'revoked') await onRevoked();
    return asked;
  };
  return {
    isOnline: () => online,
    ask: async (site, path, options) => {
      const asked = await askOnce(site, path, options);
      // The first answer told the time.
      return !asked.ok && asked.failure === 'clock' ? askOnce(site, path, options) : asked;
    },
  };
}
