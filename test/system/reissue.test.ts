// kill -9 in the middle of a mass reissue, at random moments, while a desk goes on issuing and revoking: whoever runs the command again
// finishes it, and everything good has exactly one successor.

import { setTimeout as pause } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { createSequence } from '../../bench/support/sequence.js';
import { loadConfig } from '../../src/config.js';
import type { Issued as IssuedHere } from '../../src/core/issue/commands.js';
import type { LogRow } from '../../src/core/issue/store.js';
import { createLogger } from '../../src/http/logging.js';
import { openCore } from '../../src/server/core.js';
import { NO_FOLLOWERS } from '../../src/server/knowledge.js';
import {
  dataFolder,
  freePorts,
  type NodeProcess,
  type Settings,
  spawnYima,
  startNode,
} from '../support/node-process.js';
import { issueRequest } from '../support/office.js';
import { sampleClaims } from '../support/sample-claims.js';
import { type Client, createClientWithKey } from './support/client.js';

const ISSUED = 1_800;
/** Of those so many are revoked, and as many suspended. */
const FEW = 20;
const GROUP = 100;
const KILLS = 3;
const DEADLINE_MS = 60_000;
const PIECE = 500;

/** Of a kind whose state one officer changes alone. */
const REQUEST = issueRequest('food-handler', { claims: sampleClaims('food-handler') });

interface World {
  readonly kid: string;
  readonly key: string;
  readonly good: readonly IssuedHere[];
  readonly suspended: ReadonlySet<string>;
  readonly revoked: readonly IssuedHere[];
}

/** What was issued before the node starts, by the program itself; then another key signs. */
async function prepare(dataDir: string, settings: Settings): Promise<World> {
  const config = loadConfig({ ...settings, YIMA_DATA_DIR: dataDir });
  const core = await openCore(config, NO_FOLLOWERS, createLogger('silent'));
  try {
    const { issue, changeState, createApiKey, rotateKey } = core.commands;
    const issued: IssuedHere[] = [];
    while (issued.length < ISSUED) {
      const group = Array.from({ length: GROUP }, (_, n) =>
        issue('office', n % 2 === 0 ? REQUEST : issueRequest()),
      );
      issued.push(...(await Promise.all(group)));
    }
    const plain = issued.filter(({ credential }) => credential.kind === REQUEST.kind);
    const revoked = plain.slice(0, FEW);
    const suspended = plain.slice(FEW, 2 * FEW);
    for (const { credential } of revoked)
      await changeState('office', credential.id, { action: 'revoke', reason: 'test' });
    for (const { credential } of suspended)
      await changeState('office', credential.id, { action: 'suspend', reason: 'test' });
    const scopes = ['issue', 'revoke', 'verify', 'admin'] as const;
    const { secret } = await createApiKey('local', { name: 'desk', scopes: [...scopes], expiresAt: null });
    await rotateKey('local', 'credential', false);
    return {
      kid: issued[0]?.encodings[0]?.kid ?? '',
      key: secret,
      good: issued.filter((each) => !revoked.includes(each)),
      suspended: new Set(suspended.map(({ credential }) => credential.id)),
      revoked,
    };
  } finally {
    await core.close();
  }
}

interface Found {
  readonly id: string;
  readonly state: 'active' | 'suspended' | 'revoked';
  readonly replaces: string | null;
  readonly replacedBy: string | null;
  readonly encodings: readonly { readonly code: string; readonly kid: string }[];
}

async function ask<T>({ send }: Client, path: string, body?: object): Promise<T> {
  return (await (await send(path, body)).json()) as T;
}

/** What the desk was told. */
interface Desk {
  readonly issued: string[];
  readonly revoked: string[];
  /** Whose revocation nobody answered, since the node was gone: either may be so. */
  readonly unsure: string[];
}

/** Issues, and revokes what was issued before, one after the other, until the node is gone. */
async function workAt(desk: Desk, client: Client, world: World, random: () => number): Promise<void> {
  const plain = world.good.filter(({ credential }) => credential.kind === REQUEST.kind);
  for (;;) {
    const id = plain[Math.floor(random() * plain.length)]?.credential.id ?? '';
    try {
      const { encodings } = await client.issue(`desk-${desk.issued.length}`);
      desk.issued.push(encodings[0].code);
      desk.unsure.push(id);
      const body = { action: 'revoke', reason: 'test' };
      const { status } = await client.send(`/v1/credentials/${id}/status`, body);
      desk.unsure.pop();
      if (status === 200) desk.revoked.push(id);
      else if (status !== 409) throw new Error(`${status}`);
    } catch (error) {
      if (error instanceof TypeError) return; // fetch lost the node
      throw error;
    }
  }
}

/** Waits until the command has told so often how far it is, then a moment more. */
async function moment(command: NodeProcess, random: () => number): Promise<void> {
  const lines = 1 + Math.floor(random() * 2);
  const deadline = Date.now() + DEADLINE_MS;
  while (command.output().split('Signed anew').length <= lines) {
    if (Date.now() > deadline) throw new Error(`It did not go on: ${command.output()}`);
    await pause(1);
  }
  await pause(random() * 60);
}

async function reasons({ verifyBatch }: Client, codes: readonly string[]): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (let from = 0; from < codes.length; from += PIECE)
    for (const line of await verifyBatch(codes.slice(from, from + PIECE))) {
      const { reason } = JSON.parse(line) as { reason: string };
      found[reason] = (found[reason] ?? 0) + 1;
    }
  return found;
}

async function logged(client: Client, type: string): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  for (let after = 0; ; ) {
    const { entries } = await ask<{ entries: LogRow[] }>(client, `/v1/log?after=${after}&limit=1000`);
    for (const row of entries) if (row.type === type) found.push(JSON.parse(row.body));
    const last = entries.at(-1);
    if (last === undefined) return found;
    after = last.seq;
  }
}

/** Each good one that the desk did not revoke has one successor in its state; nothing else has any. */
async function holds(t: Test, client: Client, world: World, desk: Desk): Promise<void> {
  const told = await logged(client, 'reissued');
  const successors = new Map(told.map(({ from, credential }) => [String(from), String(credential)]));
  t.equal(successors.size, told.length, 'nothing has two successors');
  t.equal(new Set(successors.values()).size, told.length);
  const gone = new Set([...world.revoked.map(({ credential }) => credential.id), ...desk.revoked]);
  const expected = world.good.map(({ credential }) => credential.id).filter((id) => !gone.has(id));
  const sure = (ids: readonly string[]) => ids.filter((id) => !desk.unsure.includes(id)).sort();
  t.same(sure([...successors.keys()]), sure(expected), 'everything good has one, nothing else has');

  const codes = { active: [] as string[], suspended: [] as string[] };
  const wrong: unknown[] = [];
  const pairs = [...successors];
  for (let at = 0; at < pairs.length; at += GROUP) {
    const group = pairs.slice(at, at + GROUP).map(async ([from, id]) => {
      const { state, replaces, replacedBy, encodings } = await ask<Found>(client, `/v1/credentials/${id}`);
      const isRight =
        replaces === from && replacedBy === null && state !== 'revoked' && encodings[0]?.kid !== world.kid;
      if (!isRight || (state === 'suspended') !== world.suspended.has(from)) wrong.push({ id, from, state });
      else codes[state].push(encodings[0]?.code ?? '');
    });
    await Promise.all(group);
  }
  t.same(wrong, []);
  t.same(await reasons(client, codes.active), { ok: codes.active.length });
  const suspended = [...successors.keys()].filter((id) => world.suspended.has(id)).length;
  t.same(await reasons(client, codes.suspended), { suspended });
  const old = [...world.good, ...world.revoked].map(({ encodings }) => encodings[0]?.code ?? '');
  t.same(await reasons(client, old), { revoked: old.length }, 'old codes are refused');
  t.same(await reasons(client, desk.issued), { ok: desk.issued.length }, 'what was acknowledged meanwhile');
}

t.test('a mass reissue survives kill -9', async (t) => {
  const seed = Date.now() % 2 ** 32;
  t.comment(`seed ${seed}`);
  const random = createSequence(seed);
  const dataDir = dataFolder(t);
  const settings: Settings = {
    ...(await freePorts()),
    YIMA_RATE_LIMIT_PER_MINUTE: '0',
    YIMA_VERIFY_RATE_LIMIT_PER_MINUTE: '0',
    YIMA_STATUS_LIST_ENTRIES: '16384',
    YIMA_LOG_LEVEL: 'warn',
  };
  const world = await prepare(dataDir, settings);
  const desk: Desk = { issued: [], revoked: [], unsure: [] };
  const reissue = ['keys', 'reissue', world.kid, '--yes', '--json'];
  for (let kill = 0; kill < KILLS; kill++) {
    const node = await startNode(t, dataDir, settings);
    const work = workAt(desk, createClientWithKey(node.url, world.key), world, random);
    const command = spawnYima(reissue, dataDir, settings);
    await moment(command, random);
    node.signal('SIGKILL');
    await node.ended;
    t.not(await command.ended, 0, 'the command knows that it did not end');
    await work;
  }
  const node = await startNode(t, dataDir, settings);
  const last = spawnYima(reissue, dataDir, settings);
  t.equal(await last.ended, 0, last.output());
  const client = createClientWithKey(node.url, world.key);
  const again = await ask(client, `/v1/keys/${world.kid}/reissue`, { dryRun: true });
  t.match(again, { reissued: 0 }, 'then nothing is left to do');

  t.comment(`meanwhile ${desk.issued.length} issued, ${desk.revoked.length} revoked`);
  await holds(t, client, world, desk);
  const asTold = { restored: 0, strayCredentials: [] };
  t.match(await ask(client, '/v1/log/restore', { dryRun: true }), asTold, 'the log tells the same states');
  t.match(await ask(client, '/v1/log/check'), { ok: true, brokenAt: null }, 'and holds');
});
