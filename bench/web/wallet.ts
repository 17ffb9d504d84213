// The wallet: what its page weighs, and how soon it shows a code on a phone a quarter as fast as this machine.

import type { Page } from 'playwright-core';
import { sampleClaims } from '../../test/support/sample-claims.js';
import { withoutChromium } from '../../test/web/support/chromium.js';
import { percentile } from '../support/percentile.js';
import type { Report } from '../support/report.js';
import { brotliKb } from './brotli-kb.js';
import { type Scene, withScene } from './scene.js';

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

export async function walletFigures(report: Report): Promise<void> {
  report('wallet_brotli_kb', brotliKb('wallet'), 'KiB');
  if (withoutChromium !== false) return;
  const times = await withScene(openings);
  report('open_p95_ms', percentile(times, 0.95), 'ms', `median ${percentile(times, 0.5).toFixed(0)}`);
}

async function openings({ node, url, browser }: Scene): Promise<readonly number[]> {
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
