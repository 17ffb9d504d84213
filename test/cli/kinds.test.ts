import t from 'tap';
import { KINDS } from '../../src/core/credential/kind-table.js';
import { run } from './fake-terminal.js';

t.test('kinds lists every kind, in the language of the reader, without asking a node', async (t) => {
  const { code, out, asked } = await run(['kinds']);
  t.equal(code, 0);
  t.equal(asked.length, 0);
  for (const { name, title } of KINDS.all) t.ok(out.includes(`${name} `) && out.includes(title.en), name);
  t.match((await run(['kinds'], { terminal: { language: 'zh-CN' } })).out, /health-code +健康码/);
});

t.test('kinds KIND lists its fields: name, type, whether it is required, and its choices', async (t) => {
  const { code, out } = await run(['kinds', 'health-code']);
  t.equal(code, 0);
  t.match(out, /^holderName +text +required +Name\n/);
  t.match(out, /holderIdType +choice +required +Identity document: 111 Resident identity card; 414 Passport/);
  t.match(out, /ruleId +code +optional/);
  t.match(out, /sourceIssuer +code +set by the hub/);
});

t.test('kinds --json is what GET /v1/kinds answers', async (t) => {
  const { kinds } = JSON.parse((await run(['kinds', '--json'])).out);
  t.equal(kinds.length, KINDS.all.length);
  const one = JSON.parse((await run(['kinds', 'health-code', '--json'])).out);
  t.match(one.kinds, [{ name: 'health-code', fields: [{ name: 'holderName', required: true }] }]);
  t.equal(one.kinds[0].policy.rules, undefined);
});

t.test('a kind that there is not is refused', async (t) => {
  t.match(await run(['kinds', 'passport']), { code: 1, out: '', talk: /no kind "passport".*yima kinds/ });
});
