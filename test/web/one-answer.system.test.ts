// The page's ladder in Chromium beside the node's: the same answer for every text, whole, spoilt in one place, or nobody's.

import { build } from 'esbuild';
import t from 'tap';
import { freePort } from '../support/free-port.js';
import { openQuietNode, playDemo, privateFolder, verdict } from '../support/open-node.js';
import { enrolSite } from '../support/site-device.js';
import { launchChromium, withoutChromium } from './support/chromium.js';
import { SOURCE_FORMATS, variantsOf } from './support/texts.js';

/** As the page builds it, under one global name. */
const ENTRY = `
import { createPageVerify, judge, prepareKnowledge } from './src/web/scan/judge.ts';
globalThis.answerAll = async (kept, texts, now) => {
  const verify = createPageVerify();
  kept.lists = kept.lists.map((list) => ({ ...list, token: Uint8Array.from(list.token) }));
  const knowing = await prepareKnowledge(kept, '', verify, now);
  const answers = [];
  for (const text of texts) {
    const { decision, reason } = await judge(text, knowing, verify, now);
    answers.push(decision + '/' + reason);
  }
  return { answers, missing: knowing.missing };
};`;

t.setTimeout(120_000);

t.test('page and node give one answer for every text', { skip: withoutChromium }, async (t) => {
  const port = await freePort();
  const node = await openQuietNode(t, privateFolder(t), {
    PORT: String(port),
    ADMIN_PORT: String(await freePort()),
  });
  const url = await node.open();
  const audience = url;
  const code = await playDemo(node);
  const site = await enrolSite(node, audience);
  const get = async (path: string, headers: object = {}) =>
    node.app.inject({ url: path, headers: { ...(await site.header('GET', path)), ...headers } });
  const document = (await get('/scan/knowledge')).json();
  const cwt = { accept: 'application/statuslist+cwt' };
  const lists = [];
  for (const number of document.lists)
    lists.push({ number, etag: '', token: [...(await get(`/status-lists/${number}`, cwt)).rawPayload] });
  const now = Math.floor(Date.now() / 1000);
  const texts = [code, ...SOURCE_FORMATS, ...variantsOf(code)];

  const { outputFiles } = await build({
    stdin: { contents: ENTRY, resolveDir: process.cwd(), loader: 'ts' },
    bundle: true,
    write: false,
    format: 'iife',
    tsconfig: 'src/web/tsconfig.json',
    logLevel: 'silent',
  });
  const browser = await launchChromium();
  t.teardown(() => browser.close());
  const page = await (await browser.newContext({ bypassCSP: true })).newPage();
  await page.goto(url);
  await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
  const kept = { document, etag: '', confirmedAt: now, offset: 0, lists };
  const asked = `answerAll(${JSON.stringify(kept)}, ${JSON.stringify(texts)}, ${now})`;
  const told = (await page.evaluate(asked)) as { answers: readonly string[]; missing: readonly number[] };
  t.same(told.missing, [], 'every list is sound');
  const expected = [];
  for (const text of texts) expected.push(await verdict(node, text));
  t.equal(expected[0], 'admit/ok');
  t.ok(expected.filter((each) => each === 'admit/ok').length === 1, 'one text is good');
  t.same(told.answers, expected);
});
