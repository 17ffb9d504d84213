#!/usr/bin/env node
// The `yima` command: the real terminal around runLine.

import { PACKAGE_VERSION } from '../server/package-root.js';
import { createTerminal } from './process-terminal.js';
import { runLine } from './run.js';

process.exitCode = await runLine(process.argv.slice(2), PACKAGE_VERSION, createTerminal());
