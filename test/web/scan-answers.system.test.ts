// The scanner's answers: live codes judged with the node gone, what a guard lets in all the same, and how every screen is read.

import type { Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { decodeBase45, encodeBase45 } from '../../src/core/codec/base45.js';
import { concatBytes } from '../../src/core/codec/bytes.js';
import type { CredentialView } from '../../src/http/schemas/credential.js';
import { createDevice, rebind, signerOf } from '../support/device.js';
import { issueRequest } from '../support/office.js';
import { seriousFaults } from './support/axe.js';
import { enrol, misfits, next, press, shoot, shown, type, typeIn, WAIT } from './support/checkpoint.js';
import { visit, withoutChromium } from './support/chromium.js';
import { type Gate, openGate, post } from './support/gate.js';
import { playCamera, setCamera } from './support/played-camera.js';
import { faults } from './support/wallet.js';

t.setTimeout(170_000);

const device = createDevice();
const thief = createDevice();

interface Codes {
  /** Bound to the device. */
  readonly bound: string;
  readonly other: string;
  readonly green: string;
  readonly yellow: string;
  readonly revoked: string;
}

interface DemoCode {
  readonly id: string;
  readonly code: string;
}

/** All before the first list is signed, so that it tells of all. */
async function makeCodes({ node, url, dataDir }: Gate): Promise<Codes> {
  const bind = async (): Promise<string> => {
    const { encodings } = await post<CredentialView>(node, '/v1/credentials', issueRequest());
    const code = encodings[0]?.code ?? '';
    return rebind(code, await signerOf(code, dataDir), device.signer.publicKey);
  };
  const demo = async (path: string, body: object): Promise<DemoCode> => {
    const headers = { 'content-type': 'application/json', origin: url };
    const sent = { method: 'POST', headers, body: JSON.stringify(body) };
    const response = await fetch(`${url}/demo/credentials${path}`, sent);
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as DemoCode;
  };
  const [green, yellow, revoked] = [await demo('', {}), await demo('', {}), await demo('', {})];
  await demo(`/${yellow.id}/level`, { level: 'yellow' });
  await demo(`/${revoked.id}/revoke`, {});
  return {
    bound: await bind(),
    other: await bind(),
    green: green.code,
    yellow: yellow.code,
    revoked: revoked.code,
  };
}

const seconds = (): number => Math.floor(Date.now() / 1000);

t.test('the scanner’s answers', { skip: withoutChromium }, async (t) => {
  const gate = await openGate(t);
  const codes = await makeCodes(gate);
  const { page, complaints } = await visit(gate.browser, await gate.link(), 360, 'zh-CN', playCamera);
  await page.locator('.enrol-card').waitFor(WAIT);
  await t.test('before anything is judged', (t) => look(t, page, 'enrolment'));
  await enrol(page);
  await t.test('a live code that was shown elsewhere is held', (t) => replayed(t, gate, codes, page));
  await page.context().setOffline(true);
  await t.test('live codes, with the node gone', (t) => live(t, codes, page));
  await t.test('who is let in after a check is counted, without a name', (t) =>
    overrides(t, gate, codes, page),
  );
  await t.test('every screen can be read by all', (t) => looks(t, codes, page));
  t.same(faults(complaints), [], 'no breach of the policy, no exception, no other host');
});

/** A node that is too slow is not waited for, so that more than one try may be needed. */
async function replayed(t: Test, { node }: Gate, { bound }: Codes, page: Page): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const code = device.present(bound, seconds());
    await post(node, '/v1/verify', { code, site: 'West gate' });
    await typeIn(page, code);
    const told = await shown(page);
    await next(page);
    if (!told.verdict.endsWith('node')) continue;
    t.match(told, { verdict: 'hold replayed node', subject: '张*三' });
    return;
  }
  t.fail('the node never answered in time');
}

function spliced(one: string, other: string): string {
  const bytes = [one, other].map((text) => decodeBase45(text.slice(4))) as [Uint8Array, Uint8Array];
  return `YM2:${encodeBase45(concatBytes(bytes[0].subarray(0, -64), bytes[1].subarray(-64)))}`;
}

async function live(t: Test, { bound, other, green }: Codes, page: Page): Promise<void> {
  const picture = device.present(bound, seconds());
  await typeIn(page, picture);
  t.match(await shown(page), { verdict: 'admit ok page', subject: '张*三' });
  await page.locator('.result-more').click(WAIT);
  t.match(await page.locator('.result-checks').textContent(), '持码设备通过', 'signed by the device');
  await next(page);
  t.equal(await type(page, picture), 'admit ok page', 'shown again at the same place');
  await next(page);
  const now = seconds();
  for (const [name, text, expected] of [
    ['without its device', bound, 'refuse holder_mismatch'],
    ['by another phone', thief.present(bound, now), 'refuse holder_mismatch'],
    ['spliced', spliced(device.present(bound, now), device.present(other, now)), 'refuse holder_mismatch'],
    ['cut', device.present(bound, now).slice(0, -3), 'refuse damaged'],
    ['from the future', device.present(bound, now + 3_600), 'refuse presentation_expired'],
    ['half a minute old', device.present(bound, now - 31), 'refuse presentation_expired'],
  ] as const) {
    await typeIn(page, text);
    t.match(await shown(page), { verdict: `${expected} page`, subject: /^$/ }, name);
    await next(page);
  }
  await later(page, 61);
  t.equal(await type(page, picture), 'refuse presentation_expired page', 'a picture of it, a minute later');
  await next(page);
  await later(page, 600);
  t.equal(await type(page, green), 'indeterminate status_stale page', 'ten minutes later nobody can tell');
  await next(page);
  await later(page, 0);
  t.equal(await type(page, green), 'indeterminate clock_untrusted page', 'set back, the clock says nothing');
  await next(page);
  await page.context().setOffline(false);
  await page.evaluate(`dispatchEvent(new Event('online'))`);
  await page.locator('.bar[data-online="true"]').waitFor(WAIT);
  await page.context().setOffline(true);
}

/** Sets the page's clock ahead of the true time. */
async function later(page: Page, ahead: number): Promise<void> {
  await page.evaluate(`(() => {
    globalThis.trueNow ??= Date.now;
    Date.now = () => trueNow() + ${ahead} * 1000;
  })()`);
}

/** All that the page keeps of the shift. */
const KEPT_SHIFT = `new Promise((resolve, reject) => {
  const request = indexedDB.open('yima-scan');
  request.onerror = () => reject(request.error);
  request.onsuccess = () => {
    const shift = request.result.transaction('kept').objectStore('kept').get('shift');
    shift.onsuccess = () => {
      request.result.close();
      resolve(shift.result);
    };
  };
})`;

async function overrides(t: Test, { node }: Gate, { yellow, revoked }: Codes, page: Page): Promise<void> {
  t.equal(await type(page, revoked), 'refuse revoked page');
  t.equal(await page.getByRole('button', { name: '核验后放行' }).count(), 0, 'a refusal is no hold');
  await next(page);
  await typeIn(page, yellow);
  t.match(await shown(page), { verdict: 'hold held_by_policy page', subject: /\*/ });
  await press(page, '核验后放行');
  await press(page, '已按规定核验');
  await page.getByText('已登记放行').waitFor(WAIT);
  await shoot(page, yellow);
  await page.getByRole('button', { name: '核验后放行' }).waitFor(WAIT);
  t.equal(await page.getByText('已登记放行').count(), 0, 'who comes next is not let in by it');
  await next(page);
  await press(page, '班次');
  t.equal(await page.locator('[data-count="overridden"] dd').textContent(), '1');
  await page.getByText('1 条放行登记待上传').waitFor(WAIT);
  const { unsent } = (await page.evaluate(KEPT_SHIFT)) as { readonly unsent: readonly object[] };
  const kept = { n: 1, at: Number, reason: 'held_by_policy', choice: 'check_done', kind: 'health-code' };
  t.match(unsent, [kept]);
  t.same(Object.keys(unsent[0] ?? {}).sort(), Object.keys(kept).sort(), 'nothing of whom');
  t.notMatch(JSON.stringify(await page.evaluate(KEPT_SHIFT)), /张|330102/);

  const sent = page.waitForRequest('**/scan/overrides', { timeout: 60_000 });
  await page.context().setOffline(false);
  await page.evaluate(`dispatchEvent(new Event('online'))`);
  t.same((await sent).postDataJSON(), { overrides: unsent });
  await page.getByText('1 条放行登记待上传').waitFor({ ...WAIT, state: 'detached' });
  t.equal(await page.locator('[data-count="overridden"] dd').textContent(), '1', 'still of this shift');
  const log = await node.localApp.inject({ url: '/v1/log' });
  t.match(log.payload, 'site_override');
  await page.context().setOffline(true);
  await press(page, '返回');
}

/** axe-core finds nothing serious, and nothing misfits, on a phone and on a desk. */
async function look(t: Test, page: Page, name: string): Promise<void> {
  for (const width of [360, 1280]) {
    await page.setViewportSize({ width, height: 844 });
    t.same(await seriousFaults(page), [], `${name} at ${width}`);
    t.same(await misfits(page), [0], `${name} at ${width}`);
  }
}

async function looks(t: Test, { green, yellow, revoked }: Codes, page: Page): Promise<void> {
  await look(t, page, 'ready');
  await setCamera(page, 'camera.unplug()');
  await page.locator('[data-camera="lost"]').waitFor(WAIT);
  await look(t, page, 'without a camera');
  await press(page, '班次');
  await look(t, page, 'shift');
  await press(page, '返回');
  await press(page, '输入短号');
  await page.getByLabel('短号（二维码下方的 12 位）').fill('7K3Q-MXW2-PD42');
  await look(t, page, 'short id');
  await press(page, '返回');
  for (const [tone, text] of [
    ['ok', green],
    ['ask', yellow],
    ['again', 'hello'],
    ['stop', revoked],
    ['grey', 'shc:/1/2/567629'],
  ] as const) {
    await typeIn(page, text);
    await page.locator('.result-more').click(WAIT);
    t.match(await page.locator('.result').getAttribute('class'), `tone-${tone}`);
    await look(t, page, tone);
    if (tone === 'ask') {
      await press(page, '核验后放行');
      await look(t, page, 'why somebody is let in');
      await press(page, '不放行');
    } else await next(page);
  }
}
