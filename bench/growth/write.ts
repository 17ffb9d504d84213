// The growth figures as tables, plots and arithmetic of docs/PERFORMANCE.md.

import { markdownTable, provenance, writePlot, writeSections } from '../support/document.js';
import type { KeyFigures } from './keys.js';
import { linePlot, type Point } from './line-plot.js';
import { loadTable } from './load-arithmetic.js';
import type { StatusFigures } from './status.js';
import type { WorkerFigures } from './workers.js';

export interface GrowthFigures {
  readonly keys: KeyFigures;
  readonly status: StatusFigures;
  readonly workers: WorkerFigures;
}

const COMMAND = 'npm run bench -- growth --write';

export function writeGrowth({ keys, status, workers }: GrowthFigures): void {
  writeSections({
    'growth-run': provenance(COMMAND),
    'growth-keys': keysTable(keys),
    'growth-status': statusTable(status),
    'growth-workers': workersTable(workers),
    'growth-loads': loadTable(workers),
  });
  writePlot('keys.svg', keysPlot(keys));
  writePlot('status.svg', statusPlot(status));
  writePlot('workers.svg', workersPlot(workers));
}

function keysTable({ one, all }: KeyFigures): string {
  const rows = one.map(([keys, us], i) => [count(keys), figure(us), figure(all[i]?.[1] ?? Number.NaN)]);
  return markdownTable(
    ['keys in the trust table', 'us, codes of one key', 'us, codes of all keys in turn'],
    rows,
  );
}

function statusTable({ verify, lookup }: StatusFigures): string {
  const rows = verify.map(([entries, us], i) => [
    count(entries),
    figure((entries * 2) / 8 / 1e6),
    figure(us),
    figure(lookup[i]?.[1] ?? Number.NaN),
  ]);
  return markdownTable(['status entries', 'MB', 'us a verification', 'us a look-up'], rows);
}

function workersTable({ rates, speedup, coldUs, repeatedUs }: WorkerFigures): string {
  const rows = rates.map(([workers, rate]) => [count(workers), count(Math.round(rate))]);
  return [
    markdownTable(['workers', 'new codes a second'], rows),
    '',
    `Two workers do ${figure(speedup)} times what one does. One worker's CPU a request: ${figure(coldUs)} us for a new code,`,
    `${figure(repeatedUs)} us for one that comes again and again.`,
  ].join('\n');
}

function keysPlot({ one, all }: KeyFigures): string {
  return linePlot({
    title: 'A verification as the trust table grows',
    description: describe('CPU microseconds a verification with', 'keys', one),
    xLabel: 'keys in the trust table (logarithmic)',
    yLabel: 'CPU microseconds a verification',
    xScale: 'log',
    lines: [
      { name: 'codes of one key', points: one },
      { name: 'codes of all keys in turn', points: all },
    ],
  });
}

function statusPlot({ verify, lookup }: StatusFigures): string {
  return linePlot({
    title: 'A verification as the status lists grow',
    description: describe('CPU microseconds a verification with', 'status entries', verify),
    xLabel: 'status entries held (logarithmic)',
    yLabel: 'CPU microseconds',
    xScale: 'log',
    lines: [
      { name: 'the whole verification', points: verify },
      { name: 'the status look-up in it', points: lookup },
    ],
  });
}

function workersPlot({ rates }: WorkerFigures): string {
  const [, first] = rates[0] ?? [1, Number.NaN];
  return linePlot({
    title: 'New codes a second over HTTP',
    description: describe('Requests a second with', 'workers', rates),
    xLabel: 'workers (the load generator runs on the same cores)',
    yLabel: 'requests a second',
    xScale: 'linear',
    lines: [
      { name: 'measured', points: rates },
      { name: 'one worker times their number', points: rates.map(([workers]) => [workers, workers * first]) },
    ],
  });
}

function describe(what: string, unit: string, points: readonly Point[]): string {
  return `${what} ${points.map(([x, y]) => `${count(x)} ${unit}: ${figure(y)}`).join('; ')}.`;
}

function count(value: number): string {
  return value.toLocaleString('en-GB');
}

/** Three digits that count. */
function figure(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en-GB', { maximumFractionDigits: 4 });
}
