// Holds the import directions of ARCHITECTURE.md: fails on a broken rule, and on finding no modules to check.
// Usage: node tools/check-imports.mjs [FOLDER]   (default: this project)

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { ROOT } from './steps.mjs';

const { forbidden, options } = createRequire(import.meta.url)(join(ROOT, '.dependency-cruiser.cjs'));
const folder = process.argv[2] ?? ROOT;
process.chdir(folder);
const tsConfigFile = join(ROOT, 'tsconfig.json');
const { output } = await cruise(
  ['src'],
  { ...options, tsConfig: { fileName: tsConfigFile }, ruleSet: { forbidden }, validate: true },
  undefined,
  { tsConfig: extractTSConfig(tsConfigFile) },
);

const core = output.modules.filter((module) => module.source.startsWith('src/core/'));
if (core.length === 0) {
  console.error('No modules found under src/core: nothing was checked.');
  process.exit(1);
}
for (const { rule, from, to } of output.summary.violations) console.error(`${rule.name}: ${from} -> ${to}`);
if (output.summary.violations.length > 0) process.exit(1);
console.log(
  `${output.summary.totalCruised} modules, ${output.summary.totalDependenciesCruised} imports, no rule broken`,
);
