// A code of another authority, whose list needs an API key: unknown at first, judged once the list was fetched, refused once it says
// so there. Two real nodes; the gate has two workers.

import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import {
  dataFolder,
  freePorts,
  type NodeProcess,
  runYima,
  type Settings,
  startNode,
} from '../support/node-process.js';
import { startRedis, withoutRedis } from '../support/redis-server.js';
import { until } from '../support/until.js';
import { createClient } from './support/client.js';
import { TWO_WORKERS, verdicts } from './support/workers.js';

const ISSUER = '330105';
const MANY = 12;

/** Another authority, and our API key there. */
async function startAuthority(t: Test): Promise<{ node: NodeProcess; dataDir: string; key: string }> {
  const dataDir = dataFolder(t);
  const settings = { ...(await freePorts()), YIMA_ISSUER: ISSUER, YIMA_STATUS_TTL_SECONDS: '1' };
  const node = await startNode(t, dataDir, settings);
  const made = runYima(['api-keys', 'create', 'gate', '--scope', 'verify', '--json'], dataDir, { settings });
  return { node, dataDir, key: JSON.parse(made.out).key };
}

/** A checkpoint that trusts what the authority publishes of itself. */
async function startGate(t: Test, trustFile: string, more: (folder: string) => Settings) {
  const dataDir = dataFolder(t);
  const trust = join(dataDir, 'trust');
  mkdirSync(trust, { recursive: true, mode: 0o700 });
  chmodSync(dataDir, 0o700);
  writeFileSync(join(trust, 'partner.json'), trustFile, { mode: 0o600 });
  const own = {
    ...(await freePorts()),
    ...TWO_WORKERS,
    YIMA_PARTNER_LISTS: 'auto',
    YIMA_PARTNER_PRIVATE: 'on',
  };
  const node = await startNode(t, dataDir, { ...own, ...more(dirname(dataDir)) });
  return { node, client: createClient(node, dataDir) };
}

/** All that Redis holds of partners' lists, as one text. */
const ALL_TEXTS = `local all = {}
for _, key in ipairs(redis.call('KEYS', 'yima:1:partner:*')) do
  for _, text in ipairs(redis.call('HGETALL', key)) do all[#all + 1] = text end
end
return table.concat(all)`;

const fetches = (text: string) => {
  const of = (result: string): number =>
    Number(new RegExp(`fetch_total\\{issuer="${ISSUER}",result="${result}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
  return { loaded: of('loaded'), shared: of('shared') };
};

const published = async ({ url }: NodeProcess): Promise<string> =>
  (await fetch(`${url}/.well-known/jwks.json`)).text();
const figures = async ({ adminUrl }: NodeProcess): Promise<string> =>
  (await fetch(`${adminUrl}/metrics`)).text();

t.test('a code of another authority is judged by the list that is fetched there', async (t) => {
  const { node: authority, dataDir, key } = await startAuthority(t);
  const there = createClient(authority, dataDir);
  const { node, client } = await startGate(t, await published(authority), (folder) => {
    const path = join(folder, 'partner-keys.json');
    writeFileSync(path, JSON.stringify({ [ISSUER]: key }), { mode: 0o600 });
    return { YIMA_PARTNER_KEYS_FILE: path };
  });
  const { id, encodings } = await there.issue('one');
  const { code } = encodings[0];
  t.equal(await client.verify(code), 'indeterminate/status_unknown', 'its list is not held yet');
  const told = (what: string) =>
    until(`every worker says ${what}`, async () => {
      const all = await verdicts(client, code, MANY);
      return all.length === 1 && all[0] === what;
    });
  await told('admit/ok');
  await there.revoke(id);
  await told('refuse/revoked');

  const text = await figures(node);
  t.match(text, new RegExp(`^yima_partner_lists\\{issuer="${ISSUER}"\\} 1$`, 'm'));
  t.match(text, new RegExp(`^yima_partner_list_age_seconds\\{issuer="${ISSUER}"\\} \\d+$`, 'm'));
  t.match(text, new RegExp(`^yima_partner_fetch_total\\{issuer="${ISSUER}",result="index"\\} 1$`, 'm'));
  t.match(text, new RegExp(`^yima_partner_fetch_total\\{issuer="${ISSUER}",result="loaded"\\} [2-9]$`, 'm'));
  t.notMatch(`${text}${node.output()}`, key, 'our key is told to nobody');
});

t.test(
  'two gates on one Redis: one fetches, both judge, and with that one killed the other goes on',
  { skip: withoutRedis },
  async (t) => {
    const redis = await startRedis(t);
    const { node: authority, dataDir, key } = await startAuthority(t);
    const there = createClient(authority, dataDir);
    const trust = await published(authority);
    const settings = (folder: string): Settings => {
      const path = join(folder, 'partner-keys.json');
      writeFileSync(path, JSON.stringify({ [ISSUER]: key }), { mode: 0o600 });
      return { WORKERS: '1', YIMA_REDIS_URL: redis.url, YIMA_PARTNER_KEYS_FILE: path };
    };
    const gates = [await startGate(t, trust, settings), await startGate(t, trust, settings)];
    const { id, encodings } = await there.issue('one');
    const { code } = encodings[0];
    for (const { client } of gates)
      await until('the gate admits', async () => (await client.verify(code)) === 'admit/ok');
    const counts = await Promise.all(gates.map(async ({ node }) => fetches(await figures(node))));
    t.equal(counts.filter(({ loaded }) => loaded > 0).length, 1, 'one of them fetched it');
    t.equal(counts.filter(({ shared }) => shared > 0).length, 1, 'the other had it from there');
    t.notMatch(await redis.cli('--raw', 'EVAL', ALL_TEXTS, '0'), key, 'no API key is in Redis');

    const holder = (counts[0]?.loaded ?? 0) > 0 ? gates[0] : gates[1];
    const heir = holder === gates[0] ? gates[1] : gates[0];
    holder?.node.signal('SIGKILL');
    await holder?.node.ended;
    await there.revoke(id);
    await until('the other gate refuses', async () => (await heir?.client.verify(code)) === 'refuse/revoked');
  },
);

t.test('without an API key there the code stays unknown, and the reason is counted', async (t) => {
  const { node: authority, dataDir } = await startAuthority(t);
  const { node, client } = await startGate(t, await published(authority), () => ({}));
  const { code } = (await createClient(authority, dataDir).issue('one')).encodings[0];
  await until('the list was refused to us', async () => {
    t.equal(await client.verify(code), 'indeterminate/status_unknown');
    return /yima_partner_fetch_total\{issuer="330105",result="forbidden"\} 1/.test(await figures(node));
  });
});

t.test('the demo’s partner is asked for nothing, and no private address without leave', async (t) => {
  let asked = 0;
  const listening = createServer((_request, response) => {
    asked += 1;
    response.end();
  });
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  t.teardown(() => listening.close());
  const { port } = listening.address() as AddressInfo;
  const { node: authority } = await startAuthority(t);
  const file = JSON.parse(await published(authority));
  const there = JSON.stringify({ ...file, statusBase: `http://127.0.0.1:${port}/status-lists/` });
  const { node } = await startGate(t, there, () => ({ YIMA_PARTNER_PRIVATE: 'off' }));
  await until('it was not even tried', async () => /result="url"\} [1-9]/.test(await figures(node)));
  t.equal(asked, 0);
  t.notMatch(await figures(node), /yima_partner_\w+\{issuer="320102"/);
});

t.test('a file of API keys that others may read, or that is none, ends the start', async (t) => {
  const dataDir = dataFolder(t);
  const path = join(dirname(dataDir), 'keys.json');
  const settings = { ...(await freePorts()), YIMA_PARTNER_LISTS: 'auto', YIMA_PARTNER_KEYS_FILE: path };
  const start = (text: string, mode: number) => {
    writeFileSync(path, text);
    chmodSync(path, mode);
    return runYima(['serve'], dataDir, { settings });
  };
  for (const [text, mode, says] of [
    ['{"330105":"yk_secret"}', 0o644, 'Others may read'],
    ['yk_secret', 0o600, 'cannot be read as JSON'],
    ['["yk_secret"]', 0o600, 'must hold'],
    ['{"330105":"yk secret"}', 0o600, 'must hold'],
    ['{"33 0105":"yk_secret"}', 0o600, 'must hold'],
  ] as const) {
    const { code, talk } = start(text, mode);
    t.not(code, 0, says);
    t.match(talk, says);
    t.notMatch(talk, 'secret');
  }
});
