// `npm run check`: format, lint, types, import rules, dead code. No tests.

import { bin, install, run } from './steps.mjs';

install();
run(bin('biome'), ['check', '--error-on-warnings', '.']);
for (const project of [
  'tsconfig.json',
  'tsconfig.test.json',
  'src/web/tsconfig.json',
  'src/web/worker/tsconfig.json',
]) {
  run(bin('tsc'), ['-p', project, '--noEmit', '--incremental', 'false']);
}
run(process.execPath, ['tools/check-imports.mjs']);
run(bin('knip'), []);
