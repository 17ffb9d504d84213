// `npm run settings`: writes the table of settings into README.md, between its markers.
// Usage: node tools/settings-table.mjs [FILE]   (default: README.md of this project)

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, install, ROOT } from './steps.mjs';

const MARKED = /(<!-- settings -->\n)[\s\S]*?(<!-- \/settings -->)/;

install();
build();
const { settingsTable } = await import('../dist/config.js');
const file = process.argv[2] ?? join(ROOT, 'README.md');
const text = readFileSync(file, 'utf8');
if (!MARKED.test(text)) {
  console.error(`${file} has no <!-- settings --> and <!-- /settings --> to write between.`);
  process.exit(1);
}
writeFileSync(
  file,
  text.replace(MARKED, (_all, begin, end) => `${begin}${settingsTable()}\n${end}`),
);
