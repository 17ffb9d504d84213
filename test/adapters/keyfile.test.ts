import { chmodSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { createNodeSigner, generatePrivateJwk } from '../../src/adapters/crypto-node.js';
import { type KeyFile, openKeyFolder } from '../../src/adapters/keyfile/key-folder.js';
import { createKeyRing, type KeyRingDeps } from '../../src/adapters/keyfile/key-ring.js';
import { encodeBase64url } from '../../src/core/codec/base64url.js';
import { refuses } from '../support/refusal.js';

const NOW = 1_790_000_000;
const OWNER = {
  issuer: '330102',
  scope: { region: '3301', kinds: null },
  statusBase: 'http://127.0.0.1:3000/status-lists/',
};
const recorded = async (): Promise<void> => undefined;

function ring(
  folder: string,
  passphrase: string | null = null,
  now = { at: NOW },
  deps: Partial<KeyRingDeps> = {},
) {
  return createKeyRing({
    folder: openKeyFolder(folder, passphrase),
    clock: () => now.at,
    generate: () => generatePrivateJwk('Ed25519'),
    createSigner: createNodeSigner,
    uses: { credential: { ...OWNER, use: 'credential' }, status: { ...OWNER, use: 'status' } },
    ...deps,
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
    const record = await keys.rotate('credential', recorded);
    await keys.rotate('credential', recorded);
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

t.test('a new key signs once it is recorded; until then it waits for the next rotation', async (t) => {
  const folder = join(t.testdir(), 'keys');
  const now = { at: NOW };
  const keys = await ring(folder, null, now);
  const before = keys.signer('credential').kid;
  const asked: string[] = [];
  const failing = keys.rotate('credential', async (kid) => {
    asked.push(kid);
    t.ok(readdirSync(folder).includes(`credential.${kid}.json`), 'durable before it is recorded');
    t.same(keys.signer('credential').kid, before, 'and signs nothing meanwhile');
    throw new Error('no record');
  });
  await t.rejects(failing, { message: 'no record' });
  for (const each of [keys, await ring(folder)]) {
    t.same(each.signer('credential').kid, before, 'also after a restart');
    t.equal(each.records().length, 2);
  }
  now.at += 3_600;
  const restarted = await ring(folder, null, now);
  const turns = [1, 2].map(() => restarted.rotate('credential', async (kid) => void asked.push(kid)));
  const [first, second] = await Promise.all(turns);
  t.same(asked, [asked[0], first?.kid, second?.kid], 'each rotation records one key');
  t.equal(asked[0], first?.kid, 'the key that waited is taken up');
  t.not(first?.kid, second?.kid);
  t.equal(first?.notBefore, NOW + 3_600 - 60, 'its window begins when it begins to sign');
  t.same((await ring(folder)).records(), restarted.records());
});

t.test('the first start announces successors, which take over in turn and are known before', async (t) => {
  const folder = join(t.testdir(), 'keys');
  const ahead = { credential: 3 };
  const keys = await ring(folder, null, { at: NOW }, { ahead });
  const states = () => keys.keysOf('credential').map(({ isAnnounced }) => isAnnounced);
  t.same(states(), [false, true, true, true]);
  t.equal(keys.keysOf('status').length, 1);
  const known = new Set(keys.records().map(({ kid }) => kid));
  t.ok(known.has((await keys.rotate('credential', recorded)).kid));
  t.same(states(), [false, false, true, true]);
  const again = await ring(folder, null, { at: NOW }, { ahead });
  t.same(again.records(), keys.records(), 'later starts make none');
});

t.test('a first start that was cut off is completed by the next', async (t) => {
  const folder = join(t.testdir(), 'keys');
  const real = openKeyFolder(folder, null);
  let left = 2;
  const failing = {
    ...real,
    save: async (file: KeyFile) => {
      if (left-- === 0) throw new Error('no space');
      await real.save(file);
    },
  };
  const ahead = { credential: 3 };
  await t.rejects(ring(folder, null, { at: NOW }, { ahead, folder: failing }), { message: 'no space' });
  const keys = await ring(folder, null, { at: NOW }, { ahead });
  t.same(
    keys.keysOf('credential').map(({ isAnnounced }) => isAnnounced),
    [false, true, true, true],
  );
});

t.test('a fresh key takes nothing up that lay beside the one before', async (t) => {
  const folder = join(t.testdir(), 'keys');
  const keys = await ring(folder, null, { at: NOW }, { ahead: { credential: 2 } });
  const before = keys.keysOf('credential').map(({ record }) => record.kid);
  const told: (readonly string[])[] = [];
  const failing = keys.rotate('credential', async () => Promise.reject(new Error('no record')), {
    fresh: true,
  });
  await t.rejects(failing, { message: 'no record' });
  t.equal(keys.keysOf('credential').length, 3, 'as long as it is not recorded nothing is discarded');
  const fresh = await keys.rotate('credential', async (_kid, discarded) => void told.push(discarded), {
    fresh: true,
  });
  t.notOk(before.includes(fresh.kid));
  t.equal(told[0]?.length, 3, 'the two, and the one whose recording failed');
  t.same(
    keys.keysOf('credential').map(({ record }) => record.kid),
    [before[0], fresh.kid],
  );
  t.same((await ring(folder)).records(), keys.records());
  t.equal(readdirSync(folder).filter((name) => name.startsWith('credential.')).length, 2);
});

t.test('reload sees what another process rotated', async (t) => {
  const folder = join(t.testdir(), 'keys');
  const keys = await ring(folder);
  const other = await ring(folder);
  await other.rotate('status', recorded);
  await keys.reload();
  t.same(keys.signer('status').kid, other.signer('status').kid);
});

t.test('rings over one folder keep to their own uses', async (t) => {
  const folder = join(t.testdir(), 'keys');
  const office = await ring(folder);
  const grant = { ...OWNER, issuer: 'demo.330102', use: 'credential' } as const;
  const openDemo = () =>
    createKeyRing({
      folder: openKeyFolder(folder, null),
      clock: () => NOW,
      generate: () => generatePrivateJwk('Ed25519'),
      createSigner: createNodeSigner,
      uses: { demo: grant },
    });
  const demo = await openDemo();
  t.match(demo.records(), [{ ...grant, state: 'active' }]);
  t.equal(demo.records().length, 1);
  t.same((await openDemo()).signer('demo').kid, demo.signer('demo').kid);
  await office.reload();
  t.strictSame(
    office.records().map(({ issuer }) => issuer),
    ['330102', '330102'],
  );
  t.throws(() => office.signer('demo'), { code: 'unavailable' });
  t.throws(() => demo.signer('credential'), { code: 'unavailable' });
});

t.test('a file under another key’s or another use’s name is refused', async (t) => {
  const folder = join(t.testdir(), 'keys');
  await ring(folder);
  const name = readdirSync(folder).find((each) => each.startsWith('status.')) ?? '';
  renameSync(join(folder, name), join(folder, name.replace('status', 'credential')));
  await refuses(t, ring(folder), 'config_invalid');
});

t.test('a reading that began before a rotation does not put back what was before', async (t) => {
  const real = openKeyFolder(join(t.testdir(), 'keys'), null);
  let pause: Promise<void> = Promise.resolve();
  const keys = await createKeyRing({
    folder: {
      ...real,
      load: async (uses) => {
        const files = await real.load(uses);
        await pause;
        return files;
      },
    },
    clock: () => NOW,
    generate: () => generatePrivateJwk('Ed25519'),
    createSigner: createNodeSigner,
    uses: { credential: { ...OWNER, use: 'credential' } },
  });
  let proceed: () => void = () => undefined;
  pause = new Promise((resolve) => {
    proceed = resolve;
  });
  const reloading = keys.reload();
  await new Promise((resolve) => setImmediate(resolve));
  const rotating = keys.rotate('credential', recorded);
  pause = Promise.resolve();
  setTimeout(proceed, 20);
  await Promise.all([reloading, rotating]);
  t.equal(encodeBase64url(keys.signer('credential').kid), (await rotating).kid);
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
