// `npm run bench -- NAME [--json] [--full] [--write]`: each figure beside a floor measured in the same run.
// `--write` (peers, growth) puts the figures into docs/PERFORMANCE.md.

import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { batch } from './batch.js';
import { growth } from './growth.js';
import { http } from './http.js';
import { issue } from './issue.js';
import { overload } from './overload.js';
import { peers } from './peers.js';
import { propagation } from './propagation.js';
import { qr } from './qr.js';
import { status } from './status.js';
import type { Bench, Report } from './support/report.js';
import { trust } from './trust.js';
import { verify } from './verify.js';
import { web } from './web.js';

const BENCHES: Readonly<Record<string, Bench>> = {
  verify,
  http,
  batch,
  overload,
  issue,
  qr,
  status,
  propagation,
  trust,
  web,
  peers,
  growth,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, full: { type: 'boolean' }, write: { type: 'boolean' } },
});
const [name = ''] = positionals;
const chosen = name === 'all' ? Object.keys(BENCHES) : [name];
if (chosen.some((each) => !Object.hasOwn(BENCHES, each))) {
  console.error(`Usage: npm run bench -- ${Object.keys(BENCHES).join('|')}|all [--json] [--full] [--write]`);
  process.exit(1);
}
if (values.json !== true) {
  console.log(
    `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.versions.node}`,
  );
}
const print = (text: string): void => {
  if (values.json !== true) console.log(text);
};
for (const each of chosen) {
  const report: Report = (metric, value, unit, spread) => {
    const line = {
      bench: each,
      metric,
      value: round(value),
      unit,
      ...(spread === undefined ? {} : { spread }),
    };
    if (values.json === true) console.log(JSON.stringify(line));
    else console.log(`${each} ${metric} ${line.value} ${unit}${spread === undefined ? '' : ` (${spread})`}`);
  };
  await BENCHES[each]?.(report, { full: values.full === true, write: values.write === true, print });
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
