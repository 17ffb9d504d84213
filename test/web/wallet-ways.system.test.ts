// Ways of the wallet that need more than a desk: an appeal with its officers, the camera, data that the browser clears.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { openNode } from '../../src/server/node.js';
import { freePorts } from '../support/node-process.js';
import { signed } from '../support/officers.js';
import { ask, putOfficersToWork, turnRed } from '../support/officers-at-work.js';
import { privateFolder, quietConfig } from '../support/open-node.js';
import { createClientWithKey } from '../system/support/client.js';
import { cameraArguments, writeClip } from './support/camera-clip.js';
import { launchChromium, visit, withoutChromium } from './support/chromium.js';
import {
  claimOn,
  faults,
  judge,
  offerOf,
  press,
  readScreen,
  sentence,
  typeCode,
  WAIT,
} from './support/wallet.js';

const skip = withoutChromium;
t.setTimeout(170_000);

async function open(t: Test) {
  const node = await openNode(
    quietConfig(privateFolder(t), { ...(await freePorts()), YIMA_RATE_LIMIT_PER_MINUTE: '0' }),
  );
  t.teardown(() => node.close());
  const url = await node.open();
  const clips = mkdtempSync(join(tmpdir(), 'yima-clip-'));
  t.teardown(() => rmSync(clips, { recursive: true, force: true }));
  const clip = join(clips, 'offer.y4m');
  const browser = await launchChromium(cameraArguments(clip, true));
  t.teardown(() => browser.close());
  const officers = await putOfficersToWork(node, Math.floor(Date.now() / 1000));
  return { node, url, clip, browser, officers, client: createClientWithKey(url, officers.desk) };
}

type Opened = Awaited<ReturnType<typeof open>>;

t.test('the wallet, with officers, a camera, and a browser that forgets', { skip }, async (t) => {
  const opened = await open(t);
  await t.test('a red code says why, an appeal is filed, and its end is seen', (t) => appeal(t, opened));
  await t.test('an offer is claimed by the camera; refused, it says what to do', (t) => camera(t, opened));
  await t.test('what the browser cleared is said to be gone', (t) => cleared(t, opened));
});

async function appeal(t: Test, { node, url, browser, client, officers }: Opened): Promise<void> {
  const { service, third } = officers;
  const { id } = await client.issue('appeal');
  const { page, context, complaints } = await visit(browser, `${url}/wallet`, 360, 'zh-CN');
  await claimOn(page, await offerOf(client, id));
  await page.locator('.pass[data-state="current"]').waitFor(WAIT);
  await turnRed(node, service, id);
  await press(page, '刷新状态');
  await page.locator('.pass-word').filter({ hasText: '红码' }).waitFor(WAIT);

  await press(page, '颜色说明与申诉');
  await page.getByText('密切接触者').waitFor(WAIT);
  await page.getByText('依据规则 close-contact（第 1 版）').waitFor(WAIT);
  await press(page, '我要申诉');
  await page.getByLabel('请写明理由').fill('当天我在外地\n有车票。');
  await press(page, '提交申诉');
  await page.getByText('申诉处理中').waitFor(WAIT);
  t.equal(await page.getByRole('button', { name: '我要申诉' }).count(), 0, 'once for a change');
  await page.reload();
  await page.getByText('申诉处理中').waitFor(WAIT);

  const listed = await ask(node.app, '/v1/appeals', undefined, third.key);
  const [filed] = listed['appeals'] as { id: string; hash: string; grounds: string }[];
  t.equal(filed?.grounds, '当天我在外地 有车票。');
  const jws = signed(third, filed?.hash ?? '', 'approve', Math.floor(Date.now() / 1000));
  const decided = await ask(
    node.app,
    `/v1/appeals/${filed?.id}/decision`,
    { action: 'approve', jws },
    third.key,
  );
  t.equal(decided['http'], 200);
  await page.goBack();
  await press(page, '刷新状态');
  await page.locator('.pass-word').filter({ hasText: '绿码' }).waitFor(WAIT);
  await press(page, '颜色说明与申诉');
  await page.locator('.appeal-state').filter({ hasText: '申诉成立' }).waitFor(WAIT);
  t.same(faults(complaints), []);
  await context.close();
}

async function camera(t: Test, { url, clip, browser, client }: Opened): Promise<void> {
  const { id } = await client.issue('camera');
  const offer = await offerOf(client, id);
  writeClip(clip, offer.walletUrl);
  const { page, context, complaints } = await visit(browser, `${url}/wallet`, 390, 'en-GB');
  await press(page, 'Get a new code');
  await press(page, 'Scan the claim symbol');
  t.match(await sentence(page), 'Allow the camera, or paste the link.');
  t.ok(await page.getByLabel('Claim link').isVisible());
  await press(page, 'Understood');

  await context.grantPermissions(['camera']);
  await press(page, 'Scan the claim symbol');
  await typeCode(page, offer.txCode);
  t.match(await judge(client, await readScreen(page)), /^admit\/ok/);
  t.same(faults(complaints), []);
  await context.close();
}

async function cleared(t: Test, { url, browser, client }: Opened): Promise<void> {
  const { id } = await client.issue('cleared');
  const { page, context, complaints } = await visit(browser, `${url}/wallet`, 390, 'en-GB');
  await claimOn(page, await offerOf(client, id));
  await page.locator('.pass[data-state="current"]').waitFor(WAIT); // nothing is under way
  const session = await context.newCDPSession(page);
  await session.send('Storage.clearDataForOrigin', { origin: url, storageTypes: 'all' });
  await press(page, 'Update state');
  t.match(await sentence(page), 'Please claim them again');
  await page.locator('.empty').waitFor(WAIT);
  await page.reload();
  await claimOn(page, await offerOf(client, id));
  t.match(await judge(client, await readScreen(page)), /^admit\/ok/, 'and it can be claimed again');
  t.same(faults(complaints), []);
  await context.close();
}
