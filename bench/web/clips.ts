// How many spoiled frames the scanner still reads: our codes beside an EU certificate that says the same.

import { join } from 'node:path';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import { PACKAGE_ROOT } from '../../src/server/package-root.js';
import { launchChromium, withoutChromium } from '../../test/web/support/chromium.js';
import { markdownTable } from '../support/document.js';
import { type ClipCode, clipCodes } from './clips/codes.js';
import type { Wanted } from './clips/page.js';
import { STEPS, type Step } from './clips/table.js';

const FRAMES = 20;

export interface ClipRates {
  readonly code: ClipCode;
  /** For each step, how many frames were read. */
  readonly read: readonly number[];
}

/** The decoder's WebAssembly stands in the bundle, so that the page needs no server. */
async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(PACKAGE_ROOT, 'bench', 'web', 'clips', 'page.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    loader: { '.wasm': 'dataurl' },
    logLevel: 'warning',
  });
  return outputFiles[0]?.text ?? '';
}

export async function readClips(
  browser: Browser,
  steps: readonly Step[],
  frames: number,
): Promise<readonly ClipRates[]> {
  const page = await browser.newPage();
  await page.addScriptTag({ content: await bundle() });
  const rates: ClipRates[] = [];
  for (const code of clipCodes()) {
    const { text, size, modules } = code;
    const wanted: Wanted = { text, size, modules: [...modules], steps, frames };
    const read = (await page.evaluate(`readFrames(${JSON.stringify(wanted)})`)) as readonly number[];
    rates.push({ code, read });
  }
  await page.close();
  return rates;
}

/** A row a step, a column a code, in per cent. */
export function clipTable(steps: readonly Step[], rates: readonly ClipRates[], frames: number): string {
  const head = rates.map(({ code: { name, version, level } }) => `${name} ${version}-${level}`);
  const rows = steps.map(({ name }, i) => [
    name,
    ...rates.map(({ read }) => Math.round(((read[i] ?? 0) / frames) * 100)),
  ]);
  return markdownTable(['% of frames read', ...head], rows);
}

/** @returns undefined without a browser */
export async function clipFigures(): Promise<string | undefined> {
  if (withoutChromium !== false) return undefined;
  const browser = await launchChromium();
  try {
    return clipTable(STEPS, await readClips(browser, STEPS, FRAMES), FRAMES);
  } finally {
    await browser.close();
  }
}
