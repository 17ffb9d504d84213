// The wallet in a real browser against a real node: claimed, shown, judged, revoked, and what goes wrong in claims.

import t, { type Test } from 'tap';
import { dataFolder, freePorts, startNode } from '../support/node-process.js';
import { sampleClaims } from '../support/sample-claims.js';
import { createClient } from '../system/support/client.js';
import { launchChromium, visit, withoutChromium } from './support/chromium.js';
import {
  claimOn,
  faults,
  judge,
  nextSymbol,
  offerOf,
  periodOf,
  press,
  readScreen,
  sentence,
  typeCode,
  WAIT,
} from './support/wallet.js';

const skip = withoutChromium;
t.setTimeout(170_000);

async function open(t: Test) {
  const dataDir = dataFolder(t);
  const node = await startNode(t, dataDir, await freePorts());
  const browser = await launchChromium();
  t.teardown(() => browser.close());
  return { node, browser, client: createClient(node, dataDir) };
}

type Opened = Awaited<ReturnType<typeof open>>;

t.test('a code is claimed, shown live, and revoked', { skip }, async (t) => {
  const { node, browser, client } = await open(t);
  const policy = (await fetch(`${node.url}/wallet`)).headers.get('content-security-policy') ?? '';
  t.match(policy, "require-trusted-types-for 'script'");
  const unsafe = policy.replace("'wasm-unsafe-eval'", '');
  t.notMatch(unsafe, /unsafe|https?:/, 'nothing inline, nothing evaluated, nothing from elsewhere');
  const { id } = await client.issue('story');
  const { page, complaints } = await visit(browser, `${node.url}/wallet`, 390, 'zh-CN');
  await page.getByText('怎么领取').waitFor(WAIT);
  const offer = await offerOf(client, id);
  await claimOn(page, offer);

  t.equal(page.url(), `${node.url}/wallet`, 'the offer is out of the address');
  t.notMatch(await page.evaluate('JSON.stringify(history.state)'), /offer|openid/);
  t.match(await page.locator('.pass-name').textContent(), /张\*/, 'the name is masked');
  await page.locator('.pass[data-state="current"]').waitFor(WAIT);
  t.equal(await page.locator('.pass-word').textContent(), '绿码');

  const period = await periodOf(page);
  const first = await readScreen(page);
  t.match(first, /^YM2:/);
  t.equal(await judge(client, first), 'admit/ok device-signed');
  await nextSymbol(page, period);
  const second = await readScreen(page);
  t.not(second, first, 'signed anew within ten seconds');
  t.equal(await judge(client, second), 'admit/ok device-signed');

  t.strictSame(await page.evaluate(KEPT), [['sign'], false], 'the key cannot be taken out of WebCrypto');
  t.strictSame(
    await page.evaluate('Object.keys(localStorage)'),
    [],
    'nothing about the person in localStorage',
  );
  await client.revoke(id);
  await press(page, '刷新状态');
  await page.locator('.pass[data-state="ended"]').waitFor(WAIT);
  t.equal(await page.locator('.pass-word').textContent(), '已作废');
  t.match(await page.locator('.pass').getAttribute('class'), /tone-gone/);
  t.equal(await page.locator('.pass-symbol').count(), 0, 'nothing is shown any more');

  await press(page, '颜色说明与申诉');
  await page.getByText('由“绿码”改为“已作废”').waitFor(WAIT);
  await page.goBack();
  await page.locator('.pass').waitFor(WAIT);
  t.same(faults(complaints), []);
});

/** Usages and extractability of the only key that is kept. */
const KEPT = `new Promise((resolve, reject) => {
  const request = indexedDB.open('yima-wallet');
  request.onerror = () => reject(request.error);
  request.onsuccess = () => {
    const all = request.result.transaction('codes').objectStore('codes').getAll();
    all.onsuccess = () => {
      const { privateKey } = all.result[0].key;
      request.result.close();
      resolve([[...privateKey.usages], privateKey.extractable]);
    };
  };
})`;

t.test('claims that go wrong', { skip }, async (t) => {
  const opened = await open(t);
  await t.test('a wrong claim code, five times', (t) => wrongCodes(t, opened));
  await t.test('an answer that gets lost costs nothing, and nothing is claimed twice', (t) =>
    lost(t, opened),
  );
  await t.test('the node gone in the middle: the claim is kept over a reload', (t) => goneInClaim(t, opened));
  await t.test('links that are none, and links of others', (t) => wrongLinks(t, opened));
  await t.test('nothing can be kept: said before anything is claimed', (t) => noStorage(t, opened));
  await t.test('a phone that is a day off', (t) => wrongClock(t, opened));
  await t.test('on a new phone it ends on the old one', (t) => newPhone(t, opened));
  await t.test('names are text, whatever is in them', (t) => hostileName(t, opened));
  await t.test('two tabs hold the same', (t) => twoTabs(t, opened));
});

async function wrongCodes(t: Test, { node, browser, client }: Opened): Promise<void> {
  const { id } = await client.issue('wrong-codes');
  const offer = await offerOf(client, id);
  const wrong = offer.txCode === '000000' ? '111111' : '000000';
  const { page, context, complaints } = await visit(browser, `${node.url}/wallet`, 360, 'en-GB');
  await page.goto(offer.walletUrl);
  for (let left = 4; left > 0; left--) {
    await typeCode(page, wrong);
    await page.getByText(`You can try ${left} more times.`).waitFor(WAIT);
  }
  await typeCode(page, wrong);
  await page.getByText('wrong too many times').waitFor(WAIT);
  t.equal(await page.locator('.claim').count(), 0, 'there is nothing left to type into');
  await page.goto(offer.walletUrl);
  await page.reload();
  await page.locator('.empty').waitFor(WAIT);
  t.same(faults(complaints), []);
  await context.close();
}

async function lost(t: Test, { node, browser, client }: Opened): Promise<void> {
  const { id } = await client.issue('lost');
  const offer = await offerOf(client, id);
  const { page, context } = await visit(browser, `${node.url}/wallet`, 390, 'zh-CN');
  let losses = 0;
  await page.route('**/openid4vci/credential', async (route) => {
    if (losses++ > 0) return route.continue();
    await route.fetch(); // the node has answered, and nobody hears it
    return route.abort('connectionreset');
  });
  await page.goto(offer.walletUrl);
  await typeCode(page, offer.txCode);
  t.match(await sentence(page), '领取没有丢失');
  await page.reload();
  await press(page, '继续领取');
  await press(page, '领取到这部手机');
  t.match(await judge(client, await readScreen(page)), /^admit\/ok/);
  const { encodings } = await client.find(id);
  t.equal(encodings.filter(({ form }) => form === 'device').length, 1, 'claimed once');
  await context.close();
}

async function goneInClaim(t: Test, { node, browser, client }: Opened): Promise<void> {
  const { id } = await client.issue('gone');
  const offer = await offerOf(client, id);
  const { page, context } = await visit(browser, `${node.url}/wallet`, 390, 'en-GB');
  await page.evaluate('navigator.serviceWorker.ready.then(() => true)');
  await page.goto(offer.walletUrl);
  await page.locator('.claim-code').waitFor(WAIT);
  await context.setOffline(true);
  await typeCode(page, offer.txCode);
  t.match(await sentence(page), 'Your claim is not lost');
  await page.reload();
  await context.setOffline(false);
  await press(page, 'Go on claiming');
  await typeCode(page, offer.txCode);
  t.match(await judge(client, await readScreen(page)), /^admit\/ok/);
  await context.close();
}

async function wrongLinks(t: Test, { node, browser }: Opened): Promise<void> {
  const { page, context } = await visit(browser, `${node.url}/wallet`, 390, 'en-GB');
  await press(page, 'Get a new code');
  const box = page.getByLabel('Claim link');
  for (const [link, words] of [
    ['hello', 'This is not a claim link.'],
    [`${node.url}/wallet#offer=${'x'.repeat(3000)}`, 'This is not a claim link.'],
    [
      'openid-credential-offer://?credential_offer_uri=https%3A%2F%2Felsewhere.example%2Fo',
      'elsewhere.example',
    ],
    [
      `${node.url}/wallet#offer=${encodeURIComponent(`${node.url}/openid4vci/offers/${'a'.repeat(52)}`)}`,
      'was used or has expired',
    ],
  ] as const) {
    await box.fill(link);
    await press(page, 'Open the link');
    await page.getByRole('alert').filter({ hasText: words }).waitFor(WAIT);
    await press(page, 'Understood');
    t.equal(await page.getByRole('alert').count(), 0, words);
  }
  await context.close();
}

const REFUSED = `indexedDB.open = () => { throw new DOMException('', 'SecurityError'); };`;
const FULL = `IDBObjectStore.prototype.put = () => { throw new DOMException('', 'QuotaExceededError'); };`;

async function noStorage(t: Test, { node, browser, client }: Opened): Promise<void> {
  const { id } = await client.issue('no-storage');
  const offer = await offerOf(client, id);
  for (const [script, words] of [
    [REFUSED, '可能是无痕模式'],
    [FULL, '手机空间不足'],
  ] as const) {
    const { page, context, complaints } = await visit(browser, `${node.url}/wallet`, 390, 'zh-CN');
    await page.addInitScript(script);
    await page.reload();
    await page.goto(offer.walletUrl);
    t.match(await sentence(page), words);
    t.same(faults(complaints), []);
    await context.close();
  }
  const { page, context } = await visit(browser, `${node.url}/wallet`, 390, 'zh-CN');
  await claimOn(page, offer);
  t.pass('the offer is still there for another window');
  await context.close();
}

async function wrongClock(t: Test, { node, browser, client }: Opened): Promise<void> {
  const { id } = await client.issue('clock');
  const offer = await offerOf(client, id);
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'zh-CN' });
  const page = await context.newPage();
  await page.addInitScript('const real = Date.now; Date.now = () => real() + 86_400_000;');
  await page.goto(`${node.url}/wallet`);
  await claimOn(page, offer);
  t.match(await page.locator('.front > .notice').textContent(), '时间差了约 24 小时');
  t.match(await judge(client, await readScreen(page)), /^admit\/ok device-signed/);
  await context.close();
}

async function newPhone(t: Test, { node, browser, client }: Opened): Promise<void> {
  const { id } = await client.issue('new-phone');
  const old = await visit(browser, `${node.url}/wallet`, 390, 'en-GB');
  await claimOn(old.page, await offerOf(client, id));
  const other = await visit(browser, `${node.url}/wallet`, 390, 'en-GB');
  await claimOn(other.page, await offerOf(client, id));
  t.match(await judge(client, await readScreen(other.page)), /^admit\/ok/);
  await press(old.page, 'Update state');
  await old.page.locator('.pass[data-state="ended"]').waitFor(WAIT);
  t.equal(await old.page.locator('.pass-word').textContent(), 'On another phone');
  await old.context.close();
  await other.context.close();
}

async function hostileName(t: Test, { node, browser, client }: Opened): Promise<void> {
  const { region: _region, ...claims } = sampleClaims('business-licence');
  const holderName = '<img src=x onerror=alert(1)> &amp; "公司"';
  const { id } = await client.issue('hostile', { ...claims, holderName }, 'business-licence');
  const { page, context, complaints } = await visit(browser, `${node.url}/wallet`, 360, 'zh-CN');
  await claimOn(page, await offerOf(client, id));
  t.match(await page.locator('.pass-name').textContent(), holderName);
  await press(page, '亮证');
  t.ok(await page.locator('.licence-fields').getByText(holderName).isVisible());
  t.equal(await page.locator('.wallet-page img').count(), 0);
  t.equal(await sidewaysPixels(page), 0);
  await page.goBack();
  await page.locator('.pass').waitFor(WAIT);
  t.same(faults(complaints), []);
  await context.close();
}

async function twoTabs(t: Test, { node, browser, client }: Opened): Promise<void> {
  const { id } = await client.issue('tabs');
  const { page, context } = await visit(browser, `${node.url}/wallet`, 390, 'zh-CN');
  const second = await context.newPage();
  await second.goto(`${node.url}/wallet`);
  await second.getByText('怎么领取').waitFor(WAIT);
  await claimOn(page, await offerOf(client, id));
  await second.locator('.pass-symbol svg').waitFor(WAIT);
  await press(second, '设置与帮助');
  await press(second, '删除');
  await press(second, '确定删除');
  await page.locator('.empty').waitFor(WAIT);
  t.pass('removed in one, gone in the other');
  await context.close();
}

function sidewaysPixels(page: { evaluate: (script: string) => Promise<unknown> }): Promise<unknown> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}
