// When the log of a hub is published: soon after something came into force, again until enough witnesses have seen it, and every hour.

import type { Logger } from '../../http/deps.js';
import type { After } from '../after.js';
import type { HubLog } from './hub-log.js';

export interface HubPublisher {
  /** Something came into force. */
  readonly wake: () => void;
  /** Resolves when the run under way, if any, is over, and none begins any more. */
  readonly close: () => Promise<void>;
}

/** Documents that come together are published together. */
const SOON_MS = 200;
const AGAIN_MS = 5_000;
const HOUR_MS = 3_600_000;

export function startHubPublisher(log: Pick<HubLog, 'publish'>, after: After, logger: Logger): HubPublisher {
  let running: Promise<void> | null = null;
  let isWanted = false;
  let isClosed = false;
  let cancel: () => void = () => undefined;
  let headsAt = Number.NEGATIVE_INFINITY;

  const publish = async (): Promise<void> => {
    isWanted = false;
    const withHeads = performance.now() - headsAt >= HOUR_MS;
    let pauseMs = AGAIN_MS;
    try {
      const isSeen = await log.publish(withHeads);
      if (withHeads) headsAt = performance.now();
      if (isSeen) pauseMs = HOUR_MS;
      else logger.warn('the log of the trust network is not signed and cosigned as its root asks');
    } catch (err) {
      logger.error({ err }, 'the log of the trust network could not be published');
    }
    running = null;
    plan(isWanted ? SOON_MS : pauseMs);
  };

  const plan = (ms: number): void => {
    cancel();
    if (isClosed) return;
    cancel = after(() => {
      running = publish();
    }, ms);
  };
  plan(SOON_MS);

  return {
    wake: () => {
      isWanted = true;
      if (running === null) plan(SOON_MS);
    },
    close: async () => {
      isClosed = true;
      cancel();
      await running;
    },
  };
}
