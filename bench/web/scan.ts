// The scanner: how much travels, and how fast it answers with its node gone.

import type { Page } from 'playwright-core';
import { pngOf } from '../../src/adapters/qr.js';
import { withoutChromium } from '../../test/web/support/chromium.js';
import { percentile } from '../support/percentile.js';
import type { Report } from '../support/report.js';
import { brotliKb } from './brotli-kb.js';
import { type Scene, withScene } from './scene.js';

const VERDICTS = 40;
const PIN = '1357';

/** Times from a picture in hand to the answer on screen, taken in the page. */
const WATCH = `(() => {
  let since = 0;
  globalThis.verdictTimes = [];
  document.addEventListener('change', () => { since = performance.now(); }, true);
  new MutationObserver(() => {
    if (since === 0 || document.querySelector('.result') === null) return;
    verdictTimes.push(performance.now() - since);
    since = 0;
  }).observe(document.body, { childList: true, subtree: true });
})()`;

export async function scanFigures(report: Report): Promise<void> {
  report('scan_brotli_kb', brotliKb('scan'), 'KiB', 'without the decoder’s WebAssembly');
  if (withoutChromium !== false) return;
  const times = await withScene(scanVerdicts);
  report('scan_verdict_p95_ms', percentile(times, 0.95), 'ms', `median ${percentile(times, 0.5).toFixed(1)}`);
}

async function scanVerdicts({ node, url, browser }: Scene): Promise<readonly number[]> {
  const headers = { 'content-type': 'application/json', origin: url };
  const made = await fetch(`${url}/demo/credentials`, { method: 'POST', headers, body: '{}' });
  const { code } = (await made.json()) as { readonly code: string };
  const site = await node.localApp.inject({ method: 'POST', url: '/v1/sites', payload: { name: 'bench' } });
  const page = await (await browser.newContext({ locale: 'zh-CN' })).newPage();
  await page.goto(`${url}/scan#enrol=${site.json().code}`);
  await page.locator('input[inputmode=numeric]').fill(PIN);
  await page.locator('button[type=submit]').click();
  await page.locator('.bar[data-fresh=ok]').waitFor();
  await page.context().setOffline(true);
  return await measure(page, Buffer.from(pngOf(code, 8)));
}

async function measure(page: Page, buffer: Buffer): Promise<readonly number[]> {
  await page.evaluate(WATCH);
  for (let i = 0; i < VERDICTS; i++) {
    await page.locator('input[type=file]').setInputFiles({ name: 'code.png', mimeType: 'image/png', buffer });
    await page.locator('.result').waitFor();
    await page.locator('.result .button-main').click();
    await page.locator('.result').waitFor({ state: 'detached' });
  }
  return (await page.evaluate('verdictTimes')) as readonly number[];
}
