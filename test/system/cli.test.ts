// The built command as people run it: processes, pipes, exit codes, a node beside it, and a node that is killed.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { ROOT } from '../support/shared.js';

const MAIN = join(ROOT, 'dist', 'cli', 'main.js');
const DEADLINE_MS = 30_000;

interface Result {
  readonly code: number | null;
  readonly out: string;
  readonly talk: string;
}

type Yima = (args: readonly string[], input?: string) => Result;

function dataFolder(t: Test): string {
  const path = mkdtempSync(join(tmpdir(), 'yima-system-'));
  t.teardown(() => rmSync(path, { recursive: true, force: true }));
  return join(path, 'data');
}

/** Nothing of the caller's own settings or language. */
function envOf(dataDir: string, more: Record<string, string> = {}): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', YIMA_DATA_DIR: dataDir, PORT: '0', LANG: 'en_US.UTF-8', ...more };
}

function yimaIn(dataDir: string, more: Record<string, string> = {}): Yima {
  return (args, input = '') => {
    const options = { env: envOf(dataDir, more), input, encoding: 'utf8', timeout: DEADLINE_MS } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], options);
    return { code: status, out: stdout, talk: stderr };
  };
}

const PERSON = [
  '--claim',
  'holderName=张三',
  '--claim',
  'holderIdType=111',
  '--claim',
  'holderId=330102190001010011',
];
const DESK = ['--region', '330102', '--operator', 'desk-1', '--evidence', 'case-1'];
const ISSUE = ['issue', 'health-code', ...DESK, ...PERSON];

/** Starts a node and resolves when a command gets through to it. */
async function startNode(t: Test, dataDir: string): Promise<ChildProcess> {
  const node = spawn(process.execPath, [MAIN, 'serve'], {
    env: envOf(dataDir),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  t.teardown(() => node.kill('SIGKILL'));
  await new Promise<void>((resolve, reject) => {
    let said = '';
    node.once('exit', (code) => reject(new Error(`The node ended with ${code}. It said: ${said}`)));
    node.stdout?.on('data', (chunk) => {
      said += chunk;
      if (said.includes('Yima serves on http://')) resolve();
    });
  });
  return node;
}

async function endNode(node: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const ended = new Promise<number | null>((resolve) => node.once('exit', (code) => resolve(code)));
  node.kill(signal);
  return ended;
}

t.test('codes go through files and pipes, and the exit code is the verdict', async (t) => {
  const dataDir = dataFolder(t);
  const yima = yimaIn(dataDir);
  const claims = JSON.stringify({ holderName: '张三', holderIdType: '111', holderId: '33010219000101002X' });
  const issued = yima(['issue', 'health-code', ...DESK, '--claims', '-', '--json'], claims);
  t.equal(issued.code, 0, issued.talk);
  t.equal(issued.talk, '', 'nothing but the result is said');
  const { id, encodings } = JSON.parse(issued.out);
  const file = join(dataDir, 'code.txt');
  writeFileSync(file, `${encodings[0].code}\n`);
  t.match(yima(['verify', `@${file}`]), { code: 0, out: /^Admit: Valid/ });
  t.match(yima(['revoke', id, '--reason', 'test']), { code: 1, out: '', talk: /--yes/ }, 'nobody was asked');
  t.equal(yima(['revoke', id, '--reason', 'test', '--yes']).code, 0);
  const chinese = yimaIn(dataDir, { LANG: 'zh_CN.UTF-8' });
  t.match(chinese(['verify', `@${file}`]), { code: 3, out: /不予放行.*此码已作废/ });
  t.match(yimaIn(dataDir, { YIMA_REGON: '33' })(['verify', 'x']), { code: 1, out: '', talk: /YIMA_REGION/ });
  t.match(yima(['verify']), { code: 1, out: '' });
  t.match(yima([...ISSUE, '--qr']), { code: 0, out: /[▄▀█]{20}/ });
});

t.test('commands use the running node, and what it acknowledged survives kill -9', async (t) => {
  const dataDir = dataFolder(t);
  const yima = yimaIn(dataDir);
  const node = await startNode(t, dataDir);
  t.match(yima(['doctor']), { code: 0, out: /The node is running/ });
  t.match(yima(['serve']), { code: 75, talk: /using the data folder/ }, 'a second node is refused');
  const id = yima([...ISSUE, '--only', 'id', '--idempotency-key', 'k1']).out.trim();
  t.match(id, /^[a-z2-7]{26}$/);
  const code = yima(['show', id, '--only', 'code']).out;
  t.equal(yima(['revoke', id, '--reason', 'test', '--yes']).code, 0);
  await endNode(node, 'SIGKILL');

  t.match(yima(['verify', '-'], code), { code: 3, out: /\(revoked\)/ }, 'with no node running');
  const second = await startNode(t, dataDir);
  t.match(yima(['verify', '-'], code), { code: 3, out: /\(revoked\)/ }, 'and with the next one');
  t.equal(
    yima([...ISSUE, '--only', 'id', '--idempotency-key', 'k1']).out.trim(),
    id,
    'a retry issues nothing twice',
  );
  t.equal(await endNode(second, 'SIGTERM'), 0, 'SIGTERM ends it in good order');
  t.notOk(existsSync(join(dataDir, 'yima.sock')));
});
