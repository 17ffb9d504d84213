// Codes turned red by an edit of the database file, as it happened to 1,317 people: found, and every colour restored from the log.

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { dataFolder, freePorts, type NodeProcess, runYima, startNode } from '../support/node-process.js';
import { until } from '../support/until.js';
import { type Client, createClient, createClientWithKey, demoKey, type Issued } from './support/client.js';

const PEOPLE = 1_317;
const AT_ONCE = 50;
const RED = 0x0d;
const SETTINGS = {
  YIMA_RATE_LIMIT_PER_MINUTE: '0',
  YIMA_VERIFY_RATE_LIMIT_PER_MINUTE: '0',
  YIMA_SHUTDOWN_GRACE_SECONDS: '0',
} as const;
const GREEN = 'admit/ok';
const REVOKED = 'refuse/revoked';

interface World {
  readonly dataDir: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly codes: readonly Issued[];
}

async function issueAll(client: Client): Promise<readonly Issued[]> {
  const issued: Issued[] = [];
  for (let from = 0; from < PEOPLE; from += AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, PEOPLE - from) }, (_, n) =>
      client.issue(`person ${from + n}`),
    );
    issued.push(...(await Promise.all(batch)));
  }
  return issued;
}

/** Runs statements on the file, as somebody with its rights does; guards that stand in the way are dropped. */
function editFile(dataDir: string, edit: (database: Database.Database) => void): void {
  const database = new Database(join(dataDir, 'yima.db'));
  database.exec(
    'drop trigger if exists credentials_stay_revoked; drop trigger if exists encodings_stay_revoked',
  );
  database.transaction(() => edit(database))();
  database.close();
}

type State = Readonly<Record<'revoked' | 'suspended' | 'level' | 'value', number>>;

const GREEN_STATE: State = { revoked: 0, suspended: 0, level: 0, value: 0 };

function setStates(database: Database.Database, codes: readonly Issued[], change: Partial<State>): void {
  const state = { ...GREEN_STATE, ...change };
  const credential = database.prepare(
    'update credentials set revoked = @revoked, suspended = @suspended, level = @level where id = @id',
  );
  const encoding = database.prepare('update encodings set value = @value where credential_id = @id');
  for (const { id } of codes) {
    credential.run({ ...state, id });
    encoding.run({ ...state, id });
  }
}

const FORGED = { id: 'f'.repeat(16), secret: 'f'.repeat(52), proposal: 'f'.repeat(26) } as const;

/** An officer whom nobody made, and a decision that nobody signed. */
function forge(database: Database.Database): void {
  const salt = '00'.repeat(16);
  const hash = createHash('sha256').update(Buffer.from(salt, 'hex')).update(FORGED.secret).digest('hex');
  database
    .prepare(
      `insert into api_keys (id, name, scopes, salt, hash, created_at, created_by, public_key, confirmed_by, confirmed_at)
       values (?, 'chief', '["officer"]', ?, ?, 1, 'local', '{"kty":"OKP"}', 'local', 1)`,
    )
    .run(FORGED.id, salt, hash);
  database
    .prepare(
      `insert into proposals (id, type, body, hash, size, seen, proposed_by, proposed_at, state, decided_by, decided_at)
       values (?, 'colour', '{}', ?, 1317, '', ?, 1, 'approved', ?, 2)`,
    )
    .run(FORGED.proposal, 'f'.repeat(64), FORGED.id, FORGED.id);
}

/** How many codes are told each verdict. */
async function tally(node: NodeProcess, dataDir: string, codes: readonly Issued[]) {
  const lines = codes.map(({ id, encodings: [{ code }] }) => `${JSON.stringify({ id, code })}\n`);
  const response = await fetch(`${node.url}/v1/verify/batch`, {
    method: 'POST',
    headers: { authorization: `Bearer ${demoKey(dataDir)}`, 'content-type': 'application/x-ndjson' },
    body: lines.join(''),
  });
  const counts: Record<string, number> = {};
  for (const line of (await response.text()).trimEnd().split('\n')) {
    const { decision, reason } = JSON.parse(line) as { decision: string; reason: string };
    counts[`${decision}/${reason}`] = (counts[`${decision}/${reason}`] ?? 0) + 1;
  }
  return counts;
}

async function stop(node: NodeProcess): Promise<void> {
  node.signal('SIGTERM');
  await node.ended;
}

/** `yima log verify` or `yima log restore`, as a script reads them. */
function log(dataDir: string, ...words: readonly string[]) {
  const { code, out, talk } = runYima(['log', ...words, '--json'], dataDir);
  if (out === '') throw new Error(talk);
  return { code, ...(JSON.parse(out) as Record<string, unknown>) };
}

async function auditFigure(node: NodeProcess): Promise<string | undefined> {
  const figures = await (await fetch(`${node.adminUrl}/metrics`)).text();
  return /^yima_log_audit_ok (\S+)$/m.exec(figures)?.[1];
}

async function openWorld(t: Test): Promise<World & { node: NodeProcess; client: Client }> {
  const dataDir = dataFolder(t);
  const settings = { ...(await freePorts()), ...SETTINGS };
  const node = await startNode(t, dataDir, settings);
  const client = createClient(node, dataDir);
  return { dataDir, settings, codes: await issueAll(client), node, client };
}

t.test('the edit of a stopped node’s file is found by itself, and undone from the log', async (t) => {
  const { dataDir, settings, codes, node, client } = await openWorld(t);
  const dead = codes.slice(0, 17);
  for (const { id } of dead) await client.revoke(id);
  const [red, held, killed, rest] = [
    codes.slice(17, 1_017),
    codes.slice(1_017, 1_117),
    codes.slice(1_117, 1_217),
    codes.slice(1_217),
  ];
  await stop(node);
  const head = runYima(['log', 'head', '--signed'], dataDir);
  t.equal(head.code, 0);
  const forgedKey = `yk_${FORGED.id}_${FORGED.secret}`;
  editFile(dataDir, (database) => {
    forge(database);
    setStates(database, dead, {});
    setStates(database, red, { level: RED, value: RED });
    setStates(database, held, { suspended: 1, value: 2 });
    setStates(database, killed, { revoked: 1, value: 1 });
  });
  const forged = { strayApiKeys: [FORGED.id], strayProposals: [FORGED.proposal] };
  t.match(log(dataDir, 'verify'), {
    code: 1,
    ok: false,
    brokenAt: null,
    strayCredentials: { length: 100 },
    ...forged,
  });

  const again = await startNode(t, dataDir, settings);
  t.same(
    await tally(again, dataDir, codes),
    { [GREEN]: 17 + 100, 'refuse/refused_by_policy': 1_000, 'refuse/suspended': 100, [REVOKED]: 100 },
    'so far verifiers are told what the file says',
  );
  t.equal(
    (await createClientWithKey(again.url, forgedKey).send('/v1/proposals')).status,
    401,
    'a key that nobody logged opens nothing',
  );
  await until('the check of the log says so', async () => (await auditFigure(again)) === '0');
  await until('and a line of the log', () => again.output().includes('the store is not as its log tells'));

  const restored = log(dataDir, 'restore', '--yes');
  t.match(restored, { code: 1, restored: 17 + 1_200, keptRevokedCount: 100, strayCredentials: [] });
  t.same(
    (restored as { keptRevoked?: { credential: string }[] }).keptRevoked
      ?.map(({ credential }) => credential)
      .sort(),
    killed.map(({ id }) => id).sort(),
    'those that verifiers have seen revoked are named, to be issued anew',
  );
  t.match(
    log(dataDir, 'verify'),
    { code: 1, strayCredentials: [], ...forged },
    'what is forged is named still',
  );
  const right = { [GREEN]: 1_200, [REVOKED]: 17 + 100 };
  t.same(await tally(again, dataDir, codes), right, 'every colour is as the log tells');
  t.same(await tally(again, dataDir, dead), { [REVOKED]: 17 });
  t.same(await tally(again, dataDir, rest), { [GREEN]: 100 });

  await stop(again);
  const third = await startNode(t, dataDir, settings);
  t.same(await tally(third, dataDir, codes), right, 'also after another start');
  t.match(await client.issue('anew'), { encodings: [{ code: /^YM1:/ }] });
  const witness = runYima(['log', 'check-head', '-', '--json'], dataDir, { input: head.out });
  t.match([witness.code, JSON.parse(witness.out)], [0, { ok: true, finding: 'same' }]);
});

t.test('the edit of a running node’s file reaches no verifier, and comes back whole', async (t) => {
  const { dataDir, settings, codes, node } = await openWorld(t);
  editFile(dataDir, (database) => {
    setStates(database, codes.slice(0, 700), { level: RED, value: RED });
    setStates(database, codes.slice(700), { revoked: 1, value: 1 });
  });
  t.same(await tally(node, dataDir, codes), { [GREEN]: PEOPLE }, 'the running node asks the file nothing');
  t.match(log(dataDir, 'verify'), { code: 1, ok: false });
  t.match(log(dataDir, 'restore', '--yes'), { code: 0, restored: PEOPLE, keptRevokedCount: 0 });
  await stop(node);

  editFile(dataDir, (database) => setStates(database, codes, { revoked: 1, value: 1 }));
  t.match(log(dataDir, 'restore', '--yes', '--never-served'), {
    code: 0,
    restored: PEOPLE,
    keptRevokedCount: 0,
  });
  const again = await startNode(t, dataDir, settings);
  t.same(await tally(again, dataDir, codes), { [GREEN]: PEOPLE });
});
