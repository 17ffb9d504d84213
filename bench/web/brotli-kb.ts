// How much of a page travels when it is opened for the first time.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { PACKAGE_ROOT } from '../../src/server/package-root.js';

const WEB = join(PACKAGE_ROOT, 'dist/web');

/** Page, script, style, manifest and service worker; clips, icons and WebAssembly are no part of opening it. */
export function brotliKb(name: string): number {
  const assets = readdirSync(join(WEB, 'assets')).filter((file) =>
    new RegExp(`^${name}-.*\\.(js|css|webmanifest)$`).test(file),
  );
  const files = [`${name}.html`, `${name}-worker.js`, ...assets.map((file) => `assets/${file}`)];
  const bytes = files.map((file) => brotliCompressSync(readFileSync(join(WEB, file))).length);
  return bytes.reduce((all, each) => all + each, 0) / 1024;
}
