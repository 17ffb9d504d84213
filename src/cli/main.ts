#!/usr/bin/env node
// The `yima` command: the real terminal around runLine.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../server/package-root.js';
import { createTerminal } from './process-terminal.js';
import { runLine } from './run.js';

const { version } = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as {
  version: string;
};

process.exitCode = await runLine(process.argv.slice(2), version, createTerminal());
