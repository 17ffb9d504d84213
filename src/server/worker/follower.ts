// Takes what the primary has numbered, one after the other, and says so.

import type { FromWorker, Numbered } from '../messages.js';
import type { Mirror } from './mirror.js';

export interface FollowerDeps {
  readonly mirror: Pick<Mirror, 'apply' | 'hear'>;
  /** The knowledge is complete. */
  readonly open: () => void;
  readonly send: (message: FromWorker) => void;
  /** With one number left out, anything might have been in it: nothing here is to be believed any more. */
  readonly lost: () => void;
}

export function createFollower({ mirror, open, send, lost }: FollowerDeps) {
  let last = 0;
  return (message: Numbered & { readonly seq: number }): void => {
    if (message.seq !== last + 1) {
      lost();
      return;
    }
    last = message.seq;
    if (message.type === 'apply') for (const update of message.updates) mirror.apply(update);
    else if (message.type === 'beat') mirror.hear(message.pulse);
    else open();
    send({ type: 'applied', seq: last });
  };
}
