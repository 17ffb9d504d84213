// `npm run wasm`: compiles src/wasm and writes the modules, and their digest, beside the sources. `npm run wasm -- --check` compiles elsewhere and
// fails unless every byte is as committed. The compiler is installed here on first use.

import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT, run } from '../steps.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const SOURCES = join(ROOT, 'src', 'wasm', 'ed25519');
const MODULES = { 'index.ts': 'ed25519.wasm', 'parts.ts': 'parts.wasm' };
const DIGEST = join(ROOT, 'src', 'adapters', 'crypto-table', 'digest.ts');

function installCompiler() {
  const lock = createHash('sha256')
    .update(readFileSync(join(HERE, 'package-lock.json')))
    .digest('hex');
  const stamp = join(HERE, 'node_modules', '.yima-installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  run('npm', ['ci', '--ignore-scripts', '--no-progress', '--loglevel=error'], { cwd: HERE });
  writeFileSync(stamp, lock);
}

function compile(entry, out) {
  run(process.execPath, [
    join(HERE, 'node_modules', 'assemblyscript', 'bin', 'asc.js'),
    join(SOURCES, entry),
    ...['--outFile', out, '-O3', '--runtime', 'stub', '--noAssert', '--enable', 'simd'],
    ...['--disableWarning', '112'], // v128 parameters, which no export has
  ]);
}

function digestSource(module) {
  const digest = createHash('sha256').update(module).digest('hex');
  return `// Written by \`npm run wasm\`: what the committed module must hash to. Any other bytes are not run.

/** SHA-256 of src/wasm/ed25519/ed25519.wasm, hexadecimal. */
export const TABLE_MODULE_SHA256 = '${digest}';
`;
}

function differs(path, bytes) {
  return !existsSync(path) || !readFileSync(path).equals(Buffer.from(bytes));
}

const check = process.argv.includes('--check');
const folder = mkdtempSync(join(tmpdir(), 'yima-wasm-'));
try {
  installCompiler();
  const built = Object.entries(MODULES).map(([entry, name]) => {
    const out = join(folder, name);
    compile(entry, out);
    return [join(SOURCES, name), readFileSync(out)];
  });
  built.push([DIGEST, digestSource(built[0][1])]);
  const other = built.filter(([path, bytes]) => differs(path, bytes));
  for (const [path, bytes] of other) {
    if (check) console.error(`${path} is not what its sources compile to; run: npm run wasm`);
    else writeFileSync(path, bytes);
  }
  console.log(
    check ? `${built.length} files rebuilt, ${other.length} differ` : `${other.length} files written`,
  );
  process.exitCode = check && other.length > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true });
}
