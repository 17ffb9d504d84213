// What the figures of every page begin with: a node of its own and a browser.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { loadConfig } from '../../src/config.js';
import { openNode, type YimaNode } from '../../src/server/node.js';
import { freePort } from '../../test/support/free-port.js';
import { launchChromium } from '../../test/web/support/chromium.js';

export interface Scene {
  readonly node: YimaNode;
  readonly url: string;
  readonly browser: Browser;
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
