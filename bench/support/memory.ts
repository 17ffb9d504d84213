// What a process holds after everything that nobody needs was thrown away.

/** Bytes on the heap and beside it. Needs `--expose-gc`. */
export function collected(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
