import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { Finding } from '../../src/cli/doctor/finding.js';
import { checkAddresses, checkNode, checkWorkers } from '../../src/cli/doctor/machine.js';
import { loadConfig } from '../../src/config.js';
import { run } from './fake-terminal.js';

function folder(t: Test): string {
  const path = mkdtempSync(join(tmpdir(), 'yima-doctor-'));
  t.teardown(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function examine(env: Record<string, string>): Promise<{ code: number; findings: readonly Finding[] }> {
  const { code, out } = await run(['doctor', '--json'], {
    terminal: { env: env['PORT'] === '0' ? { YIMA_PUBLIC_URL: 'http://127.0.0.1:3000', ...env } : env },
  });
  return { code, findings: JSON.parse(out).findings };
}

const levelsOf = (findings: readonly Finding[], check: string) =>
  findings.filter((finding) => finding.check === check).map(({ level }) => level);

t.test('a new installation is sound, and says what the first start will make', async (t) => {
  const { code, findings } = await examine({ YIMA_DATA_DIR: join(folder(t), 'data'), PORT: '0' });
  t.equal(code, 0);
  t.same(levelsOf(findings, 'data'), ['warn']);
  t.same(levelsOf(findings, 'port'), ['ok']);
  t.match(
    findings.find(({ check }) => check === 'config')?.text.en,
    'this shell',
    'whose settings were judged',
  );
});

t.test('every finding that is not ok says what to do, in both languages', async (t) => {
  const dataDir = folder(t);
  mkdirSync(join(dataDir, 'keys'));
  chmodSync(dataDir, 0o755);
  const { findings } = await examine({
    YIMA_DATA_DIR: dataDir,
    YIMA_PUBLIC_URL: 'http://codes.example',
    YIMA_DEMO: 'on',
    HOST: '0.0.0.0',
    PORT: '0',
  });
  for (const finding of findings.filter(({ level }) => level !== 'ok')) {
    t.ok(finding.todo?.en && finding.todo['zh-CN'], finding.text.en);
  }
  t.ok(findings.length > 5);
});

t.test('all bad settings are named at once', async (t) => {
  const { code, findings } = await examine({ PORT: 'many', YIMA_REGON: '33' });
  t.equal(code, 1);
  t.same(levelsOf(findings, 'config'), ['fail', 'fail']);
});

t.test('files that others may read fail', { skip: process.platform === 'win32' }, async (t) => {
  const dataDir = folder(t);
  mkdirSync(join(dataDir, 'keys'), { mode: 0o700 });
  writeFileSync(join(dataDir, 'keys', 'credential.x.json'), '{}', { mode: 0o644 });
  chmodSync(join(dataDir, 'keys', 'credential.x.json'), 0o644);
  chmodSync(dataDir, 0o750);
  const { code, findings } = await examine({ YIMA_DATA_DIR: dataDir, PORT: '0' });
  t.equal(code, 1);
  t.same(levelsOf(findings, 'data'), ['fail']);
  t.same(levelsOf(findings, 'keys'), ['fail', 'warn'], 'open, and not encrypted');
});

t.test('a port in use fails', async (t) => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const { code, findings } = await examine({ YIMA_DATA_DIR: join(folder(t), 'data'), PORT: String(port) });
  t.equal(code, 1);
  t.same(levelsOf(findings, 'port'), ['fail']);
});

t.test('a file that is no database fails, and the node is not opened on it', async (t) => {
  const dataDir = folder(t);
  writeFileSync(join(dataDir, 'yima.db'), 'x'.repeat(10_000));
  const { code, findings } = await examine({ YIMA_DATA_DIR: dataDir, PORT: '0' });
  t.equal(code, 1);
  t.same(levelsOf(findings, 'database'), ['fail']);
  t.same(levelsOf(findings, 'log'), []);
});

t.test('the versions of Node that will do', (t) => {
  const rows = [
    ['20.15.0', 'ok'],
    ['20.20.2', 'ok'],
    ['22.1.0', 'ok'],
    ['20.14.9', 'fail'],
    ['18.20.0', 'fail'],
  ] as const;
  for (const [version, level] of rows) t.equal(checkNode(version).level, level, version);
  t.end();
});

t.test('addresses: loopback and plain http are doubtful, https behind a trusted proxy is well', (t) => {
  const levels = (env: Record<string, string>) =>
    checkAddresses(loadConfig(env)).map(({ check, level }) => `${check} ${level}`);
  t.same(levels({}), ['address warn']);
  for (const host of ['127.8.8.8', 'LOCALHOST', '[::1]', '127.1'])
    t.same(levels({ YIMA_PUBLIC_URL: `https://${host}:8443` }), ['address warn'], host);
  for (const host of ['localhost.example', '127.example'])
    t.same(levels({ YIMA_PUBLIC_URL: `https://${host}` }), ['address ok', 'proxy warn'], host);
  t.same(levels({ HOST: '127.example', YIMA_DEMO: 'on' }), ['address warn', 'proxy warn', 'demo warn']);
  t.same(levels({ YIMA_PUBLIC_URL: 'http://codes.example' }), ['address warn', 'proxy warn']);
  t.same(levels({ YIMA_PUBLIC_URL: 'https://codes.example', YIMA_TRUST_PROXY: '10.0.0.0/8' }), [
    'address ok',
  ]);
  t.same(
    levels({
      YIMA_PUBLIC_URL: 'https://codes.example',
      YIMA_TRUST_PROXY: '10.0.0.1',
      HOST: '0.0.0.0',
      YIMA_DEMO: 'on',
    }),
    ['address ok', 'demo warn'],
  );
  t.end();
});

t.test('more workers than cores are doubtful', (t) => {
  const rows = [
    ['1', 1, 'ok'],
    ['2', 2, 'ok'],
    ['2', 1, 'warn'],
    ['64', 8, 'warn'],
  ] as const;
  for (const [WORKERS, cores, level] of rows)
    t.equal(checkWorkers(loadConfig({ WORKERS }), cores).level, level, `${WORKERS} on ${cores}`);
  t.end();
});
