// `npm run hammer -- [--rate N] [--seconds S] [--connections C] [--mix SORT=SHARE,…] [--workers N] [--json] [--write] [--full]`

import { parseArgs } from 'node:util';
import { provenance, writeSections } from '../support/document.js';
import { type HammerOptions, hammer } from './hammer.js';
import { DEFAULT_MIX, parseMix } from './mix.js';
import { failures, summarise, summaryLines } from './summary.js';
import { attachTarget, startTarget, type Target } from './target.js';

const USAGE = `npm run hammer -- [options]
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
Exit code: 0; 1 when an answer was wrong, memory grew or nothing was right; 2 for wrong usage.`;

const FULL_SECONDS = 1_800;

const { values } = parseArgs({
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

function number(name: 'rate' | 'seconds' | 'connections' | 'workers' | 'pid' | 'max-growth'): number {
  const value = Number(values[name]);
  if (!(value > 0)) throw new Error(`--${name} needs a number above 0.`);
  return value;
}

function readOptions(): HammerOptions {
  const attached = values.url !== undefined;
  return {
    rate: number('rate'),
    seconds: values.seconds === undefined ? (values.full ? FULL_SECONDS : 20) : number('seconds'),
    connections: number('connections'),
    mix:
      values.mix === undefined
        ? { ...DEFAULT_MIX, ...(attached ? { expired: 0 } : {}) }
        : parseMix(values.mix),
  };
}

function openTarget(): Promise<Target> | Target {
  if (values.url === undefined) {
    const set = Object.fromEntries(
      values.set.map((each) => [each.split('=')[0] ?? '', each.slice(each.indexOf('=') + 1)]),
    );
    return startTarget({ WORKERS: String(number('workers')), ...set });
  }
  if (values.key === undefined) throw new Error('--url needs --key.');
  return attachTarget(values.url, values.key, values.pid === undefined ? null : number('pid'));
}

async function run(options: HammerOptions, maxGrowthMb: number): Promise<number> {
  const target = await openTarget();
  try {
    const result = await hammer(target, options);
    const summary = summarise(result);
    const failed = failures(summary, maxGrowthMb);
    const lines = [...summaryLines(summary), ...result.tally.wrongs, ...failed];
    console.log(
      values.json ? JSON.stringify({ ...summary, failed, wrongs: result.tally.wrongs }) : lines.join('\n'),
    );
    if (values.write) writeRun(lines);
    return failed.length === 0 ? 0 : 1;
  } finally {
    await target.stop();
  }
}

function writeRun(lines: readonly string[]): void {
  const command = `npm run hammer -- ${process.argv.slice(2).join(' ')}`;
  writeSections({ hammer: [provenance(command), '', '```', ...lines, '```'].join('\n') });
}

if (values.help) {
  console.log(USAGE);
} else {
  try {
    process.exitCode = await run(readOptions(), number('max-growth'));
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exitCode = 2;
  }
}
