// Debian's Chromium, found on PATH, driven without its habit of calling home.

import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { isRequired, onPath } from '../../support/on-path.js';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const executable = onPath('chromium');

/** Why browser tests skip here, or false; where YIMA_REQUIRE names chromium they run and fail instead. */
export const withoutChromium: string | false =
  executable === undefined && !isRequired('chromium')
    ? 'chromium is not on PATH: install it to run the browser tests'
    : false;

export async function launchChromium(more: readonly string[] = []): Promise<Browser> {
  if (executable === undefined) throw new Error('YIMA_REQUIRE names chromium, and it is not on PATH');
  return chromium.launch({ executablePath: executable, args: [...ARGUMENTS, ...more] });
}

export interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What must stay empty: console errors, exceptions, breaches of the page's policy, requests to other hosts. */
  readonly complaints: string[];
}

/**
 * A page of its own, with nothing remembered, that writes down whatever goes wrong.
 * @param prepare makes it ready before it is opened
 */
export async function visit(
  browser: Browser,
  url: string,
  width: number,
  locale: string,
  prepare: (page: Page) => Promise<unknown> = async () => undefined,
): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width, height: 844 }, locale });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on(
    'console',
    (message) => message.type() === 'error' && complaints.push(`console: ${message.text()}`),
  );
  page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin) complaints.push(`request to ${request.url()}`);
  });
  await page.addInitScript(
    `document.addEventListener('securitypolicyviolation', (e) => console.error('policy: ' + e.violatedDirective));`,
  );
  await prepare(page);
  await page.goto(url);
  return { context, page, complaints };
}
