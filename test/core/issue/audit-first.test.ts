// What cannot be logged does not happen: every command, with a store that cannot write. Judging codes needs no store and goes on.

import t from 'tap';
import { type Desk, openDesk, red } from '../../support/desk.js';
import { issueRequest } from '../../support/office.js';
import { newPerson, proposed, withNonce } from '../../support/officers.js';
import { refusal } from '../../support/refusal.js';

const shares = new Map([['food-handler', 1]]);

interface World extends Desk {
  readonly id: string;
  readonly code: string;
  readonly key: string;
  readonly proposal: string;
  readonly hold: string;
}

async function openWorld(): Promise<World> {
  const desk = await openDesk(100, { shares });
  const { registry, apiKeys, officers, propose } = desk;
  const issued = await registry.issue('office', issueRequest());
  const { row } = await apiKeys.create(desk.admins[0], { name: 'gate', scopes: ['verify'], expiresAt: null });
  const { id } = issued.credential;
  const proposal = await propose(officers[0], 'colour', red([id]));
  const answer = await registry.request('local', issueRequest('food-handler'));
  if (!('held' in answer)) throw new Error('It was issued.');
  await desk.approve(officers[1], (await desk.desk.find(answer.held.proposalId)) as never);
  const code = issued.encodings[0]?.code ?? '';
  return { ...desk, id, code, key: row.id, proposal: proposal.id, hold: answer.held.id };
}

/** One of each kind of change. */
const COMMANDS: Readonly<Record<string, (world: World) => Promise<unknown>>> = {
  issue: ({ registry }) => registry.issue('office', issueRequest()),
  'issue, drawn for a second person': ({ registry }) =>
    registry.request('local', issueRequest('food-handler')),
  'fetch what was approved': ({ held, hold }) => held.claim('local', hold),
  'add an encoding': ({ registry, id }) =>
    registry.addEncoding('office', id, { form: 'paper', reason: 'lost' }),
  revoke: ({ registry, id }) => registry.changeState('office', id, { action: 'revoke', reason: 'fraud' }),
  'make a key': ({ apiKeys }) => apiKeys.create('local', { name: 'k', scopes: ['issue'], expiresAt: null }),
  'make an officer': ({ apiKeys, admins }) => {
    const { publicKey } = newPerson();
    return apiKeys.create(admins[0], { name: 'o', scopes: ['officer'], expiresAt: null, publicKey });
  },
  'rotate a key': ({ apiKeys, key }) => apiKeys.rotate('local', key, { overlapSeconds: 60 }),
  'revoke a key': ({ apiKeys, key }) => apiKeys.revoke('local', key),
  propose: ({ desk, officers, id, now }) =>
    desk.propose(officers[1].id, proposed(officers[1], 'colour', withNonce(red([id])), now.at)),
  approve: async ({ approve, desk, officers, proposal }) =>
    approve(officers[1], (await desk.find(proposal)) as never),
  withdraw: ({ desk, officers, proposal }) => desk.decide(officers[0].id, proposal, { action: 'withdraw' }),
  'file an appeal': ({ desk, id }) => desk.appeals.file('office', id, { operator: 'desk', grounds: 'none' }),
};

const contents = async ({ store }: Desk) =>
  JSON.stringify([
    await store.log(0, 1_000),
    await store.credentials('', 1_000),
    await store.apiKeys(),
    await store.proposals('', 1_000),
    await store.appeals('', 1_000),
    await store.staleHeldIssues(10 ** 10, 1_000),
  ]);

t.test('a command that cannot be logged changes nothing, and codes are judged on', async (t) => {
  const world = await openWorld();
  const { verify, code, store } = world;
  const before = await contents(world);
  const said = verify(code);
  for (const [name, run] of Object.entries(COMMANDS)) {
    if (name === 'file an appeal') continue; // there is no change to appeal against before one is approved
    store.failNext('before');
    t.match(await refusal(run(world)), { code: 'store_failed' }, name);
    t.equal(await contents(world), before, `${name}: nothing is stored`);
    t.strictSame(verify(code), said, `${name}: and nothing else is said at the gate`);
  }
});

t.test('the same commands, once the store can write, each leave an entry in the log', async (t) => {
  const world = await openWorld();
  const { store } = world;
  const last = Object.keys(COMMANDS).filter((name) => !['withdraw', 'revoke'].includes(name));
  for (const name of [...last, 'revoke']) {
    const head = (await store.head())?.seq ?? 0;
    await COMMANDS[name]?.(world);
    t.ok(((await store.head())?.seq ?? 0) > head, name);
  }
});

t.test('a change without an entry is no change', async (t) => {
  const { store, apiKeys, key } = await openWorld();
  const row = (await apiKeys.list()).find(({ id }) => id === key);
  if (row === undefined) throw new Error('no key');
  await t.rejects(store.commit({ log: [], apiKeys: [{ ...row, revokedAt: 1 }] }), { code: 'conflict' });
});
