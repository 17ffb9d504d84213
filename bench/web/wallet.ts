// The wallet: what its page weighs, and how soon it shows a code on a phone a quarter as fast as this machine.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { loadConfig } from '../../src/config.js';
import { openNode } from '../../src/server/node.js';
import { PACKAGE_ROOT } from '../../src/server/package-root.js';
import { freePort } from '../../test/support/free-port.js';
import { sampleClaims } from '../../test/support/sample-claims.js';
import { launchChromium, withoutChromium } from '../../test/web/support/chromium.js';
import { percentile } from '../support/percentile.js';
import type { Report } from '../support/report.js';

const WEB = join(PACKAGE_ROOT, 'dist/web');
const OPENINGS = 30;
const SLOWER = 4;

/** When the first symbol stood on the screen, in milliseconds after the navigation began. */
const WATCH = `globalThis.shownAfter = new Promise((resolve) => {
  new MutationObserver((_changes, observer) => {
    if (document.querySelector('.pass-symbol svg') === null) return;
    observer.disconnect();
    requestAnimationFrame(() => resolve(performance.now()));
  }).observe(document, { childList: true, subtree: true });
})`;

/** Page, script, style, manifest and service worker; clips and icons are no part of opening it. */
function brotliKb(): number {
  const assets = readdirSync(join(WEB, 'assets')).filter((file) =>
    /^wallet-.*\.(js|css|webmanifest)$/.test(file),
  );
  const files = ['wallet.html', 'wallet-worker.js', ...assets.map((file) => `assets/${file}`)];
  const bytes = files.map((file) => brotliCompressSync(readFileSync(join(WEB, file))).length);
  return bytes.reduce((all, each) => all + each, 0) / 1024;
}

export async function walletFigures(report: Report): Promise<void> {
  report('wallet_brotli_kb', brotliKb(), 'KiB');
  if (withoutChromium !== false) return;
  const times = await openings();
  report('open_p95_ms', percentile(times, 0.95), 'ms', `median ${percentile(times, 0.5).toFixed(0)}`);
}

async function openings(): Promise<readonly number[]> {
  const folder = mkdtempSync(join(tmpdir(), 'yima-bench-wallet-'));
  const ports = { PORT: String(await freePort()), ADMIN_PORT: String(await freePort()) };
  const node = await openNode(
    loadConfig({ YIMA_DATA_DIR: folder, YIMA_LOG_LEVEL: 'silent', YIMA_PARTNER_LISTS: 'off', ...ports }),
  );
  const browser = await launchChromium();
  try {
    const url = await node.open();
    const { region: _region, ...claims } = sampleClaims('health-code');
    const request = { kind: 'health-code', region: '330102', claims, operator: 'bench', evidence: 'bench' };
    const issued = await node.localApp.inject({ method: 'POST', url: '/v1/credentials', payload: request });
    const offers = `/v1/credentials/${issued.json().id}/offers`;
    const offer = await node.localApp.inject({ method: 'POST', url: offers, payload: {} });
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'zh-CN' });
    const page = await context.newPage();
    await page.goto(offer.json().walletUrl);
    await page.locator('.claim-code').fill(offer.json().txCode);
    await page.locator('.claim-form button[type=submit]').click();
    await page.locator('.pass-symbol svg').waitFor();
    await page.evaluate('navigator.serviceWorker.ready.then(() => true)');
    return await measure(page, `${url}/wallet`);
  } finally {
    await browser.close();
    await node.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The first opening warms the browser's caches and counts for nothing. */
async function measure(page: Page, url: string): Promise<readonly number[]> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  await page.addInitScript(WATCH);
  const times: number[] = [];
  for (let i = 0; i <= OPENINGS; i++) {
    await page.goto('about:blank');
    await page.goto(url);
    times.push(Number(await page.evaluate('shownAfter')));
  }
  return times.slice(1);
}
