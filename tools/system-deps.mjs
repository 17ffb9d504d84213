// Brings the system packages that tests want and this machine lacks, where that is possible: root on Debian.
// Elsewhere it says what to install; the tests that need it skip visibly.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const WANTED = [
  { present: () => onPath('chromium'), packages: ['chromium'], why: 'browser tests' },
  {
    present: () => existsSync('/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc'),
    packages: ['fonts-wqy-zenhei'],
    why: 'Chinese text in screenshots',
  },
  {
    // Debian's redis-tools holds the server's program too, and no service that would start and take port 6379.
    present: () => onPath('redis-server') || onPath('redis-check-rdb'),
    packages: ['redis-tools'],
    why: 'tests of the status feed',
  },
  { present: () => onPath('strace'), packages: ['strace'], why: 'the count of syncs to the disk' },
];

function onPath(name) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)));
}

const missing = WANTED.filter((each) => !each.present());
if (missing.length > 0) {
  const packages = missing.flatMap((each) => each.packages);
  const debian = existsSync('/etc/debian_version') && process.getuid?.() === 0;
  if (debian) {
    console.log(`Installing ${packages.join(', ')} ...`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const apt = (...args) =>
      spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
    if (!(apt('update', '-q') && apt('install', '-y', '-q', '--no-install-recommends', ...packages))) {
      console.log(`Could not install ${packages.join(', ')}: the tests that need them will skip.`);
    }
  } else {
    for (const each of missing)
      console.log(`For ${each.why} install: ${each.packages.join(' ')} (skipped without it).`);
  }
}
