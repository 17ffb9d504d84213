// The set-up that `npm start` and `npm test` share: install what the lockfile says, build what changed. Node built-ins only.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs a command in the project's folder with inherited output; ends this process when it fails. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', ...options });
  if (result.error) {
    console.error(`${command}: ${result.error.message}`);
    process.exit(1);
  }
  if (result.status !== 0 && options.mayFail !== true) process.exit(result.status ?? 1);
  return result;
}

export const bin = (name) => join(ROOT, 'node_modules', '.bin', name);

/** Runs `step` unless the stamp says that it was done for exactly this `fingerprint`. */
function once(stamp, fingerprint, step) {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint) return;
  step();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, fingerprint);
}

function fingerprint(paths) {
  const hash = createHash('sha256');
  const add = (path) => {
    const stat = statSync(path);
    if (stat.isDirectory()) {
      for (const name of readdirSync(path).sort()) if (name !== 'node_modules') add(join(path, name));
    } else {
      hash.update(`${path}\0${createHash('sha256').update(readFileSync(path)).digest('hex')}\0`);
    }
  };
  for (const path of paths) if (existsSync(join(ROOT, path))) add(join(ROOT, path));
  return hash.digest('hex');
}

/** Installs exactly the lockfile; the native database compiles here (about 1.5 minutes, once). */
export function install() {
  once(join(ROOT, 'node_modules', '.yima-installed'), fingerprint(['package-lock.json']), () => {
    console.log('Installing dependencies (the database driver compiles: about two minutes, once) ...');
    const npm = (...args) =>
      run('npm', [...args, '--no-progress', '--loglevel=error'], { shell: process.platform === 'win32' });
    npm('ci', '--ignore-scripts'); // no package runs code of its own at installation ...
    npm('rebuild', 'better-sqlite3'); // ... but the database driver, which compiles
  });
}

/** Compiles src to dist/ and bundles the pages to dist/web. */
export function build() {
  const inputs = ['src', 'tsconfig.json', 'tsconfig.base.json', 'tools/build-web.mjs', 'package-lock.json'];
  once(join(ROOT, 'dist', '.built'), fingerprint(inputs), () => {
    console.log('Building ...');
    run(process.execPath, [join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.json']);
    chmodSync(join(ROOT, 'dist', 'cli', 'main.js'), 0o755); // what `npx yima` runs
    run(process.execPath, ['tools/build-web.mjs']);
  });
}

/** Compiles src, test and bench to .build/, where tests and benches run. */
export function buildTests() {
  const inputs = ['src', 'test', 'bench', 'tsconfig.test.json', 'tsconfig.base.json', 'package-lock.json'];
  once(join(ROOT, '.build', '.built'), fingerprint(inputs), () => {
    run(process.execPath, [
      join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'),
      '-p',
      'tsconfig.test.json',
    ]);
  });
}
