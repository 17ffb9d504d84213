// The hammer's command line as one checked value.

import { parseArgs } from 'node:util';
import type { Settings } from '../../test/support/node-process.js';
import type { HammerOptions } from './hammer.js';
import { DEFAULT_MIX, parseMix } from './mix.js';

export const USAGE = `npm run hammer -- [options]
  --rate N            requests a second, due whether or not earlier ones were answered (1000)
  --seconds S         how long (20); --full is 1800
  --connections C     keep-alive connections, one request at a time on each (64)
  --mix SORT=SHARE,…  of cold, repeated, revoked, expired, forged, foreign, garbage
  --workers N         WORKERS of the node that is started (1)
  --set NAME=VALUE    another setting of that node; may be repeated
  --url URL --key KEY instead of starting a node: one that runs, with an API key that may issue, verify and revoke
  --pid PID           its process, so that processor time and memory are read
  --max-growth MB     how much memory may grow in the second half (48)
  --json              one object instead of lines
  --write             the lines also into docs/PERFORMANCE.md
Exit code: 0; 1 when an answer was wrong, memory grew, nothing was right or the node did not start; 2 for wrong usage.`;

export interface HammerCommand {
  readonly help: boolean;
  readonly run: HammerOptions;
  /** The node to start, or the one that runs. */
  readonly node:
    | { readonly settings: Settings }
    | { readonly url: string; readonly key: string; readonly pid: number | null };
  readonly maxGrowthMb: number;
  readonly json: boolean;
  readonly write: boolean;
}

const FULL_SECONDS = '1800';

/** @throws Error that says which option is wrong */
export function parseOptions(args: readonly string[]): HammerCommand {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rate: { type: 'string', default: '1000' },
      seconds: { type: 'string' },
      connections: { type: 'string', default: '64' },
      mix: { type: 'string' },
      workers: { type: 'string', default: '1' },
      set: { type: 'string', multiple: true, default: [] },
      url: { type: 'string' },
      key: { type: 'string' },
      pid: { type: 'string' },
      'max-growth': { type: 'string', default: '48' },
      json: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const { url, key, pid, mix, help, json, write } = values;
  if ((url === undefined) !== (key === undefined)) throw new Error('--url and --key go together.');
  return {
    help,
    run: {
      rate: positive('--rate', values.rate),
      seconds: positive('--seconds', values.seconds ?? (values.full ? FULL_SECONDS : '20')),
      connections: whole('--connections', values.connections),
      // A node that trusts no key of the hammer's cannot be shown an expired code.
      mix:
        mix === undefined ? { ...DEFAULT_MIX, ...(url === undefined ? {} : { expired: 0 }) } : parseMix(mix),
    },
    node:
      url === undefined || key === undefined
        ? { settings: { WORKERS: String(whole('--workers', values.workers)), ...readSettings(values.set) } }
        : { url, key, pid: pid === undefined ? null : whole('--pid', pid) },
    maxGrowthMb: positive('--max-growth', values['max-growth']),
    json,
    write,
  };
}

function readSettings(given: readonly string[]): Settings {
  return Object.fromEntries(
    given.map((each) => {
      const [, name, value] = /^([A-Z_]+)=(.*)$/s.exec(each) ?? [];
      if (name === undefined || value === undefined)
        throw new Error(`--set needs NAME=VALUE, not "${each}".`);
      return [name, value];
    }),
  );
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1e9)) throw new Error(`${name} needs a number above 0, not "${text}".`);
  return value;
}

function whole(name: string, text: string): number {
  const value = positive(name, text);
  if (!Number.isInteger(value)) throw new Error(`${name} needs a whole number, not "${text}".`);
  return value;
}
