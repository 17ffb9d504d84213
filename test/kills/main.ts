// npm run kills -- [--rounds N] [--full]: SIGKILL during issuing, revoking, batches, rotation and migration; 1,000 rounds with --full.
// Exit code 1 when anything was lost or is wrong.

import { parseArgs } from 'node:util';
import { killRounds } from './rounds.js';

const FULL_ROUNDS = 1_000;
const USAGE = 'usage: npm run kills -- [--rounds N] [--full]';
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '50' }, full: { type: 'boolean', default: false } },
});
const rounds = values.full ? FULL_ROUNDS : Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error(USAGE);
  process.exit(1);
}
const begin = Date.now();
const { kills, acknowledged, faults } = await killRounds(rounds, Math.random, (line) => {
  if (!values.full) console.log(line);
});
for (const fault of faults) console.log(fault);
console.log(
  `kills ${kills}, acknowledged ${acknowledged}, lost or wrong ${faults.length}, ${Math.round((Date.now() - begin) / 1000)} s`,
);
process.exit(faults.length === 0 ? 0 : 1);
