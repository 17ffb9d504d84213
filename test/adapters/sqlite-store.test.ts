import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { openDataFolder } from '../../src/adapters/data-folder.js';
import { checkIntegrity, openDatabase } from '../../src/adapters/sqlite/database.js';
import { createSqliteStore } from '../../src/adapters/sqlite/store.js';
import { checkLogRow } from '../../src/core/issue/log.js';
import { ROOT } from '../support/shared.js';
import { storeContract } from './store-contract.js';
import { API_KEY, idOf, issueChange, sha256 } from './store-rows.js';
import { commit, everything } from './store-session.js';
import { allTrust } from './trust-contract.js';

const MIGRATIONS = join(ROOT, 'migrations');
const LOOP = new URL('./commit-loop.js', import.meta.url).pathname;

function open(t: Test, path = join(t.testdir(), 'yima.db')) {
  const database = openDatabase(path, MIGRATIONS);
  t.teardown(() => database.client.close());
  return { path, database, store: createSqliteStore(database) };
}

storeContract(t, 'sqlite', async (t) => open(t).store);

t.test('every open sets what durability needs, a reopened database included', async (t) => {
  const { path, store } = open(t);
  await store.commit(issueChange(undefined, 1));
  await store.close();
  const { client } = open(t, path).database;
  const values = ['journal_mode', 'synchronous', 'foreign_keys', 'busy_timeout'].map((name) =>
    client.pragma(name, { simple: true }),
  );
  t.same(values, ['wal', 2, 1, 2_000]);
});

t.test('the files are private', async (t) => {
  const { path, store } = open(t);
  await store.commit(issueChange(undefined, 1));
  for (const name of [path, `${path}-wal`, `${path}-shm`])
    t.equal(statSync(name).mode & 0o777, 0o600, name.slice(path.length));
});

t.test('the log and the lists refuse to be rewritten by any statement', async (t) => {
  const { database, store } = open(t);
  await store.commit(issueChange(undefined, 1));
  const before = [await store.log(0, 10), await store.lists()];
  for (const statement of [
    "update log set body = '{}' where seq = 1",
    'delete from log',
    "insert or replace into log values (1, 1, 'x', 'x', '{}', 'x', 'x')",
    'update lists set next = 1',
    'update lists set next = next',
    "update lists set next = 100, seed = x'00'",
    'delete from lists',
  ]) {
    t.throws(() => database.client.exec(statement), { code: 'SQLITE_CONSTRAINT_TRIGGER' }, statement);
  }
  t.strictSame([await store.log(0, 10), await store.lists()], before);
});

t.test('what was revoked stays revoked, and what was issued stays, whatever the statement', async (t) => {
  const { database, store } = open(t);
  await store.commit(issueChange(undefined, 1));
  await commit(store, 'revoked', {
    apiKeys: [API_KEY],
    states: [
      {
        credentialId: idOf(1),
        revoked: true,
        suspended: false,
        level: 0,
        encodings: [{ list: 1, index: 1, revoked: true, value: 1, endsAt: null }],
      },
    ],
  });
  await commit(store, 'key-revoked', { apiKeys: [{ ...API_KEY, revokedAt: 1_700_000_001 }] });
  const before = await everything(store);
  for (const statement of [
    'update credentials set revoked = 0',
    'update encodings set revoked = 0',
    'update encodings set value = 0',
    'update encodings set value = 2',
    'delete from idempotency; delete from encodings',
    'delete from idempotency; delete from credentials',
    'delete from api_keys',
    'update api_keys set revoked_at = null',
    `update api_keys set scopes = '["admin"]'`,
    `insert or replace into api_keys values ('${API_KEY.id}', 'x', '[]', 'x', 'x', 1, null, null, null, null, null, null, null, null, null, null, null, null)`,
  ]) {
    t.throws(() => database.client.exec(statement), { code: 'SQLITE_CONSTRAINT_TRIGGER' }, statement);
  }
  t.strictSame(await everything(store), before);
});

t.test('after a restoration the guards stand as they stood', async (t) => {
  const { database, store } = open(t);
  await store.commit(issueChange(undefined, 1));
  const guards = () =>
    database.client.prepare("select name, sql from sqlite_master where type = 'trigger' order by name").all();
  const before = guards();
  const encodings = [{ list: 1, index: 1, revoked: true, value: 1, endsAt: null }];
  const state = { credentialId: idOf(1), revoked: true, suspended: false, level: 0, encodings };
  await commit(store, 'restored', { restored: [state] });
  t.same(guards(), before);
  t.throws(() => database.client.exec('update credentials set revoked = 0'), {
    code: 'SQLITE_CONSTRAINT_TRIGGER',
  });
  await t.rejects(commit(store, 'restored', { restored: [state, { ...state, credentialId: idOf(2) }] }));
  t.same(guards(), before, 'nor does one that fails take them away');
});

t.test('what the trust network took stays, whatever the statement', async (t) => {
  const { database, store } = open(t);
  database.client.exec(`
    insert into trust_documents values (1, 'root', 'root', 1, 'h', '{}', 1, 0);
    insert into trust_documents values (2, 'list', '33', 5, 'h', '{}', 1, 2);
    insert into trust_tombstones values ('33', 'k', 1);
    insert into trust_nodes values (0, 0, x'00');
    insert into trust_leaves values (0, '{}');
    insert into trust_log_marks values ('own', 'o', 2, 'r', 'n', 1);
  `);
  const before = await allTrust(store);
  for (const statement of [
    ...['documents', 'tombstones', 'nodes', 'leaves', 'log_marks'].map(
      (table) => `delete from trust_${table}`,
    ),
    "insert into trust_documents values (3, 'list', '33', 5, 'other', '{}', 1, 0)",
    "insert into trust_documents values (3, 'list', '33', 4, 'h', '{}', 1, 0)",
    "update trust_documents set text = null where type = 'root'",
    "update trust_documents set version = 4, text = null where type = 'list'",
    "update trust_documents set hash = 'other', text = null where type = 'list'",
    "update trust_documents set text = '[]' where type = 'list'",
    "update trust_documents set left_out = 0, text = null where type = 'list'",
    'update trust_tombstones set at = 2',
    "update trust_nodes set hash = x'01'",
    "update trust_leaves set text = '[]'",
    'update trust_log_marks set size = 1',
    "update trust_log_marks set root = 'other'",
  ]) {
    t.throws(() => database.client.exec(statement), { code: 'SQLITE_CONSTRAINT_TRIGGER' }, statement);
  }
  t.strictSame(await allTrust(store), before);
});

t.test('what was decided stays as it was decided, whatever the statement', async (t) => {
  const { database, store } = open(t);
  await store.commit(issueChange(undefined, 1));
  const id = idOf(5);
  database.client.exec(`
    insert into proposals values ('${id}', 'colour', '{}', 'h', 1, '', 'a', 1, null, 'approved', 'b', 2, null);
    insert into colour_rules values ('r', 1, 'health-code', '[]', 'red', '{}', '[]', 9, 1, '${id}', 5, '${id}');
    insert into rule_invocations values ('${id}', 'a', 'k', 'h', 'r', 1, 1, 'p', 'e', 1, 0, 0, null);
    insert into colour_changes values ('${id}', '${idOf(1)}', 'rule', 1, 'a', 'r', 1, null, 0, 0, 0, 0, 13, 'p', 'e');
    insert into appeals values ('${id}', '${idOf(1)}', '${id}', 'g', 'o', 'a', 1, 'rejected', 'b', 2, null, 'no', null);
    insert into revocation_jobs values ('${id}', '{}', 9, 5, 'c', 'done', 1, 2, 0, null);
  `);
  for (const statement of [
    ...['proposals', 'colour_rules', 'rule_invocations', 'colour_changes', 'appeals', 'revocation_jobs'].map(
      (table) => `delete from ${table}`,
    ),
    "update proposals set state = 'open'",
    "update proposals set decided_by = 'c'",
    'update colour_rules set retired_at = null',
    'update colour_rules set cap_per_hour = 1000000',
    'update rule_invocations set changed = 0',
    'update colour_changes set at = 0',
    "update appeals set state = 'accepted'",
    "update revocation_jobs set state = 'running'",
    'insert or replace into colour_changes select * from colour_changes',
  ]) {
    t.throws(() => database.client.exec(statement), { code: 'SQLITE_CONSTRAINT_TRIGGER' }, statement);
  }
});

t.test('the caps are counted by way of their indices', async (t) => {
  const { database } = open(t);
  for (const [query, by] of [
    [
      `select count(*) from colour_changes where rule_id is not null and rule_id = ? and at > ?`,
      'colour_changes_rule',
    ],
    [
      `select count(*) from colour_changes where "by" = 'single' and actor = ? and at > ?`,
      'colour_changes_single',
    ],
    ['select sum(size) from proposals where type = ? and proposed_at > ?', 'proposals_time'],
    [`select * from proposals where state = 'open' and id > ? order by id`, 'proposals_open'],
  ] as const) {
    const plan = database.client
      .prepare(`explain query plan ${query}`)
      .all('a', ...(query.includes('proposed_at') || query.includes(' at >') ? [1] : []));
    t.match(plan, [{ detail: new RegExp(`INDEX ${by}`) }], query);
  }
});

t.test('entries about API keys are found by their index, and entries of issues are not in it', async (t) => {
  const { database, store } = open(t);
  await store.commit(issueChange(undefined, 1));
  const query =
    "select * from log where type in ('api_key_created', 'api_key_confirmed', 'api_key_rotated', 'api_key_revoked') order by seq";
  const plan = database.client.prepare(`explain query plan ${query}`).all();
  t.match(plan, [{ detail: /USING INDEX log_api_keys/ }]);
  t.equal(plan.length, 1, 'no sorting');
});

t.test('entries about sites, and the newest override of one, are found by their indices', async (t) => {
  const { database } = open(t);
  for (const [query, by] of [
    [
      "select * from log where type in ('site_created', 'site_enrolled', 'site_revoked') order by seq",
      'log_sites',
    ],
    [
      "select * from log where type = 'site_override' and actor = 'a' order by seq desc limit 1",
      'log_overrides',
    ],
  ] as const) {
    const plan = database.client.prepare(`explain query plan ${query}`).all();
    t.match(plan, [{ detail: new RegExp(`USING INDEX ${by}`) }]);
    t.equal(plan.length, 1, 'no sorting');
  }
});

t.test('values of a list are read from the partial index alone', async (t) => {
  const { database } = open(t);
  const plan = database.client
    .prepare(
      'explain query plan select "index", "value" from encodings where list = ? and "index" > ? and "value" <> 0 order by "index" limit ?',
    )
    .all(1, -1, 10);
  t.match(plan, [{ detail: /USING COVERING INDEX encodings_status/ }]);
});

t.test("an encoding's value is written by way of its credential, never by reading the table", async (t) => {
  const { database } = open(t);
  const plan = database.client
    .prepare(
      'explain query plan update encodings set "value" = 1 where list = ? and "index" = ? and credential_id = ? and revoked <= ?',
    )
    .all(1, 1, idOf(1), 1);
  t.match(plan, [{ detail: /SEARCH encodings USING INDEX encodings_credential/ }]);
});

t.test('a sound database has nothing to report; dangling rows and spoiled pages are named', async (t) => {
  const { path, database, store } = open(t);
  for (let n = 1; n <= 50; n++) await store.commit(issueChange(await store.head(), n));
  t.same(checkIntegrity(database), []);
  database.client.pragma('foreign_keys = OFF');
  database.client.exec(`update encodings set credential_id = 'gone' where "index" = 1`);
  const release = 2 ** 32 + 1;
  t.same(checkIntegrity(database), [`row ${release} of encodings refers to a missing row of credentials`]);
  await store.close();

  const raw = new Database(path);
  const page =
    raw
      .prepare<[], number>("select rootpage from sqlite_master where name = 'encodings_credential'")
      .pluck()
      .get() ?? 0;
  raw.close();
  const file = openSync(path, 'r+');
  writeSync(file, new Uint8Array(2_048).fill(0xa5), 0, 2_048, (page - 1) * 2_048);
  closeSync(file);
  const spoiled = open(t, path);
  t.not(checkIntegrity(spoiled.database).length, 0);
  await t.rejects(spoiled.store.commit(issueChange(await spoiled.store.head(), 51)), {
    code: 'store_failed',
    cause: Error,
  });
});

t.test('a schema that a newer program made is refused and left alone', async (t) => {
  const { path, database, store } = open(t);
  await store.commit(issueChange(undefined, 1));
  database.client.exec("insert into __drizzle_migrations (hash, created_at) values ('newer', 9999999999999)");
  await store.close();
  t.throws(() => openDatabase(path, MIGRATIONS), { code: 'schema_newer' });
  const raw = new Database(path);
  t.equal(raw.prepare('select count(*) from log').pluck().get(), 1);
  raw.exec("delete from __drizzle_migrations where hash = 'newer'");
  raw.close();
  t.equal((await open(t, path).store.head())?.seq, 1);
});

t.test('what cannot be opened is a failure with a cause', async (t) => {
  const folder = t.testdir({ text: 'not a database'.repeat(100) });
  for (const name of ['text', 'absent/yima.db', '.']) {
    t.throws(
      () => openDatabase(join(folder, name), MIGRATIONS),
      { code: 'store_failed', cause: Error },
      name,
    );
  }
  t.throws(
    () => openDatabase(join(folder, 'new.db'), folder),
    { code: 'store_failed', cause: Error },
    'no migrations',
  );
});

t.test('no room left: the commit fails, nothing is written, and reading goes on', async (t) => {
  const { database, store } = open(t);
  await store.commit(issueChange(undefined, 1));
  database.client.pragma(`max_page_count = ${database.client.pragma('page_count', { simple: true })}`);
  let head = await store.head();
  let failed = false;
  for (let n = 2; n < 200 && !failed; n++) {
    await store.commit(issueChange(head, n)).catch((error: unknown) => {
      failed = true;
      t.match(error, { code: 'store_failed', rule: 'sqlite_full', cause: Error });
    });
    if (!failed) head = await store.head();
  }
  t.ok(failed);
  t.strictSame(await store.head(), head);
  t.equal(await store.findCredential(idOf((head?.seq ?? 0) + 1)), undefined);
  database.client.pragma('max_page_count = 1000000');
  await store.commit(issueChange(head, (head?.seq ?? 0) + 1));
});

t.test(
  'a database that only allows reading, and one that another holds: the commit fails whole',
  async (t) => {
    const { path, database, store } = open(t);
    await store.commit(issueChange(undefined, 1));
    const next = issueChange(await store.head(), 2);
    database.client.pragma('query_only = ON');
    await t.rejects(store.commit(next), { code: 'store_failed', rule: 'sqlite_readonly' });
    database.client.pragma('query_only = OFF');
    database.client.pragma('busy_timeout = 1');
    const other = new Database(path);
    other.exec('BEGIN IMMEDIATE');
    await t.rejects(store.commit(next), { code: 'store_failed', rule: 'sqlite_busy' });
    other.close();
    t.equal((await store.head())?.seq, 1);
    await store.commit(next);
  },
);

t.test('another connection that was faster is a conflict, not a second history', async (t) => {
  const { path, store } = open(t);
  const rival = open(t, path).store;
  await store.commit(issueChange(undefined, 1));
  const head = await store.head();
  await rival.commit(issueChange(head, 2));
  await t.rejects(store.commit(issueChange(head, 3)), { code: 'conflict' });
  t.same(
    (await store.log(0, 10)).map(({ seq }) => seq),
    [1, 2],
  );
});

/** Runs the commit loop until `enough` numbers came back, kills it in the middle of its work, and returns the last number. */
async function commitUntilKilled(folder: string, enough: number): Promise<number> {
  const child = spawn(process.execPath, [LOOP, folder, MIGRATIONS], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    if (text.split('\n').length > enough + 1) child.kill('SIGKILL');
  });
  await gone;
  await (child.stdout.readableEnded ? undefined : once(child.stdout, 'end'));
  return Number(text.split('\n').at(-2));
}

t.test('what was acknowledged before a SIGKILL is there afterwards, whole', async (t) => {
  const path = t.testdir();
  let acknowledged = 0;
  for (const enough of [3, 40, 117]) {
    const last = await commitUntilKilled(path, enough);
    t.ok(last >= acknowledged + enough, `${last} acknowledged`);
    acknowledged = last;
    const folder = openDataFolder(path);
    const { database, store } = open(t, folder.file('yima.db'));
    const rows = await store.log(0, 1_000);
    t.ok(rows.length >= acknowledged && rows.length <= acknowledged + 1, `${rows.length} in the log`);
    for (const [at, row] of rows.entries()) checkLogRow(rows[at - 1], row, sha256);
    const stored = await store.credentials('', 1_000);
    t.equal(stored.length, rows.length);
    t.ok(stored.every(({ encodings }) => encodings.length === 1));
    t.equal((await store.lists())[0]?.next, rows.length + 1);
    t.same(checkIntegrity(database), []);
    await store.close();
    folder.close();
  }
});

t.test('each commit to a reopened database waits for the disk', async (t) => {
  const path = t.testdir();
  const summary = join(path, 'syscalls');
  const run = async (commits: number, command: string, ...args: string[]) => {
    const child = spawn(command, [...args, LOOP, path, MIGRATIONS, String(commits)], { stdio: 'ignore' });
    return (await Promise.race([once(child, 'exit'), once(child, 'error')]))[0] as unknown;
  };
  t.equal(await run(1, process.execPath), 0);
  const traced = ['-f', '-e', 'trace=fsync,fdatasync', '-o', summary, process.execPath];
  if ((await run(50, 'strace', ...traced)) !== 0) {
    t.pass('syncs counted', { skip: 'strace is absent or may not trace here' });
    return;
  }
  const syncs = readFileSync(summary, 'utf8')
    .split('\n')
    .filter((line) => /f(data)?sync\(/.test(line)).length;
  t.ok(syncs >= 50, `${syncs} syncs for 50 commits`);
});
