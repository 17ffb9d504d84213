// The core's own tests, the same files with the same assertions, in a real browser: codecs, keys, signatures, kinds, envelopes,
// the ladder, status lists, trust. What they ask of a server's adapter, WebCrypto and core's own inflate answer there.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ROOT } from '../support/shared.js';
import { runInChromium } from './in-chromium/run.js';
import { launchChromium, withoutChromium } from './support/chromium.js';

const ROOMS = [
  'codec',
  'signature',
  'credential',
  'status',
  'envelope',
  'verify',
  'trust',
  'trust/documents',
];
/** Long searches through random changes, a whole country, and another library as an oracle: what they add is not the browser's. */
const LEFT_TO_NODE = ['known-codes', 'mutation', 'country', 'tuf-oracle'].map((name) => `/${name}.test.ts`);
/** A page has no folder of published vectors. */
const READ_FROM_FILES = ['the published EU test data agree, flag by flag'];
/** Fewer would mean that something did not run. */
const LEAST_ASSERTIONS = 20_000;

t.setTimeout(90_000);

t.test('core is the same in a browser', { skip: withoutChromium }, async (t) => {
  const files = ROOMS.flatMap((room) =>
    readdirSync(join(ROOT, 'test', 'core', room))
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => `test/core/${room}/${name}`),
  ).filter((file) => !LEFT_TO_NODE.some((each) => file.endsWith(each)));
  const browser = await launchChromium();
  t.teardown(() => browser.close());
  const { passed, failed, skipped } = await runInChromium(browser, files);
  t.comment(`${files.length} files, ${passed} assertions`);
  t.strictSame(failed, []);
  t.strictSame(skipped, READ_FROM_FILES, 'nothing else is left out');
  t.ok(passed >= LEAST_ASSERTIONS, `${passed} assertions`);
});
