// Builds, then runs a program of the test build: `node tools/built.mjs bench/main.js ...`.

import { build, buildTests, install, ROOT, run } from './steps.mjs';

const [program, ...args] = process.argv.slice(2);
install();
build();
buildTests();
process.exit(
  run(process.execPath, ['--expose-gc', `${ROOT}/.build/${program}`, ...args], {
    mayFail: true,
    cwd: process.cwd(),
  }).status,
);
