// Bounds what a hostile PDF may take of this worker's memory: a few kilobytes can say that they inflate to gigabytes, and a phone ends
// the whole page when its memory is full. Imported before anything that reads a PDF.

/** More than the bytes of any image that is drawn. */
const MOST_BYTES = 2 ** 27;

const Unbounded = Uint8Array;
const BoundedBytes: typeof Unbounded = new Proxy(Unbounded, {
  construct(target, given: [unknown], asked): object {
    if (Number(given[0]) > MOST_BYTES) throw new RangeError('More bytes than any page needs.');
    return Reflect.construct(target, given, asked === BoundedBytes ? target : asked);
  },
});

/** Without the browser's own inflating, which has no bound, pdf.js inflates into its own buffers. */
Object.assign(globalThis, { Uint8Array: BoundedBytes, DecompressionStream: undefined });
