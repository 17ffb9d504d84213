// A checkpoint in a real browser against a real node, with a fake camera: online, with the node gone, with old knowledge.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { dataFolder, freePorts, runYima, type Settings, startNode } from '../support/node-process.js';
import { cameraArguments, writeClip } from './support/camera-clip.js';
import { enrol, misfits, next, PIN, result, shown, type, WAIT } from './support/checkpoint.js';
import { launchChromium, visit, withoutChromium } from './support/chromium.js';
import { faults } from './support/wallet.js';

const skip = withoutChromium;

t.setTimeout(170_000);

interface DemoCode {
  readonly code: string;
}

async function demo<T>(url: string, path: string): Promise<T> {
  const headers = { 'content-type': 'application/json', origin: url };
  const response = await fetch(`${url}${path}`, { method: 'POST', headers, body: '{}' });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as T;
}

function tempFolder(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'yima-clip-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A place of its own for the data, and the link of a checkpoint that waits for its device. */
async function makeSite(t: Test, folder: string, settings: Settings) {
  const node = await startNode(t, folder, settings);
  const made = runYima(['sites', 'enrol', '<b>East</b> gate', '--json'], folder, { settings });
  return { node, link: String(JSON.parse(made.out).link) };
}

t.test(
  'a checkpoint admits by its camera, judges with the node gone, and never admits by what is old',
  { skip },
  async (t) => {
    const folder = dataFolder(t);
    const settings = await freePorts();
    const { node, link } = await makeSite(t, folder, settings);
    const { code } = await demo<DemoCode>(node.url, '/demo/credentials');
    const clip = join(tempFolder(t), 'code.y4m');
    writeClip(clip, code);
    const browser = await launchChromium(cameraArguments(clip));
    t.teardown(() => browser.close());
    const { page, complaints } = await visit(browser, link, 390, 'zh-CN');
    t.equal(new URL(page.url()).hash, '', 'the code leaves the address');
    await enrol(page);
    t.equal(await page.locator('.bar strong').textContent(), '<b>East</b> gate', 'a name is only text');

    t.match(
      await shown(page),
      { verdict: /^admit ok/, subject: /\*/ },
      'by the camera, with whom to compare with the ID, masked',
    );
    for (const width of [360, 390, 1280]) {
      await page.setViewportSize({ width, height: 844 });
      t.same(await misfits(page), [0], `nothing misfits at ${width} pixels`);
    }
    await page.locator('.result').waitFor({ ...WAIT, state: 'detached' });
    t.pass('it goes back to scanning by itself');

    await page.evaluate('navigator.serviceWorker.ready.then(() => true)');
    node.signal('SIGKILL');
    await node.ended;
    t.equal(await type(page, code), 'admit ok page', 'with the node gone the page judges');
    await next(page);
    await page.reload();
    await page.locator('.bar[data-fresh="ok"]').waitFor(WAIT);
    t.equal(await result(page), 'admit ok page', 'and so it does when it was opened without a network');
    await next(page);
    for (const [text, expected] of [
      ['<img src=x onerror=alert(1)> \u202e '.repeat(120).slice(0, 4_096), 'refuse not_ours page'],
      [`${code.slice(0, -1)}${code.endsWith('0') ? '1' : '0'}`, 'refuse'],
      [`YM1:${'A'.repeat(4_500)}`, 'refuse damaged page'],
    ] as const) {
      t.ok((await type(page, text)).startsWith(expected), expected);
      t.equal(await page.locator('.result-subject').count(), 0, 'a refusal names nobody');
      await next(page);
    }

    const fresh = await page.evaluate(
      '(() => { const real = Date.now; Date.now = () => real() + 3_600_000; return 1; })()',
    );
    t.equal(fresh, 1);
    await page.locator('.bar[data-fresh="old"]').waitFor(WAIT);
    t.equal(await type(page, code), 'indeterminate status_stale page');
    await page.reload(); // by the right clock, which is an hour behind what this page has seen
    t.equal(
      await result(page),
      'indeterminate clock_untrusted page',
      'a clock that is set back makes nothing new',
    );
    await next(page);

    await page.getByRole('button', { name: '班次' }).click(WAIT);
    t.match(await page.locator('[data-count="admit"] dd').textContent(), /^[3-9]$/);
    await page.getByLabel('退出密码').fill('1111');
    await page.getByRole('button', { name: '退出检查点' }).click(WAIT);
    await page.getByText('密码不对。').waitFor(WAIT);
    await page.getByLabel('退出密码').fill(PIN);
    await page.getByRole('button', { name: '退出检查点' }).click(WAIT);
    await page.getByText('登记此检查点').waitFor(WAIT);
    t.same(faults(complaints), []);
  },
);
