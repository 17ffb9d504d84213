// The first page in a real browser against a real node: the whole story of a code, at a phone's and a desk's width.

import type { Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { dataFolder, freePorts, type Settings, startNode } from '../support/node-process.js';
import { launchChromium, type Visit, visit, withoutChromium } from './support/chromium.js';

const WAIT = { timeout: 15_000 };
const skip = withoutChromium;

// Starting a node and a browser takes a while on a busy machine.
t.setTimeout(150_000);

type Opened = Awaited<ReturnType<typeof open>>;

/** A node and a browser, both closed when the test ends. */
async function open(t: Test, settings: Settings = {}) {
  const node = await startNode(t, dataFolder(t), { ...(await freePorts()), ...settings });
  const browser = await launchChromium();
  t.teardown(() => browser.close());
  return { node, browser };
}

/** Presses a button by its word. */
function press(page: Page, name: string): Promise<void> {
  return page.getByRole('button', { name, exact: true }).click(WAIT);
}

/** The checkpoint's verdict as `decision reason`, once the reason is the expected one. */
async function verdict(page: Page, reason: string): Promise<string> {
  const screen = page.locator(`.verdict[data-reason="${reason}"]`);
  await screen.waitFor(WAIT);
  return `${await screen.getAttribute('data-decision')} ${reason}`;
}

async function sidewaysPixels(page: Page): Promise<unknown> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

/** Every control smaller than a fingertip, by its text. */
async function smallTargets(page: Page): Promise<unknown> {
  return page.evaluate(`[...document.querySelectorAll('button, a, textarea')]
    .filter((each) => { const box = each.getBoundingClientRect(); return box.width < 44 || box.height < 44; })
    .map((each) => each.textContent)`);
}

async function playThrough(t: Test, { page }: Visit): Promise<void> {
  t.equal(await verdict(page, 'ok'), 'admit ok', 'a new code is admitted');
  t.equal(await page.locator('.state').getAttribute('data-state'), 'green');
  t.match(await page.locator('.code-name').textContent(), /\*/, 'the name is masked');
  t.ok(
    await page.evaluate(`document.querySelector('.code-symbol img').naturalWidth > 0`),
    'the symbol is drawn',
  );
  t.equal(await page.locator('.check[data-result="pass"]').count(), 7, 'every rung but the holder passes');

  await press(page, '转黄');
  t.equal(await verdict(page, 'held_by_policy'), 'hold held_by_policy');
  t.ok(await page.locator('.subject').isVisible(), 'whom to compare with the ID is shown');

  await press(page, '转红');
  t.equal(await verdict(page, 'refused_by_policy'), 'refuse refused_by_policy');
  t.equal(await page.locator('.subject').count(), 0, 'a refusal names nobody');

  await press(page, '转绿');
  t.equal(await verdict(page, 'ok'), 'admit ok');

  await press(page, '作废此码');
  t.equal(await verdict(page, 'revoked'), 'refuse revoked');
  t.equal(await page.locator('.state').getAttribute('data-state'), 'revoked');
  t.ok(await page.getByRole('button', { name: '转绿' }).isDisabled(), 'revoked is for good');

  await press(page, '签发新码');
  t.equal(await verdict(page, 'ok'), 'admit ok', 'a new code is another one');
}

t.test('the story of a code plays through', { skip }, async (t) => {
  const opened = await open(t);
  for (const width of [390, 1280]) {
    await t.test(`at ${width} pixels`, async (t) => {
      const seen = await visit(opened.browser, opened.node.url, width, 'zh-CN');
      await playThrough(t, seen);
      t.equal(await sidewaysPixels(seen.page), 0, 'nothing runs out of the side');
      t.same(await smallTargets(seen.page), [], 'every control is at least 44 pixels');
      t.same(seen.complaints, []);
      await seen.context.close();
    });
  }
  await t.test('any text can be verified, and typed text comes back', (t) => verifyBox(t, opened));
  await t.test('the language switches in place and is remembered', (t) => languages(t, opened));
  await t.test('a reload shows the same code', (t) => reload(t, opened));
  await t.test('the demo code goes into the wallet', (t) => toWallet(t, opened));
  await t.test('a node that is gone gets one sentence and one way on', (t) => goneNode(t, opened));
});

async function verifyBox(t: Test, { browser, node }: Opened): Promise<void> {
  const { page, context, complaints } = await visit(browser, node.url, 360, 'en-GB');
  await verdict(page, 'ok');
  const box = page.getByLabel('The code’s text');
  const demoCode = await box.inputValue();

  await box.fill('<img src=x onerror=alert(1)> \u202e not a code');
  await press(page, 'Verify');
  t.equal(await verdict(page, 'not_ours'), 'refuse not_ours', 'markup is only text');

  const last = demoCode.at(-1) === '0' ? '1' : '0';
  await box.fill(`${demoCode.slice(0, -1)}${last}`);
  await press(page, 'Verify');
  await page.locator('.verdict[data-decision="refuse"]:not([data-reason="not_ours"])').waitFor(WAIT);
  t.equal(await page.locator('.subject').count(), 0);

  await press(page, 'Demo code');
  t.equal(await verdict(page, 'ok'), 'admit ok');
  await press(page, 'My text');
  t.not(await box.inputValue(), demoCode, 'what was typed is back');

  await box.fill(`  ${demoCode}\n`);
  await press(page, 'Verify');
  t.equal(await verdict(page, 'ok'), 'admit ok', 'white space around a pasted code does no harm');

  await box.fill('');
  await press(page, 'Verify');
  await press(page, 'Fill in the demo code');
  t.equal(await verdict(page, 'ok'), 'admit ok');
  t.equal(await sidewaysPixels(page), 0);
  t.same(complaints, []);
  await context.close();
}

async function languages(t: Test, { browser, node }: Opened): Promise<void> {
  const { page, context } = await visit(browser, node.url, 390, 'zh-CN');
  await verdict(page, 'ok');
  t.equal(await page.evaluate('document.documentElement.lang'), 'zh-CN', 'the system speaks Chinese');
  t.equal(await page.locator('.verdict-word').textContent(), '放行');
  await press(page, 'English');
  t.equal(await page.evaluate('document.documentElement.lang'), 'en');
  t.equal(
    await page.locator('.verdict-word').textContent(),
    'Admit',
    'the same answer in the other language',
  );
  const rest = ((await page.locator('main').textContent()) ?? '').replace(
    /[\u4e00-\u9fff]\*+[\u4e00-\u9fff]?/gu,
    '',
  );
  const chips = (await page.locator('.chip').allTextContents()).join(' ');
  t.notMatch(`${rest} ${chips}`, /[\u4e00-\u9fff]/u, 'no word is left in Chinese besides the holder’s name');
  await page.reload();
  await verdict(page, 'ok');
  t.equal(await page.locator('.verdict-word').textContent(), 'Admit', 'remembered');
  t.same(await page.evaluate('Object.keys(localStorage)'), ['yima.language'], 'and nothing else is');
  await context.close();
}

async function reload(t: Test, { browser, node }: Opened): Promise<void> {
  const { page, context, complaints } = await visit(browser, node.url, 390, 'zh-CN');
  await verdict(page, 'ok');
  const symbol = await page.locator('.code-symbol img').getAttribute('src');
  await press(page, '转红');
  await verdict(page, 'refused_by_policy');
  await page.reload();
  t.equal(await verdict(page, 'refused_by_policy'), 'refuse refused_by_policy');
  t.equal(await page.locator('.code-symbol img').getAttribute('src'), symbol);
  t.same(complaints, []);
  await context.close();
}

async function toWallet(t: Test, { browser, node }: Opened): Promise<void> {
  const { page, context, complaints } = await visit(browser, node.url, 390, 'zh-CN');
  await verdict(page, 'ok');
  await press(page, '放进卡包');
  const code = (await page.locator('.to-wallet-code').textContent(WAIT)) ?? '';
  t.equal(await sidewaysPixels(page), 0);
  t.same(await smallTargets(page), []);
  const [wallet] = await Promise.all([
    context.waitForEvent('page', WAIT),
    page.getByRole('link', { name: '打开卡包领取' }).click(WAIT),
  ]);
  await wallet.locator('.claim-code').fill(code, WAIT);
  await wallet.locator('.claim-form button[type=submit]').click(WAIT);
  await wallet.locator('.pass-symbol svg').waitFor(WAIT);
  t.pass('claimed and shown');
  t.same(complaints, []);
  await context.close();
}

async function goneNode(t: Test, { browser, node }: Opened): Promise<void> {
  const { page, context } = await visit(browser, node.url, 390, 'en-GB');
  await verdict(page, 'ok');
  await context.setOffline(true);
  await press(page, 'Turn red');
  await page.getByRole('alert').waitFor(WAIT);
  t.match(await page.getByRole('alert').textContent(), 'The server does not answer');
  await context.setOffline(false);
  await press(page, 'Try again');
  t.equal(
    await verdict(page, 'refused_by_policy'),
    'refuse refused_by_policy',
    'trying again does what was asked',
  );
  t.equal(await page.getByRole('alert').count(), 0);
  await context.close();
}

t.test('without the demo the page says so and shows the way to the API', { skip }, async (t) => {
  const opened = await open(t, { YIMA_DEMO: 'off' });
  const { page, context } = await visit(opened.browser, opened.node.url, 360, 'zh-CN');
  await page.getByText('这台服务器没有开启演示').waitFor(WAIT);
  t.equal(await page.getByRole('link', { name: '打开接口文档' }).getAttribute('href'), '/docs');
  t.equal(await page.getByRole('button', { name: '转红' }).count(), 0, 'no button that could not work');
  t.equal(await sidewaysPixels(page), 0);
  await context.close();
});
