// From what one verification costs to how many cores a load needs. Every assumption is an argument or a named constant.

import { type Cell, markdownTable } from '../support/document.js';

export interface Costs {
  /** Server CPU microseconds a request: new codes, and codes that come again and again. */
  readonly coldUs: number;
  readonly repeatedUs: number;
}

interface Load {
  readonly name: string;
  readonly perSecond: number;
}

/** Where the figures come from stands in docs/PERFORMANCE.md. */
const LOADS: readonly Load[] = [
  { name: 'a city, rated', perSecond: 20_000 },
  { name: 'a province', perSecond: 60_000 },
  { name: 'the city with a tenfold surge', perSecond: 200_000 },
  { name: 'a national peak', perSecond: 270_000 },
];
/** Above this, waiting grows faster than load. */
const USABLE_SHARE = 0.6;
/** Of the scans at a busy gate that show a code again, where a known code costs less. */
const REPEATED_SHARE = 0.5;
/** A request of 500 bytes and an answer of 1,600, with their headers. */
const BYTES = 2_100;

export function coresFor(perSecond: number, us: number): number {
  return Math.ceil((perSecond * us) / (1e6 * USABLE_SHARE));
}

export function loadTable({ coldUs, repeatedUs }: Costs): string {
  const mixedUs = REPEATED_SHARE * repeatedUs + (1 - REPEATED_SHARE) * coldUs;
  const rows = LOADS.map(({ name, perSecond }): readonly Cell[] => [
    name,
    perSecond.toLocaleString('en-GB'),
    coresFor(perSecond, coldUs),
    coresFor(perSecond, mixedUs),
    Math.ceil((perSecond * BYTES * 8) / 1e6).toLocaleString('en-GB'),
  ]);
  const head = [
    'load',
    'verifications a second',
    `cores, every code new (${coldUs.toFixed(0)} us)`,
    `cores, half of them known (${mixedUs.toFixed(0)} us)`,
    'Mbit/s',
  ];
  return markdownTable(head, rows);
}
