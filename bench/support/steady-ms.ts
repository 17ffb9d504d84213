// The machine's monotonic clock, the same for all of its processes.

export function steadyMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
