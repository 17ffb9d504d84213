// `npm start`: installs, builds and serves, in that order, on a fresh clone as well as on an old one.

import { build, install } from './steps.mjs';

install();
build();
process.argv = [process.argv[0], 'yima', 'serve', ...process.argv.slice(2)];
await import('../dist/cli/main.js');
