// A printed code as one HTML document that needs nothing else: any browser prints it in its exact size, and makes a PDF of it with
// fonts of its own. Whatever comes from a credential is shown as text, and as text that cannot steer its surroundings.

import { localDateTime } from '../../core/codec/calendar.js';
import { groupedShortId } from '../../core/codec/short-id.js';
import type { Text } from '../../core/errors/reasons.js';
import { stylePolicy } from '../inline-style.js';
import { LAYOUTS, type Layout, sheetStyle } from './sheet-style.js';
import { SHEET_WORDS } from './sheet-words.js';

export interface SheetContent {
  /** Of the kind. */
  readonly title: Text;
  /** Masked where the kind says so. */
  readonly name: string;
  readonly issuer: string;
  /** Epoch seconds; null: without end. */
  readonly expiresAt: number | null;
  /** As it is stored; null on paper from before there were any. */
  readonly shortId: string | null;
  /** SVG with the quiet zone. */
  readonly symbol: string;
}

const STYLES = Object.fromEntries(LAYOUTS.map((layout) => [layout, sheetStyle(layout)])) as Record<
  Layout,
  string
>;
const POLICIES = Object.fromEntries(LAYOUTS.map((layout) => [layout, stylePolicy(STYLES[layout])])) as Record<
  Layout,
  string
>;

/** For the header; the document carries the same for whoever opens it as a file. */
export function sheetPolicy(layout: Layout): string {
  return POLICIES[layout];
}

export function sheetHtml(layout: Layout, content: SheetContent): string {
  const { title, name, issuer, expiresAt, shortId, symbol } = content;
  const until = expiresAt === null ? SHEET_WORDS.noEnd : { 'zh-CN': localDateTime(expiresAt), en: '' };
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${sheetPolicy(layout)}">
<meta name="viewport" content="width=device-width">
<title>${text(title['zh-CN'])} ${text(SHEET_WORDS.paperCode['zh-CN'])}</title>
<style>${STYLES[layout]}</style>
</head>
<body>
<main class="sheet">
<div class="code">
<div class="symbol">${symbol.trimEnd()}</div>
${shortId === null ? '' : below(shortId)}
</div>
<div class="facts">
<h1 class="title">${both({ 'zh-CN': `${title['zh-CN']} · ${SHEET_WORDS.paperCode['zh-CN']}`, en: title.en })}</h1>
<div class="${nameClass(name)}"><bdi>${text(name)}</bdi></div>
<dl>
${fact(SHEET_WORDS.until, until)}
${fact(SHEET_WORDS.issuer, { 'zh-CN': issuer, en: '' })}
</dl>
<div class="staff"><strong>${both(SHEET_WORDS.staff)}</strong></div>
<p>${both(SHEET_WORDS.noPass)}</p>
<p class="lost">${both(SHEET_WORDS.lost)}</p>
<p class="only-a4">${both(SHEET_WORDS.onlyThis)}</p>
<p class="only-a4">${both(SHEET_WORDS.unreadable)}</p>
<p class="only-a4">${both(SHEET_WORDS.flat)}</p>
</div>
</main>
</body>
</html>
`;
}

function below(shortId: string): string {
  const { 'zh-CN': chinese, en } = SHEET_WORDS.shortId;
  const label = `<div class="label">${text(chinese)} <span class="en" lang="en">${text(en)}</span></div>`;
  return `<div class="below">${label}<div class="short-id">${text(groupedShortId(shortId))}</div></div>`;
}

function fact(label: Text, value: Text): string {
  return `<div><dt>${both(label)}</dt> <dd>${both(value)}</dd></div>`;
}

function both(words: Text): string {
  const english = words.en === '' ? '' : ` <span class="en" lang="en"><bdi>${text(words.en)}</bdi></span>`;
  return `<bdi>${text(words['zh-CN'])}</bdi>${english}`;
}

const LONG = 14;
const LONGEST = 40;

function nameClass(name: string): string {
  const length = [...name].length;
  return `name${length > LONGEST ? ' longest' : length > LONG ? ' long' : ''}`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Controls, what is invisible and what turns the writing direction become a visible mark. */
function text(from: string): string {
  return from
    .replace(/[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, '\ufffd')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
