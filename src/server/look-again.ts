// Work that is looked for again and again: at once while there is more, else every half minute.

import type { Logger } from '../http/deps.js';
import type { After } from './after.js';

const LOOK_MS = 30_000;
/** Between two steps while there are more. */
const NEXT_MS = 20;

/**
 * @param step resolves with whether there may be more
 * @param failed what is logged when a step fails; the next one comes all the same
 * @returns ends the looking, after the step under way
 */
export function lookAgain(
  step: () => Promise<boolean>,
  { after, logger, failed }: { readonly after: After; readonly logger: Logger; readonly failed: string },
): () => Promise<void> {
  let isClosed = false;
  let looking: Promise<void> = Promise.resolve();
  let cancel: () => void = () => undefined;
  const look = async (): Promise<void> => {
    let wait = LOOK_MS;
    try {
      if (await step()) wait = NEXT_MS;
    } catch (err) {
      logger.warn({ err }, failed);
    }
    if (!isClosed) cancel = after(start, wait);
  };
  const start = (): void => {
    looking = look();
  };
  start();
  return async () => {
    isClosed = true;
    cancel();
    await looking;
  };
}
