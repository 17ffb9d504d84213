// Contrast of every pair of ground and ink that the pages use (WCAG 2.2, 1.4.3: at least 4.5:1).

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ROOT } from '../support/shared.js';

const css = readFileSync(join(ROOT, 'src/web/shared/tokens.css'), 'utf8');
const tokens = new Map(
  [...css.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, name = '', value = '']) => [name, value]),
);

const PAIRS = [
  ['ok', 'on-ok'],
  ['ask', 'on-ask'],
  ['again', 'on-again'],
  ['stop', 'on-stop'],
  ['grey', 'on-grey'],
  ['gone', 'on-gone'],
  ['ink', 'on-ink'],
  ['ground', 'ink'],
  ['ground', 'ink-soft'],
  ['surface', 'ink-soft'],
  ['sunken', 'ink-soft'],
  ['line', 'ink-soft'],
  ['surface', 'accent'],
  ['ground', 'accent'],
  ['surface', 'stop'],
] as const;

function channel(value: number): number {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

/** Relative luminance of a colour token. */
function luminance(name: string): number {
  const value = Number.parseInt((tokens.get(name) ?? '').slice(1), 16);
  return 0.2126 * channel(value >> 16) + 0.7152 * channel((value >> 8) & 255) + 0.0722 * channel(value & 255);
}

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

t.test('text can be read on every ground', async (t) => {
  for (const [ground, ink] of PAIRS) {
    t.ok(contrast(ground, ink) >= 4.5, `${ink} on ${ground}: ${contrast(ground, ink).toFixed(2)}`);
  }
});

t.test('the edge of a control stands out from its ground (WCAG 2.2, 1.4.11: at least 3:1)', async (t) => {
  t.ok(contrast('line-strong', 'surface') >= 3);
  t.ok(contrast('line-strong', 'ground') >= 3);
});
