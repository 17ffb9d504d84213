import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { privateFolder } from '../support/open-node.js';
import { policyFile, ruleOf } from '../support/policies.js';
import { run } from './fake-terminal.js';

function place(t: Test, files: Readonly<Record<string, object | string>>) {
  const dataDir = privateFolder(t);
  const folder = join(dataDir, 'policies');
  mkdirSync(folder, { mode: 0o700 });
  for (const [name, content] of Object.entries(files)) {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    writeFileSync(join(folder, name), text, { mode: 0o600 });
  }
  return { folder, terminal: { env: { YIMA_DATA_DIR: dataDir } } };
}

t.test('policies list tells what holds here and what elsewhere, without asking a node', async (t) => {
  const { terminal } = place(t, {
    'a.json': policyFile('health-code', [], { issuingRegion: '44', version: 3 }),
    'b.json': policyFile('food-handler', [], { id: 'hubei', verifyingRegion: '42' }),
  });
  const { code, out, asked } = await run(['policies', 'list'], { terminal });
  t.equal(code, 0);
  t.equal(asked.length, 0);
  t.match(out, /^holds here +health-code-zhejiang +3 +health-code +33 +44 +2026-01-01\n/);
  t.match(out, /^elsewhere +hubei +1 +food-handler +42 +every region +2026-01-01\n/m);
  const { policies } = JSON.parse((await run(['policies', 'list', '--json'], { terminal })).out);
  t.match(policies, [
    { id: 'health-code-zhejiang', here: true, rules: [{ id: 'red', decision: 'refuse' }] },
    { id: 'hubei', here: false },
  ]);
});

t.test(
  'policies list of an empty folder says whose rules hold, and of a faulty one names the file',
  async (t) => {
    const { terminal } = place(t, {});
    t.match(await run(['policies', 'list'], { terminal }), {
      code: 0,
      out: /no policy files; each kind’s own policy/,
    });
    const faulty = place(t, { 'x.json': '{' });
    t.match(await run(['policies', 'list'], faulty), { code: 1, out: '', talk: /x\.json is not taken/ });
  },
);

t.test('policies check accepts a file or says which member is wrong', async (t) => {
  const { folder, terminal } = place(t, {
    'good.json': policyFile(),
    'bad.json': policyFile('health-code', [ruleOf({ status: ['blue'] })]),
  });
  const good = await run(['policies', 'check', join(folder, 'good.json')], { terminal });
  t.match(good, { code: 0, out: /^accepted +health-code-zhejiang +1 +health-code +33 +every region/ });
  const bad = await run(['policies', 'check', join(folder, 'bad.json')], { terminal });
  t.match(bad, { code: 1, out: /^refused +.*bad\.json is not taken\. rules\[0\]\.when: It names a status/ });
  const json = await run(['policies', 'check', join(folder, 'bad.json'), '--json'], { terminal });
  t.equal(json.code, 1);
  t.match(JSON.parse(json.out), { accepted: null, refused: { field: 'rules[0].when', rule: 'unfit' } });
  t.equal((await run(['policies', 'check', join(folder, 'absent.json')], { terminal })).code, 1);
});
