// Workers and primaries that die or hang under load: no answer is ever wrong, and service comes back by itself.

import t, { type Test } from 'tap';
import { dataFolder, freePorts, type NodeProcess, startNode } from '../support/node-process.js';
import { until } from '../support/until.js';
import { type Client, createClient } from './support/client.js';
import { isAlive, replacementOf, TWO_WORKERS, verdicts, workersOf } from './support/workers.js';

const CONNECTIONS = 16;

/** A broken connection is not opened again at once. */
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));

/** Two codes, one of them revoked, and what each must be told for ever after. */
async function twoCodes(client: Client): Promise<Readonly<Record<string, string>>> {
  const valid = await client.issue('valid');
  const dead = await client.issue('dead');
  await client.revoke(dead.id);
  return { [valid.encodings[0].code]: 'admit/ok', [dead.encodings[0].code]: 'refuse/revoked' };
}

interface Load {
  /** Stops it. @returns how many answers came, and the wrong ones */
  readonly stop: () => Promise<{ readonly answers: number; readonly wrong: readonly string[] }>;
}

/** Verifies without a pause; a connection that breaks gives no answer, and the next one is opened. */
function loadOf(t: Test, client: Client, codes: Readonly<Record<string, string>>): Load {
  let isOver = false;
  let answers = 0;
  const wrong: string[] = [];
  const work = async (): Promise<void> => {
    while (!isOver) {
      for (const [code, expected] of Object.entries(codes)) {
        const verdict = await client.verify(code).catch((error: Error) => error);
        if (verdict instanceof TypeError) {
          await pause();
          continue; // the connection broke
        }
        answers += 1;
        if (verdict !== expected) wrong.push(String(verdict));
      }
    }
  };
  const working = Promise.all(Array.from({ length: CONNECTIONS }, work));
  const stop: Load['stop'] = async () => {
    isOver = true;
    await working;
    return { answers, wrong };
  };
  t.teardown(stop);
  return { stop };
}

async function open(t: Test, settings: Readonly<Record<string, string>> = {}) {
  const dataDir = dataFolder(t);
  const all = { ...(await freePorts()), ...TWO_WORKERS, ...settings };
  const node = await startNode(t, dataDir, all);
  return { dataDir, settings: all, node, client: createClient(node, dataDir) };
}

const untilReplaced = (node: NodeProcess, pid: number, count: number): Promise<void> =>
  until(
    'another worker serves',
    () => replacementOf(node, pid) !== undefined && workersOf(node).length === count,
  );

t.test('a worker that is killed under load is replaced, and no answer is wrong', async (t) => {
  const { node, client } = await open(t);
  const codes = await twoCodes(client);
  const load = loadOf(t, client, codes);
  const [first = 0, second = 0] = workersOf(node);
  process.kill(first, 'SIGKILL');
  await untilReplaced(node, first, 3);
  process.kill(second, 'SIGKILL');
  await untilReplaced(node, second, 4);
  const { answers, wrong } = await load.stop();
  t.same(wrong, []);
  t.ok(answers > 0, `${answers} answers`);
  t.same(
    [first, second].map((pid) => replacementOf(node, pid)),
    ['died', 'died'],
  );
  for (const [code, expected] of Object.entries(codes)) t.same(await verdicts(client, code, 20), [expected]);
  const figures = await (await fetch(`${node.adminUrl}/metrics`)).text();
  t.match(figures, /^yima_worker_replacements_total\{reason="died"\} 2$/m);
});

t.test('a worker that hangs is replaced, and holds up a change only until then', async (t) => {
  const { node, client } = await open(t);
  const { id, encodings } = await client.issue('one');
  const [hung = 0] = workersOf(node);
  const door = node.adminUrl;
  process.kill(hung, 'SIGSTOP');
  // Through the primary's own door: over the public port the request itself might meet the hung worker.
  const revoked = untilRevoked(client, id);
  t.equal((await fetch(`${door}/health/live`)).status, 200, 'the primary does not wait for it');
  await revoked;
  t.notOk(isAlive(hung), 'the change was acknowledged only once it was gone');
  t.same(await verdicts(client, encodings[0].code, 40), ['refuse/revoked']);
  await untilReplaced(node, hung, 3);
  t.equal(replacementOf(node, hung), 'hung');
  t.same(await verdicts(client, encodings[0].code, 40), ['refuse/revoked'], 'the new worker knows it too');
});

/** Asks again when the connection was the hung worker's. */
async function untilRevoked(client: Client, id: string): Promise<void> {
  await until('the revocation is acknowledged', async () => {
    try {
      await client.revoke(id);
      return true;
    } catch (error) {
      if (error instanceof TypeError) return false;
      throw error;
    }
  });
}

t.test('a worker that starts while a revocation is made knows it before it answers', async (t) => {
  const { node, client } = await open(t);
  for (let round = 0; round < 3; round++) {
    const { id, encodings } = await client.issue(`round ${round}`);
    const [pid = 0] = workersOf(node).slice(-1);
    const count = workersOf(node).length;
    process.kill(pid, 'SIGKILL');
    const churn = churnOf(t, client, `churn ${round}`);
    await untilRevoked(client, id);
    const load = loadOf(t, client, { [encodings[0].code]: 'refuse/revoked' });
    await untilReplaced(node, pid, count + 1);
    t.same(await verdicts(client, encodings[0].code, 40), ['refuse/revoked']);
    t.same((await load.stop()).wrong, [], `round ${round}`);
    await churn.stop();
  }
});

/** Issues and revokes all the time, so that a snapshot is always of something that changes. */
function churnOf(t: Test, client: Client, name: string): { readonly stop: () => Promise<void> } {
  let isOver = false;
  const work = async (): Promise<void> => {
    for (let n = 0; !isOver; n++) {
      try {
        await client.revoke((await client.issue(`${name} ${n}`)).id);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        await pause();
      }
    }
  };
  const working = work();
  const stop = async (): Promise<void> => {
    isOver = true;
    await working;
  };
  t.teardown(stop);
  return { stop };
}

t.test('a primary that is killed takes its workers along, and a new start serves', async (t) => {
  const { node, client, dataDir, settings } = await open(t);
  const codes = await twoCodes(client);
  const load = loadOf(t, client, codes);
  node.signal('SIGKILL');
  await node.ended;
  await until('no worker is left', () => !workersOf(node).some(isAlive));
  t.same((await load.stop()).wrong, []);
  const again = await startNode(t, dataDir, settings);
  for (const [code, expected] of Object.entries(codes))
    t.same(await verdicts(createClient(again, dataDir), code, 20), [expected]);
});

t.test('the admin port answers while every worker is busy', async (t) => {
  const { node, client } = await open(t);
  const load = loadOf(t, client, await twoCodes(client));
  for (let n = 0; n < 20; n++) {
    t.equal((await fetch(`${node.adminUrl}/health/ready`)).status, 200);
    t.match(await (await fetch(`${node.adminUrl}/metrics`)).text(), /^yima_workers_live 2$/m);
  }
  t.same((await load.stop()).wrong, []);
});
