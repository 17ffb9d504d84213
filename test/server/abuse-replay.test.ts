// A known abuse, tried again in every way that this node offers: 1,317 people turned red for something that has nothing to do with
// health. Each way is refused or held, and what two people did let through is told, counted and taken back.

import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { FastifyInstance } from 'fastify';
import t, { type Test } from 'tap';
import type { Config } from '../../src/config.js';
import { openNode, type YimaNode } from '../../src/server/node.js';
import { issueRequest } from '../support/office.js';
import { newPerson, type Person, proposed, signed, withNonce } from '../support/officers.js';
import { privateFolder, quietConfig, verdict } from '../support/open-node.js';

const PEOPLE = 1_317;
const BATCH = 50;
const PER_DAY = 100;
const RED = { action: 'set-level', level: 'red', purpose: 'crowd control', evidence: 'none' } as const;
const RULE = {
  action: 'enact',
  id: 'close-contact',
  version: 1,
  kind: 'health-code',
  from: ['green', 'yellow'],
  to: 'red',
  text: { 'zh-CN': '密切接触者', en: 'Close contact' },
  purposes: ['outbreak'],
  capPerHour: 200,
  validFrom: 0,
};

interface Answer {
  readonly status: number;
  readonly [member: string]: unknown;
}

interface Officer extends Person {
  readonly key: string;
  readonly keyId: string;
}

interface World {
  readonly node: YimaNode;
  readonly now: { at: number };
  readonly config: Config;
  readonly people: readonly string[];
  /** By the id of the credential. */
  readonly codes: ReadonlyMap<string, string>;
  /** Two officers, whom one administrator made and another confirmed, and a rule service. */
  readonly first: Officer;
  readonly second: Officer;
  readonly ruleService: string;
  readonly admins: readonly [string, string];
}

async function ask(
  app: FastifyInstance,
  method: 'GET' | 'POST' | 'DELETE',
  url: string,
  payload?: object,
  key?: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const response = await app.inject({
    method,
    url,
    headers: { ...headers, ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) },
    ...(payload === undefined ? {} : { payload }),
  });
  return { ...response.json(), status: response.statusCode };
}

const refusedBy = (rule: string) => ({ status: 403, code: 'forbidden', rule });

async function newKey(app: FastifyInstance, by: string | undefined, body: object): Promise<Answer> {
  return ask(app, 'POST', '/v1/api-keys', body, by);
}

async function newOfficer(
  app: FastifyInstance,
  admins: readonly [string, string],
  name: string,
): Promise<Officer> {
  const person = newPerson();
  const made = await newKey(app, admins[0], { name, scopes: ['officer'], publicKey: person.publicKey });
  await ask(app, 'POST', `/v1/api-keys/${made['id']}/confirmation`, undefined, admins[1]);
  return { ...person, key: String(made['key']), keyId: String(made['id']) };
}

async function openWorld(t: Test, people: number): Promise<World> {
  const now = { at: 1_790_000_000 };
  const config = quietConfig(privateFolder(t), {
    YIMA_RATE_LIMIT_PER_MINUTE: '0',
    YIMA_STATUS_LIST_ENTRIES: '4096',
  });
  const node = await openNode(config, { clock: () => now.at, steady: () => 0 });
  t.teardown(() => node.close());
  const { app, localApp } = node;
  const admin = async (name: string) =>
    String((await newKey(localApp, undefined, { name, scopes: ['admin'] }))['key']);
  const admins = [await admin('head a'), await admin('head b')] as const;
  const service = await newKey(app, admins[0], { name: 'rules', scopes: ['rules'] });
  await ask(app, 'POST', `/v1/api-keys/${service['id']}/confirmation`, undefined, admins[1]);
  const issued = await Promise.all(
    Array.from({ length: people }, () => ask(localApp, 'POST', '/v1/credentials', issueRequest())),
  );
  return {
    node,
    now,
    config,
    people: issued.map(({ id }) => String(id)),
    codes: new Map(
      issued.map(({ id, encodings }) => [String(id), (encodings as { code: string }[])[0]?.code ?? '']),
    ),
    first: await newOfficer(app, admins, 'officer one'),
    second: await newOfficer(app, admins, 'officer two'),
    ruleService: String(service['key']),
    admins,
  };
}

function propose({ node, now }: World, by: Officer, type: string, body: object): Promise<Answer> {
  return ask(node.app, 'POST', '/v1/proposals', proposed(by, type, withNonce({ ...body }), now.at), by.key);
}

function decide(
  { node, now }: World,
  by: Officer,
  proposal: Answer,
  action: 'approve' | 'reject' = 'approve',
): Promise<Answer> {
  const jws = signed(by, String(proposal['hash']), action, now.at);
  return ask(node.app, 'POST', `/v1/proposals/${proposal['id']}/decision`, { action, jws }, by.key);
}

function invoke(
  world: World,
  credentials: readonly string[],
  key: string,
  change: object = {},
): Promise<Answer> {
  const body = { version: 1, credentials, purpose: 'outbreak', evidence: 'case 26-7', ...change };
  const headers = { 'idempotency-key': key };
  return ask(
    world.node.app,
    'POST',
    '/v1/colour-rules/close-contact/invocations',
    body,
    world.ruleService,
    headers,
  );
}

async function enactRule(world: World, change: object = {}): Promise<void> {
  const proposal = await propose(world, world.first, 'rule', { ...RULE, ...change });
  const approved = await decide(world, world.second, proposal);
  if (approved.status !== 200) throw new Error(JSON.stringify([proposal, approved]));
}

/** How many of these people a gate would turn away for their colour. */
async function countRed({ node }: World, people: readonly string[]): Promise<number> {
  const levels = await Promise.all(people.map((id) => ask(node.localApp, 'GET', `/v1/credentials/${id}`)));
  return levels.filter(({ level }) => level === 0x0d).length;
}

/** What a gate says of this person. */
function verdictOf({ node, codes }: World, id = ''): Promise<string> {
  return verdict(node, codes.get(id) ?? '');
}

async function metric({ node }: World, name: string): Promise<number> {
  const text = (await node.adminApp.inject({ url: '/metrics', headers: { host: 'localhost' } })).payload;
  return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]);
}

t.test(
  'by hand: not in one batch, not in split batches, not by one person, and never all of them',
  async (t) => {
    const world = await openWorld(t, PEOPLE);
    const { people, first, second, node, now } = world;

    const whole = await propose(world, first, 'colour', { ...RED, credentials: people });
    t.match(whole, { status: 400, code: 'invalid_request', field: 'body.credentials' }, 'all at once');

    const splits: Answer[] = [];
    for (let from = 0; from < people.length; from += BATCH)
      splits.push(
        await propose(world, first, 'colour', { ...RED, credentials: people.slice(from, from + BATCH) }),
      );
    const open = splits.filter(({ status }) => status === 201);
    t.equal(open.length, PER_DAY / BATCH, 'split batches fill the day and no more');
    for (const split of splits.slice(open.length)) t.match(split, refusedBy('daily_cap'));
    t.match(
      await propose(world, second, 'colour', { ...RED, credentials: people.slice(-1) }),
      refusedBy('daily_cap'),
      'by another officer',
    );

    const [one] = open;
    if (one === undefined) return;
    t.match(await decide(world, first, one), refusedBy('same_person'), 'one officer alone');
    const jws = proposed(first, 'colour', one['body'] as Record<string, unknown>, now.at).jws;
    const path = `/v1/proposals/${one['id']}/decision`;
    t.match(
      await ask(node.app, 'POST', path, { action: 'approve', jws }, second.key),
      refusedBy('approval_action'),
      'the first signature used twice',
    );
    const other = signed(second, String(open[1]?.['hash']), 'approve', now.at);
    t.match(
      await ask(node.app, 'POST', path, { action: 'approve', jws: other }, second.key),
      refusedBy('approval_hash'),
      'a signature over another batch',
    );
    const borrowed = signed(first, String(one['hash']), 'approve', now.at);
    t.match(
      await ask(node.app, 'POST', path, { action: 'approve', jws: borrowed }, second.key),
      refusedBy('approval_signature'),
      'the first officer signs for the second',
    );
    const old = signed(second, String(one['hash']), 'approve', now.at - 301);
    t.match(
      await ask(node.app, 'POST', path, { action: 'approve', jws: old }, second.key),
      refusedBy('approval_time'),
      'an old signature',
    );
    t.equal(await countRed(world, people), 0, 'nobody is red so far');

    const approval = { action: 'approve', jws: signed(second, String(one['hash']), 'approve', now.at) };
    t.match(await ask(node.app, 'POST', path, approval, second.key), {
      status: 200,
      state: 'approved',
      size: BATCH,
    });
    t.match(
      await ask(node.app, 'POST', path, approval, second.key),
      { status: 409, rule: 'approved' },
      'the approval sent again',
    );
    t.equal(await countRed(world, people), BATCH, 'two people together: a batch, on the record');
    t.equal(await verdictOf(world, people[0]), 'refuse/refused_by_policy');
    t.equal(await verdictOf(world, people[BATCH]), 'admit/ok');
    t.equal(await metric(world, 'yima_manual_colour_changes_total'), BATCH, 'and somebody is told');

    const same = proposed(first, 'colour', one['body'] as Record<string, unknown>, now.at);
    t.match(
      await ask(node.app, 'POST', '/v1/proposals', same, first.key),
      { status: 409, rule: 'known_hash' },
      'the very same batch again',
    );

    now.at += 86_400 - 1;
    t.match(
      await propose(world, first, 'colour', { ...RED, credentials: people.slice(-BATCH) }),
      refusedBy('daily_cap'),
      'a second before the day is over',
    );
    t.match(await ask(node.localApp, 'GET', '/v1/log/check'), { status: 200, ok: true });
  },
);

t.test('without evidence or purpose, or by whoever is no officer: refused', async (t) => {
  const world = await openWorld(t, 3);
  const { people, first, node, now, admins, ruleService } = world;
  const body = { ...RED, credentials: people };
  for (const name of ['purpose', 'evidence'] as const) {
    for (const value of [undefined, '', ' \n', 7, 'x'.repeat(129)]) {
      const { [name]: _left, ...rest } = body;
      const asked = value === undefined ? rest : { ...rest, [name]: value };
      t.match(
        await propose(world, first, 'colour', asked),
        { status: 400, field: `body.${name}` },
        `${name} ${value}`,
      );
    }
  }
  const request = proposed(first, 'colour', withNonce(body), now.at);
  for (const [who, key] of [
    ['an administrator', admins[0]],
    ['a rule service', ruleService],
  ] as const)
    t.match(
      await ask(node.app, 'POST', '/v1/proposals', request, key),
      { status: 403, code: 'forbidden' },
      who,
    );
  t.match(
    await ask(node.localApp, 'POST', '/v1/proposals', request),
    refusedBy('local'),
    'through the socket',
  );
  t.match(await ask(node.app, 'POST', '/v1/proposals', request), { status: 401 }, 'nobody');
  for (const action of ['suspend', 'reinstate']) {
    const status = { action, reason: 'because' };
    t.match(
      await ask(node.localApp, 'POST', `/v1/credentials/${people[0]}/status`, status),
      refusedBy('two_people'),
      action,
    );
  }
  t.equal(await countRed(world, people), 0);
});

t.test('a person who makes himself a second account', async (t) => {
  const world = await openWorld(t, 1);
  const { people, first, node, admins } = world;
  const { app, localApp } = node;
  const proposal = await propose(world, first, 'colour', { ...RED, credentials: people });
  const confirm = (id: unknown, by?: string) =>
    ask(by === undefined ? localApp : app, 'POST', `/v1/api-keys/${id}/confirmation`, undefined, by);

  const puppet = newPerson();
  const both = { name: 'both', scopes: ['admin', 'officer'], publicKey: puppet.publicKey };
  t.match(
    await newKey(app, admins[0], both),
    { status: 400, field: 'scopes' },
    'who makes keys approves nothing',
  );
  const shared = { name: 'shared', scopes: ['officer'], publicKey: first.publicKey };
  t.match(
    await newKey(app, admins[0], shared),
    { status: 409, field: 'publicKey' },
    'the key of another officer',
  );
  const officer = { name: 'puppet', scopes: ['officer'], publicKey: puppet.publicKey };
  t.match(await newKey(localApp, undefined, officer), refusedBy('local'), 'made through the socket');

  const made = await newKey(app, admins[0], officer);
  const account: Officer = { ...puppet, key: String(made['key']), keyId: String(made['id']) };
  t.match(await decide(world, account, proposal), { status: 401 }, 'unconfirmed, it counts for nothing');
  t.match(await confirm(made['id'], admins[0]), refusedBy('same_origin'), 'confirmed by who made it');
  t.match(await confirm(made['id']), refusedBy('local'), 'confirmed through the socket');
  const second = await newKey(app, admins[0], { name: 'second self', scopes: ['admin'] });
  t.match(
    await confirm(made['id'], String(second['key'])),
    refusedBy('same_origin'),
    'confirmed by the account that he made',
  );
  const third = await newKey(app, String(second['key']), { name: 'third self', scopes: ['admin'] });
  t.match(
    await confirm(made['id'], String(third['key'])),
    refusedBy('same_origin'),
    'by the one that this one made',
  );
  const byThird = await newKey(app, String(third['key']), { ...officer, publicKey: newPerson().publicKey });
  t.match(
    await confirm(byThird['id'], String(second['key'])),
    refusedBy('same_origin'),
    'or the other way round',
  );
  t.match(await decide(world, account, proposal), { status: 401 });

  t.match(
    await ask(
      app,
      'POST',
      `/v1/proposals/${proposal['id']}/decision`,
      { action: 'approve', jws: 'a.b.c' },
      admins[0],
    ),
    { status: 403 },
    'an administrator approves nothing himself',
  );
  t.equal(
    await metric(world, 'yima_officer_keys_made_total'),
    5,
    'and every account that was made is counted',
  );
  t.equal(await countRed(world, people), 0);
  t.match(await confirm(made['id'], admins[1]), { status: 200, confirmedBy: String });
  t.match(
    await decide(world, account, proposal),
    { status: 200, state: 'approved' },
    'two administrators who know what they do',
  );
  t.match(await ask(localApp, 'GET', '/v1/log/check'), { ok: true });
});

t.test('by rule: what exceeds its cap in an hour is held for a second person', async (t) => {
  const world = await openWorld(t, PEOPLE);
  const { people, first, second, node, now } = world;
  t.match(await invoke(world, people.slice(0, 1), 'early'), { status: 404 }, 'there is no rule yet');
  const proposal = await propose(world, first, 'rule', RULE);
  t.match(await decide(world, first, proposal), refusedBy('same_person'), 'one officer makes no rule');
  t.match(await invoke(world, people.slice(0, 1), 'early'), { status: 404 });
  t.match(await decide(world, second, proposal), { status: 200, state: 'approved' });

  for (const [what, change] of [
    ['another purpose', { purpose: 'crowd control' }],
    ['no evidence', { evidence: '' }],
    ['another version', { version: 2 }],
  ] as const) {
    const refused = await invoke(world, people.slice(0, 1), what, change);
    t.ok([400, 409].includes(refused.status), `${what}: ${JSON.stringify(refused)}`);
  }
  t.match(
    await ask(
      node.app,
      'POST',
      '/v1/colour-rules/close-contact/invocations',
      { version: 1, credentials: people.slice(0, 1), purpose: 'outbreak', evidence: 'x' },
      first.key,
      { 'idempotency-key': 'x' },
    ),
    { status: 403 },
    'an officer is no rule service',
  );
  t.match(await invoke(world, people, 'all'), { status: 400 }, 'more than 1,000 at a time');

  const halves = [people.slice(0, 700), people.slice(700)];
  const answers = await Promise.all(halves.map((half, at) => invoke(world, half, `half ${at}`)));
  t.match(answers, [
    { status: 201, changed: 200, held: 500 },
    { status: 201, changed: 0, held: PEOPLE - 700 },
  ]);
  t.match(
    await invoke(world, halves[0] ?? [], 'half 0'),
    { status: 200, changed: 200, held: 500 },
    'sent again, it is the same',
  );
  t.match(await invoke(world, halves[1] ?? [], 'half 0'), { status: 409, code: 'idempotency_conflict' });
  t.equal(await countRed(world, people), 200, 'the cap and no more');
  now.at += 3_599;
  t.match(
    await invoke(world, people.slice(-1), 'later'),
    { changed: 0, held: 1 },
    'a second before the hour is over',
  );

  const held = await ask(node.app, 'GET', `/v1/proposals/${answers[0]?.['proposal']}`, undefined, first.key);
  t.match(held, { type: 'held', state: 'open', size: 500, proposerJws: null });
  t.match(
    await ask(
      node.app,
      'POST',
      `/v1/proposals/${held['id']}/decision`,
      { action: 'approve', jws: 'a.b.c' },
      world.ruleService,
    ),
    { status: 403 },
    'the rule service does not approve itself',
  );
  t.match(await decide(world, second, held, 'reject'), { status: 200, state: 'rejected' });
  t.equal(await countRed(world, people), 200);
  t.equal(await metric(world, 'yima_rule_surplus_total'), 500 + (PEOPLE - 700) + 1);

  const [changed] = answers;
  const undo = await propose(world, first, 'reversal', {
    change: changed?.['id'],
    purpose: 'abuse',
    evidence: 'audit 26-1',
  });
  t.match(undo, { status: 201, size: 200 }, 'all of it is taken back at once, above the cap by hand');
  t.match(await decide(world, second, undo), { status: 200, state: 'approved' });
  t.equal(await countRed(world, people), 0, 'and everybody has the colour from before');
  t.equal(await verdictOf(world, people[0]), 'admit/ok');
  const again = await propose(world, second, 'reversal', {
    change: undo['id'],
    purpose: 'abuse',
    evidence: 'x',
  });
  t.match(again, { status: 409, field: 'body.change' }, 'what was taken back is not put back in one go');
  t.match(await ask(node.localApp, 'GET', '/v1/log/check'), { ok: true });
});

t.test('a restart forgets neither caps nor decisions', async (t) => {
  const before = await openWorld(t, 70);
  const { people, first, second, now } = before;
  await enactRule(before, { capPerHour: 10 });
  t.match(await invoke(before, people.slice(0, 10), 'a'), { changed: 10, held: 0 });
  const open = await propose(before, first, 'colour', { ...RED, credentials: people.slice(10, 60) });
  const red = people.slice(60, 70);
  const done = await propose(before, first, 'colour', { ...RED, credentials: red });
  t.match(await decide(before, second, done), { state: 'approved' });

  await before.node.close();
  const node = await openNode(before.config, { clock: () => now.at, steady: () => 0 });
  t.teardown(() => node.close());
  const world: World = { ...before, node };
  t.match(await invoke(world, people.slice(10, 12), 'b'), { changed: 0, held: 2 }, 'the hour of the rule');
  t.match(await invoke(world, people.slice(0, 10), 'a'), { status: 200, changed: 10 }, 'what was invoked');
  const more = { ...RED, credentials: people.slice(0, 41) };
  t.match(await propose(world, first, 'colour', more), refusedBy('daily_cap'), 'the day by hand');
  t.match(await decide(world, second, done), { status: 409, rule: 'approved' });
  t.equal(await verdictOf(world, red[0]), 'refuse/refused_by_policy');
  t.match(await decide(world, second, open), { state: 'approved' }, 'and what is open is still open');
});

t.test('an edit of the database file is named, whatever it touches', async (t) => {
  const world = await openWorld(t, 20);
  const { people, first, second, config, now } = world;
  await enactRule(world, { capPerHour: 5 });
  const invoked = await invoke(world, people.slice(0, 6), 'a');
  const red = { ...RED, credentials: people.slice(10, 12) };
  const proposal = await propose(world, first, 'colour', red);
  await decide(world, second, proposal);
  const waiting = await propose(world, first, 'colour', { ...red, credentials: people.slice(12, 14) });
  t.match(await ask(world.node.localApp, 'GET', '/v1/log/check'), { ok: true });
  await world.node.close();

  const edits: readonly [what: string, sql: string, found: Readonly<Record<string, unknown>>][] = [
    [
      'everybody red',
      'update credentials set level = 13; update encodings set value = 13',
      { strayCredentials: people.filter((_, n) => !(n < 5 || n === 10 || n === 11)).sort() },
    ],
    [
      'an approval without a signature',
      `update proposals set state = 'approved', decided_by = 'x', decided_at = 1, decider_jws = 'a.b.c' where id = '${waiting['id']}'`,
      { strayProposals: [waiting['id']] },
    ],
    [
      'a proposal with other people',
      `update proposals set body = replace(body, '${people[12]}', '${people[0]}') where id = '${waiting['id']}'`,
      { strayProposals: [waiting['id']] },
    ],
    [
      'a proposal that counts for less',
      `update proposals set size = 0 where id = '${proposal['id']}'`,
      { strayProposals: [proposal['id']] },
    ],
    [
      'a rule with a higher cap',
      'update colour_rules set cap_per_hour = 5000',
      { strayRules: ['close-contact 1'] },
    ],
    [
      'changes of an hour forgotten',
      `update colour_changes set at = at - 3600 where change_id = '${invoked['id']}'`,
      { strayChanges: [invoked['id']] },
    ],
    [
      'changes that left no row',
      'delete from colour_changes',
      { strayChanges: [invoked['id'], proposal['id']].sort() },
    ],
    [
      'an officer confirmed by nobody',
      `update api_keys set confirmed_by = 'x' where id = '${first.keyId}'`,
      { strayApiKeys: [first.keyId] },
    ],
    [
      'an officer with another key',
      `update api_keys set public_key = '{}' where id = '${first.keyId}'`,
      { strayApiKeys: [first.keyId] },
    ],
    [
      'an officer made by somebody else',
      `update api_keys set created_by = 'local' where id = '${first.keyId}'`,
      { strayApiKeys: [first.keyId] },
    ],
  ];
  const sound = {
    strayCredentials: [],
    strayApiKeys: [],
    strayProposals: [],
    strayRules: [],
    strayChanges: [],
  };
  const path = join(config.dataDir, 'yima.db');
  for (const [what, sql, found] of edits) {
    const client = new Database(path);
    for (const name of client
      .prepare<[], string>("select name from sqlite_master where type = 'trigger'")
      .pluck()
      .all())
      client.exec(`drop trigger ${name}`);
    client.close();
    const copies = [path, `${path}-wal`].filter((file) => existsSync(file));
    for (const file of copies) copyFileSync(file, `${file}.sound`);
    const edited = new Database(path);
    edited.exec(sql);
    edited.close();
    const node = await openNode(config, { clock: () => now.at, steady: () => 0 });
    const check = await ask(node.localApp, 'GET', '/v1/log/check');
    await node.close();
    t.match(
      {
        ...check,
        strayCredentials: [...(check['strayCredentials'] as string[])].sort(),
        strayChanges: [...(check['strayChanges'] as string[])].sort(),
      },
      { ok: false, brokenAt: null, ...sound, ...found },
      what,
    );
    rmSync(`${path}-wal`, { force: true });
    for (const file of copies) copyFileSync(`${file}.sound`, file);
  }
});
