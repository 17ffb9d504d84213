// The table of spoiled frames in its short form: drawn alike each time, read by the scanner's decoder, and in the table's words.

import t from 'tap';
import { clipCodes } from '../../../bench/web/clips/codes.js';
import { drawFrame, FRAME_SIDE } from '../../../bench/web/clips/frame.js';
import { STEPS } from '../../../bench/web/clips/table.js';
import { clipTable, readClips } from '../../../bench/web/clips.js';
import { launchChromium, withoutChromium } from '../../web/support/chromium.js';

const [GOOD] = STEPS;

t.test('a frame is drawn alike from the same seed, and differs with another', async (t) => {
  const [code, again] = [clipCodes()[0], clipCodes()[0]];
  if (code === undefined || again === undefined || GOOD === undefined) return t.fail('nothing to draw');
  t.equal(again.text, code.text, 'made-up signatures are always the same');
  const pixels = (symbol: typeof code, seed: number): string =>
    Buffer.from(drawFrame(symbol, GOOD, seed)).toString('latin1');
  const frame = pixels(code, 1);
  t.equal(frame.length, FRAME_SIDE * FRAME_SIDE);
  t.ok(pixels(again, 1) === frame);
  t.ok(pixels(code, 2) !== frame);
  const dark = drawFrame(code, { ...GOOD, light: 0.1 }, 1);
  t.ok(
    dark.every((value) => value < 60),
    'a tenth of the light',
  );
});

t.test(
  'good frames are read, hopeless ones are not, ours beside theirs',
  { skip: withoutChromium },
  async (t) => {
    if (GOOD === undefined) return t.fail('no step');
    const steps = [GOOD, { ...GOOD, name: 'turned', degrees: 45 }, { ...GOOD, name: 'lost', blur: 6 }];
    const browser = await launchChromium();
    t.teardown(() => browser.close());
    const rates = await readClips(browser, steps, 2);
    t.strictSame(
      rates.map(({ code: { name, level } }) => `${name}-${level}`),
      ['YM1-M', 'YM2-M', 'HC1-M', 'HC1-Q'],
    );
    for (const { code, read } of rates) t.strictSame(read, [2, 2, 0], code.name);
    const versions = rates.map(({ code }) => code.version);
    t.strictSame(
      versions,
      [...versions].sort((a, b) => a - b),
      'ours are smaller',
    );
    const [head, , first] = clipTable(steps, rates, 2).split('\n');
    t.match(head, /^\| % of frames read \| YM1 10-M \| YM2 \d+-M \| HC1 \d+-M \| HC1 \d+-Q \|$/);
    t.equal(first, '| as it should be | 100 | 100 | 100 | 100 |');
  },
);
