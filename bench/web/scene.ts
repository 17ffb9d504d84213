// What the figures of every page begin with: a node of its own and a browser, and how much of a page travels.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { loadConfig } from '../../src/config.js';
import { openNode, type YimaNode } from '../../src/server/node.js';
import { PACKAGE_ROOT } from '../../src/server/package-root.js';
import { freePort } from '../../test/support/free-port.js';
import { launchChromium } from '../../test/web/support/chromium.js';

const WEB = join(PACKAGE_ROOT, 'dist/web');

export interface Scene {
  readonly node: YimaNode;
  readonly url: string;
  readonly browser: Browser;
}

/** Page, script, style, manifest and service worker; clips, icons and WebAssembly are no part of opening it. */
export function brotliKb(name: string): number {
  const assets = readdirSync(join(WEB, 'assets')).filter((file) =>
    new RegExp(`^${name}-.*\\.(js|css|webmanifest)$`).test(file),
  );
  const files = [`${name}.html`, `${name}-worker.js`, ...assets.map((file) => `assets/${file}`)];
  const bytes = files.map((file) => brotliCompressSync(readFileSync(join(WEB, file))).length);
  return bytes.reduce((all, each) => all + each, 0) / 1024;
}

/** Runs with both, and ends both. */
export async function withScene<T>(run: (scene: Scene) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'yima-bench-web-'));
  const ports = { PORT: String(await freePort()), ADMIN_PORT: String(await freePort()) };
  const node = await openNode(
    loadConfig({ YIMA_DATA_DIR: folder, YIMA_LOG_LEVEL: 'silent', YIMA_PARTNER_LISTS: 'off', ...ports }),
  );
  const browser = await launchChromium();
  try {
    return await run({ node, url: await node.open(), browser });
  } finally {
    await browser.close();
    await node.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
