// Printed codes in a real browser: their sizes as it lays them out, the symbol as an independent reader sees it, and hostile names.

import type { Browser } from 'playwright-core';
import t, { type Test } from 'tap';
import { printedOf } from '../../src/adapters/qr.js';
import { type SheetContent, sheetHtml } from '../../src/http/paper/sheet.js';
import type { Layout } from '../../src/http/paper/sheet-style.js';
import { issueRequest } from '../support/office.js';
import { openQuietNode, privateFolder } from '../support/open-node.js';
import { readQr } from '../support/read-qr.js';
import { launchChromium, withoutChromium } from './support/chromium.js';

const MM = 96 / 25.4;
const SIZES: Readonly<Record<Layout, readonly [number, number]>> = { card: [85.6, 54], a4: [210, 297] };

t.setTimeout(120_000);

interface Measured {
  readonly sheet: readonly [number, number];
  /** Of the symbol with its quiet zone, and of the symbol alone, in mm. */
  readonly outer: number;
  readonly symbol: number;
  /** Texts that lie outside the sheet, or over one another. */
  readonly cut: readonly string[];
  readonly text: string;
  readonly elements: number;
}

const MEASURE = `(() => {
  const mm = (pixels) => Math.round((pixels / ${MM}) * 100) / 100;
  const sheet = document.querySelector('.sheet').getBoundingClientRect();
  const svg = document.querySelector('.symbol svg');
  const outer = svg.getBoundingClientRect().width;
  const modules = Number(svg.getAttribute('viewBox').split(' ')[2]);
  const leaves = [...document.querySelectorAll('.sheet *')].filter((each) => !each.closest('svg') && each.childElementCount === 0);
  const isCut = (each) => {
    const box = each.getBoundingClientRect();
    return box.width > 0 && (box.left < sheet.left - 0.5 || box.top < sheet.top - 0.5 || box.right > sheet.right + 0.5 || box.bottom > sheet.bottom + 0.5);
  };
  const boxes = new Map(leaves.map((each) => [each, [...each.getClientRects()]]));
  // A line's box is higher than its letters.
  const [lower, upper] = [(box) => box.top + box.height / 4, (box) => box.bottom - box.height / 4];
  const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && lower(a) < upper(b) && lower(b) < upper(a);
  const isCovered = (each) => leaves.some((other) => other !== each && boxes.get(each).some((a) => boxes.get(other).some((b) => meet(a, b))));
  return {
    sheet: [mm(sheet.width), mm(sheet.height)],
    outer: mm(outer),
    symbol: mm((outer * (modules - 8)) / modules),
    cut: leaves.filter((each) => isCut(each) || isCovered(each)).map((each) => each.textContent),
    text: document.querySelector('.sheet').innerText,
    elements: document.querySelectorAll('.sheet *:not(svg):not(svg *)').length,
  };
})()`;

/** The sheet as it is printed. @param complaints what the browser refuses or misses */
async function open(t: Test, browser: Browser, html: string) {
  const context = await browser.newContext({ deviceScaleFactor: 3, viewport: { width: 900, height: 1200 } });
  t.teardown(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('dialog', (dialog) => {
    complaints.push(dialog.message());
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (request.url() !== 'http://paper.test/') complaints.push(request.url());
  });
  await page.route('http://paper.test/', (route) => route.fulfill({ contentType: 'text/html', body: html }));
  await page.goto('http://paper.test/');
  await page.emulateMedia({ media: 'print' });
  return { page, complaints, measured: (await page.evaluate(MEASURE)) as Measured };
}

const content = (change: Partial<SheetContent> = {}): SheetContent => ({
  title: { 'zh-CN': '机动车驾驶证', en: 'Driving licence' },
  name: '张*三',
  issuer: '示例市公安局交通警察支队 330102',
  expiresAt: 1_890_000_000,
  shortId: '7K3QMXW2PD41',
  symbol: printedOf(`YM1:${'A1B2C3D4E5'.repeat(27)}`),
  ...change,
});

t.test('what a node prints', { skip: withoutChromium }, async (t) => {
  const { localApp } = await openQuietNode(t, privateFolder(t));
  const browser = await launchChromium();
  t.teardown(() => browser.close());
  for (const kind of ['health-code', 'business-licence']) {
    const issued = await localApp.inject({
      method: 'POST',
      url: '/v1/credentials',
      payload: issueRequest(kind, { forms: ['paper'] }),
    });
    const { id, encodings } = issued.json();
    for (const layout of ['card', 'a4'] as const) {
      await t.test(`${kind} as ${layout}`, async (t) => {
        const url = `/v1/credentials/${id}/encodings/1/${layout}.html`;
        const { page, complaints, measured } = await open(t, browser, (await localApp.inject(url)).body);
        t.same(measured.sheet, SIZES[layout]);
        t.ok(measured.symbol >= 30, `the symbol is ${measured.symbol} mm wide`);
        t.same(measured.cut, []);
        t.match(measured.text, encodings[0].shortId);
        t.match(measured.text, 'Staff scan this; compare the ID card');
        const [read, ...others] = await readQr(await page.screenshot({ fullPage: true }));
        t.match(read, { text: encodings[0].code, level: 'Q' });
        t.equal(others.length, 0);
        const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
        const boxes = [...pdf.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)];
        t.equal(boxes.length, 1, 'one page');
        const points = SIZES[layout].map((mm) => (mm / 25.4) * 72);
        t.ok(
          [1, 2].every((i) => Math.abs(Number(boxes[0]?.[i]) - (points[i - 1] ?? 0)) < 1),
          'of its size',
        );
        t.same(complaints, []);
      });
    }
  }

  await t.test('names of strangers and of malice are shown as text, and nothing is cut', async (t) => {
    const plain = (await open(t, browser, sheetHtml('card', content()))).measured.elements;
    const names = [
      '<img src=x onerror=alert(1)>',
      '</style></bdi><script>alert(1)</script>',
      '" onmouseover="alert(1)" x="\u2028',
      '&lt;b&gt;&amp;&#39;',
      '张\u202e三\u0007李\u200b四\u2066\ud800',
      '阿**·买**·艾**·吐**·库**·依**·热**·帕**·玉**·努**',
      '示例市上城区第一人民医院健康管理与慢性病综合防治服务示范中心有限责任公司第二分院'.repeat(2),
    ];
    for (const name of names) {
      for (const layout of ['card', 'a4'] as const) {
        const html = sheetHtml(layout, content({ name, issuer: name.slice(0, 60) }));
        const { page, complaints, measured } = await open(t, browser, html);
        const shown = (await page.locator('.name').textContent()) ?? '';
        t.equal(shown, name.replace(/[\p{C}\u2028]/gu, '\ufffd'), name);
        t.same([measured.cut, complaints], [[], []], name);
        t.equal(measured.elements, plain, 'no element more');
        t.equal((await readQr(await page.screenshot({ fullPage: true }))).length, 1);
      }
    }
  });

  await t.test('a long licence and one without end or short id keep their size', async (t) => {
    const long = `YM1:${'A1B2C3D4E5'.repeat(110)}`;
    const html = sheetHtml('card', content({ expiresAt: null, shortId: null, symbol: printedOf(long) }));
    const { page, measured } = await open(t, browser, html);
    t.ok(measured.symbol >= 30);
    t.match(measured.text, '长期有效');
    t.equal(await page.locator('.short-id').count(), 0);
    t.equal((await readQr(await page.screenshot({ fullPage: true })))[0]?.text, long);
  });
});
