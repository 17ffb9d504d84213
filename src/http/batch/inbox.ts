// The chunks of a request's body as they are asked for: while nobody asks, the sender waits. Bounded in bytes and in time.

import type { Readable } from 'node:stream';
import { YimaError } from '../../core/errors/yima-error.js';

export interface Inbox {
  /**
   * The next bytes, waiting for them; `end` after the last, `gone` when the sender has left.
   * @throws YimaError `too_large` past `maxBytes`, and as `checkTime`
   */
  readonly next: () => Promise<Buffer | 'end' | 'gone'>;
  /** @throws YimaError `invalid_request`, rule `deadline`, past it */
  readonly checkTime: () => void;
  /**
   * Nobody asks any more. Resolves when the sender has ended, or after a second at most: until then the connection has to stay, since
   * one that closes on unread bytes is reset, and takes the answer along. Who still sends after as long again is cut off.
   */
  readonly close: () => Promise<void>;
}

export interface InboxLimits {
  readonly maxBytes: number;
  readonly deadlineMs: number;
}

const MAX_LINGER_MS = 1_000;
/** Of the deadline, so that what follows it is not reached while lingering. */
const LINGER_SHARE = 0.05;
const EVENTS = ['readable', 'end', 'error', 'close'] as const;

export function createInbox(body: Readable, { maxBytes, deadlineMs }: InboxLimits): Inbox {
  let wake = (): void => {};
  let bytes = 0;
  let isLate = false;
  const lingerMs = Math.min(MAX_LINGER_MS, deadlineMs * LINGER_SHARE);
  const listener = (): void => wake();
  const deadline = setTimeout(() => {
    isLate = true;
    wake();
  }, deadlineMs);
  for (const event of EVENTS) body.on(event, listener);

  const checkTime = (): void => {
    if (!isLate) return;
    const message = `A batch has ${deadlineMs / 1000} s. Send fewer lines at a time.`;
    throw new YimaError('invalid_request', message, { rule: 'deadline' });
  };
  const count = (chunk: Buffer): Buffer => {
    bytes += chunk.length;
    if (bytes <= maxBytes) return chunk;
    throw new YimaError('too_large', `A batch has at most ${maxBytes} bytes.`, { rule: 'bytes' });
  };

  return {
    next: async () => {
      for (;;) {
        checkTime();
        const chunk = body.read() as Buffer | null;
        if (chunk !== null) return count(chunk);
        if (body.readableEnded) return 'end';
        if (body.destroyed) return 'gone';
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    checkTime,
    close: async () => {
      clearTimeout(deadline);
      body.off('readable', listener);
      if (body.readableEnded || body.destroyed) return;
      const cutOff = setTimeout(() => body.destroy(), 2 * lingerMs);
      body.once('close', () => clearTimeout(cutOff)).resume();
      await new Promise<void>((resolve) => {
        wake = resolve; // by the end, an error or the close
        setTimeout(resolve, lingerMs).unref();
      });
    },
  };
}
