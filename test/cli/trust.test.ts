import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { createNodeSigner, generatePrivateJwk } from '../../src/adapters/crypto-node.js';
import { encodeBase64url } from '../../src/core/codec/base64url.js';
import { publicJwk } from '../../src/core/signature/public-jwk.js';
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
    out: new RegExp(`accepted +${key.kid} +Ed25519 +credential +active +320102 +3201`),
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
