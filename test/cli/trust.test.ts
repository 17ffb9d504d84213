import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { createNodeSigner, generatePrivateJwk, sha256 } from '../../src/adapters/crypto-node.js';
import { encodeBase64url } from '../../src/core/codec/base64url.js';
import { parseStrictJson } from '../../src/core/codec/json.js';
import { publicJwk } from '../../src/core/signature/public-jwk.js';
import { parseTrustFile } from '../../src/core/trust/jwks-file.js';
import { run } from './fake-terminal.js';

const { publicKey, kid } = createNodeSigner(generatePrivateJwk('Ed25519'));
const key = { ...publicJwk(publicKey), kid: encodeBase64url(kid) };
const file = (...keys: unknown[]) =>
  JSON.stringify({ issuer: '320102', scope: { region: '3201', kinds: null }, statusBase: null, keys });

t.test('trust check tells of each key whether it is accepted, and why not', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'yima-trust-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const good = await run(['trust', 'check', write('good.json', file(key))]);
  t.match(good, {
    code: 0,
    out: new RegExp(`accepted +${key.kid} +Ed25519 +credential +active +320102 +3201.* no status lists`),
  });

  const mixed = write('mixed.json', file(key, { ...key, kid: 'AAAAAAAAAAA' }));
  const { code, out } = await run(['trust', 'check', mixed, '--json']);
  t.equal(code, 1);
  t.match(JSON.parse(out), {
    accepted: [{ kid: key.kid }],
    refused: [{ kid: 'AAAAAAAAAAA', rule: 'kid_mismatch' }],
  });
  t.notMatch(out, /"x":/, 'key material is left out');

  for (const [name, text] of [
    ['a.json', '{'],
    ['b.json', '{}'],
    ['c.json', file()],
    ['d.pem', 'no certificate'],
  ] as const) {
    t.equal((await run(['trust', 'check', write(name, text)])).code, 1, name);
  }
  t.equal((await run(['trust', 'check', join(folder, 'absent.json')])).code, 1);
});

t.test('trust check and trust list tell the status base, and whose it is already', async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'yima-trust-'));
  t.teardown(() => rmSync(dataDir, { recursive: true, force: true }));
  const env = { YIMA_DATA_DIR: dataDir, YIMA_PUBLIC_URL: 'https://us.example' };
  const path = join(dataDir, 'trust', 'p.json');
  mkdirSync(join(dataDir, 'trust'), { mode: 0o700 });
  for (const [base, row] of [
    ['https://them.example/l/', /accepted.*https:\/\/them\.example\/l\/\n/],
    ['https://us.example/status-lists/', /refused.*status_base_taken/],
  ] as const) {
    writeFileSync(path, file(key).replace('"statusBase":null', `"statusBase":"${base}"`), { mode: 0o600 });
    for (const line of [
      ['trust', 'list'],
      ['trust', 'check', path],
    ]) {
      t.match((await run(line, { terminal: { env } })).out, row);
    }
  }
  writeFileSync(path, file({ kid: key.kid, state: 'revoked' }));
  const revoked = await run(['trust', 'check', path], { terminal: { env } });
  t.match(revoked, { code: 0, out: new RegExp(`${key.kid} +revoked +320102`) });
});

t.test('trust export prints a trust file that a partner can use as it is', async (t) => {
  const body = {
    issuer: '330102',
    scope: { region: '330102', kinds: null },
    statusBase: 'https://us.example/status-lists/',
    keys: [{ ...key, use: 'sig', purpose: 'status', nbf: 1, state: 'active' }],
  };
  for (const args of [[], ['--json']]) {
    const { code, out } = await run(['trust', 'export', ...args], {
      answers: { 'GET /.well-known/jwks.json': { body } },
    });
    t.equal(code, 0);
    t.match(parseTrustFile(parseStrictJson(out), sha256), {
      records: [{ kid: key.kid, use: 'status', issuer: '330102' }],
      refused: [],
    });
  }
});
