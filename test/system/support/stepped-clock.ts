// A node whose wall clock can be stepped while it runs. Its steady clock goes on as it is.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import type { NodeProcess, Settings } from '../../support/node-process.js';
import { until } from '../../support/until.js';

/** Loaded before the program: `Date` is off by what a file says, read at each SIGUSR2. */
const PRELOAD = `
import { readFileSync } from 'node:fs';
const Real = Date;
let offsetMs = 0;
globalThis.Date = class extends Real {
  constructor(...given) {
    if (given.length === 0) super(Real.now() + offsetMs);
    else super(...given);
  }
  static now() {
    return Real.now() + offsetMs;
  }
};
process.on('SIGUSR2', () => {
  offsetMs = Number(readFileSync(process.env.STEPPED_CLOCK, 'utf8'));
  console.error('clock stepped to ' + offsetMs);
});
`;

export interface SteppedClock {
  /** With these a node starts that obeys. */
  readonly settings: Settings;
  /** Resolves when the node's clock is off by so much; 0 sets it right. */
  readonly step: (node: NodeProcess, seconds: number) => Promise<void>;
}

export function createSteppedClock(t: Test): SteppedClock {
  const folder = mkdtempSync(join(tmpdir(), 'yima-clock-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const [program, file] = [join(folder, 'clock.mjs'), join(folder, 'offset')];
  writeFileSync(program, PRELOAD);
  return {
    settings: { NODE_OPTIONS: `--import=${program}`, STEPPED_CLOCK: file },
    step: async (node, seconds) => {
      const said = `clock stepped to ${seconds * 1000}\n`;
      const before = node.output().split(said).length;
      writeFileSync(file, String(seconds * 1000));
      node.signal('SIGUSR2');
      await until('the clock was stepped', () => node.output().split(said).length > before);
    },
  };
}
