// How the wallet looks and sounds: sizes in elder mode, accessibility, a new version while it is used, spoken states.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { dataFolder, freePorts, startNode } from '../support/node-process.js';
import { sampleClaims } from '../support/sample-claims.js';
import { ROOT } from '../support/shared.js';
import { createClient } from '../system/support/client.js';
import { seriousFaults } from './support/axe.js';
import { launchChromium, visit, withoutChromium } from './support/chromium.js';
import { claimOn, faults, offerOf, press, WAIT } from './support/wallet.js';

const skip = withoutChromium;
const WORKER = join(ROOT, 'dist', 'web', 'wallet-worker.js');
const ASSETS = join(ROOT, 'dist', 'web', 'assets');

t.setTimeout(170_000);

/** A phone with a health code and a licence. */
async function open(t: Test) {
  const dataDir = dataFolder(t);
  const node = await startNode(t, dataDir, await freePorts());
  const client = createClient(node, dataDir);
  const browser = await launchChromium();
  t.teardown(() => browser.close());
  const { region: _region, ...licence } = sampleClaims('driving-licence');
  const { id: licenceId } = await client.issue('licence', licence, 'driving-licence');
  const { id: codeId } = await client.issue('code');
  const phone = await visit(browser, `${node.url}/wallet`, 390, 'zh-CN');
  await claimOn(phone.page, await offerOf(client, licenceId));
  await claimOn(phone.page, await offerOf(client, codeId));
  return { node, browser, client, phone };
}

type Opened = Awaited<ReturnType<typeof open>>;

t.test('the wallet, seen and heard', { skip }, async (t) => {
  const opened = await open(t);
  await t.test('all codes are chosen from a list, and back goes back', (t) => chooseAndBack(t, opened));
  await t.test('standard: axe finds nothing serious, targets are 44 pixels', (t) => standard(t, opened));
  await t.test('elder mode is one touch away, remembered, and as large as promised', (t) => elder(t, opened));
  await t.test('a new version waits until the person takes it', (t) => newerVersion(t, opened));
  await t.test('elder mode stays whole with the server gone', (t) => elderOffline(t, opened));
  t.same(faults(opened.phone.complaints), [], 'no breach of the policy, no exception, no other host');
});

async function chooseAndBack(t: Test, { phone: { page } }: Opened): Promise<void> {
  t.equal(await page.locator('.pass-kind').textContent(), '健康码', 'the newest is shown');
  await press(page, '全部码和证照（2）');
  await page.locator('.row').filter({ hasText: '机动车驾驶证' }).click(WAIT);
  await page.locator('.pass-kind').filter({ hasText: '机动车驾驶证' }).waitFor(WAIT);
  await press(page, '亮证');
  t.match(await page.locator('.licence-fields').textContent(), /准驾车型/);
  t.notMatch(await page.locator('.licence-fields').textContent(), /002X.*002X/, 'numbers are masked');
  await page.goBack();
  await page.locator('.pass-symbol svg').waitFor(WAIT);
  await press(page, '设置与帮助');
  await press(page, '返回');
  await page.locator('.pass-symbol svg').waitFor(WAIT);
  t.match(page.url(), /\/wallet$/, 'the address never says where one is');
}

/** Opens each screen and comes back. */
async function eachScreen(page: Page, look: (name: string) => Promise<void>): Promise<void> {
  await page.locator('.pass-symbol svg').waitFor(WAIT);
  await look('pass');
  for (const name of ['全部码和证照（2）', '领取新的码', '设置与帮助', '亮证', '变更记录']) {
    await press(page, name);
    await page.locator('.screen').waitFor(WAIT);
    await look(name);
    await page.goBack();
    await page.locator('.pass-symbol svg').waitFor(WAIT);
  }
}

function sideways(page: Page): Promise<unknown> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

/** Controls lower or narrower than `least`, by their text. */
function smallTargets(page: Page, least: number): Promise<unknown> {
  return page.evaluate(`[...document.querySelectorAll('button, a, textarea, input')]
    .filter((each) => { const box = each.getBoundingClientRect(); return box.width < ${least} || box.height < ${least}; })
    .map((each) => each.textContent || each.tagName)`);
}

async function standard(t: Test, { phone: { page } }: Opened): Promise<void> {
  await eachScreen(page, async (name) => {
    t.same(await seriousFaults(page), [], name);
    t.same(await smallTargets(page, 44), [], name);
  });
  for (const width of [360, 390, 1280]) {
    await page.setViewportSize({ width, height: 740 });
    t.equal(await sideways(page), 0, `nothing runs out of the side at ${width} pixels`);
    const bottom = await page.evaluate(
      `document.querySelector('.pass-symbol').getBoundingClientRect().bottom`,
    );
    t.ok(Number(bottom) <= 740, `word and symbol fill the first view at ${width} pixels`);
  }
  await page.setViewportSize({ width: 390, height: 844 });
}

/** Text smaller than `least` pixels, or set closer than 1.3 lines. */
function crampedText(page: Page, least: number): Promise<unknown> {
  return page.evaluate(`[...document.querySelectorAll('body *')]
    .filter((each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ''))
    .filter((each) => each.checkVisibility() && !each.closest('.unseen'))
    .filter((each) => {
      const { fontSize, lineHeight } = getComputedStyle(each);
      const size = parseFloat(fontSize);
      return size < ${least} || (lineHeight !== 'normal' && parseFloat(lineHeight) / size < 1.299);
    })
    .map((each) => each.textContent + ' ' + getComputedStyle(each).fontSize + '/' + getComputedStyle(each).lineHeight)`);
}

async function elder(t: Test, { phone: { page } }: Opened): Promise<void> {
  await press(page, '长辈版');
  await page.reload();
  t.equal(await page.evaluate('document.documentElement.dataset.mode'), 'elder', 'remembered');
  await press(page, '全部码和证照（2）');
  await page.locator('.row').filter({ hasText: '机动车驾驶证' }).click(WAIT);
  await press(page, '设置与帮助');
  await press(page, '小一点');
  await page.getByText('现在 18 像素').waitFor(WAIT);
  await page.goBack();
  await eachScreen(page, async (name) => {
    t.same(await crampedText(page, 18), [], name);
    t.same(await smallTargets(page, 60), [], name);
    t.same(await seriousFaults(page), [], name);
  });
  await press(page, '设置与帮助');
  for (let step = 0; step < 3; step++) await press(page, '大一点');
  await page.getByText('现在 30 像素').waitFor(WAIT);
  await page.goBack();
  for (const width of [360, 390, 1280]) {
    await page.setViewportSize({ width, height: 844 });
    await eachScreen(page, async (name) => {
      t.equal(await sideways(page), 0, `${name} at ${width} pixels`);
      t.same(await crampedText(page, 30), [], `${name} at ${width} pixels`);
    });
  }
  await page.setViewportSize({ width: 390, height: 844 });
}

async function elderOffline(t: Test, { node, phone: { page } }: Opened): Promise<void> {
  node.signal('SIGKILL');
  await node.ended;
  await page.reload();
  t.equal(await page.evaluate('document.documentElement.dataset.mode'), 'elder');
  await page.getByText('网络不可用').waitFor(WAIT);
  await press(page, '全部码和证照（2）');
  await page.locator('.row').filter({ hasText: '机动车驾驶证' }).click(WAIT);
  await eachScreen(page, async (name) => {
    t.same(await crampedText(page, 30), [], name);
    t.same(await smallTargets(page, 60), [], name);
    t.same(await seriousFaults(page), [], name);
  });
  await press(page, '亮证');
  t.match(await page.locator('.licence-fields').textContent(), /准驾车型/);
  await page.goBack();
  await spoken(t, page);
  const clips = readdirSync(ASSETS).filter((file) => file.endsWith('.mp3'));
  const kept = await page.evaluate(
    `Promise.all(${JSON.stringify(clips)}.map((clip) => fetch('/assets/' + clip).then(({ ok }) => ok, () => false)))`,
  );
  t.same(
    kept,
    clips.map(() => true),
    'every clip can be played',
  );
}

async function spoken(t: Test, page: Page): Promise<void> {
  const played = page.evaluate(`new Promise((resolve) => {
    const play = HTMLMediaElement.prototype.play;
    HTMLMediaElement.prototype.play = function () {
      this.addEventListener('ended', () => resolve('to the end'));
      this.addEventListener('error', () => resolve('not at all'));
      this.playbackRate = 8;
      return play.call(this);
    };
  })`);
  await press(page, '播报状态');
  t.equal(await played, 'to the end', 'the state is spoken');
}

async function newerVersion(t: Test, { phone: { page } }: Opened): Promise<void> {
  const shipped = readFileSync(WORKER, 'utf8');
  t.teardown(() => writeFileSync(WORKER, shipped));
  await page.evaluate('navigator.serviceWorker.ready.then(() => true)');
  writeFileSync(WORKER, `${shipped}\n// another version\n`);
  await page.evaluate(
    `navigator.serviceWorker.getRegistration('/wallet').then((found) => found.update()).then(() => true)`,
  );
  await page.getByText('卡包有新版本').waitFor(WAIT);
  t.ok(await page.locator('.pass-symbol svg').isVisible(), 'the code stays on the screen');
  await Promise.all([page.waitForEvent('load', WAIT), press(page, '现在更新')]);
  await page.locator('.pass-symbol svg').waitFor(WAIT);
  t.equal(await page.getByText('卡包有新版本').count(), 0);
}
