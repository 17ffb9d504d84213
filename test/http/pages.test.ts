import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { buildTwinApp } from './support/twin-deps.js';

function webRoot(folder: string): string {
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>一码</title>');
  writeFileSync(join(folder, 'secret.txt'), 'not an asset');
  writeFileSync(join(folder, 'assets', 'home-K3J5X7QA.js'), 'export {};');
  writeFileSync(join(folder, 'assets', 'manifest.json'), '{}');
  writeFileSync(join(folder, 'assets', '.hidden'), 'x');
  return folder;
}

t.test('the first page is checked each time, hashed assets are kept', async (t) => {
  const app = await buildTwinApp(t, {}, { webRoot: webRoot(t.testdir()) });
  const page = await app.inject('/');
  t.equal(page.statusCode, 200);
  t.match(page.body, '一码');
  t.match(page.headers, { 'content-type': /^text\/html/, 'cache-control': 'no-cache' });
  const script = await app.inject('/assets/home-K3J5X7QA.js');
  t.match(script.headers, {
    'content-type': /javascript/,
    'cache-control': 'public, max-age=31536000, immutable',
    'x-content-type-options': 'nosniff',
  });
  t.equal((await app.inject('/assets/manifest.json')).headers['cache-control'], 'no-cache');
  const unchanged = await app.inject({ url: '/', headers: { 'if-none-match': String(page.headers.etag) } });
  t.equal(unchanged.statusCode, 304);
});

t.test('nothing outside the assets is served', async (t) => {
  const app = await buildTwinApp(t, {}, { webRoot: webRoot(t.testdir()) });
  for (const url of [
    '/secret.txt',
    '/assets/../secret.txt',
    '/assets/%2e%2e/secret.txt',
    '/assets/',
    '/assets/.hidden',
    '/assets/none.js',
    '/assets/%00',
  ]) {
    const response = await app.inject(url);
    t.ok([400, 403, 404].includes(response.statusCode), `${url} ${response.statusCode}`);
    t.match(response.headers['content-type'], /problem\+json/);
  }
});

t.test('a page may run its own scripts and nothing else', async (t) => {
  const root = webRoot(t.testdir());
  const policyOf = async (publicUrl: string) =>
    (await (await buildTwinApp(t, {}, { webRoot: root, publicUrl })).inject('/')).headers;
  const headers = await policyOf('http://127.0.0.1:3000');
  const policy = String(headers['content-security-policy']);
  t.match(policy, "default-src 'none'");
  t.match(policy, "script-src 'self';");
  t.match(policy, "frame-ancestors 'none'");
  t.notMatch(policy, /unsafe|upgrade-insecure/);
  t.equal(headers['referrer-policy'], 'no-referrer');
  t.equal(headers['strict-transport-security'], undefined, 'not over plain http');
  t.equal((await policyOf('https://yima.test'))['strict-transport-security'], 'max-age=31536000');
});
