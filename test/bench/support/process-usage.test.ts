// Processor time and memory of a process and of what it starts, where Linux tells them.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import t from 'tap';
import { createProcessUsage } from '../../../bench/support/process-usage.js';

const BURNT_US = 200_000;
/** Burns that much, says so, and stays until its input ends. */
const CHILD = `
  while (process.cpuUsage().user < ${BURNT_US});
  console.log('burnt');
  process.stdin.resume();
`;

const skip = existsSync('/proc/self/stat') ? false : 'no /proc here';

t.test('what a process has started counts as its own', { skip }, async (t) => {
  const usage = createProcessUsage(process.pid);
  const alone = { cpuUs: usage.cpuUs() ?? Number.NaN, rssMb: usage.rssMb() ?? Number.NaN };
  const before = process.cpuUsage();
  const child = spawn(process.execPath, ['-e', CHILD], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  t.teardown(async () => {
    child.stdin.end();
    await ended;
  });
  await once(child.stdout, 'data');
  const used = (usage.cpuUs() ?? Number.NaN) - alone.cpuUs;
  const { user, system } = process.cpuUsage(before);
  t.ok(used - user - system >= BURNT_US * 0.8, `${used} us, of which ${user + system} of this process`);
  t.ok((usage.rssMb() ?? Number.NaN) > alone.rssMb + 10, 'the memory of both');
});

t.test('a process that is not there has no figures', async (t) => {
  const usage = createProcessUsage(2 ** 30);
  t.equal(usage.cpuUs(), null);
  t.equal(usage.rssMb(), null);
});
