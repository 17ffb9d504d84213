// What a node makes of its trust folder: whose status base is whose, what revokes for good, and what it does not start with.

import { chmodSync, chownSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { encodeYm1 } from '../../src/core/envelope/ym1.js';
import { publicJwk } from '../../src/core/signature/public-jwk.js';
import { checkTrustFile, loadTrustFiles } from '../../src/server/trust.js';
import { contentOf, createIssuer } from '../support/fixtures.js';
import {
  CARD_ISS,
  cardClaims,
  createCardIssuer,
  createPassIssuer,
  PASS_ISS,
  passClaims,
  signCard,
  signPass,
} from '../support/foreign.js';
import { issueRequest } from '../support/office.js';
import { openQuietNode, post, privateFolder, quietConfig, verdict } from '../support/open-node.js';
import { sharedPath } from '../support/shared.js';

const BASE = 'https://partner.example/status-lists/';
const partner = createIssuer({ issuer: '330105' });
const jwk = { ...publicJwk(partner.record.key), kid: partner.record.kid };

interface Change {
  readonly issuer?: string;
  readonly statusBase?: string | null;
  readonly keys?: readonly unknown[];
}

function fileOf(change: Change = {}): string {
  const scope = { region: '3301', kinds: null };
  return JSON.stringify({ issuer: '330105', scope, statusBase: BASE, keys: [jwk], ...change });
}

const revoked = (change: object): string => fileOf({ keys: [{ ...jwk, state: 'revoked', ...change }] });

/** A trust folder with these files. */
function place(t: Test, files: Readonly<Record<string, string>>) {
  const dataDir = join(privateFolder(t), 'data');
  const folder = join(dataDir, 'trust');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const write = (name: string, text: string): void =>
    writeFileSync(join(folder, name), text, { mode: 0o600 });
  for (const [name, text] of Object.entries(files)) write(name, text);
  const config = quietConfig(dataDir, { YIMA_DEMO: 'off' });
  return { dataDir, folder, write, config };
}

/** A code of the partner that points at this place of its lists. */
function partnerCode(list: number, index: number): string {
  const issuedAt = Math.floor(Date.now() / 1000) - 10;
  const times = { issuedAt, expiresAt: issuedAt + 3_600 };
  return encodeYm1(
    contentOf('health-code', { issuer: '330105', ...times, status: { list, index, uri: '' } }),
    partner.signer,
  );
}

t.test(
  'a partner that names our status base is left out: its codes get no status of our lists',
  async (t) => {
    const { dataDir } = place(t, { 'p.json': fileOf({ statusBase: 'http://127.0.0.1:3000/status-lists/' }) });
    const node = await openQuietNode(t, dataDir);
    const { encodings } = await post(node.localApp, '/v1/credentials', issueRequest());
    const [{ code }] = encodings as [{ code: string }];
    t.equal(await verdict(node, code), 'admit/ok', 'our list exists and says green');
    t.equal(await verdict(node, partnerCode(1, 3)), 'refuse/issuer_unknown');
    t.match(node.trustRefusals(), [{ file: /p\.json$/, kid: jwk.kid, rule: 'status_base_taken' }]);
  },
);

t.test('a status base belongs to the first partner that names it, and to all of its files', async (t) => {
  const other = createIssuer({ issuer: '330106' }).record;
  const more = createIssuer().record;
  const { config } = place(t, {
    'a.json': fileOf(),
    'b.json': fileOf({ keys: [{ ...publicJwk(more.key), kid: more.kid }] }),
    'c.json': fileOf({ issuer: '330106', keys: [{ ...publicJwk(other.key), kid: other.kid }] }),
  });
  const { records, refused } = loadTrustFiles(config);
  t.strictSame(
    records.map(({ kid }) => kid),
    [jwk.kid, more.kid],
  );
  t.match(refused, [{ file: /c\.json$/, kid: other.kid, rule: 'status_base_taken' }]);
});

t.test('a tombstone stands even where its file names a base that is taken', async (t) => {
  const { config, write } = place(t, { 'a.json': fileOf({ issuer: '330106' }) });
  write('b.json', revoked({}));
  t.match(loadTrustFiles(config), { records: [{ issuer: '330106' }, { state: 'revoked' }], refused: [] });
});

t.test('a tombstone in a second file kills the key whatever else of its entry is faulty', async (t) => {
  const { dataDir, write } = place(t, { 'p.json': fileOf() });
  const node = await openQuietNode(t, dataDir);
  const code = partnerCode(1, 3);
  for (const [title, change] of [
    ['plain', {}],
    ['a bad window', { nbf: 5, exp: 1 }],
    ['for encryption', { use: 'enc' }],
    ['another algorithm', { alg: 'ES512' }],
    ['an unknown purpose', { purpose: 'all' }],
    ['private parts: the key was published', { d: 'AA' }],
    ['without kid', { kid: undefined }],
    ['another kid', { kid: 'AAAAAAAAAAA' }],
    ['a kid alone', { x: undefined, kty: undefined, crv: undefined, alg: undefined }],
  ] as const) {
    write('z.json', fileOf({ keys: [] }));
    await node.reload();
    t.equal(await verdict(node, code), 'indeterminate/status_unknown', 'the key counts');
    write('z.json', revoked(change));
    await node.reload();
    t.equal(await verdict(node, code), 'refuse/key_revoked', title);
  }
});

t.test('a file that cannot be read as a whole changes nothing while the node runs', async (t) => {
  const { dataDir, folder, write } = place(t, { 'p.json': fileOf(), 'z.json': revoked({}) });
  const node = await openQuietNode(t, dataDir);
  const code = partnerCode(1, 3);
  t.equal(await verdict(node, code), 'refuse/key_revoked');
  for (const text of [revoked({}).slice(0, 200), '', '{}', fileOf({ keys: [{ state: 'revoked' }] })]) {
    write('z.json', text);
    await t.rejects(node.reload(), { code: 'list_refused', message: /z\.json is not taken\..*trust check/ });
    t.equal(await verdict(node, code), 'refuse/key_revoked');
  }
  rmSync(join(folder, 'z.json'));
  mkdirSync(join(folder, 'z.json'));
  await t.rejects(node.reload(), { code: 'list_refused' }, 'what cannot be opened');
  rmSync(join(folder, 'z.json'), { recursive: true });
  await node.reload();
  t.equal(await verdict(node, code), 'indeterminate/status_unknown', 'taking it out is the operator’s word');
});

t.test('a node does not start with a file that it cannot read as a whole', async (t) => {
  const { dataDir, write } = place(t, { 'z.json': '{"issuer":' });
  await t.rejects(openQuietNode(t, dataDir), { code: 'list_refused', message: /z\.json/ });
  write('z.json', fileOf());
  await t.resolves(openQuietNode(t, dataDir), 'and has let go of its folder');
});

t.test('what others may write to is not believed', { skip: process.platform === 'win32' }, async (t) => {
  const { config, folder } = place(t, { 'p.json': fileOf() });
  const path = join(folder, 'p.json');
  for (const [target, mode, back] of [
    [folder, 0o770, 0o700],
    [folder, 0o702, 0o700],
    [path, 0o620, 0o600],
    [path, 0o602, 0o600],
  ] as const) {
    chmodSync(target, mode);
    const message = `Others may write to ${target}. Run: chmod go-w ${target}`;
    t.throws(() => loadTrustFiles(config), { code: 'config_invalid', field: 'YIMA_TRUST_DIR', message });
    chmodSync(target, back);
  }
  chmodSync(path, 0o644);
  t.equal(loadTrustFiles(config).records.length, 1, 'reading is no secret');
  if (process.geteuid?.() !== 0) return;
  chownSync(path, 12_345, 0);
  t.throws(() => loadTrustFiles(config), { code: 'config_invalid', rule: 'owned_by_another' });
});

t.test('the trust folder may be absent, and a file can be checked before it is placed', async (t) => {
  const { config, folder } = place(t, {});
  rmSync(folder, { recursive: true });
  t.strictSame(loadTrustFiles(config), { records: [], tombstones: [], cardLists: [], refused: [] });
  const path = join(config.dataDir, 'elsewhere.json');
  writeFileSync(path, fileOf({ statusBase: 'http://127.0.0.1:3000/status-lists/' }));
  t.match(checkTrustFile(path, config).refused, [{ rule: 'status_base_taken' }]);
  writeFileSync(path, '{"issuer":');
  t.match(checkTrustFile(path, config), { records: [], refused: [{ file: path, kid: null }] });
});

t.test('foreign issuers’ keys and revocation lists are read from the folder, and read again', async (t) => {
  const nbf = Math.floor(Date.now() / 1000) - 100;
  const [cards, passes] = [createCardIssuer(), createPassIssuer()];
  const key = { ...publicJwk(cards.record.key), kid: cards.record.kid, use: 'sig', crlVersion: 1 };
  const set = JSON.stringify({ iss: CARD_ISS, keys: [key] });
  const { alg: _alg, ...publicKeyJwk } = publicJwk(passes.record.key);
  const method = { id: '#key-1', controller: PASS_ISS, type: 'JsonWebKey2020', publicKeyJwk };
  const did = JSON.stringify({ id: PASS_ISS, verificationMethod: [method], assertionMethod: ['#key-1'] });
  const list = (...rids: readonly string[]): string =>
    JSON.stringify({ kid: cards.record.kid, method: 'rid', ctr: 1, rids });
  const { dataDir, folder, write } = place(t, {
    'cards.json': set,
    'cards.crl.json': list('b'),
    'nz.json': did,
  });
  const node = await openQuietNode(t, dataDir);
  const card = (rid: string): string => signCard(cardClaims({ nbf }, { rid }), cards);
  t.equal(
    await verdict(
      node,
      signPass(
        passClaims([
          [5, nbf],
          [4, nbf + 10_000],
        ]),
        passes,
      ),
    ),
    'hold/no_policy',
  );
  t.equal(await verdict(node, card('a')), 'hold/no_policy');
  t.equal(await verdict(node, card('b')), 'refuse/revoked');
  write('cards.crl.json', list('a', `b.${nbf}`));
  await node.reload();
  t.equal(await verdict(node, card('a')), 'refuse/revoked', 'known before as good');
  t.equal(await verdict(node, card('b')), 'hold/no_policy', 'issued at that time');
  rmSync(join(folder, 'cards.crl.json'));
  await node.reload();
  t.equal(await verdict(node, card('b')), 'indeterminate/status_unknown');
  write('cards.crl.json', list('a', 'a'));
  await t.rejects(node.reload(), { code: 'list_refused' }, 'a list that is not sound');
});

const snapshot = sharedPath('vci_snapshot.json');

t.test(
  'a directory of issuers is taken from the folder with its signature and certificate alone',
  { skip: snapshot === undefined && 'the folder of published vectors is absent (1 directory)' },
  async (t) => {
    const { config, folder } = place(t, {});
    const copy = (extension: string): void => {
      const path = join(folder, `vci.${extension}`);
      copyFileSync((snapshot ?? '').replace('.json', `.${extension}`), path);
      chmodSync(path, 0o600);
    };
    copy('json');
    t.throws(() => loadTrustFiles(config), { code: 'list_refused' }, 'without signature');
    copy('sig');
    t.throws(() => loadTrustFiles(config), { code: 'list_refused' }, 'without certificate');
    copy('crt');
    const { records, cardLists, refused } = loadTrustFiles(config);
    t.strictSame([records.length, cardLists.length], [959, 6]);
    t.match(refused, [{ issuer: /^https:/, rule: 'jwk_member' }, { rule: 'jwk_member' }]);
    rmSync(join(folder, 'vci.sig'));
    t.throws(() => loadTrustFiles(config), { code: 'list_refused' });
  },
);
