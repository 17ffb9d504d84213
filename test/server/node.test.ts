import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { FastifyInstance } from 'fastify';
import t, { type Test } from 'tap';
import { sha256 } from '../../src/adapters/crypto-node.js';
import { loadConfig } from '../../src/config.js';
import { concatBytes, hexEncode, utf8Encode } from '../../src/core/codec/bytes.js';
import { openNode } from '../../src/server/node.js';
import { issueRequest } from '../support/office.js';

const FORGED = { id: 'a'.repeat(16), secret: 'b'.repeat(52), salt: new Uint8Array(16) };

function open(t: Test, dataDir: string) {
  const config = loadConfig({
    YIMA_DATA_DIR: dataDir,
    YIMA_LOG_LEVEL: 'silent',
    YIMA_STATUS_LIST_ENTRIES: '1024',
  });
  return openNode(config).then((node) => {
    t.teardown(() => node.close());
    return node;
  });
}

async function ask(
  app: FastifyInstance,
  method: 'GET' | 'POST',
  url: string,
  payload?: object,
  key?: string,
): Promise<Record<string, unknown>> {
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const response = await app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
  return { ...(response.json() as Record<string, unknown>), status: response.statusCode };
}

/** A second connection to the node's database, as an attacker or a fault has it. */
function connect(t: Test, dataDir: string): Database.Database {
  const database = new Database(join(dataDir, 'yima.db'));
  t.teardown(() => database.close());
  return database;
}

async function untilReady(app: FastifyInstance, expected: boolean): Promise<unknown> {
  for (let tries = 0; ; tries++) {
    const answer = await ask(app, 'GET', '/health/ready');
    if (answer['ready'] === expected || tries === 100) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

t.test('an API key that was written into the database opens nothing and is named by the check', async (t) => {
  const dataDir = join(t.testdir(), 'data');
  await (await open(t, dataDir)).close();
  const { id, secret, salt } = FORGED;
  const hash = hexEncode(sha256(concatBytes(salt, utf8Encode(secret))));
  connect(t, dataDir)
    .prepare('insert into api_keys (id, name, scopes, salt, hash, created_at) values (?, ?, ?, ?, ?, 1)')
    .run(id, 'x', '["issue","verify","revoke","admin"]', hexEncode(salt), hash);

  const node = await open(t, dataDir);
  t.match(await ask(node.app, 'GET', '/v1/keys', undefined, `yk_${id}_${secret}`), { status: 401 });
  t.match(await ask(node.localApp, 'GET', '/v1/log/check'), {
    ok: false,
    brokenAt: null,
    strayCredentials: [],
    strayApiKeys: [id],
  });
});

t.test('a key signs only after the log tells of it', async (t) => {
  const dataDir = join(t.testdir(), 'data');
  const { localApp } = await open(t, dataDir);
  const database = connect(t, dataDir);
  const signingKids = async () => {
    const { keys } = (await ask(localApp, 'GET', '/v1/keys')) as unknown as {
      keys: { kid: string; signs: string; state: string }[];
    };
    return keys
      .filter(({ signs, state }) => signs === 'credential' && state === 'active')
      .map(({ kid }) => kid);
  };
  const before = await signingKids();
  database.exec(
    "create trigger fault before insert on log when new.type = 'key_created' begin select raise(abort, 'disk'); end",
  );
  const failed = await ask(localApp, 'POST', '/v1/keys/rotate', { use: 'credential' });
  t.match(failed, { status: 503, code: 'store_failed' });
  t.same(await signingKids(), before);
  database.exec('drop trigger fault');
  const rotated = await ask(localApp, 'POST', '/v1/keys/rotate', { use: 'credential' });
  t.same(await signingKids(), [rotated['kid']]);
  const { entries } = (await ask(localApp, 'GET', '/v1/log')) as unknown as { entries: { body: string }[] };
  t.match(
    entries.map(({ body }) => JSON.parse(body)),
    [{ kid: rotated['kid'], use: 'credential' }],
  );
});

t.test('a node whose store is in doubt is not ready, and finds back by itself', async (t) => {
  const dataDir = join(t.testdir(), 'data');
  const { localApp, adminApp } = await open(t, dataDir);
  const database = connect(t, dataDir);
  t.match(await untilReady(adminApp, true), { ready: true });
  database.exec('alter table log rename to gone');
  t.match(await ask(localApp, 'POST', '/v1/credentials', issueRequest()), { status: 503 });
  t.match(await untilReady(adminApp, false), { status: 503, ready: false, reasons: ['store_uncertain'] });
  database.exec('alter table gone rename to log');
  t.match(await untilReady(adminApp, true), { status: 200, ready: true, reasons: [] });
});

t.test('a check of the log lets other work run between its pages', async (t) => {
  const dataDir = join(t.testdir(), 'data');
  const { localApp } = await open(t, dataDir);
  for (let n = 0; n < 8; n++) {
    const requests = Array.from({ length: 100 }, () =>
      ask(localApp, 'POST', '/v1/credentials', issueRequest()),
    );
    await Promise.all(requests);
  }
  let turns = 0;
  let isDone = false;
  const count = (): void => {
    turns += 1;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  t.match(await ask(localApp, 'GET', '/v1/log/check'), { ok: true, entries: 800 });
  isDone = true;
  t.ok(turns >= 10, `${turns} turns of the event loop for 16 pages`);
});
