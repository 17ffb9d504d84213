// `npm test`: installs, builds, brings system packages, runs the fast suite, then the system suite.
// The last line is the sum: N passed, N failed, N skipped.

import { spawn } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join, sep } from 'node:path';
import { bin, build, buildTests, install, ROOT, run } from './steps.mjs';

/** Tests of whole processes and browsers: in test/system/ or named `*.system.test.ts`. They wait more than they work, and run two at a time. */
const isSystem = (file) => file.includes(`${sep}system${sep}`) || file.endsWith('.system.test.js');

function testFiles(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.test.js'))
    .map((name) => join(folder, name))
    .sort();
}

/** Runs one suite, copying its output through, and reads tap's closing count. */
function suite({ name, jobs, timeout, files }) {
  return new Promise((resolve) => {
    console.log(`\n# ${name} suite`);
    const args = [
      `--jobs=${jobs}`,
      `--timeout=${timeout}`,
      '--reporter=terse',
      '--disable-coverage',
      ...files,
    ];
    const child = spawn(bin('tap'), args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
    let tail = '';
    child.stdout.on('data', (chunk) => {
      process.stdout.write(chunk);
      tail = (tail + chunk).slice(-4000);
    });
    child.on('close', (status) => {
      const read = (word) =>
        Number(
          tail
            .match(new RegExp(`${word}: (\\d+)`, 'g'))
            ?.at(-1)
            ?.split(': ')[1] ?? 0,
        );
      resolve({
        pass: read('pass'),
        fail: read('fail'),
        skip: read('skip'),
        total: read('total'),
        status: status ?? 1,
      });
    });
  });
}

install();
run(process.execPath, ['tools/system-deps.mjs']);
build();
rmSync(`${ROOT}/.tap`, { recursive: true, force: true });
buildTests();

const files = testFiles(join('.build', 'test'));
const results = [
  await suite({ name: 'fast', jobs: '2', timeout: '150', files: files.filter((file) => !isSystem(file)) }),
  await suite({ name: 'system', jobs: '2', timeout: '240', files: files.filter(isSystem) }),
];
const sum = (word) => results.reduce((all, result) => all + result[word], 0);
const ranNothing = results.some((result) => result.total === 0);
const failed = results.some((result) => result.status !== 0) || ranNothing;
if (ranNothing) console.log('A suite ran no test: its files were not found or did not load.');
console.log(
  `\n${sum('pass')} passed, ${failed ? Math.max(1, sum('fail')) : 0} failed, ${sum('skip')} skipped`,
);
process.exit(failed ? 1 : 0);
