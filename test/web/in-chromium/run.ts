// Bundles tests of core as they are, with stand-ins for tap, Node and its adapter, and runs them in a worker of a page.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import type { Browser } from 'playwright-core';
import { ROOT } from '../../support/shared.js';
import type { Counts } from './tap.js';

const HERE = join(ROOT, 'test', 'web', 'in-chromium');

/** What is imported, and what takes its place. */
const STAND_INS: readonly (readonly [RegExp, string])[] = [
  [/^tap$/, 'tap.ts'],
  [/\/adapters\/crypto-node\.js$/, 'crypto-node.ts'],
  [/^node:(crypto|zlib|path)$/, 'node.ts'],
  [/\/(adapters\/keyfile\/key-folder|conformance\/eu-dcc|support\/shared)\.js$/, 'node.ts'],
];

const standIns: Plugin = {
  name: 'stand-ins',
  setup: ({ onResolve }) => {
    for (const [filter, file] of STAND_INS) onResolve({ filter }, () => ({ path: join(HERE, file) }));
  },
};

async function bundle(contents: string, inject: readonly string[]): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'iife',
    charset: 'utf8',
    plugins: [standIns],
    inject: [...inject],
    logLevel: 'warning',
  });
  return outputFiles[0]?.text ?? '';
}

/** One bundle: files share core as they do in a page, and tap's stand-in counts all. */
function worker(files: readonly string[]): Promise<string> {
  const imports = files.map((file) => `import './${file}';`).join('\n');
  const program = `${imports}
    import { counts, settled } from './test/web/in-chromium/tap.ts';
    settled().then(() => postMessage({ counts }));`;
  return bundle(program, [join(HERE, 'node.ts')]);
}

/** Isolated from other origins, since only then memory may be shared with a worker. */
function serve(contents: Readonly<Record<string, readonly [string, string]>>): Promise<Server> {
  const server = createServer((request, response) => {
    const [type, body] = contents[request.url ?? ''] ?? ['text/plain', ''];
    response.writeHead(200, {
      'content-type': `${type}; charset=utf-8`,
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    });
    response.end(body);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

/** @param files from the root, such as `test/core/codec/base45.test.ts` */
export async function runInChromium(browser: Browser, files: readonly string[]): Promise<Counts> {
  const [tests, page] = await Promise.all([
    worker(files),
    bundle(`import './test/web/in-chromium/page.ts';`, []),
  ]);
  const server = await serve({
    '/': ['text/html', '<!doctype html><script src="/page.js"></script>'],
    '/page.js': ['text/javascript', page],
    '/tests.js': ['text/javascript', tests],
  });
  try {
    const tab = await browser.newPage();
    await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    return (await tab.evaluate(`runTests('/tests.js')`)) as Counts;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
