// Bytes in, lines out: whole lines whatever the chunks they came in. Holds one line at most, and of a line that is too long nothing.

/** Stands for a line of more bytes than a line may have. */
export const TOO_LONG = Symbol('too long');

/** Without its line feed. Good until the next call of the splitter. */
export type Line = Buffer | typeof TOO_LONG;

export interface LineSplitter {
  /** To be called when `next` has found no more. The chunk must not change any more. */
  readonly feed: (chunk: Buffer) => void;
  /** The next whole line; null: more bytes are needed. */
  readonly next: () => Line | null;
  /** After the last byte: the line that nothing has ended; null when there is none. */
  readonly rest: () => Line | null;
}

const LINE_FEED = 0x0a;
const NOTHING = Buffer.alloc(0);

/** @param maxBytes of a line, without its line feed */
export function createLineSplitter(maxBytes: number): LineSplitter {
  let chunk: Buffer = NOTHING;
  let at = 0;
  /** The beginning of a line that the chunks so far have not ended. */
  let held: Buffer = NOTHING;
  let heldBytes = 0;

  const hold = (end: number): void => {
    const bytes = end - at;
    if (held === NOTHING) held = Buffer.allocUnsafe(maxBytes);
    if (heldBytes + bytes <= maxBytes) chunk.copy(held, heldBytes, at, end);
    heldBytes = Math.min(heldBytes + bytes, maxBytes + 1);
    at = end;
  };
  const takeHeld = (): Line => {
    const line = heldBytes > maxBytes ? TOO_LONG : held.subarray(0, heldBytes);
    heldBytes = 0;
    return line;
  };

  return {
    feed: (bytes) => {
      chunk = bytes;
      at = 0;
    },
    next: () => {
      const end = chunk.indexOf(LINE_FEED, at);
      if (end < 0) {
        if (at < chunk.length) hold(chunk.length);
        return null;
      }
      const start = at;
      if (heldBytes > 0) {
        hold(end);
        at = end + 1;
        return takeHeld();
      }
      at = end + 1;
      return end - start > maxBytes ? TOO_LONG : chunk.subarray(start, end);
    },
    rest: () => (heldBytes === 0 ? null : takeHeld()),
  };
}
