// Publishes our own feed: whatever changed goes out at once, one step under way at a time and everything pending in the next; a heartbeat
// when nothing changes. After any surprise the feed is compared before anything more is said.

import { equalBytes } from '../../core/codec/bytes.js';
import type { Clock } from '../../core/issue/ports.js';
import type { Publication } from '../../core/status/feed/port.js';
import type { FeedRefusal } from '../../core/status/feed/refusal.js';
import type { Steady } from '../../core/status/moment.js';
import type { Logger } from '../../http/deps.js';
import type { After } from '../after.js';
import type { Update } from '../knowledge.js';
import { countRebuild, type FeedFigures, noteNewest } from './figures.js';
import { createIdle } from './idle.js';
import { createInspection } from './inspect-place.js';
import { createPublishMark } from './publish-mark.js';
import { type ReconcileDeps, reconcile } from './reconcile.js';

export interface PublishDeps extends ReconcileDeps {
  readonly clock: Clock;
  readonly steady: Steady;
  readonly after: After;
  readonly figures: FeedFigures;
  readonly logger: Pick<Logger, 'warn' | 'error' | 'info'>;
}

export interface PublishLoop {
  /** Called after the change was made in the arena, in the same turn. */
  readonly publish: (update: Update) => void;
  /** Whether all changes so far are published: resolves then, after a second at most, or at once while Redis is known to be down. */
  readonly settled: () => Promise<boolean>;
  /** The feed knows of more than our database, and nothing is published. */
  readonly isAhead: () => boolean;
  readonly failures: () => number;
  /** Resolves once nothing is under way any more. */
  readonly close: () => Promise<void>;
}

const HEARTBEAT_MS = 500;
const RETRY_MS = 250;
/** While the outcome of a write is in doubt. */
const UNSURE_MS = 50;

export function startPublishing(deps: PublishDeps): PublishLoop {
  const { base, store, publisher, figures, logger, after } = deps;
  const idle = createIdle(after);
  /** Changes do not end a pause before the next try. */
  const retry = createIdle(after);
  const mark = createPublishMark(after);
  const inspect = createInspection(deps);
  const steadyMs = (): number => deps.steady() * 1_000;
  let lastState = publisher.state();
  let spoilt: FeedRefusal | null = null;
  let isClosed = false;
  let isDown = false;
  let isAhead = false;
  let failures = 0;
  let underWay: Publication | null = null;

  const published = (upTo: number | null): void => {
    isDown = false;
    underWay = null;
    const state = publisher.state();
    const signing = deps.signing();
    const seq = publisher.completeTo();
    if (state !== null) noteNewest(figures, { epoch: state.epoch, seq, highWater: signing?.head ?? seq });
    if (upTo !== null) mark.reach(upTo);
  };

  /** @returns whether the feed is where we believe it to be */
  const send = async (publication: Publication): Promise<boolean> => {
    const upTo = publisher.pending() === 0 ? mark.noted() : null;
    underWay = publication;
    if (!(await store.publish(base, publication))) return false;
    published(upTo);
    return true;
  };

  /** The answer to a step was lost: was it made? @returns null when the feed is somewhere else */
  const findOut = async (lost: Publication): Promise<boolean | null> => {
    const { state } = await store.readHead(base);
    if (state === null || !equalBytes(state.epoch, lost.state.epoch)) return null;
    if (equalBytes(state.hash, lost.state.hash)) return true;
    return equalBytes(state.hash, lost.expected.hash) ? false : null;
  };

  /** @returns whether publishing may go on where it was */
  const resume = async (lost: Publication): Promise<boolean> => {
    const wasMade = await findOut(lost);
    if (wasMade === null) return false;
    if (!wasMade) return send(lost);
    published(publisher.pending() === 0 ? mark.noted() : null);
    return true;
  };

  /** Returns when the feed is not where it should be. */
  const goOn = async (): Promise<void> => {
    let inspectAt = steadyMs() + HEARTBEAT_MS;
    for (let due = steadyMs(); !isClosed; ) {
      const rest = publisher.pending() > 0 ? 0 : due - steadyMs();
      const signing = deps.signing();
      if (rest > 0 || signing === null) {
        await idle.pause(signing === null ? UNSURE_MS : rest);
        continue;
      }
      due = steadyMs() + HEARTBEAT_MS;
      const publication = publisher.next(signing);
      if (!(await send(publication))) return;
      if (steadyMs() < inspectAt) continue;
      inspectAt = due;
      spoilt = await inspect(publication.state.epoch);
      if (spoilt !== null) return logger.warn({ reason: spoilt }, 'somebody else wrote into our status feed');
    }
  };

  const catchUp = async (): Promise<void> => {
    if (underWay !== null && (await resume(underWay))) return goOn();
    underWay = null;
    const result = await reconcile(deps, publisher.state() ?? lastState, spoilt);
    lastState = publisher.state() ?? lastState;
    if (result.type === 'ahead' && !isAhead) {
      logger.error({}, 'the status feed is ahead of the database: was an old one restored?');
    }
    isAhead = result.type === 'ahead';
    if (isAhead) mark.giveUp();
    if (isAhead || result.type === 'unsure') return retry.pause(RETRY_MS);
    spoilt = null;
    if (result.type === 'rebuilt') {
      countRebuild(figures, result.reason, deps.clock());
      logger.info({ reason: result.reason }, 'the status feed was built anew');
    }
    published(null);
    return goOn();
  };

  const run = async (): Promise<void> => {
    while (!isClosed) {
      try {
        await catchUp();
      } catch (error) {
        failures += 1;
        if (!isDown) logger.warn({ err: error }, 'the status feed cannot be published');
        isDown = true;
        mark.giveUp();
        await retry.pause(RETRY_MS);
      }
    }
  };
  const ended = run();

  return {
    publish: (update) => {
      if (update.type === 'value' && update.base === base) {
        publisher.note(update.number, update.index, update.before);
      } else if (update.type === 'list' && update.shape.base === base) {
        publisher.begin(update.shape);
      } else return;
      mark.note();
      idle.wake();
    },
    settled: () => {
      const isHopeless = (isDown || isAhead || isClosed) && !mark.isReached();
      return isHopeless ? Promise.resolve(false) : mark.settled();
    },
    isAhead: () => isAhead,
    failures: () => failures,
    close: async () => {
      isClosed = true;
      idle.wake();
      retry.wake();
      mark.giveUp();
      await ended;
    },
  };
}
