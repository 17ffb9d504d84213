// `npm run hammer -- [--rate N] [--seconds S] [--connections C] [--mix SORT=SHARE,…] [--workers N] [--json] [--write] [--full]`

import { provenance, writeSections } from '../support/document.js';
import { hammer } from './hammer.js';
import { type HammerCommand, parseOptions, USAGE } from './options.js';
import { failures, summarise, summaryLines } from './summary.js';
import { attachTarget, startTarget, type Target } from './target.js';

const EXIT = { failed: 1, usage: 2 } as const;

function readCommand(args: readonly string[]): HammerCommand | null {
  try {
    return parseOptions(args);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    return null;
  }
}

function openTarget({ node }: HammerCommand): Promise<Target> | Target {
  return 'settings' in node ? startTarget(node.settings) : attachTarget(node.url, node.key, node.pid);
}

/** @returns why the run is a failure; nothing when it is none */
async function run(command: HammerCommand): Promise<readonly string[]> {
  const target = await openTarget(command);
  try {
    const result = await hammer(target, command.run);
    const { wrongs } = result.tally;
    const summary = summarise(result);
    const failed = failures(summary, command.maxGrowthMb);
    const lines = [...summaryLines(summary), ...wrongs, ...failed];
    console.log(command.json ? JSON.stringify({ ...summary, failed, wrongs }) : lines.join('\n'));
    if (command.write) writeRun(lines);
    return failed;
  } finally {
    await target.stop();
  }
}

function writeRun(lines: readonly string[]): void {
  const command = `npm run hammer -- ${process.argv.slice(2).join(' ')}`;
  writeSections({ hammer: [provenance(command), '', '```', ...lines, '```'].join('\n') });
}

const command = readCommand(process.argv.slice(2));
if (command === null) {
  process.exitCode = EXIT.usage;
} else if (command.help) {
  console.log(USAGE);
} else {
  try {
    if ((await run(command)).length > 0) process.exitCode = EXIT.failed;
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = EXIT.failed;
  }
}
