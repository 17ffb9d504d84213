// npm run conformance -- SUITE FILE: runs published vectors against this implementation. Exit code 0 only when all agree.

import { readFileSync } from 'node:fs';
import { ed25519Speccheck } from './ed25519-speccheck.js';
import { euDcc } from './eu-dcc.js';
import { nzcp } from './nzcp.js';
import { shc } from './shc.js';
import type { Suite } from './suite.js';
import { tokenStatusList } from './token-status-list.js';
import { wycheproofEd25519 } from './wycheproof-ed25519.js';

const SUITES: ReadonlyMap<string, Suite> = new Map([
  ['ed25519-speccheck', ed25519Speccheck],
  ['eu-dcc', euDcc],
  ['nzcp', nzcp],
  ['shc', shc],
  ['token-status-list', tokenStatusList],
  ['wycheproof-ed25519', wycheproofEd25519],
]);

const USAGE = `usage: npm run conformance -- SUITE FILE\nsuites: ${[...SUITES.keys()].join(', ')}`;

function readVectors(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Prints the result and returns the exit code. */
async function runSuite(suite: Suite, fileText: string): Promise<number> {
  const { passed, failed, skipped, lines } = await suite(fileText);
  for (const line of lines) console.log(line);
  if (passed + failed + skipped === 0) console.error('The file holds no case of this suite.');
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  return failed > 0 || passed === 0 ? 1 : 0;
}

async function main(words: readonly string[]): Promise<number> {
  const [name, path] = words;
  const suite = SUITES.get(name ?? '');
  if (suite === undefined || path === undefined || words.length !== 2) {
    if (name !== undefined && suite === undefined)
      console.error(`There is no suite ${JSON.stringify(name)}.`);
    console.error(USAGE);
    return 1;
  }
  const fileText = readVectors(path);
  if (fileText === undefined) {
    console.error(`The file ${path} cannot be read.\n${USAGE}`);
    return 1;
  }
  try {
    return await runSuite(suite, fileText);
  } catch (error) {
    console.error(
      `The file ${path} is not of the format of ${name}: ${error instanceof Error ? error.message : error}`,
    );
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
