// The scanner's own view of an answer, alone in a page: its components, words and styles as they are built, and what they come to.

import { join } from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import type { Text } from '../../../src/core/errors/reasons.js';
import type { Answer } from '../../../src/core/verify/answer.js';
import { ROOT } from '../../support/shared.js';

const WEB = join(ROOT, 'src', 'web');

const PROGRAM = `
import { h, render } from 'preact';
import { createScanSay } from './scan/scan-language.ts';
import { ResultView } from './scan/result-view.tsx';
import { Icon } from './shared/icons.tsx';

const root = document.getElementById('root');
const nothing = () => undefined;

function mount({ answer, language }) {
  render(null, root);
  const spoken = { language, say: createScanSay(language), choose: nothing };
  document.documentElement.lang = language;
  const judged = { answer, by: 'page', at: 0 };
  render(h(ResultView, { judged, spoken, done: nothing, override: nothing }), root);
  return root.querySelector('.result');
}

const textNodes = (under) => {
  const walker = document.createTreeWalker(under, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) if (walker.currentNode.data.trim() !== '') found.push(walker.currentNode);
  return found;
};

/** Boxes that hold text themselves, buttons and the icon: none may lie over another, none may be cut. */
function misfits(screen) {
  const leaves = [...new Set(textNodes(screen).map((node) => node.parentElement.closest('button, dt, dd, li, p, h1, h2, span')))];
  const groups = ['.result-main > *', '.result-acts > *'].map((each) => [...document.querySelectorAll(each)]);
  const faults = [];
  const side = innerWidth;
  const wide = document.documentElement.scrollWidth;
  if (wide > side) faults.push('the page is ' + wide + ' wide');
  for (const each of [...leaves, ...groups.flat()]) {
    const { left, right, width } = each.getBoundingClientRect();
    if (left < 0 || right > side || width === 0) faults.push('outside: ' + each.textContent);
    if (each.scrollWidth > Math.ceil(each.clientWidth) && each.clientWidth > 0) faults.push('cut: ' + each.textContent);
  }
  for (const group of groups) group.forEach((one, i) => group.slice(i + 1).forEach((other) => {
    const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
    const apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
    if (!apart) faults.push(one.textContent + ' over ' + other.textContent);
  }));
  return faults;
}

/** What may not need a scroll: the verdict, why, and what next. */
const below = (screen) => ['.result-main > .icon', '.result-word', '.result-why', '.result-next']
  .filter((each) => screen.querySelector(each).getBoundingClientRect().bottom > screen.querySelector('.result-acts').getBoundingClientRect().top);

const STYLES = ['fontSize', 'fontWeight', 'lineHeight'];
const sizeOf = (each) => {
  const style = getComputedStyle(each);
  return STYLES.map((name) => style[name]).join(' ');
};
const targetOf = (each) => {
  const { width, height } = each.getBoundingClientRect();
  return { text: each.textContent, width, height };
};
const words = (under, without) => textNodes(under)
  .filter((node) => without === '' || node.parentElement.closest(without) === null)
  .map((node) => node.data.trim());

globalThis.look = ({ screens, selectors }) => screens.map((shown) => {
  const screen = mount(shown);
  const text = (selector) => screen.querySelector(selector)?.textContent ?? '';
  const { backgroundColor, color } = getComputedStyle(screen);
  const sizes = {};
  for (const selector of selectors) for (const each of screen.querySelectorAll(selector)) (sizes[selector] ??= new Set()).add(sizeOf(each));
  return [shown, {
    word: text('.result-word'), why: text('.result-why'), next: screen.querySelector('.result-next').lastChild.textContent,
    icon: screen.querySelector('.result-main > .icon').innerHTML,
    iconSide: Math.round(screen.querySelector('.result-main > .icon').getBoundingClientRect().width),
    colours: backgroundColor + ' / ' + color,
    subject: [...screen.querySelectorAll('.result-subject bdi')].map((each) => each.textContent),
    sizes: Object.fromEntries(Object.entries(sizes).map(([name, found]) => [name, [...found]])),
    buttonWidth: screen.querySelector('.button-main').getBoundingClientRect().width,
    targets: [...screen.querySelectorAll('button')].map(targetOf),
    misfits: misfits(screen), below: below(screen),
    words: words(screen, '.result-subject bdi'),
  }];
});

/** The same with everything that a touch opens: how it was decided, and why to let in all the same. */
globalThis.lookInside = async ({ screens }) => {
  const found = [];
  for (const shown of screens) {
    const screen = mount(shown);
    screen.querySelector('.result-more').click();
    await new Promise((resolve) => setTimeout(resolve));
    const [first] = screen.querySelectorAll('.result-acts .button');
    const holds = shown.answer.decision === 'hold';
    if (holds) first.click();
    await new Promise((resolve) => setTimeout(resolve));
    found.push([shown, {
      checks: screen.querySelectorAll('.result-checks li').length,
      choices: holds ? screen.querySelectorAll('.result-acts .button').length : 0,
      targets: [...screen.querySelectorAll('button')].map(targetOf),
      misfits: misfits(screen),
      words: words(screen, '.result-subject bdi'),
    }]);
  }
  return found;
};

globalThis.icons = (names) => names.map((name) => {
  render(null, root);
  render(h(Icon, { name }), root);
  return root.querySelector('svg').innerHTML;
});
globalThis.mount = mount;
`;

export interface Shown {
  readonly answer: Answer;
  readonly language: keyof Text;
}

interface Target {
  readonly text: string;
  readonly width: number;
  readonly height: number;
}

interface Inside {
  readonly targets: readonly Target[];
  /** What runs out of the side, is cut or lies over something else. */
  readonly misfits: readonly string[];
  /** Every text but the person's own. */
  readonly words: readonly string[];
}

export interface Looks extends Inside {
  readonly word: string;
  readonly why: string;
  readonly next: string;
  /** The picture, as SVG. */
  readonly icon: string;
  readonly iconSide: number;
  /** Ground / ink. */
  readonly colours: string;
  readonly subject: readonly string[];
  /** Font size, weight and line height of everything that a selector finds. */
  readonly sizes: Readonly<Record<string, readonly string[]>>;
  readonly buttonWidth: number;
  /** What of the verdict has to be scrolled to. */
  readonly below: readonly string[];
}

export interface OpenedLooks extends Inside {
  readonly checks: number;
  readonly choices: number;
}

type Found<T> = readonly (readonly [Shown, T])[];

export interface AnswerScreens {
  readonly page: Page;
  readonly look: (screens: readonly Shown[], selectors: readonly string[]) => Promise<Found<Looks>>;
  readonly lookInside: (screens: readonly Shown[]) => Promise<Found<OpenedLooks>>;
  /** The pictures of these names, as SVG. */
  readonly icons: (names: readonly string[]) => Promise<readonly string[]>;
}

async function bundle(options: Parameters<typeof build>[0]): Promise<string> {
  const result = await build({
    bundle: true,
    write: false,
    format: 'iife',
    charset: 'utf8',
    tsconfig: join(WEB, 'tsconfig.json'),
    logLevel: 'warning',
    ...options,
  });
  return result.outputFiles?.[0]?.text ?? '';
}

export async function openAnswerScreens(browser: Browser): Promise<AnswerScreens> {
  const [script, style] = await Promise.all([
    bundle({ stdin: { contents: PROGRAM, resolveDir: WEB, loader: 'tsx' } }),
    bundle({ entryPoints: [join(WEB, 'scan', 'scan.css')] }),
  ]);
  const page = await browser.newPage();
  await page.setContent('<!doctype html><meta charset="utf-8"><div id="root"></div>');
  await page.addStyleTag({ content: style });
  await page.addScriptTag({ content: script });
  const ask = <T>(call: string, input: unknown): Promise<T> =>
    page.evaluate(`${call}(${JSON.stringify(input)})`) as Promise<T>;
  return {
    page,
    look: (screens, selectors) => ask('look', { screens, selectors }),
    lookInside: (screens) => ask('lookInside', { screens }),
    icons: (names) => ask('icons', names),
  };
}
