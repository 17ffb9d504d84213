import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { createNodeVerify, sha256 } from '../../src/adapters/crypto-node.js';
import { createTerminal } from '../../src/cli/process-terminal.js';
import { checkApproval, proposalHash } from '../../src/core/issue/approval.js';
import { parsePublicJwk } from '../../src/core/signature/public-jwk.js';
import { bodySent, run } from './fake-terminal.js';

const NOW = 1_700_000_000;
const verify = createNodeVerify();
const BATCH = {
  action: 'set-level',
  level: 'red',
  credentials: ['a'.repeat(26)],
  purpose: 'p',
  evidence: 'e',
};

async function keygen(...options: readonly string[]) {
  const made = await run(['officer', 'keygen', 'my.key', ...options]);
  return { ...made, key: made.written.get('my.key') ?? '', publicKey: parsePublicJwk(JSON.parse(made.out)) };
}

t.test('a key is made into a file, and only its public part is printed', async (t) => {
  for (const [options, alg] of [
    [[], 'Ed25519'],
    [['--algorithm', 'ES256'], 'ES256'],
  ] as const) {
    const { code, out, key } = await keygen(...options);
    t.equal(code, 0);
    t.match(JSON.parse(key), { alg, d: String });
    t.notMatch(out, '"d"');
    t.match(JSON.parse(out), { alg });
  }
  t.match(await run(['officer', 'keygen', 'my.key', '--algorithm', 'RSA']), {
    code: 1,
    talk: /Ed25519 or ES256/,
  });
});

t.test('what is signed is what was read, and it is shown', async (t) => {
  const { key, publicKey } = await keygen();
  const files = { 'my.key': key, 'batch.json': JSON.stringify(BATCH) };
  const argv = [
    'officer',
    'sign',
    'my.key',
    '--action',
    'propose',
    '--type',
    'colour',
    '--body',
    'batch.json',
  ];
  const proposed = await run(argv, { files });
  t.equal(proposed.code, 0, proposed.talk);
  const request = JSON.parse(proposed.out);
  t.match(request, { type: 'colour', body: { ...BATCH, nonce: /^[\w-]{22}$/ } });
  const { text, hash } = proposalHash('colour', request.body, sha256);
  t.doesNotThrow(() => checkApproval(request.jws, { hash, action: 'propose' }, publicKey, NOW, verify));
  t.ok(proposed.talk.includes(text), 'the officer sees it');
  t.not(JSON.parse((await run(argv, { files })).out).body.nonce, request.body.nonce, 'no two are alike');

  const told = JSON.stringify({ ...request, id: 'b'.repeat(26), hash, state: 'open' });
  for (const action of ['approve', 'reject'] as const) {
    const decided = await run(['officer', 'sign', 'my.key', '--action', action, '--proposal', '-'], {
      files,
      input: told,
    });
    const decision = JSON.parse(decided.out);
    t.equal(decision.action, action);
    t.doesNotThrow(() => checkApproval(decision.jws, { hash, action }, publicKey, NOW, verify));
  }
});

t.test('nothing is signed that is not what it says', async (t) => {
  const { key } = await keygen();
  const { hash } = proposalHash('colour', BATCH, sha256);
  const sign = (action: string, files: Record<string, string>, ...more: string[]) =>
    run(['officer', 'sign', 'my.key', '--action', action, ...more], { files: { 'my.key': key, ...files } });
  const lie = JSON.stringify({ type: 'colour', body: { ...BATCH, credentials: [] }, hash });
  const rows = [
    [await sign('approve', { p: lie }, '--proposal', 'p'), /Sign nothing/],
    [await sign('approve', { p: '{}' }, '--proposal', 'p'), /no proposal/],
    [await sign('approve', { p: '[]' }, '--proposal', 'p'), /JSON object/],
    [await sign('approve', { p: '{"a":1,"a":2}' }, '--proposal', 'p'), /strict JSON/],
    [await sign('approve', {}), /--proposal/],
    [await sign('propose', { b: '{}' }, '--body', 'b'), /--type/],
    [await sign('propose', {}, '--type', 'colour'), /--body/],
    [await sign('withdraw', {}), /propose, approve or reject/],
    [
      await sign('propose', { b: '{}', 'my.key': 'nonsense' }, '--body', 'b', '--type', 'x'),
      /no private key/,
    ],
    [await sign('propose', { b: '{}', 'my.key': '{}' }, '--body', 'b', '--type', 'x'), /key/],
  ] as const;
  for (const [ran, says] of rows) t.match(ran, { code: 1, out: '', talk: says });
});

t.test('officers are made and confirmed in an administrator’s own name', async (t) => {
  const { out } = await keygen();
  const key = `yk_${'a'.repeat(16)}_${'b'.repeat(52)}`;
  const made = {
    id: 'c'.repeat(16),
    name: 'li',
    scopes: ['officer'],
    createdAt: 1,
    expiresAt: null,
    revokedAt: null,
    confirmedAt: null,
    region: null,
    kinds: null,
    site: null,
  };
  const answers = {
    'POST /v1/api-keys': { status: 201, body: { ...made, key: 'yk_x_y' } },
    [`POST /v1/api-keys/${made.id}/confirmation`]: { body: { ...made, confirmedAt: 2 } },
    'GET /v1/api-keys': { body: { keys: [made] } },
  };
  const files = { 'admin.key': `${key}\n`, 'li.pub': out, torn: '{' };
  const create = ['api-keys', 'create', 'li', '--scope', 'officer', '--officer-key'];
  const created = await run([...create, 'li.pub', '--api-key', 'admin.key'], { answers, files });
  t.equal(created.code, 0, created.talk);
  t.match(bodySent(created), { name: 'li', scopes: ['officer'], publicKey: JSON.parse(out) });
  t.same(created.asked.at(-1)?.headers, { authorization: `Bearer ${key}` });
  const confirmed = await run(['api-keys', 'confirm', made.id, '--api-key', 'admin.key'], { answers, files });
  t.equal(confirmed.code, 0, confirmed.talk);
  t.same(confirmed.asked.at(-1)?.headers, { authorization: `Bearer ${key}` });
  t.match(await run(['api-keys', 'list'], { answers }), { out: /waits for another administrator/ });
  t.match(await run([...create, 'torn', '--api-key', 'admin.key'], { answers, files }), {
    code: 1,
    talk: /no JWK/,
  });
  t.match(await run([...create, 'li.pub', '--api-key', 'li.pub'], { answers, files }), {
    code: 1,
    talk: /no API key/,
  });
  t.match(await run(['api-keys', 'confirm', made.id], { answers }), { code: 1, talk: /api-key/ });
});

t.test('a secret is a new file for its owner alone, and one that others may read is refused', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'yima-secret-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'my.key');
  const terminal = createTerminal();
  await terminal.writeSecret(path, 'secret\n');
  t.equal(statSync(path).mode & 0o777, 0o600);
  t.equal(await terminal.readSecret(path), 'secret\n');
  await t.rejects(terminal.writeSecret(path, 'other\n'), { code: 'conflict' });
  t.equal(readFileSync(path, 'utf8'), 'secret\n');
  chmodSync(path, 0o640);
  await t.rejects(terminal.readSecret(path), { code: 'key_file_unsafe' });
});
