// The same module in a real browser: its known answers, sound and spoiled signatures, tables built and used there.

import { generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import t from 'tap';
import { ROOT } from '../support/shared.js';
import { TABLE_MODULE_PATH } from '../support/table-backend.js';
import { launchChromium, withoutChromium } from '../web/support/chromium.js';

const PROGRAM = `
import { compileTableModule, openTableModule } from './src/adapters/crypto-table/table-module.ts';
import { createTableVerify } from './src/adapters/crypto-table.ts';
import { createNobleVerify } from './src/adapters/crypto-noble.ts';

const bytesOf = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
const sha256 = async (data) => new Uint8Array(await crypto.subtle.digest('SHA-256', data));

globalThis.judge = async ({ module, key, rows }) => {
  const bytes = bytesOf(module);
  const compiled = compileTableModule(bytes, await sha256(bytes));
  let others = 0;
  const tables = createTableVerify({
    module: openTableModule(compiled, 8 * 1024 * 1024),
    other: (_key, _message, signature) => (others++, signature[0] % 2 === 0),
    defer: (run) => setTimeout(run),
  });
  const publicKey = { algorithm: 'Ed25519', x: bytesOf(key) };
  tables.retain([publicKey]);
  const ask = () => rows.map(({ message, signature }) => tables.verify(publicKey, bytesOf(message), bytesOf(signature)));
  const before = ask();
  tables.settle();
  const asked = others;
  return { before, after: ask(), others: others - asked, figures: tables.figures() };
};
`;

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: PROGRAM, resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'iife',
    logLevel: 'warning',
  });
  return outputFiles[0]?.text ?? '';
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

interface Found {
  readonly before: readonly boolean[];
  readonly after: readonly boolean[];
  readonly others: number;
  readonly figures: { readonly tables: number; readonly fault: string | null };
}

t.setTimeout(90_000);

t.test('a browser verifies with the module that servers use', { skip: withoutChromium }, async (t) => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const rows = Array.from({ length: 40 }, (_, i) => {
    // The stand-in for another backend knows the sound ones by their first byte, so every one that is to be sound has an even R.
    let message = Buffer.from(`message ${i}`);
    let signature = Uint8Array.from(sign(null, message, privateKey));
    while ((signature[0] ?? 1) % 2 !== 0) {
      message = Buffer.concat([message, Buffer.from('.')]);
      signature = Uint8Array.from(sign(null, message, privateKey));
    }
    if (i >= 20) signature[0] = (signature[0] ?? 0) ^ 1;
    return { message: base64(message), signature: base64(signature) };
  });
  const key = base64(Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'));
  const browser = await launchChromium();
  t.teardown(() => browser.close());
  const page = await browser.newPage();
  await page.goto(`file://${join(ROOT, 'LICENSE')}`);
  await page.addScriptTag({ content: await bundle() });
  const input = { module: base64(readFileSync(TABLE_MODULE_PATH)), key, rows };
  const found = (await page.evaluate(`judge(${JSON.stringify(input)})`)) as Found;
  const expected = rows.map((_, i) => i < 20);
  t.strictSame(found.before, expected, 'before there is a table');
  t.strictSame(found.after, expected, 'with the table');
  t.strictSame([found.figures.tables, found.figures.fault], [1, null]);
  t.ok(found.others <= 21, `asked the other backend ${found.others} times: refusals and one sample`);
});
