// What a node makes of its policy folder: all of it or nothing, at the start and while it runs.

import { chmodSync, chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { ServedNode } from '../../src/server/node.js';
import { loadPolicies, readPolicyFile } from '../../src/server/policies.js';
import { issueRequest } from '../support/office.js';
import { openQuietNode, post, privateFolder, quietConfig, verdict } from '../support/open-node.js';
import { policyFile, ruleOf } from '../support/policies.js';
import { askWorker, openLocalNode } from './support/local-workers.js';

const STRICT = policyFile('health-code', [ruleOf({ status: ['green'] }, 'refuse', 'closed')], { version: 2 });
const LATER = policyFile('health-code', [ruleOf({ status: ['green'] }, 'hold', 'asked')], { version: 3 });
const REFUSED = 'refuse/refused_by_policy';

function place(t: Test, files: Readonly<Record<string, unknown>>) {
  const dataDir = join(privateFolder(t), 'data');
  const folder = join(dataDir, 'policies');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const write = (name: string, content: unknown): void => {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    writeFileSync(join(folder, name), text, { mode: 0o600 });
  };
  for (const [name, content] of Object.entries(files)) write(name, content);
  return { dataDir, folder, write, config: quietConfig(dataDir) };
}

async function issued({ localApp }: Pick<ServedNode, 'localApp'>): Promise<string> {
  const { encodings } = await post(localApp, '/v1/credentials', issueRequest());
  return (encodings as [{ code: string }])[0].code;
}

t.test('a policy of the folder decides, and the answer names it', async (t) => {
  const { dataDir } = place(t, { 'a.json': STRICT, 'notes.txt': 'no policy' });
  const node = await openQuietNode(t, dataDir);
  t.match(await post(node.localApp, '/v1/verify', { code: await issued(node) }), {
    decision: 'refuse',
    reason: 'refused_by_policy',
    recognition: 'local',
    policy: { id: 'health-code-zhejiang', version: 2, rule: 'closed' },
    text: { 'zh-CN': '按浙江省规定不予放行：规则', en: "Refused by Zhejiang's rule: Rule" },
  });
});

t.test('a policy of another province decides nothing here', async (t) => {
  const { dataDir } = place(t, { 'a.json': { ...STRICT, verifyingRegion: '44' } });
  const node = await openQuietNode(t, dataDir);
  t.equal(await verdict(node, await issued(node)), 'admit/ok');
});

t.test('a reload swaps all policies, and codes that are known are judged by the new ones', async (t) => {
  const { dataDir, folder, write } = place(t, {});
  const node = await openQuietNode(t, dataDir);
  const code = await issued(node);
  t.equal(await verdict(node, code), 'admit/ok');
  write('a.json', STRICT);
  t.equal(await verdict(node, code), 'admit/ok', 'nothing changes by itself');
  await node.reload();
  t.equal(await verdict(node, code), REFUSED);
  write('b.json', LATER);
  await node.reload();
  t.equal(await verdict(node, code), 'hold/held_by_policy');
  rmSync(folder, { recursive: true });
  await node.reload();
  t.equal(await verdict(node, code), 'admit/ok', 'taking them out is the operator’s word');
});

t.test(
  'a file that is not taken changes nothing while the node runs, neither policies nor trust',
  async (t) => {
    const { dataDir, folder, write } = place(t, { 'a.json': STRICT });
    const node = await openQuietNode(t, dataDir);
    const code = await issued(node);
    const trust = join(dataDir, 'trust');
    mkdirSync(trust, { mode: 0o700 });
    writeFileSync(
      join(trust, 'p.json'),
      JSON.stringify({
        issuer: '330105',
        scope: { region: '33', kinds: null },
        statusBase: null,
        keys: [{ kid: 'AAAAAAAAAAA' }],
      }),
      { mode: 0o600 },
    );
    for (const [title, content, message] of [
      ['half a file', JSON.stringify(STRICT).slice(0, 100), /b\.json is not taken\..*yima policies check/],
      ['an empty file', '', /b\.json is not taken/],
      ['a member twice', '{"id":"a","id":"b"}', /b\.json is not taken/],
      ['text that is not UTF-8', '\ud800', /b\.json is not taken/],
      ['a faulty rule', { ...LATER, rules: [] }, /b\.json is not taken\. rules: Write 1 to 64 rules/],
      ['red admitted', { ...LATER, rules: [ruleOf({ always: true }, 'admit')] }, /could admit a status/],
      ['too large', `${JSON.stringify(LATER)}${' '.repeat(65_536)}`, /larger than 65536 bytes/],
      ['the same twice', STRICT, /Another policy besides health-code-zhejiang, version 2/],
      ['deep nesting', '['.repeat(1_000) + ']'.repeat(1_000), /b\.json is not taken/],
    ] as const) {
      write('b.json', content);
      await t.rejects(node.reload(), { code: 'config_invalid', message }, title);
      t.equal(await verdict(node, code), REFUSED, title);
      t.same(node.trustRefusals(), [], 'the trust folder was not taken over either');
    }
    rmSync(join(folder, 'b.json'));
    mkdirSync(join(folder, 'b.json'));
    await t.rejects(node.reload(), { code: 'config_invalid', message: /cannot be opened/ });
    rmSync(join(folder, 'b.json'), { recursive: true });
    await node.reload();
    t.equal(node.trustRefusals().length, 1);
  },
);

t.test('a trust file that is not taken leaves the policies as they were', async (t) => {
  const { dataDir, write } = place(t, {});
  const node = await openQuietNode(t, dataDir);
  const code = await issued(node);
  mkdirSync(join(dataDir, 'trust'), { mode: 0o700 });
  writeFileSync(join(dataDir, 'trust', 'p.json'), '{', { mode: 0o600 });
  write('a.json', STRICT);
  await t.rejects(node.reload(), { code: 'list_refused' });
  t.equal(await verdict(node, code), 'admit/ok');
});

t.test('a node does not start with a policy that it does not take', async (t) => {
  const { dataDir, write } = place(t, { 'a.json': { ...STRICT, from: '2026-13-01' } });
  await t.rejects(openQuietNode(t, dataDir), {
    code: 'config_invalid',
    field: 'from',
    message: /a\.json is not taken\. from: Write a real date as YYYY-MM-DD here\./,
  });
  write('a.json', STRICT);
  await t.resolves(openQuietNode(t, dataDir), 'and has let go of its folder');
});

t.test('what others may write to is not believed', { skip: process.platform === 'win32' }, async (t) => {
  const { config, folder } = place(t, { 'a.json': STRICT });
  const path = join(folder, 'a.json');
  for (const [target, mode, back] of [
    [folder, 0o770, 0o700],
    [folder, 0o702, 0o700],
    [path, 0o620, 0o600],
    [path, 0o602, 0o600],
  ] as const) {
    chmodSync(target, mode);
    const message = `Others may write to ${target}. Run: chmod go-w ${target}`;
    t.throws(() => loadPolicies(config), { code: 'config_invalid', field: 'YIMA_POLICY_DIR', message });
    chmodSync(target, back);
  }
  t.equal(loadPolicies(config).policies.length, 1);
  if (process.geteuid?.() !== 0) return;
  chownSync(path, 12_345, 0);
  t.throws(() => loadPolicies(config), { code: 'config_invalid', rule: 'owned_by_another' });
});

t.test('the folder may be elsewhere, absent, and bounded', async (t) => {
  const { config, folder, dataDir } = place(t, { 'a.json': STRICT });
  const other = quietConfig(dataDir, { YIMA_POLICY_DIR: join(dataDir, 'nowhere') });
  t.same(loadPolicies(other).policies, []);
  t.equal(readPolicyFile(join(folder, 'a.json')).version, 2);
  t.throws(() => readPolicyFile(join(folder, 'absent.json')), {
    code: 'config_invalid',
    message: /cannot be opened/,
  });
  for (let i = 0; i < 4_096; i++) writeFileSync(join(folder, `${i}.json`), '{}', { mode: 0o600 });
  t.throws(() => loadPolicies(config), { code: 'config_invalid', message: /more than 4096/ });
});

t.test('every worker decides by the same policies once a reload is answered', async (t) => {
  const { dataDir, write } = place(t, { 'a.json': STRICT });
  const { node, workers } = await openLocalNode(t, dataDir, {
    PORT: '3000',
    YIMA_PUBLIC_URL: 'http://127.0.0.1:3000',
  });
  await node.open();
  const code = await issued(node);
  const { secret } = await node.access.create('test', { name: 'gate', scopes: ['verify'], expiresAt: null });
  const told = () => Promise.all(workers.map((worker) => askWorker(worker, secret, code)));
  t.same(await told(), [REFUSED, REFUSED], 'from the snapshot');
  write('b.json', LATER);
  await node.reload();
  t.same(await told(), ['hold/held_by_policy', 'hold/held_by_policy'], 'from the reload');
});
