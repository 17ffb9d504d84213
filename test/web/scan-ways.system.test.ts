// What goes wrong at a gate, and the scanner's other ways: short ids, cameras that fail, hostile texts, lists without room, wrong clocks.

import type { Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { pngOf } from '../../src/adapters/qr.js';
import type { CredentialView } from '../../src/http/schemas/credential.js';
import type { YimaNode } from '../../src/server/node.js';
import { scanEn } from '../../src/web/scan/words/en.js';
import { scanZhCn } from '../../src/web/scan/words/zh-cn.js';
import { issueRequest } from '../support/office.js';
import {
  enrol,
  next,
  press,
  result,
  shoot,
  shown,
  type,
  typeIn,
  typeUntil,
  WAIT,
} from './support/checkpoint.js';
import { visit, withoutChromium } from './support/chromium.js';
import { type Gate, openGate, post } from './support/gate.js';
import { hold, lookAway, playCamera, setCamera } from './support/played-camera.js';
import { faults } from './support/wallet.js';

t.setTimeout(170_000);

/** On a screen and on paper. */
async function issue(node: YimaNode, kind = 'health-code', claims: object = {}) {
  const request = issueRequest(kind, { forms: ['screen', 'paper'] });
  const payload = { ...request, claims: { ...request.claims, ...claims } };
  const { encodings } = await post<CredentialView>(node, '/v1/credentials', payload);
  return { code: encodings[0]?.code ?? '', shortId: encodings[1]?.shortId ?? '' };
}

t.test('the scanner when things go wrong', { skip: withoutChromium }, async (t) => {
  const opened = await openGate(t);
  const { page, complaints } = await visit(opened.browser, await opened.link(), 360, 'zh-CN', playCamera);
  await enrol(page);
  await t.test('a short id is judged by the node, and a slip is told in the page', (t) =>
    shortIds(t, opened.node, page),
  );
  await t.test('hostile texts are answers, and shown as text', (t) => hostile(t, opened.node, page));
  await t.test('whatever the camera does, a guard is told what to do, and other ways go on', (t) =>
    cameras(t, opened.node, page),
  );
  await t.test('a torch that is on stays on', (t) => torches(t, opened.node, page));
  t.same(faults(complaints), [], 'no breach of the policy, no exception, no other host');
  await t.test('lists without room are told, and their codes are judged by the node alone', (t) =>
    noRoom(t, opened),
  );
  await t.test('a checkpoint that was revoked is told so, and can be enrolled anew', (t) =>
    revoked(t, opened),
  );
  await t.test('a clock that is off is told; one that is before the lists judges nothing', (t) =>
    wrongClock(t, opened),
  );
});

async function shortIds(t: Test, node: YimaNode, page: Page): Promise<void> {
  const { shortId } = await issue(node);
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/v1/verify/short-id')) asked.push(request.url());
  });
  const look = async (typed: string): Promise<void> => {
    await page.getByLabel('短号（二维码下方的 12 位）').fill(typed);
    await press(page, '查短号');
  };
  await press(page, '输入短号');
  for (const [typed, fault] of [
    ['7K3Q-MXW2', scanZhCn['short.length']],
    ['7K3Q-MXW2-PDU1', scanZhCn['short.characters']],
    ['7K3Q-MXW2-PD42', scanZhCn['short.check_character']],
  ] as const) {
    await look(typed);
    t.equal(await page.locator('.fault').textContent(), fault);
  }
  t.same(asked, [], 'a slip of the hand asks nobody');
  await look('7K3Q-MXW2-PD41');
  await page.getByText(scanZhCn['short.refused']).waitFor(WAIT);
  await look(` ${shortId.toLowerCase()}`);
  t.match(await shown(page), { verdict: 'admit ok node', subject: /\*/ });
  await next(page);

  await page.context().setOffline(true);
  await press(page, '输入短号');
  await look(shortId);
  await page.getByText(scanZhCn['short.unreachable']).waitFor(WAIT);
  t.equal(await page.locator('.result').count(), 0);
  await page.context().setOffline(false);

  let letGo = (): void => undefined;
  const isLetGo = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.route('**/v1/verify/short-id', async (route) => {
    await isLetGo;
    await route.continue();
  });
  const answered = page.waitForResponse('**/v1/verify/short-id', WAIT);
  await look(shortId);
  await press(page, '返回');
  letGo();
  await (await answered).finished();
  await page.unroute('**/v1/verify/short-id');
  await press(page, '班次');
  await page.locator('[data-count="admit"] dd', { hasText: '2' }).waitFor(WAIT);
  t.equal(await page.locator('.result').count(), 0, 'an answer that somebody left comes up for nobody');
  await press(page, '返回');
}

async function hostile(t: Test, node: YimaNode, page: Page): Promise<void> {
  const holderName = '<img src=x onerror=alert(1)> &amp; "公司"';
  const { code } = await issue(node, 'business-licence', { holderName });
  await typeIn(page, code);
  t.match(await shown(page), { verdict: /^admit ok/, subject: holderName }, 'markup in a name is text');
  t.equal(await page.locator('.result img').count(), 0);
  await next(page);
  const { code: good } = await issue(node);
  for (const [name, text, expected] of [
    ['4 KB of markup', '<script>alert(1)</script>'.repeat(170).slice(0, 4_096), 'refuse not_ours'],
    ['4 KB of a code', `YM1:${'A'.repeat(4_092)}`, 'refuse damaged'],
    ['marks that turn the direction', '\u202e\u2066\u200f'.repeat(40), 'refuse not_ours'],
    ['a mark inside a code', `${good.slice(0, 20)}\u202e${good.slice(20)}`, 'refuse damaged'],
    ['control characters', '\u0001\u0007\u001b[31m\u009b', 'refuse not_ours'],
    ['control characters inside a code', `${good.slice(0, 20)}\u0007${good.slice(20)}`, 'refuse damaged'],
    ['a code in halves', `${good.slice(0, 20)}\n${good.slice(20)}`, 'refuse damaged'],
    ['lone surrogates', '\ud800'.repeat(30), 'refuse not_ours'],
    ['a foreign format in tatters', `HC1:${'6BF'.repeat(200)}`, 'refuse damaged'],
  ] as const) {
    await typeIn(page, text);
    t.match(await shown(page), { verdict: new RegExp(`^${expected} `), subject: /^$/ }, name);
    await next(page);
  }
}

async function speak(page: Page, from: typeof scanZhCn | typeof scanEn, language: string): Promise<void> {
  await press(page, from['scan.more']);
  await press(page, language);
  await press(page, (language === 'English' ? scanEn : scanZhCn)['type.back']);
}

async function cameras(t: Test, node: YimaNode, page: Page): Promise<void> {
  const { code } = await issue(node);
  const sentence = async (state: string): Promise<string> => {
    await page.locator(`[data-camera="${state}"] button`).waitFor(WAIT);
    return (await page.locator('[data-camera] p').allTextContents()).join('|');
  };
  const isOn = () => page.locator('.finder').waitFor(WAIT);
  await isOn();
  await hold(page, code);
  t.match(await result(page), /^admit ok/, 'the camera reads');
  await hold(page, null);
  await next(page);

  const zh = (state: keyof typeof scanZhCn) => `${scanZhCn[state]}|${scanZhCn['camera.others']}`;
  const en = (state: keyof typeof scanEn) => `${scanEn[state]}|${scanEn['camera.others']}`;
  await setCamera(page, `camera.ground = '#000'`);
  t.equal(await sentence('black'), zh('camera.black'));
  await shoot(page, code);
  t.match(await result(page), /^admit ok/, 'a hand-held scanner works on');
  await next(page);
  await speak(page, scanZhCn, 'English');
  t.equal(await sentence('black'), en('camera.black'));
  await setCamera(page, `camera.ground = '#fff'`);
  await isOn();

  await setCamera(page, 'camera.unplug()');
  t.equal(await sentence('lost'), en('camera.lost'));
  await speak(page, scanEn, '中文');
  t.equal(await sentence('lost'), zh('camera.lost'));
  await setCamera(page, 'camera.plugIn()');
  await isOn();
  t.pass('plugged in again it opens by itself');

  await setCamera(page, 'camera.unplug()');
  await sentence('lost');
  for (const [fault, state] of [
    ['NotAllowedError', 'refused'],
    ['NotReadableError', 'busy'],
    ['NotFoundError', 'none'],
  ] as const) {
    await setCamera(page, `camera.fault = '${fault}'`);
    await press(page, scanZhCn['camera.retry']);
    t.equal(await sentence(state), zh(`camera.${state}`));
    await speak(page, scanZhCn, 'English');
    t.equal(await sentence(state), en(`camera.${state}`));
    await speak(page, scanEn, '中文');
  }
  const picture = { name: 'code.png', mimeType: 'image/png', buffer: Buffer.from(pngOf(code, 8)) };
  await page.locator('input[type=file]').setInputFiles(picture);
  t.match(await result(page), /^admit ok/, 'a picture is read');
  await next(page);
  await setCamera(page, 'camera.fault = null');
  await press(page, scanZhCn['camera.retry']);
  await isOn();
}

async function torches(t: Test, node: YimaNode, page: Page): Promise<void> {
  const { code } = await issue(node);
  const shone = () => page.evaluate('playedCamera.torch');
  t.equal(await page.getByRole('button', { name: '开灯' }).count(), 0, 'no torch, no button');
  await setCamera(page, 'camera.hasTorch = true');
  await lookAway(page);
  await press(page, '开灯');
  const on = page.getByRole('button', { name: '关灯' });
  await on.waitFor(WAIT);
  await hold(page, code);
  await result(page);
  await hold(page, null);
  await next(page);
  t.ok(await on.isVisible());
  t.same(await shone(), [true], 'over an answer');
  await lookAway(page);
  while ((await page.evaluate('playedCamera.torch.length')) !== 2) await page.waitForTimeout(50);
  t.ok(await on.isVisible());
  t.same(await shone(), [true, true], 'and when the page was away');
  await on.click(WAIT);
  await page.getByRole('button', { name: '开灯' }).waitFor(WAIT);
  t.same(await shone(), [true, true, false]);
}

async function noRoom(t: Test, { node, browser, link }: Gate): Promise<void> {
  const { code } = await issue(node);
  const visited = await visit(browser, await link(), 360, 'zh-CN', (page) =>
    page.route('**/status-lists/*', async (route) => {
      const response = await route.fetch();
      const headers = { ...response.headers(), 'content-length': String(21 * 2 ** 20) };
      await route.fulfill({ response, headers });
    }),
  );
  const { page, context } = visited;
  await enrol(page);
  t.match(await page.locator('.bar-warn').textContent(), /^本机缺 \d+ 份状态名单/);
  t.equal(await typeUntil(page, code, /node$/), 'admit ok node');
  await context.setOffline(true);
  t.equal(await type(page, code), 'indeterminate status_unknown page', 'never an admit, and never silent');
  await context.close();
}

async function revoked(t: Test, { node, browser, link }: Gate): Promise<void> {
  const { code } = await issue(node);
  const { page, context } = await visit(browser, await link(), 360, 'zh-CN');
  await enrol(page);
  const listed = await node.localApp.inject({ method: 'GET', url: '/v1/sites' });
  const { id } = listed.json<{ sites: { id: string }[] }>().sites.at(-1) ?? { id: '' };
  t.equal((await node.localApp.inject({ method: 'DELETE', url: `/v1/sites/${id}` })).statusCode, 200);
  await press(page, '输入短号');
  await page.getByLabel('码文', { exact: true }).fill(code);
  await press(page, '核验');
  await page.getByText('此检查点已被管理员作废').waitFor(WAIT);
  await page.getByLabel('登记码').fill(new URL(await link()).hash.replace('#enrol=', ''));
  await enrol(page);
  t.equal(await typeUntil(page, code, /node$/), 'admit ok node');
  await context.close();
}

/** A day ahead, and as it should be when the session says so. */
const DAY_AHEAD = `(() => {
  const real = Date.now;
  const error = sessionStorage.getItem('clock') === 'right' ? 0 : 86_400_000;
  Date.now = () => real() + error;
})()`;

async function wrongClock(t: Test, { node, browser, link }: Gate): Promise<void> {
  const { code } = await issue(node);
  const { page, context } = await visit(browser, await link(), 360, 'zh-CN', (page) =>
    page.addInitScript(DAY_AHEAD),
  );
  await enrol(page);
  t.equal(await page.locator('.bar-warn').textContent(), '本机时间差 1440 分钟，已按服务器时间判断');
  await page.evaluate('navigator.serviceWorker.ready.then(() => true)');
  await context.setOffline(true);
  t.equal(await type(page, code), 'admit ok page', 'by the server’s time');
  await next(page);
  await page.evaluate(`sessionStorage.setItem('clock', 'right')`);
  await page.reload();
  await page.locator('.bar[data-fresh="early"]').waitFor(WAIT);
  t.equal(
    await type(page, code),
    'indeterminate clock_untrusted page',
    'set back by a day it judges nothing',
  );
  await context.close();
}
