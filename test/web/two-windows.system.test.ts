// The story of the README in two browser windows against a real node: a wallet shows, a scanner is given pictures of its screen.

import type { Page, Request, Response } from 'playwright-core';
import t, { type Test } from 'tap';
import { dataFolder, freePorts, runYima, startNode } from '../support/node-process.js';
import { createClient, demoKey, PERSON } from '../system/support/client.js';
import { next, result } from './support/checkpoint.js';
import { launchChromium, visit, withoutChromium } from './support/chromium.js';
import { claimOn, faults, offerOf, press, WAIT } from './support/wallet.js';

/** A changed list is signed anew within a second. */
const SETTINGS = { YIMA_STATUS_TTL_SECONDS: '5' };

t.setTimeout(170_000);

async function open(t: Test) {
  const dataDir = dataFolder(t);
  const settings = { ...SETTINGS, ...(await freePorts()) };
  const node = await startNode(t, dataDir, settings);
  const browser = await launchChromium();
  t.teardown(() => browser.close());
  const site = runYima(['sites', 'enrol', 'East gate', '--json'], dataDir, { settings });
  const wallet = await visit(browser, `${node.url}/wallet`, 390, 'en-GB');
  const scanner = await visit(browser, JSON.parse(site.out).link, 1280, 'en-GB');
  const restart = () => startNode(t, dataDir, settings);
  return {
    node,
    browser,
    wallet,
    scanner,
    restart,
    client: createClient(node, dataDir),
    key: demoKey(dataDir),
  };
}

/** Pastes a picture into the scanner. @returns decision, reason and who judged */
async function paste(scanner: Page, picture: Buffer): Promise<string> {
  await scanner.evaluate(`(() => {
    const bytes = Uint8Array.from(atob('${picture.toString('base64')}'), (each) => each.charCodeAt(0));
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([bytes], 'screenshot.png', { type: 'image/png' }));
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  })()`);
  const answer = await result(scanner);
  await next(scanner);
  return answer;
}

async function pictureOf(wallet: Page): Promise<Buffer> {
  await wallet.locator('.pass-symbol svg').waitFor(WAIT);
  return wallet.screenshot(WAIT);
}

/** Opens both again without a network: each comes from its own worker. */
async function reloadBoth(...pages: readonly Page[]): Promise<void> {
  for (const page of pages) {
    await page.evaluate('navigator.serviceWorker.ready.then(() => true)');
    await page.reload();
  }
}

/** Has the scanner ask for its lists once. */
async function askForLists(scanner: Page): Promise<void> {
  const answered = scanner.waitForResponse(isList, WAIT);
  await scanner.evaluate(`dispatchEvent(new Event('online'))`);
  await answered;
  await scanner.locator('.bar-net', { hasText: /^Online$/ }).waitFor(WAIT);
}

/** From now on: has the scanner ask until a list comes that it did not have, and is taken up. @returns the list */
function awaitNewList(scanner: Page): () => Promise<Buffer> {
  const asked = new Set<Request>();
  let news: Response | null = null;
  scanner.on('request', (request) => asked.add(request));
  scanner.on('response', (response) => {
    if (asked.has(response.request()) && isList(response) && response.status() === 200) news = response;
  });
  return async () => {
    while (news === null) await askForLists(scanner);
    return news.body();
  };
}

/** Has the scanner be given a list of before, as by a cache or a copy of the node that is behind. */
async function giveOlder(scanner: Page, list: Buffer): Promise<void> {
  const headers = { 'content-type': 'application/statuslist+cwt', etag: '"older"' };
  await scanner.route('**/status-lists/*', (route) => route.fulfill({ headers, body: list }));
  await askForLists(scanner);
  await scanner.unroute('**/status-lists/*');
}

function isList(response: Response): boolean {
  return response.url().includes('/status-lists/');
}

t.test('claimed, shown, scanned, revoked, on a phone and on paper', { skip: withoutChromium }, async (t) => {
  const { node, browser, wallet, scanner, restart, client, key } = await open(t);
  const { id } = await client.issue('phone');
  await claimOn(wallet.page, await offerOf(client, id));
  await scanner.page.getByLabel('Choose a PIN').fill('2468');
  await press(scanner.page, 'Enrol');
  await scanner.page.locator('.bar[data-fresh="ok"]').waitFor(WAIT);

  t.equal(await paste(scanner.page, await pictureOf(wallet.page)), 'admit ok node');

  node.signal('SIGKILL');
  await node.ended;
  await reloadBoth(wallet.page, scanner.page);
  await wallet.page.getByText('No network. The code works offline until').waitFor(WAIT);
  await scanner.page.locator('.bar[data-fresh="ok"][data-online="false"]').waitFor(WAIT);
  const picture = await pictureOf(wallet.page);
  t.equal(
    await paste(scanner.page, picture),
    'admit ok page',
    'the wallet shows and the scanner judges without a node',
  );
  await scanner.page.evaluate('(() => { const real = Date.now; Date.now = () => real() + 60_000; })()');
  t.equal(
    await paste(scanner.page, picture),
    'refuse presentation_expired page',
    'the picture a minute later',
  );
  await scanner.page.reload();

  const again = await restart();
  await wallet.context.setOffline(true); // this phone hears of nothing
  const older = await awaitNewList(scanner.page)();
  const paper = await client.send('/v1/credentials', {
    ...{ kind: 'health-code', region: '330102', claims: PERSON, forms: ['paper'] },
    ...{ operator: 'desk-1', evidence: 'case-1' },
  });
  const { id: paperId, encodings } = (await paper.json()) as { id: string; encodings: [{ shortId: string }] };
  const printed = await visit(browser, `${again.url}/wallet`, 900, 'en-GB');
  await printed.context.setExtraHTTPHeaders({ authorization: `Bearer ${key}` });
  await printed.page.goto(`${again.url}/v1/credentials/${paperId}/encodings/1/card.html`);
  const sheet = await printed.page.screenshot(WAIT);
  const judged = scanner.page.waitForResponse('**/v1/verify', WAIT);
  t.equal(await paste(scanner.page, sheet), 'admit ok node', 'printed');
  const admitted = await (await judged).body();

  await client.revoke(id);
  const lost = await client.send('/v1/papers/lost', { shortId: encodings[0].shortId, reason: 'paper lost' });
  t.equal(lost.status, 200);
  const nextList = awaitNewList(scanner.page);
  t.equal(
    await paste(scanner.page, await pictureOf(wallet.page)),
    'refuse revoked node',
    'at once with the node there',
  );
  t.equal(await paste(scanner.page, sheet), 'refuse revoked node', 'and so is the paper');
  await nextList();
  await giveOlder(scanner.page, older);
  await scanner.page.route('**/v1/verify', (route) => route.fulfill({ json: JSON.parse(String(admitted)) }));
  t.equal(
    await paste(scanner.page, sheet),
    'refuse revoked page',
    'what is revoked stays so, whoever is behind',
  );
  await scanner.page.unroute('**/v1/verify');
  again.signal('SIGKILL');
  await again.ended;
  await scanner.page.reload();
  await scanner.page.locator('.bar[data-online="false"]').waitFor(WAIT);
  t.equal(
    await paste(scanner.page, await pictureOf(wallet.page)),
    'refuse revoked page',
    'and without it after the next list',
  );
  t.equal(await paste(scanner.page, sheet), 'refuse revoked page');

  for (const { complaints } of [wallet, scanner, printed]) t.same(faults(complaints), []);
});
