import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { openDataFolder } from '../../src/adapters/data-folder.js';
import { ROOT } from '../support/shared.js';

const LOOP = new URL('./commit-loop.js', import.meta.url).pathname;
const mode = (path: string): number => statSync(path).mode & 0o777;

t.test('the folder and what the lock needs are private', async (t) => {
  const folder = openDataFolder(join(t.testdir(), 'made', 'here'));
  t.teardown(() => folder.close());
  t.equal(mode(folder.path), 0o700);
  t.equal(mode(join(folder.path, '..')), 0o700);
  t.equal(mode(folder.file('yima.lock')), 0o600);
  t.equal(mode(folder.file('yima.pid')), 0o600);
});

t.test('a second holder is refused by name until the first lets go', async (t) => {
  const path = t.testdir();
  const first = openDataFolder(path);
  t.throws(() => openDataFolder(path), {
    code: 'data_locked',
    message: new RegExp(`Process ${process.pid} `),
  });
  t.throws(
    () => openDataFolder(join(path, 'x', '..')),
    { code: 'data_locked' },
    'however the path is spelled',
  );
  first.close();
  t.notOk(existsSync(join(path, 'yima.pid')));
  const second = openDataFolder(path);
  first.close();
  t.throws(() => openDataFolder(path), { code: 'data_locked' }, "closing twice does not free another's lock");
  second.close();
});

t.test('another process is seen, and its lock ends with SIGKILL', async (t) => {
  const path = t.testdir();
  const child = spawn(process.execPath, [LOOP, path, join(ROOT, 'migrations')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  t.throws(() => openDataFolder(path), { code: 'data_locked', message: new RegExp(`Process ${child.pid} `) });
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  t.ok(existsSync(join(path, 'yima.pid')), 'what it left behind does not hold the lock');
  const folder = openDataFolder(path);
  t.throws(() => openDataFolder(path), { message: new RegExp(`Process ${process.pid} `) });
  folder.close();
});

t.test('a holder that has not written its pid yet is refused without a name', async (t) => {
  const folder = openDataFolder(t.testdir());
  t.teardown(() => folder.close());
  writeFileSync(folder.file('yima.pid'), '');
  t.throws(() => openDataFolder(folder.path), { code: 'data_locked', message: /^Another process / });
});

t.test(
  'a folder that anybody else may write to or owns is refused and left as it is',
  { skip: process.platform === 'win32' },
  async (t) => {
    const path = join(t.testdir(), 'open');
    mkdirSync(path);
    for (const open of [0o777, 0o770, 0o702]) {
      chmodSync(path, open);
      const message = `Others may write to ${path}. Run: chmod go-w ${path}`;
      t.throws(() => openDataFolder(path), { code: 'config_invalid', rule: 'writable_by_others', message });
      t.equal(mode(path), open);
    }
    chmodSync(path, 0o700);
    if (process.geteuid?.() === 0) {
      chownSync(path, 12_345, 0);
      t.throws(() => openDataFolder(path), { code: 'config_invalid', rule: 'owned_by_another' });
    }
    t.notOk(existsSync(join(path, 'yima.lock')));
  },
);

t.test(
  'a path that cannot be a folder, and a lock that is no database, are failures with a cause',
  async (t) => {
    const path = t.testdir({ file: 'text', broken: { 'yima.lock': 'not a database'.repeat(100) } });
    t.throws(() => openDataFolder(join(path, 'file')), { code: 'store_failed', cause: Error });
    t.throws(() => openDataFolder(join(path, 'file', 'under')), { code: 'store_failed', cause: Error });
    t.throws(() => openDataFolder(join(path, 'broken')), { code: 'store_failed', cause: Error });
  },
);
