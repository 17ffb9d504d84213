// One scoped revocation of a hundred thousand credentials, a million in the long form: how long it takes, and whether memory grows with
// the count. Each count has a process of its own, or the memory of one would be the next one's.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Report } from '../support/report.js';
import type { ScopedFigures } from '../support/scoped-revocation.js';

const SMALL = 10_000;
const LARGE = 100_000;
const FULL = 1_000_000;
const MB = 1024 * 1024;

export async function reportScoped(report: Report, isFull: boolean): Promise<void> {
  for (const count of [SMALL, LARGE, ...(isFull ? [FULL] : [])]) {
    const { seconds, countSeconds, growthBytes, longestMs } = await measure(count);
    const prefix = `scoped_${count}`;
    report(`${prefix}_s`, seconds, 's to revoke them, approved by two, durable at every 500');
    report(`${prefix}_count_s`, countSeconds, 's for the dry run');
    report(`${prefix}_growth_mb`, growthBytes / MB, 'MiB of memory at the highest, above what it was before');
    report(`${prefix}_longest_ms`, longestMs, 'ms, the longest that everybody else waited');
  }
}

async function measure(count: number): Promise<ScopedFigures> {
  const program = fileURLToPath(new URL('./revoke-scope.js', import.meta.url));
  const child = fork(program, [String(count)], { execArgv: ['--expose-gc'] });
  const ended = once(child, 'exit');
  const [figures] = (await Promise.race([
    once(child, 'message'),
    ended.then(() => {
      throw new Error('the revocation did not come to its end');
    }),
  ])) as [ScopedFigures];
  await ended;
  return figures;
}
