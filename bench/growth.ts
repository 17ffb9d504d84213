// How cost grows: with keys in the trust table, with status entries, with workers. `--write` puts tables and plots into docs/.

import { type KeyFigures, measureKeys } from './growth/keys.js';
import type { Point } from './growth/line-plot.js';
import { measureStatus, type StatusFigures } from './growth/status.js';
import { measureWorkers, type WorkerFigures } from './growth/workers.js';
import { writeGrowth } from './growth/write.js';
import type { Bench, Report } from './support/report.js';

export const growth: Bench = async (report, { write }) => {
  const keys = await measureKeys();
  reportKeys(report, keys);
  const status = await measureStatus();
  reportStatus(report, status);
  const workers = await measureWorkers();
  reportWorkers(report, workers);
  if (write) writeGrowth({ keys, status, workers });
};

function reportKeys(report: Report, { one, all }: KeyFigures): void {
  reportLine(report, (keys) => `keys_${keys}_one_us`, one, 'us of CPU, codes of one key');
  reportLine(report, (keys) => `keys_${keys}_all_us`, all, 'us of CPU, codes of all keys in turn');
}

function reportStatus(report: Report, { verify, lookup }: StatusFigures): void {
  reportLine(report, (entries) => `status_${entries}_verify_us`, verify, 'us of CPU a verification');
  reportLine(report, (entries) => `status_${entries}_lookup_us`, lookup, 'us of CPU a look-up');
}

function reportWorkers(report: Report, { rates, speedup, coldUs, repeatedUs }: WorkerFigures): void {
  reportLine(report, (workers) => `workers_${workers}_per_s`, rates, 'new codes per second');
  report('workers_speedup', speedup, 'ratio');
  report('new_code_us', coldUs, 'us of server CPU a request');
  report('repeated_code_us', repeatedUs, 'us of server CPU a request');
}

function reportLine(
  report: Report,
  metric: (x: number) => string,
  points: readonly Point[],
  unit: string,
): void {
  for (const [x, y] of points) report(metric(x), y, unit);
}
