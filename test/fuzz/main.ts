// npm run fuzz -- ed25519 [--signatures N] [--slow N] [--minutes N] [--width W]: a differential run as long as asked. Exit code 1 when any two
// answers differ.

import { parseArgs } from 'node:util';
import { differential } from './ed25519-differential.js';

const USAGE = 'usage: npm run fuzz -- ed25519 [--signatures N] [--slow N] [--minutes N] [--width 4 to 10]';
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    signatures: { type: 'string' },
    slow: { type: 'string', default: '10000' },
    minutes: { type: 'string' },
    width: { type: 'string', default: '8' },
  },
});
const minutes = values.minutes === undefined ? Number.POSITIVE_INFINITY : Number(values.minutes);
const unlimited = values.minutes === undefined ? '1000000' : 'Infinity';
const [signatures, slow, width] = [values.signatures ?? unlimited, values.slow, values.width].map(Number);
const isSound = [signatures, slow, width, minutes].every((value) => value !== undefined && value >= 0);
if (positionals.join() !== 'ed25519' || !isSound || !Number.isInteger(width)) {
  console.error(USAGE);
  process.exit(1);
}
const begin = Date.now();
const options = { signatures: signatures ?? 0, slow: slow ?? 0, until: begin + minutes * 60_000 };
const result = await differential(options, width);
for (const difference of result.differences) console.log(difference);
console.log(
  `ed25519: ${result.signatures} signatures, ${result.verdicts} answers, ${result.differences.length} differences, ` +
    `width ${width}, ${Math.round((Date.now() - begin) / 1000)} s`,
);
process.exit(result.differences.length === 0 ? 0 : 1);
