// Every reason code's screen, as the scanner draws it: in both languages, on narrow and wide screens, against the sizes that are promised.

import { build } from 'esbuild';
import t from 'tap';
import { DECISION_WORDS, REASON_CODES, REASONS } from '../../src/core/errors/reasons.js';
import { launchChromium, withoutChromium } from './support/chromium.js';

t.setTimeout(120_000);

/** Draws the screens one after another, and tells of each how it came out. */
const ENTRY = `
import { h, render } from 'preact';
import { fillText, REASONS } from './src/core/errors/reasons.ts';
import { createScanSay } from './src/web/scan/scan-language.ts';
import { ResultView } from './src/web/scan/result-view.tsx';
import './src/web/scan/scan.css';

const LONG = '2026年11月24日 00:05';
const params = { t: LONG, exp: LONG, nbf: LONG, now: LONG, age: '23 小时', n: '1440', s: '30', region: '杭州市上城区', rule: '营业期限已届满，请核对延期登记'.repeat(2) };
const label = { 'zh-CN': '姓名', en: 'Name' };
const subject = [{ name: 'holderName', label, value: '阿**·买**'.repeat(6) }];
const root = document.body.appendChild(document.createElement('div'));

function draw(reason, language) {
  const { decision, tone, text, next } = REASONS[reason];
  const named = decision === 'admit' || decision === 'hold';
  const answer = { decision, reason, tone, text: fillText(text, params), next, checks: [], statusAgeSeconds: null,
    credential: { subject: named ? subject : null } };
  const spoken = { language, say: createScanSay(language), choose() {} };
  render(h(ResultView, { key: reason + language, judged: { answer, by: 'page', n: 1 }, spoken, done() {}, override() {} }), root);
}

function measure() {
  const find = (name) => document.querySelector('.result' + name);
  const px = (name) => parseFloat(getComputedStyle(find(name)).fontSize);
  const boxes = [...document.querySelectorAll('.result-main > *, .result-acts > *')].map((each) => each.getBoundingClientRect());
  return {
    word: find('-word').textContent, why: find('-why').textContent, next: find('-next').lastChild.textContent,
    label: find('-next').firstChild.textContent,
    sizes: [px('-word'), px('-why'), px('-next')],
    icon: find('-main > .icon').getBoundingClientRect().width,
    ground: getComputedStyle(find('')).backgroundColor,
    named: find('-subject') !== null,
    sideways: document.documentElement.scrollWidth - innerWidth + boxes.filter(({ left, right }) => left < 0 || right > innerWidth).length,
    overlaps: boxes.filter(({ bottom }, i) => bottom > (boxes[i + 1]?.top ?? Infinity) + 0.5).length,
    lowest: Math.min(...[...document.querySelectorAll('.result button')].map((each) => each.getBoundingClientRect().height)),
  };
}

globalThis.measureAll = (reasons, language) =>
  reasons.map((reason) => {
    draw(reason, language);
    return measure();
  });`;

interface Measured {
  readonly word: string;
  readonly why: string;
  readonly next: string;
  readonly label: string;
  /** Of the lowest button, in pixels. */
  readonly lowest: number;
}

const GROUNDS = {
  ok: 'rgb(11, 122, 67)',
  ask: 'rgb(255, 200, 61)',
  again: 'rgb(43, 95, 143)',
  stop: 'rgb(190, 36, 25)',
  grey: 'rgb(89, 98, 111)',
} as const;

t.test('every reason has its screen, in every language and width', { skip: withoutChromium }, async (t) => {
  const { outputFiles } = await build({
    stdin: { contents: ENTRY, resolveDir: process.cwd(), loader: 'tsx' },
    bundle: true,
    write: false,
    outdir: '/',
    format: 'iife',
    tsconfig: 'src/web/tsconfig.json',
    logLevel: 'silent',
  });
  const find = (ending: string) => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? '';
  const browser = await launchChromium();
  t.teardown(() => browser.close());
  const page = await browser.newPage();
  await page.addStyleTag({ content: find('.css') });
  await page.addScriptTag({ content: find('.js') });
  for (const width of [360, 390, 1280]) {
    await page.setViewportSize({ width, height: 844 });
    for (const language of ['zh-CN', 'en'] as const) {
      const asked = `measureAll(${JSON.stringify(REASON_CODES)}, '${language}')`;
      const told = (await page.evaluate(asked)) as readonly Measured[];
      for (const [i, code] of REASON_CODES.entries()) {
        const { decision, tone, next, text } = REASONS[code];
        const name = `${code}, ${language}, ${width}`;
        const { why, lowest, ...rest } = told[i] as Measured;
        t.match(
          rest,
          {
            word: DECISION_WORDS[decision][language],
            next: next[language],
            label: language === 'en' ? 'Next step' : '下一步',
            sizes: [48, 20, 20],
            icon: 112,
            ground: GROUNDS[tone],
            named: decision === 'admit' || decision === 'hold',
            sideways: 0,
            overlaps: 0,
          },
          name,
        );
        t.ok(why.startsWith(text[language].split('{')[0] ?? ''), name);
        t.notMatch(why, /[{}…]/, name);
        t.ok(lowest >= 44, name);
      }
    }
  }
});
