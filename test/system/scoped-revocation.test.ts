// kill -9 in the middle of a scoped revocation of 20,000: the node comes back and finishes, each is revoked once, the log holds.

import { setTimeout as pause } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { loadConfig } from '../../src/config.js';
import type { LogRow } from '../../src/core/issue/store.js';
import { createLogger } from '../../src/http/logging.js';
import type { RevocationView } from '../../src/http/schemas/revocation.js';
import { openCore } from '../../src/server/core.js';
import { NO_FOLLOWERS } from '../../src/server/knowledge.js';
import {
  dataFolder,
  freePorts,
  type NodeProcess,
  runYima,
  type Settings,
  startNode,
} from '../support/node-process.js';
import { issueRequest } from '../support/office.js';
import { newPerson, type Person, proposed, signed, withNonce } from '../support/officers.js';
import { createClientWithKey, demoKey } from './support/client.js';

const COVERED = 20_000;
const OTHERS = 100;
const GROUP = 100;
const KILLED_AT = [2_000, 11_000] as const;
const DEADLINE_MS = 120_000;
const POLL_MS = 10;

interface Officer extends Person {
  readonly key: string;
}

interface World {
  readonly officers: readonly [Officer, Officer];
  readonly admin: string;
  readonly covered: readonly string[];
  readonly others: readonly string[];
}

/** What was issued before the node starts, by the program itself. @returns codes and keys */
async function prepare(dataDir: string, settings: Settings): Promise<World> {
  const config = loadConfig({ ...settings, YIMA_DATA_DIR: dataDir });
  const core = await openCore(config, NO_FOLLOWERS, createLogger('silent'));
  try {
    const { issue, createApiKey, confirmApiKey } = core.commands;
    const key = async (by: string, name: string, scope: 'admin' | 'officer', publicKey?: unknown) => {
      const request = { name, scopes: [scope], expiresAt: null };
      const { row, secret } = await createApiKey(
        by,
        publicKey === undefined ? request : { ...request, publicKey },
      );
      return { id: row.id, secret };
    };
    const [one, two] = [await key('local', 'head a', 'admin'), await key('local', 'head b', 'admin')];
    const officer = async (name: string): Promise<Officer> => {
      const person = newPerson();
      const made = await key(one.id, name, 'officer', person.publicKey);
      await confirmApiKey(two.id, made.id);
      return { ...person, key: made.secret };
    };
    const codes = async (count: number, batch: string): Promise<string[]> => {
      const found: string[] = [];
      while (found.length < count) {
        const kind = found.length % (2 * GROUP) === 0 ? 'health-code' : 'driving-licence';
        const group = Array.from({ length: GROUP }, () => issue('office', issueRequest(kind, { batch })));
        for (const { encodings } of await Promise.all(group)) found.push(encodings[0]?.code ?? '');
      }
      return found;
    };
    return {
      officers: [await officer('officer one'), await officer('officer two')],
      admin: one.secret,
      covered: await codes(COVERED, 'spoilt'),
      others: await codes(OTHERS, 'sound'),
    };
  } finally {
    await core.close();
  }
}

const now = (): number => Math.floor(Date.now() / 1000);

async function ask<T>(node: NodeProcess, key: string, path: string, body?: unknown): Promise<T> {
  const response = await createClientWithKey(node.url, key).send(path, body);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** Counted, proposed by one and approved by the other. @returns its id */
async function begin(t: Test, node: NodeProcess, [first, second]: World['officers']): Promise<string> {
  const scope = { batch: 'spoilt' };
  const counted = await ask<{ count: number; groups: unknown[] }>(node, first.key, '/v1/revocations', {
    scope,
    dryRun: true,
  });
  t.match(counted, { count: COVERED, revoked: 0, groups: [{ count: COVERED / 2 }, { count: COVERED / 2 }] });
  const body = withNonce({ scope, count: counted.count, purpose: 'printer stolen', evidence: 'case 9' });
  const { jws } = proposed(first, 'revocation', body, now());
  const made = await ask<{ id: string; hash: string }>(node, first.key, '/v1/revocations', { ...body, jws });
  await ask(node, second.key, `/v1/proposals/${made.id}/decision`, {
    action: 'approve',
    jws: signed(second, made.hash, 'approve', now()),
  });
  return made.id;
}

async function waitUntil(
  node: NodeProcess,
  { officers }: World,
  id: string,
  isSo: (view: RevocationView) => boolean,
): Promise<RevocationView> {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const view = await ask<RevocationView>(node, officers[0].key, `/v1/revocations/${id}`);
    if (isSo(view)) return view;
    if (Date.now() > deadline) throw new Error(`It came to ${view.done}, ${view.state}.`);
    await pause(POLL_MS);
  }
}

/** Every id that the log tells to have been revoked by this revocation, as often as it tells. */
async function toldIds(node: NodeProcess, admin: string, id: string): Promise<string[]> {
  const ids: string[] = [];
  for (let after = 0; ; ) {
    const { entries } = await ask<{ entries: LogRow[] }>(node, admin, `/v1/log?after=${after}&limit=1000`);
    for (const { type, body } of entries) {
      const { change, credentials } = JSON.parse(body) as { change?: string; credentials?: string[] };
      if (type === 'states_changed' && change === id) ids.push(...(credentials ?? []));
    }
    const last = entries.at(-1);
    if (last === undefined) return ids;
    after = last.seq;
  }
}

async function verdicts(node: NodeProcess, key: string, codes: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  const { verify } = createClientWithKey(node.url, key);
  for (const code of codes) found.add(await verify(code));
  return [...found];
}

t.test('a scoped revocation survives kill -9', async (t) => {
  const dataDir = dataFolder(t);
  const settings: Settings = {
    ...(await freePorts()),
    YIMA_RATE_LIMIT_PER_MINUTE: '0',
    YIMA_VERIFY_RATE_LIMIT_PER_MINUTE: '0',
    YIMA_STATUS_LIST_ENTRIES: '16384',
    YIMA_LOG_LEVEL: 'warn',
  };
  const world = await prepare(dataDir, settings);
  let node = await startNode(t, dataDir, settings);
  const id = await begin(t, node, world.officers);
  for (const least of KILLED_AT) {
    const { done } = await waitUntil(
      node,
      world,
      id,
      (view) => view.done >= least || view.state !== 'running',
    );
    t.ok(done < COVERED, `killed after ${done}`);
    node.signal('SIGKILL');
    await node.ended;
    node = await startNode(t, dataDir, settings);
  }
  const end = await waitUntil(node, world, id, ({ state }) => state !== 'running');
  t.match(end, { state: 'done', total: COVERED, done: COVERED, skipped: 0, failure: null });

  const ids = await toldIds(node, world.admin, id);
  t.same([ids.length, new Set(ids).size], [COVERED, COVERED], 'each is revoked once');
  const gate = demoKey(dataDir);
  const sample = world.covered.filter((_, at) => at % 97 === 0);
  t.same(await verdicts(node, gate, sample), ['refuse/revoked']);
  t.same(await verdicts(node, gate, world.others), ['admit/ok']);
  const checked = runYima(['log', 'verify', '--json'], dataDir, { settings });
  t.match(JSON.parse(checked.out), { ok: true, brokenAt: null }, 'the log holds');
});
