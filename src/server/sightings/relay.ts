// What was seen in one turn of the event loop travels together.

import { concatBytes } from '../../core/codec/bytes.js';

/** @param send is given whole packs, never an empty one. @param defer runs a function after the requests at hand */
export function createSightingRelay(
  send: (packed: Uint8Array) => void,
  defer: (run: () => void) => void,
): (packed: Uint8Array) => void {
  let waiting: Uint8Array[] = [];
  const flush = (): void => {
    const packs = waiting;
    waiting = [];
    send(concatBytes(...packs));
  };
  return (packed) => {
    if (waiting.length === 0) defer(flush);
    waiting.push(packed);
  };
}
