// Tells every worker of every change, in order. Changes of one turn travel together.

import type { Followers, Pulse, Update } from '../knowledge.js';
import type { Link } from './link.js';

export interface FanOut extends Followers {
  /** From now on the link hears of every change that is published. */
  readonly join: (link: Link) => void;
  /** From now on a change counts as settled only when this link has it: the worker may judge codes. */
  readonly admit: (link: Link) => void;
  readonly leave: (link: Link) => void;
  /** Says how current everything published so far is: to one link, or to all. */
  readonly beat: (pulse: Pulse, link?: Link) => void;
}

export function createFanOut(): FanOut {
  const joined = new Set<Link>();
  const admitted = new Set<Link>();
  let pending: Update[] = [];

  const flush = (): void => {
    if (pending.length === 0) return;
    const updates = pending;
    pending = [];
    for (const link of joined) link.send({ type: 'apply', updates });
  };

  return {
    publish: (update) => {
      if (joined.size === 0) return;
      if (pending.length === 0) queueMicrotask(flush);
      pending.push(update);
    },
    settled: async () => {
      flush();
      await Promise.all([...admitted].map((link) => link.settled()));
    },
    // What was published before is in the snapshot that the link is given now, and must not come a second time.
    join: (link) => {
      flush();
      joined.add(link);
    },
    admit: (link) => void admitted.add(link),
    leave: (link) => {
      joined.delete(link);
      admitted.delete(link);
    },
    beat: (pulse, link) => {
      flush();
      for (const each of link === undefined ? joined : [link]) each.send({ type: 'beat', pulse });
    },
  };
}
