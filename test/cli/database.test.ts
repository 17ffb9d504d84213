import { join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import { openQuietNode, playDemo, privateFolder } from '../support/open-node.js';
import { run } from './fake-terminal.js';

const now = (): number => Math.floor(Date.now() / 1000);
const HOLDS = { 'GET /v1/log/check': { body: { ok: true, entries: 1, brokenAt: null, head: 'h' } } };

t.test('db backup, restore, migrate and fsck: exit codes, and JSON on request', async (t) => {
  const dataDir = privateFolder(t);
  const yima = (argv: readonly string[], terminal: object = {}) =>
    run(argv, { answers: HOLDS, terminal: { env: { YIMA_DATA_DIR: dataDir }, now, ...terminal } });
  const file = join(dataDir, 'backup.db');
  for (const words of [['backup', file], ['migrate'], ['fsck']])
    t.match(await yima(['db', ...words]), { code: 1, talk: /no database/ }, `${words[0]} of nothing`);

  const node = await openQuietNode(t, dataDir);
  await playDemo(node);
  const made = await yima(['db', 'backup', file]);
  t.match(made, { code: 0, out: /keys\/ apart/ });
  t.match(await yima(['db', 'backup', file]), { code: 1, talk: /is there already/ });
  t.match(await yima(['db', 'restore', file, '--yes']), { code: 75 }, 'a node is running');
  t.match(await yima(['db', 'migrate']), { code: 75 });
  t.match(await yima(['db', 'fsck']), { code: 0, out: /file is sound/ }, 'beside the node');
  await node.close();

  const migrated = await yima(['db', 'migrate', '--json']);
  t.match([migrated.code, JSON.parse(migrated.out)], [0, { migrated: false, copy: null }]);
  t.match(await yima(['db', 'restore', file]), { code: 1, talk: /add --yes/ }, 'nobody to ask');
  const no = { interactive: true, ask: async () => 'n' };
  t.match(await yima(['db', 'restore', file], no), {
    code: 1,
    talk: /every code issued after it is revoked/,
  });
  const restored = await yima(['db', 'restore', file, '--yes', '--json']);
  t.match([restored.code, JSON.parse(restored.out)], [0, { isAsTold: true, closedLists: 1, lostLists: 0 }]);
  t.match(await yima(['db', 'restore', file, '--yes', '--statuses', 'none']), {
    code: 1,
    talk: /cannot be read/,
  });

  const client = new Database(join(dataDir, 'yima.db'));
  client.exec('drop index encodings_status');
  const found = await yima(['db', 'fsck', '--json']);
  t.match(
    [found.code, JSON.parse(found.out)],
    [1, { ok: false, faults: ['index encodings_status is missing'] }],
  );
  t.match(await yima(['doctor']), { code: 1, out: /encodings_status is missing/ });
  client.exec("insert into __drizzle_migrations (hash, created_at) values ('later', 9999999999999)");
  client.close();
  for (const words of [['migrate'], ['fsck'], ['backup', `${file}.2`]])
    t.match(await yima(['db', ...words]), { code: 1, talk: /newer version/ }, words.join(' '));
});
