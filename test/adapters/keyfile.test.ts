import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { createNodeSigner, generatePrivateJwk } from '../../src/adapters/crypto-node.js';
import { openKeyFolder } from '../../src/adapters/keyfile/key-folder.js';
import { createKeyRing } from '../../src/adapters/keyfile/key-ring.js';
import { refuses } from '../support/refusal.js';

const NOW = 1_790_000_000;

function ring(folder: string, passphrase: string | null = null, now = { at: NOW }) {
  return createKeyRing({
    folder: openKeyFolder(folder, passphrase),
    clock: () => now.at,
    generate: () => generatePrivateJwk('Ed25519'),
    createSigner: createNodeSigner,
    owner: { issuer: '330102', region: '3301', statusBase: 'http://127.0.0.1:3000/status-lists/' },
  });
}

t.test(
  'the first start makes a key for each use, readable by nobody else, and later starts use it',
  async (t) => {
    const folder = join(t.testdir(), 'keys');
    const first = await ring(folder);
    t.same(
      first
        .records()
        .map(({ use, state }) => `${use} ${state}`)
        .sort(),
      ['credential active', 'status active'],
    );
    t.equal(statSync(folder).mode & 0o777, 0o700);
    for (const name of readdirSync(folder)) t.equal(statSync(join(folder, name)).mode & 0o777, 0o600, name);
    const again = await ring(folder);
    t.same(again.signer('credential').kid, first.signer('credential').kid);
  },
);

t.test(
  'a rotated key signs, the one before is retired with its window closed, also when rotated within a second',
  async (t) => {
    const folder = join(t.testdir(), 'keys');
    const keys = await ring(folder);
    const before = keys.signer('credential').kid;
    const status = keys.signer('status').kid;
    const record = await keys.rotate('credential');
    await keys.rotate('credential');
    t.notSame(keys.signer('credential').kid, before);
    t.same(keys.signer('status').kid, status, 'the other use keeps its key');
    const states = keys.records().filter(({ use }) => use === 'credential');
    t.same(
      states.map(({ state }) => state),
      ['retired', 'retired', 'active'],
    );
    t.ok(
      states.every(({ notAfter }, i) => (i === 2 ? notAfter === null : notAfter !== null && notAfter >= NOW)),
    );
    t.match(record, { use: 'credential', state: 'active' });
    const again = await ring(folder);
    t.same(again.records(), keys.records());
  },
);

t.test('reload sees what another process rotated', async (t) => {
  const folder = join(t.testdir(), 'keys');
  const keys = await ring(folder);
  const other = await ring(folder);
  await other.rotate('status');
  await keys.reload();
  t.same(keys.signer('status').kid, other.signer('status').kid);
});

t.test(
  'a key file or folder that others may read is refused',
  { skip: process.platform === 'win32' },
  async (t) => {
    const folder = join(t.testdir(), 'keys');
    await ring(folder);
    const [name = ''] = readdirSync(folder);
    chmodSync(join(folder, name), 0o640);
    await refuses(t, ring(folder), 'key_file_unsafe');
    chmodSync(join(folder, name), 0o600);
    chmodSync(folder, 0o755);
    await refuses(t, (async () => ring(folder))(), 'key_file_unsafe');
  },
);

t.test(
  'with a passphrase no private part is on disk, plain files are encrypted, and another passphrase opens nothing',
  async (t) => {
    const folder = join(t.testdir(), 'keys');
    const plain = await ring(folder);
    const kid = plain.signer('credential').kid;
    const encrypted = await ring(folder, 'correct horse battery');
    t.same(encrypted.signer('credential').kid, kid);
    for (const name of readdirSync(folder)) {
      const stored = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { key: unknown };
      t.type(stored.key, 'string');
      t.notOk(readFileSync(join(folder, name), 'utf8').includes('"d"'));
    }
    t.same((await ring(folder, 'correct horse battery')).signer('credential').kid, kid);
    await refuses(t, ring(folder, 'wrong horse battery'), 'config_invalid');
    await refuses(t, ring(folder), 'config_invalid');
  },
);
