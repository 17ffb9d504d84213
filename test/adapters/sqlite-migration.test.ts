import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import { checkIntegrity, openDatabase } from '../../src/adapters/sqlite/database.js';
import { createSqliteStore } from '../../src/adapters/sqlite/store.js';
import { ROOT } from '../support/shared.js';
import { credentialRow, encodingRow, idempotencyRow, idOf, issueChange, LIST } from './store-rows.js';
import { commit, everything } from './store-session.js';
import { allTrust } from './trust-contract.js';

const MIGRATIONS = join(ROOT, 'migrations');

/** The migrations as an earlier version of the program had them: the first `count`. */
function earlierMigrations(inFolder: string, count: number): string {
  const folder = join(inFolder, 'migrations');
  cpSync(MIGRATIONS, folder, { recursive: true });
  const file = join(folder, 'meta', '_journal.json');
  const journal = JSON.parse(readFileSync(file, 'utf8')) as { entries: unknown[] };
  writeFileSync(file, JSON.stringify({ ...journal, entries: journal.entries.slice(0, count) }));
  return folder;
}

/** Writes members as the columns of their names in snake case, as every version of the tables has them. */
function insert(client: Database.Database, table: string, row: object): void {
  const columns = Object.keys(row).map((name) =>
    name.replace(/[A-Z]/g, (upper) => `_${upper.toLowerCase()}`),
  );
  const values = Object.values(row).map((value) => (typeof value === 'boolean' ? Number(value) : value));
  const places = values.map(() => '?').join();
  client.prepare(`insert into ${table} ("${columns.join('", "')}") values (${places})`).run(values);
}

/** Two lists and three credentials: one revoked, one with two encodings of which the second lies at a lower index. */
function fillBeforeCounters(path: string, migrations: string) {
  const { client } = openDatabase(path, migrations);
  const lists = [LIST, { ...LIST, number: 2, next: 9 }].map((list) => ({ ...list, next: list.next + 4 }));
  const credentials = [1, 2, 3].map((n) => credentialRow(n, { revoked: n === 2 }));
  const encodings = [
    encodingRow(3, { index: 700, list: 2 }),
    encodingRow(1, { index: 900 }),
    encodingRow(2, { index: 5, revoked: true, value: 1 }),
    encodingRow(1, { index: 800, form: 'paper' }),
  ];
  const { log } = issueChange(undefined, 1);
  for (const { burntFrom: _burntFrom, ...row } of lists) insert(client, 'lists', row);
  for (const { batch: _later, replaces: _too, ...row } of credentials) insert(client, 'credentials', row);
  for (const { shortId: _shortId, device: _device, endsAt: _endsAt, ...row } of encodings)
    insert(client, 'encodings', row);
  for (const n of [1, 2]) insert(client, 'idempotency', idempotencyRow(n));
  for (const row of log) insert(client, 'log', row);
  client.close();
  const stored = credentials.map((credential) => ({
    credential,
    encodings: encodings.filter(({ credentialId }) => credentialId === credential.id),
  }));
  return { log, lists, credentials: stored, apiKeys: [], values: [{ index: 5, value: 1 }] };
}

t.test(
  'a database from before counters were kept loses nothing, and issuing goes on behind it',
  async (t) => {
    const folder = t.testdir();
    const path = join(folder, 'yima.db');
    const before = fillBeforeCounters(path, earlierMigrations(folder, 4));
    const database = openDatabase(path, MIGRATIONS);
    const copy = new Database(database.copy ?? '', { readonly: true });
    t.equal(copy.prepare('select count(*) from __drizzle_migrations').pluck().get(), 4, 'copied first');
    t.same(copy.prepare('select count(*) from credentials').pluck().get(), 3);
    copy.close();
    const store = createSqliteStore(database);
    t.teardown(() => store.close());
    t.strictSame(await everything(store), before);
    t.strictSame(await store.findIdempotency('office', 'request 2'), idempotencyRow(2));
    t.same(checkIntegrity(database), []);
    t.equal(database.client.pragma('foreign_keys', { simple: true }), 1);

    await store.commit(issueChange(before.log[0], 7));
    const revive = `update credentials set revoked = 0 where id = '${idOf(2)}'`;
    for (const statement of [
      revive,
      'delete from idempotency; delete from encodings; delete from credentials',
    ])
      t.throws(() => database.client.exec(statement), { code: 'SQLITE_CONSTRAINT_TRIGGER' }, statement);
    t.equal((await store.lists())[0]?.next, 8);
    t.same(
      (await store.findCredential(idOf(1)))?.encodings.map(({ index }) => index),
      [900, 800],
    );
  },
);

t.test(
  'credentials and idempotency keys take one b-tree each, and one that only reissues touch',
  async (t) => {
    const path = join(t.testdir(), 'yima.db');
    openDatabase(path, MIGRATIONS).client.close();
    const client = new Database(path, { readonly: true });
    t.teardown(() => client.close());
    const trees = client
      .prepare<string[], string>(
        'select name from sqlite_master where rootpage > 0 and tbl_name in (?, ?) order by name',
      )
      .pluck();
    t.same(trees.all('credentials', 'idempotency'), ['credentials', 'credentials_replaces', 'idempotency']);
  },
);

t.test('a database from before the trust network opens, and takes documents', async (t) => {
  const folder = t.testdir();
  const path = join(folder, 'yima.db');
  const { client } = openDatabase(path, earlierMigrations(folder, 10));
  const { log } = issueChange(undefined, 1);
  for (const row of log) insert(client, 'log', row);
  client.close();
  const store = createSqliteStore(openDatabase(path, MIGRATIONS));
  t.teardown(() => store.close());
  t.strictSame(await store.head(), log[0]);
  t.strictSame(await allTrust(store), { documents: [], nodes: [], tombstones: [], marks: [] });
  const root = {
    type: 'root',
    authority: 'root',
    version: 1,
    hash: 'h',
    text: '{}',
    leftOut: 0,
    acceptedAt: 1,
  } as const;
  await commit(store, 'trust.accepted', { trust: { documents: [root] } });
  t.strictSame((await allTrust(store)).documents, [root]);
});
