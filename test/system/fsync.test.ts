// What reaches the disk before anything is answered, counted from outside: one sync a change, and one for a group of a hundred.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { dataFolder } from '../support/node-process.js';
import { isRequired } from '../support/on-path.js';

const CHILD = new URL('../support/traced-child.js', import.meta.url).pathname;
const STEPS = ['one', 'revocation', 'group'] as const;
const GROUP = 100;

const canTrace = (): boolean => spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;
const withoutStrace: string | false =
  !isRequired('strace') && !canTrace()
    ? 'strace is not here, or may trace nothing: syncs are not counted'
    : false;

/** How often the WAL was synced in each step, and anything else was. */
function counts(trace: string): Record<string, readonly [wal: number, others: number]> {
  const found: Record<string, [number, number]> = {};
  let step = '';
  for (const line of trace.split('\n')) {
    step = /write\(1<[^>]*>, "mark (\w+)/.exec(line)?.[1] ?? step;
    const path = /(?:fsync|fdatasync)\(\d+<([^>]*)>/.exec(line)?.[1];
    if (path === undefined || line.includes('resumed>')) continue;
    const row = found[step] ?? [0, 0];
    found[step] = row;
    row[path.endsWith('yima.db-wal') ? 0 : 1] += 1;
  }
  return found;
}

t.test('one change is one sync, and so is a group of a hundred', { skip: withoutStrace }, (t) => {
  const dataDir = dataFolder(t);
  const trace = join(dataDir, '..', 'trace');
  const wanted = ['-f', '-y', '-e', 'trace=fsync,fdatasync,write', '-e', 'signal=none', '-o', trace];
  const { status, stdout, stderr } = spawnSync('strace', [...wanted, process.execPath, CHILD, dataDir], {
    encoding: 'utf8',
  });
  t.equal(status, 0, stderr.slice(-1_000));
  t.match(stdout, `logged ${GROUP + 2}`, 'every one of them was logged');
  const found = counts(readFileSync(trace, 'utf8'));
  for (const step of STEPS) t.same(found[step], [1, 0], step);
  t.end();
});
