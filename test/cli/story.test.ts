// Every command against a real node, opened in this process on a folder of its own.

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { connectLocal } from '../../src/cli/local-client.js';
import type { Terminal } from '../../src/cli/terminal.js';
import { type Config, loadConfig } from '../../src/config.js';
import { openNode } from '../../src/server/node.js';
import { sampleClaims } from '../support/sample-claims.js';
import { type Ran, run } from './fake-terminal.js';

type Yima = (args: readonly string[], input?: string) => Promise<Ran>;

function dataFolder(t: Test): string {
  const path = mkdtempSync(join(tmpdir(), 'yima-story-'));
  t.teardown(() => rmSync(path, { recursive: true, force: true }));
  return join(path, 'data');
}

/** Opens the folder anew for every command; a node has been there before. */
async function yimaIn(dataDir: string): Promise<Yima> {
  const config = configOf(dataDir);
  await (await openNode(config)).close();
  return yimaWith(dataDir, () => connectLocal(config, { openNode: () => openNode(config), waitMs: 0 }));
}

/** Keeps one node open for all commands of a test. */
async function yimaOnOneNode(t: Test): Promise<Yima> {
  const dataDir = dataFolder(t);
  const node = await openNode(configOf(dataDir));
  t.teardown(() => node.close());
  const kept = { localApp: node.localApp, close: async () => {} };
  return yimaWith(dataDir, () => connectLocal(configOf(dataDir), { openNode: async () => kept }));
}

/** No port is taken for sure. */
function envOf(dataDir: string): Record<string, string> {
  return { YIMA_DATA_DIR: dataDir, PORT: '0', YIMA_PUBLIC_URL: 'http://127.0.0.1:3000' };
}

function configOf(dataDir: string): Config {
  return { ...loadConfig(envOf(dataDir)), logLevel: 'silent' };
}

function yimaWith(dataDir: string, connect: Terminal['connect']): Yima {
  const env = envOf(dataDir);
  const now = () => Math.floor(Date.now() / 1000);
  return (args, input = '') => run(args, { input, terminal: { env, connect, now } });
}

const PERSON = {
  holderName: '张三',
  holderIdType: '111',
  holderId: '330102190001010011',
};
const DESK = ['--region', '330102', '--operator', 'desk-1', '--evidence', 'case-1'];
const CLAIMS = Object.entries(PERSON).flatMap(([name, value]) => ['--claim', `${name}=${value}`]);
const ISSUE = ['issue', 'health-code', ...DESK, ...CLAIMS];

t.test('issue, verify, revoke: each answer has its exit code', async (t) => {
  const yima = await yimaOnOneNode(t);
  const issued = await yima([...ISSUE, '--form', 'screen', '--form', 'paper', '--form', 'jws', '--json']);
  t.equal(issued.code, 0, issued.talk);
  const { id, encodings } = JSON.parse(issued.out);
  const [screen, paper, jws] = encodings.map(({ code }: { code: string }) => code);
  for (const code of [screen, paper, jws]) {
    t.match(await yima(['verify', '-'], `${code}\n`), { code: 0, out: /^Admit: Valid/ });
    t.match(await yima(['inspect', '-'], code), { code: 0, out: /^Nothing was verified/ });
  }

  t.equal((await yima(['revoke', id, '--form', 'paper', '--reason', 'paper lost', '--yes'])).code, 0);
  t.match(await yima(['verify', paper]), { code: 3, out: /\(revoked\)/ });
  t.equal((await yima(['verify', screen])).code, 0, 'the other forms live on');

  t.match(await yima(['status', 'suspend', id, '--reason', 'asked']), { code: 1, talk: /two officers/ });
  t.equal((await yima(['verify', jws])).code, 0, 'a colour is nothing that one person changes');

  t.equal((await yima(['revoke', id, '--reason', 'test', '--yes'])).code, 0);
  t.match(JSON.parse((await yima(['verify', screen, '--json'])).out), {
    decision: 'refuse',
    reason: 'revoked',
  });
  t.match(await yima(['log', 'verify']), { code: 0, out: /holds: 3/ });
  t.match(await yima(['log', 'show']), { code: 0, out: /^1 .*issued[\s\S]*\n3 .*revoked/ });
  t.match(await yima(['db', 'fsck']), { code: 0, out: /sound\n.*holds/ });
  t.match(await yima(['status', 'lists']), { code: 0, out: '' }, 'the colour list is not public');
  t.match(await yima(['doctor']), { code: 0, leftOpen: 0 });
});

t.test('a licence is suspended and comes back', async (t) => {
  const yima = await yimaOnOneNode(t);
  const { region: _region, ...claims } = sampleClaims('food-handler');
  const given = Object.entries(claims).flatMap(([name, value]) => ['--claim', `${name}=${value}`]);
  const issued = await yima(['issue', 'food-handler', ...DESK, ...given, '--json']);
  t.equal(issued.code, 0, issued.talk);
  const { id, encodings } = JSON.parse(issued.out);
  const [{ code }] = encodings;
  t.equal((await yima(['status', 'suspend', id, '--reason', 'asked'])).code, 0);
  t.match(await yima(['verify', code]), { code: 3, out: /\(suspended\)/ });
  t.match(await yima(['status', 'show', id]), { code: 0, out: /suspended/ });
  t.equal((await yima(['status', 'reinstate', id, '--reason', 'settled'])).code, 0);
  t.equal((await yima(['verify', code])).code, 0);
  t.equal((await yima(['revoke', id, '--reason', 'test', '--yes'])).code, 0);
  t.match(await yima(['status', 'reinstate', id, '--reason', 'no']), { code: 1, talk: /for good/ });
  t.match(await yima(['log', 'verify']), { code: 0, out: /holds: 4/ });
});

t.test('other texts: not genuine, not trusted, cannot tell', async (t) => {
  const yima = await yimaOnOneNode(t);
  const stranger = (await (await yimaOnOneNode(t))([...ISSUE, '--only', 'code'])).out.trimEnd();
  const own = (await yima([...ISSUE, '--only', 'code'])).out.trimEnd();
  const rows: readonly (readonly [code: string, exit: number, says: RegExp])[] = [
    ['HELLO', 2, /not_ours/],
    ['YM1:ABC', 2, /damaged/],
    [own.slice(0, -21) + stranger.slice(-21), 2, /bad_signature|damaged/],
    [stranger, 5, /issuer_unknown/],
    ['shc:/5676', 2, /damaged/],
    ['shc:/1/2/5676', 6, /unsupported/],
  ];
  for (const [code, exit, says] of rows)
    t.match(await yima(['verify', '-'], code), { code: exit, out: says });
});

t.test('a retry with the same idempotency key issues nothing twice', async (t) => {
  const yima = await yimaOnOneNode(t);
  const first = await yima([...ISSUE, '--idempotency-key', 'k1', '--only', 'id']);
  t.equal((await yima([...ISSUE, '--idempotency-key', 'k1', '--only', 'id'])).out, first.out);
  const other = [...ISSUE, '--form', 'paper', '--idempotency-key', 'k1'];
  t.match(await yima(other), { code: 1, out: '', talk: /Idempotency-Key/ });
});

t.test('keys: a retired one still verifies what it signed; API keys are shown once', async (t) => {
  const yima = await yimaOnOneNode(t);
  const code = (await yima([...ISSUE, '--only', 'code'])).out;
  t.equal((await yima(['keys', 'rotate', '--yes'])).code, 0);
  t.equal((await yima(['verify', '-'], code)).code, 0);
  t.match(await yima(['keys', 'list']), { out: /credential +retired[\s\S]*credential +active/ });
  const { out: key } = await yima(['api-keys', 'create', 'gate', '--scope', 'verify', '--valid-days', '1']);
  t.match(key, /^yk_[a-z2-7]{16}_[a-z2-7]{52}\n$/);
  const [, id = '', secret = ''] = key.trim().split('_');
  const listed = (await yima(['api-keys', 'list'])).out;
  t.match(listed, `${id}  gate  verify`);
  t.notMatch(listed, secret);
  t.match(await yima(['api-keys', 'revoke', id, '--yes']), { code: 0, out: /revoked/ });
});

t.test('a node whose setting says so signs with ES256', async (t) => {
  const dataDir = dataFolder(t);
  const config = { ...configOf(dataDir), signingAlgorithm: 'ES256' as const };
  const node = await openNode(config);
  t.teardown(() => node.close());
  const kept = { localApp: node.localApp, close: async () => {} };
  const yima = yimaWith(dataDir, () => connectLocal(config, { openNode: async () => kept }));
  t.match(await yima(['keys', 'list']), {
    out: /ES256 +credential[\s\S]*ES256 +status|ES256 +status[\s\S]*ES256 +credential/,
  });
  for (const form of ['screen', 'jws']) {
    const code = (await yima([...ISSUE, '--form', form, '--only', 'code'])).out;
    t.match(await yima(['inspect', '-'], code), { out: /Algorithm +ES256/ });
    t.match(await yima(['verify', '-'], code), { code: 0, out: /^Admit/ });
  }
});

t.test('a refused claim names its field', async (t) => {
  const claims = JSON.stringify({ ...PERSON, holderId: '330102190001010012' });
  const yima = await yimaOnOneNode(t);
  const refused = await yima(['issue', 'health-code', ...DESK, '--claims', '-'], claims);
  t.match(refused, { code: 1, out: '', talk: /\[claims\.holderId\]/ });
  t.match(await yima(['show', 'a'.repeat(26)]), { code: 1, talk: /no credential with this id/ });
  t.match(await yima(['show', '../keys']), { code: 1, out: '' });
});

t.test('a database edited behind the log is noticed', async (t) => {
  const yima = await yimaIn(dataFolder(t));
  t.equal((await yima(ISSUE)).code, 0);
  const database = new Database((await yima(['db', 'path'])).out.trim());
  const names = (type: string) =>
    database.prepare<[string], string>('select name from sqlite_master where type = ?').pluck().all(type);
  for (const trigger of names('trigger')) database.exec(`drop trigger "${trigger}"`);
  const log = names('table').find((name) => name.includes('log'));
  database.prepare(`update "${log}" set actor = 'somebody'`).run();
  database.close();
  t.match(await yima(['log', 'verify']), { code: 1, out: /from entry 1/ });
  t.match(await yima(['db', 'fsck']), { code: 1, out: /trigger log_keeps_rows is missing/ });
  t.match(await yima(['doctor']), { code: 1, out: /FAIL +database +trigger log_keeps_rows is missing/ });
});

t.test(
  'key files that others may read stop everything but the doctor',
  { skip: process.platform === 'win32' },
  async (t) => {
    const dataDir = dataFolder(t);
    const yima = await yimaIn(dataDir);
    t.equal((await yima(['keys', 'list'])).code, 0);
    chmodSync(join(dataDir, 'keys'), 0o755);
    t.match(await yima(['keys', 'list']), { code: 1, out: '', talk: /chmod/ });
    t.match(await yima(['doctor']), { code: 1, out: /FAIL +keys/ });
  },
);
