// A guard at the scanner's page, for tests: enrols, types, reads the answer.

import type { Page } from 'playwright-core';

export const WAIT = { timeout: 20_000 };
export const PIN = '2468';

/** Presses a button by its word. */
export function press(page: Page, name: string): Promise<void> {
  return page.getByRole('button', { name, exact: true }).click(WAIT);
}

/** From the form to fresh lists. */
export async function enrol(page: Page): Promise<void> {
  await page.getByLabel('设置退出密码（4 至 8 位数字）').fill(PIN);
  await press(page, '登记');
  await page.locator('.bar[data-fresh="ok"]').waitFor(WAIT);
}

/** Decision, reason and who judged, and whom it names; read at once, since an answer goes away by itself. */
export interface Shown {
  readonly verdict: string;
  readonly subject: string;
}

const SHOWN = `(() => {
  const screen = document.querySelector('.result');
  if (screen === null) return null;
  const { decision, reason, by } = screen.dataset;
  const subject = screen.querySelector('.result-subject')?.textContent ?? '';
  return { verdict: [decision, reason, by].join(' '), subject };
})()`;

export async function shown(page: Page): Promise<Shown> {
  await page.locator('.result').waitFor(WAIT);
  return (await page.evaluate(SHOWN)) as Shown;
}

export async function result(page: Page): Promise<string> {
  return (await shown(page)).verdict;
}

/** Lets a hand-held scanner type a code, and waits for the answer. */
export async function shoot(page: Page, text: string): Promise<void> {
  await page.evaluate(`for (const key of [...${JSON.stringify(text)}, 'Enter'])
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))`);
  await page.locator('.result').waitFor(WAIT);
}

/** Types a code, and waits for the answer. */
export async function typeIn(page: Page, text: string): Promise<void> {
  await press(page, '输入短号');
  await page.getByLabel('码文', { exact: true }).fill(text);
  await press(page, '核验');
  await page.locator('.result').waitFor(WAIT);
}

/** Types a code. @returns decision, reason and who judged */
export async function type(page: Page, text: string): Promise<string> {
  await typeIn(page, text);
  return result(page);
}

/** Judges again until it was judged where expected: the page notices in a while who is there, and a node that is slow is not waited for. */
export async function typeUntil(page: Page, code: string, by: RegExp): Promise<string> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const told = await type(page, code);
    await next(page);
    if (by.test(told)) return told;
    await page.evaluate(`dispatchEvent(new Event('online'))`);
    await page.waitForTimeout(500);
  }
  return 'never';
}

/** Goes on with scanning, if the page has not done so by itself. */
export async function next(page: Page): Promise<void> {
  await page.evaluate(`document.querySelector('.result .button-main')?.click()`);
  await page.locator('.result').waitFor({ ...WAIT, state: 'detached' });
}

/** What runs out of the side, and controls smaller than a fingertip. */
export async function misfits(page: Page): Promise<unknown> {
  return page.evaluate(`[
    document.documentElement.scrollWidth - document.documentElement.clientWidth,
    ...[...document.querySelectorAll('.result button, .tool')]
      .filter((each) => { const box = each.getBoundingClientRect(); return box.width < 44 || box.height < 44; })
      .map((each) => each.textContent),
  ]`);
}
