// A desk, a phone's wallet in a browser, and a checkpoint, for tests of the wallet.

import type { Page } from 'playwright-core';
import { readQr } from '../../support/read-qr.js';
import type { Client } from '../../system/support/client.js';

export const WAIT = { timeout: 20_000 };

export interface Offer {
  readonly walletUrl: string;
  readonly offerUri: string;
  readonly txCode: string;
}

/** Offers a credential to a phone, as a desk does. */
export async function offerOf(client: Client, id: string): Promise<Offer> {
  const response = await client.send(`/v1/credentials/${id}/offers`, {});
  if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as Offer;
}

/** Presses a button by its word. */
export function press(page: Page, name: string): Promise<void> {
  return page.getByRole('button', { name, exact: true }).click(WAIT);
}

/** Types the claim code and asks for the code. */
export async function typeCode(page: Page, txCode: string): Promise<void> {
  await page.locator('.claim-code').fill(txCode, WAIT);
  await page.locator('.claim-form button[type=submit]').click(WAIT);
}

/** Opens the link and claims, until the live symbol stands. */
export async function claimOn(page: Page, offer: Offer): Promise<void> {
  await page.goto(offer.walletUrl);
  await typeCode(page, offer.txCode);
  await page.locator('.pass-symbol svg').waitFor(WAIT);
}

/** The text of the symbol as it stands on the screen, by an independent reader. */
export async function readScreen(page: Page): Promise<string> {
  const symbol = page.locator('.pass-symbol');
  await symbol.locator('svg').waitFor(WAIT);
  const [found] = await readQr(await symbol.screenshot(WAIT));
  if (found === undefined) throw new Error('No symbol can be read on the screen.');
  return found.text;
}

/** Which ten seconds the symbol was signed in. */
export async function periodOf(page: Page): Promise<string> {
  return (await page.locator('.pass-symbol[data-period]').getAttribute('data-period', WAIT)) ?? '';
}

/** Waits until another symbol than that of `period` stands. */
export function nextSymbol(page: Page, period: string): Promise<void> {
  return page.locator(`.pass-symbol[data-period]:not([data-period="${period}"])`).waitFor(WAIT);
}

/** What a checkpoint is told about a text: `decision/reason assurance`. */
export async function judge(client: Client, code: string): Promise<string> {
  const response = await client.send('/v1/verify', { code });
  const answer = (await response.json()) as Readonly<Record<string, string | null>>;
  return `${answer['decision']}/${answer['reason']} ${answer['assurance']}`;
}

/** The sentence that the wallet says about what went wrong. */
export async function sentence(page: Page): Promise<string> {
  const note = page.getByRole('alert');
  await note.waitFor(WAIT);
  return (await note.locator('.notice-text').textContent()) ?? '';
}

/** Breaches of the page's policy, exceptions and requests to others; a server that is gone is no fault of the page. */
export function faults(complaints: readonly string[]): readonly string[] {
  return complaints.filter((each) => !each.includes('Failed to load resource'));
}
