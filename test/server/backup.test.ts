// Backups: made while the node writes, restored without giving anything out twice or taking anything back, and faults that are planted.

import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { sha256 } from '../../src/adapters/crypto-node.js';
import { openDatabase } from '../../src/adapters/sqlite/database.js';
import { findFaults } from '../../src/adapters/sqlite/faults.js';
import { createSqliteStore } from '../../src/adapters/sqlite/store.js';
import { auditLog } from '../../src/core/issue/log-audit.js';
import { makeBackup } from '../../src/server/backup/backup-file.js';
import { type RestoreOptions, restoreNode } from '../../src/server/backup/restore-node.js';
import type { YimaNode } from '../../src/server/node.js';
import { openQuietNode, post, privateFolder, quietConfig, verdict } from '../support/open-node.js';
import { sampleClaims } from '../support/sample-claims.js';
import { ROOT } from '../support/shared.js';

const MIGRATIONS = join(ROOT, 'migrations');
const ADMIT = 'admit/ok';

interface Issued {
  readonly id: string;
  readonly encodings: readonly [{ readonly code: string; readonly list: number; readonly index: number }];
}

async function issue(node: YimaNode, kind = 'business-licence'): Promise<Issued> {
  const order = { kind, region: '330102', claims: sampleClaims(kind), operator: 'desk', evidence: 'file' };
  return (await post(node.localApp, '/v1/credentials', order)) as unknown as Issued;
}

async function change(node: YimaNode, { id }: Issued, action: string): Promise<void> {
  await post(node.localApp, `/v1/credentials/${id}/status`, { action, reason: 'test' });
}

async function check(node: YimaNode): Promise<boolean> {
  return (await node.localApp.inject('/v1/log/check')).json().ok;
}

function backup(dataDir: string, path: string) {
  const { issuer, statusUrl } = quietConfig(dataDir);
  return makeBackup(join(dataDir, 'yima.db'), path, { issuer, statusUrl, madeAt: 1 }, MIGRATIONS);
}

const now = (): number => Math.floor(Date.now() / 1000);

function restore(dataDir: string, file: string, options: Partial<RestoreOptions> = {}) {
  const asked = { file, tokens: [], withoutStatuses: false, confirm: async () => undefined, now: now() };
  return restoreNode(quietConfig(dataDir), { ...asked, ...options });
}

async function token(node: YimaNode, list: number): Promise<string> {
  return (
    await node.localApp.inject({
      url: `/status-lists/${list}`,
      headers: { accept: 'application/statuslist+jwt' },
    })
  ).payload;
}

t.test('a backup is made while the node writes, and is a prefix of what was acknowledged', async (t) => {
  const dataDir = privateFolder(t);
  const node = await openQuietNode(t, dataDir);
  const acknowledged: string[] = [];
  let isOver = false;
  const writing = (async () => {
    while (!isOver) acknowledged.push((await issue(node)).id);
  })();
  while (acknowledged.length < 20) await new Promise((resolve) => setImmediate(resolve));
  const before = [...acknowledged];
  const path = join(dataDir, 'backup.db');
  const { seq } = backup(dataDir, path);
  while (acknowledged.length < before.length + 5) await new Promise((resolve) => setImmediate(resolve));
  isOver = true;
  await writing;
  t.equal(statSync(path).mode & 0o777, 0o600);
  const client = new Database(path, { readonly: true });
  t.teardown(() => client.close());
  const ids = new Set(client.prepare('select id from credentials').pluck().all());
  t.ok(
    before.every((id) => ids.has(id)),
    'what was acknowledged before is in it',
  );
  t.equal(client.prepare('select max(seq) from log').pluck().get(), seq);
  t.equal(client.pragma('journal_mode', { simple: true }), 'delete', 'it is one file');
  t.notOk(readdirSync(dataDir).some((name) => /part|new$/.test(name)));
  t.throws(() => backup(dataDir, path), { code: 'conflict' }, 'one that is there stays');
  t.throws(() => backup(dataDir, join(dataDir, 'none', 'b.db')), { code: 'store_failed' });
  for (const text of ['PRIVATE', '"d"']) t.notOk(client.serialize().includes(text), 'no key is in it');
});

/** A backup with three licences, after which things went on: what every restoration has to deal with. */
async function openWorld(t: Test) {
  const dataDir = privateFolder(t);
  const node = await openQuietNode(t, dataDir);
  const [kept, revoked, suspended, before] = [
    await issue(node),
    await issue(node),
    await issue(node),
    await issue(node),
  ];
  await change(node, before, 'revoke');
  const path = join(dataDir, 'backup.db');
  backup(dataDir, path);
  const later = await issue(node);
  const ofOtherKind = await issue(node, 'food-handler');
  await change(node, revoked, 'revoke');
  await change(node, suspended, 'suspend');
  const tokens = [
    await token(node, kept.encodings[0].list),
    await token(node, ofOtherKind.encodings[0].list),
  ];
  await node.close();
  return { dataDir, path, tokens, codes: { kept, revoked, suspended, before, later, ofOtherKind } };
}

type Codes = Awaited<ReturnType<typeof openWorld>>['codes'];

async function verdicts(node: YimaNode, codes: Codes): Promise<Record<string, string>> {
  const told: Record<string, string> = {};
  for (const [name, { encodings }] of Object.entries(codes))
    told[name] = await verdict(node, encodings[0].code);
  return told;
}

/** Of a restoration that knows what was published. */
const RIGHT = {
  kept: ADMIT,
  revoked: 'refuse/revoked',
  suspended: 'refuse/suspended',
  before: 'refuse/revoked',
  later: 'refuse/revoked',
  ofOtherKind: 'refuse/revoked',
};

t.test('a restored node takes no status back and uses no index again', async (t) => {
  const { dataDir, path, codes } = await openWorld(t);
  const result = await restore(dataDir, path);
  t.match(result, { closedLists: 1, lostLists: 1, keptRevoked: 1, keptStates: 1, isAsTold: true });
  t.ok(existsSync(join(result.replaced ?? '', 'yima.db')), 'the one before is kept');
  const node = await openQuietNode(t, dataDir);
  t.same(await verdicts(node, codes), RIGHT);
  t.ok(await check(node), 'the log tells of all of it');
  const fresh = await issue(node);
  t.equal(await verdict(node, fresh.encodings[0].code), ADMIT);
  t.ok(fresh.encodings[0].list > result.era, 'new lists have numbers of the new era');
  t.same((await node.localApp.inject(`/v1/credentials/${codes.later.id}`)).statusCode, 404);
  await change(node, codes.suspended, 'reinstate');
  t.equal(await verdict(node, codes.suspended.encodings[0].code), ADMIT, 'what was suspended may come back');
  await node.close();

  await t.rejects(restore(dataDir, path, { now: result.era + 1_767_225_600 }), {
    code: 'conflict',
    rule: 'clock',
  });
  const again = await restore(dataDir, path, { now: now() + 5 });
  t.match(again, { closedLists: 1, lostLists: 2, keptRevoked: 1 });
  const other = await openQuietNode(t, dataDir);
  t.equal(await verdict(other, fresh.encodings[0].code), 'refuse/revoked', 'restored twice from one backup');
  t.not((await issue(other)).encodings[0].list, fresh.encodings[0].list);
});

t.test('without the old database, lists that somebody kept tell what verifiers have seen', async (t) => {
  const { dataDir, path, tokens, codes } = await openWorld(t);
  for (const name of readdirSync(dataDir).filter((each) => /^yima\.db/.test(each)))
    rmSync(join(dataDir, name));
  await t.rejects(restore(dataDir, path), { code: 'conflict', rule: 'statuses' });
  const [first = ''] = tokens;
  await t.rejects(restore(dataDir, path, { tokens: [`${first.slice(0, -4)}AAAA`] }), {
    code: 'list_refused',
  });
  const keys = join(dataDir, 'keys');
  renameSync(keys, `${keys}.away`);
  await t.rejects(restore(dataDir, path, { tokens }), { code: 'config_invalid' }, 'keys come first');
  rmSync(keys, { recursive: true });
  renameSync(`${keys}.away`, keys);
  t.match(await restore(dataDir, path, { tokens }), {
    lostLists: 1,
    keptRevoked: 1,
    keptStates: 1,
    replaced: null,
  });
  const node = await openQuietNode(t, dataDir);
  t.same(await verdicts(node, codes), RIGHT);
});

t.test('whoever accepts that statuses are lost gets honest answers about everything else', async (t) => {
  const { dataDir, path, codes } = await openWorld(t);
  writeFileSync(join(dataDir, 'yima.db'), 'x'.repeat(9_000));
  await t.rejects(
    restore(dataDir, path),
    { code: 'conflict', rule: 'statuses' },
    'a damaged database does not tell',
  );
  await restore(dataDir, path, { withoutStatuses: true });
  const node = await openQuietNode(t, dataDir);
  t.same(await verdicts(node, codes), {
    ...RIGHT,
    revoked: ADMIT,
    suspended: ADMIT,
    ofOtherKind: 'indeterminate/status_unknown',
  });
});

t.test('what does not fit is refused, and nothing is put in place', async (t) => {
  const { dataDir, path } = await openWorld(t);
  const files = (): string[] => readdirSync(dataDir).filter((name) => /^(yima\.db|replaced)/.test(name));
  const before = files();
  await t.rejects(restore(dataDir, join(dataDir, 'none')), { code: 'not_found' });
  await t.rejects(restore(dataDir, join(dataDir, 'identity.json')), { code: 'invalid_request' });
  await t.rejects(
    restore(dataDir, join(dataDir, 'yima.db')),
    { code: 'invalid_request' },
    'no backup of ours',
  );
  const no = async (): Promise<void> => Promise.reject(new Error('no'));
  await t.rejects(restore(dataDir, path, { confirm: no }), { message: 'no' });
  const other = quietConfig(dataDir, { YIMA_ISSUER: '330199' });
  const options = {
    file: path,
    tokens: [],
    withoutStatuses: true,
    confirm: async () => undefined,
    now: now(),
  };
  await t.rejects(restoreNode(other, options), { code: 'config_invalid', field: 'YIMA_ISSUER' });
  const node = await openQuietNode(t, dataDir);
  await t.rejects(restore(dataDir, path), { code: 'data_locked' }, 'a node runs');
  await node.close();
  const broken = join(dataDir, 'broken.db');
  copyFileSync(path, broken);
  edit(broken, "update log set body = '{}' where seq = 3");
  await t.rejects(restore(dataDir, broken), { code: 'log_broken' });
  t.same(
    files().filter((name) => !/-(wal|shm)$/.test(name)),
    before.filter((name) => !/-(wal|shm)$/.test(name)),
  );
});

t.test('a restoration that was killed is finished at the next start', async (t) => {
  const { dataDir, path, codes } = await openWorld(t);
  await restore(dataDir, path);
  const [replaced = ''] = readdirSync(dataDir).filter((name) => name.startsWith('replaced'));
  const [database, restored] = [join(dataDir, 'yima.db'), join(dataDir, 'yima.db.restored')];
  for (const moved of [false, true]) {
    renameSync(database, restored);
    if (!moved) copyFileSync(join(dataDir, replaced, 'yima.db'), database);
    writeFileSync(`${database}-wal`, 'of the one before');
    const node = await openQuietNode(t, dataDir);
    t.same(await verdicts(node, codes), RIGHT);
    await node.close();
  }
});

/** As somebody with the rights of the file does it: guards that stand in the way are taken away, and put back as they stood. */
function edit(path: string, statements: string, id = ''): void {
  const client = new Database(path);
  client.pragma('foreign_keys = off');
  const guards = /^(drop|create)/.test(statements)
    ? []
    : client
        .prepare<[], { name: string; sql: string }>(
          "select name, sql from sqlite_master where type = 'trigger'",
        )
        .all();
  for (const { name } of guards) client.exec(`drop trigger ${name}`);
  client.exec(statements.replaceAll(':id', `'${id}'`));
  for (const { sql } of guards) client.exec(sql);
  client.close();
}

/** What somebody did to the file, and who finds it: a look at the file, or the log. */
const PLANTED: readonly (readonly [
  name: string,
  plant: string | ((bytes: Buffer, code: string) => void),
  by: RegExp | 'log',
])[] = [
  ['an index is missing', 'drop index encodings_status', /index encodings_status is missing/],
  ['a guard is missing', 'drop trigger encodings_stay_revoked', /trigger encodings_stay_revoked is missing/],
  [
    'a guard was altered',
    'drop trigger log_keeps_rows; create trigger log_keeps_rows before delete on log begin select 1; end',
    /trigger log_keeps_rows was altered/,
  ],
  ['a table is none of ours', 'create table shadow (a)', /table shadow is none of ours/],
  [
    'a seed was changed',
    `update lists set seed = zeroblob(32)`,
    /list 1 has 4 encodings at places that are not theirs/,
  ],
  ['a list has no seed', `update lists set seed = x'00'`, /list 1 has no sound seed/],
  ['a row was deleted', `delete from credentials where id = :id`, /refers to a missing row/],
  [
    'a row is foreign',
    `insert into credentials select 'aaaaaaaaaaaaaaaaaaaaaaaaaa', kind, region, principal, operator, evidence, issued_at, expires_at, 0, 0, 0, 0, null, null from credentials where id = :id`,
    'log',
  ],
  ['the chain was changed', `update log set body = '{}' where seq = 2`, 'log'],
  ['the log lost its end', `delete from log where seq = (select max(seq) from log)`, 'log'],
  ['a page lost its head', (bytes) => bytes.fill(0xff, 2_048 * 3, 2_048 * 3 + 8), /./],
  ['a byte of a code was flipped', flipIn, 'log'],
];

/** Pages keep what once stood in them: wherever it stands. */
function flipIn(bytes: Buffer, text: string): void {
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) {
    bytes[at + 40] = (bytes[at + 40] ?? 0) ^ 1;
  }
}

t.test('planted faults are found', async (t) => {
  const { path, codes } = await openWorld(t);
  const { id, encodings } = codes.kept;
  edit(path, 'drop table backup_note');
  for (const [name, plant, by] of [['nothing', '', 'log'] as const, ...PLANTED]) {
    const spoilt = join(privateFolder(t), 'yima.db');
    copyFileSync(path, spoilt);
    if (typeof plant === 'string') edit(spoilt, plant, id);
    else {
      const bytes = readFileSync(spoilt);
      plant(bytes, encodings[0].code);
      writeFileSync(spoilt, bytes);
    }
    const client = new Database(spoilt, { readonly: true });
    const faults = findFaults(client, MIGRATIONS, sha256).join('\n');
    client.close();
    if (by !== 'log') t.match(faults, by, name);
    else {
      t.equal(faults, '', name);
      const store = createSqliteStore(openDatabase(spoilt, MIGRATIONS));
      t.equal(
        (await auditLog({ store, sha256, nextTurn: async () => undefined })).ok,
        name === 'nothing',
        name,
      );
      await store.close();
    }
  }
});
