// A node in several processes: whichever answers, what was acknowledged holds.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { encodeYm1 } from '../../src/core/envelope/ym1.js';
import { publicJwk } from '../../src/core/signature/public-jwk.js';
import { createDevice, rebind, signerOf } from '../support/device.js';
import { contentOf, createIssuer, STATUS_BASE } from '../support/fixtures.js';
import { dataFolder, freePorts, runYima, startNode } from '../support/node-process.js';
import { until } from '../support/until.js';
import { createClient } from './support/client.js';
import { beginRequest, everythingSaid, REST, untilRefused } from './support/slow-request.js';
import { isAlive, TWO_WORKERS, untilAllAnswer, verdicts, workersOf } from './support/workers.js';

const MANY = 200;

t.test('two workers serve, and what one acknowledges every one knows', async (t) => {
  const dataDir = dataFolder(t);
  const settings = { ...(await freePorts()), ...TWO_WORKERS };
  const node = await startNode(t, dataDir, settings);
  const client = createClient(node, dataDir);
  t.equal(workersOf(node).length, 2);
  await untilAllAnswer(node, 2);
  t.equal((await fetch(`${node.url}/health/ready`)).status, 404, 'health is on the admin port alone');
  t.equal((await fetch(`${node.adminUrl}/health/ready`)).status, 200);

  for (let round = 0; round < 10; round++) {
    const { id, encodings } = await client.issue(`round ${round}`);
    t.same(await verdicts(client, encodings[0].code, 20), ['admit/ok'], 'issued');
    await client.revoke(id);
    const told = await verdicts(client, encodings[0].code, round === 0 ? MANY : 20);
    t.same(told, ['refuse/revoked'], 'revoked');
  }

  const whileRunning = runYima(['log', 'verify', '--json'], dataDir, { settings });
  t.match(JSON.parse(whileRunning.out), { ok: true, entries: 21 }, 'commands reach the primary');
  const figures = await (await fetch(`${node.adminUrl}/metrics`)).text();
  t.match(figures, /^yima_workers_live 2$/m);
  t.match(
    figures,
    /^yima_decisions_total\{decision="refuse",reason="revoked"\} 380$/m,
    'summed over the workers',
  );
});

t.test('a live code that one worker saw is held by every one at another site', async (t) => {
  const dataDir = dataFolder(t);
  const node = await startNode(t, dataDir, { ...(await freePorts()), ...TWO_WORKERS });
  const client = createClient(node, dataDir);
  await untilAllAnswer(node, 2);
  const { encodings } = await client.issue('bound');
  const device = createDevice();
  const [issued] = encodings;
  const bound = rebind(issued.code, await signerOf(issued.code, dataDir), device.signer.publicKey);
  const code = device.present(bound, Math.floor(Date.now() / 1_000));
  const ask = async (site: string) => {
    const answer = await client.send('/v1/verify', { code, site }, { connection: 'close' });
    return (await answer.json()) as Record<string, unknown>;
  };
  t.match(await ask('east'), { reason: 'ok', assurance: 'device-signed', replay: 'local' });
  await until('the primary and both workers know', async () =>
    /^yima_sightings 3$/m.test(await (await fetch(`${node.adminUrl}/metrics`)).text()),
  );
  for (let n = 0; n < 20; n++) t.match(await ask('west'), { reason: 'replayed' });
  t.match(await ask('east'), { reason: 'ok' });
});

t.test('keys reach every worker: new and withdrawn API keys, rotated signing keys', async (t) => {
  const dataDir = dataFolder(t);
  const settings = { ...(await freePorts()), ...TWO_WORKERS };
  const node = await startNode(t, dataDir, settings);
  const client = createClient(node, dataDir);
  const before = (await client.issue('before')).encodings[0];

  const created = runYima(['keys', 'rotate', '--yes', '--json'], dataDir, { settings });
  t.equal(created.code, 0, created.talk);
  const after = (await client.issue('after')).encodings[0];
  t.not(after.kid, before.kid);
  for (const { code } of [before, after]) t.same(await verdicts(client, code, 20), ['admit/ok']);

  const made = runYima(['api-keys', 'create', 'gate', '--scope', 'verify', '--json'], dataDir, { settings });
  const { id, key } = JSON.parse(made.out);
  const asks = () => verdicts(createClient(node, dataDir, key), after.code, 20);
  t.same(await asks(), ['admit/ok'], 'a new key opens every worker');
  const asksWith = (presented: string) => verdicts(createClient(node, dataDir, presented), after.code, 20);
  const rotate = (hours: string): string => {
    const args = ['api-keys', 'rotate', id, '--overlap-hours', hours, '--json'];
    return JSON.parse(runYima(args, dataDir, { settings }).out).key;
  };
  const second = rotate('1');
  for (const each of [key, second])
    t.same(await asksWith(each), ['admit/ok'], 'both secrets, at every worker');
  const third = rotate('0');
  for (const each of [key, second])
    t.match(await asksWith(each), [/^401 /], 'neither is good anywhere any more');
  t.same(await asksWith(third), ['admit/ok'], 'the newest is');
  const withdrawn = runYima(['api-keys', 'revoke', id, '--yes'], dataDir, { settings });
  t.equal(withdrawn.code, 0, withdrawn.talk);
  t.match(await asksWith(third), [/^401 /], 'a withdrawn one none');
});

t.test('SIGHUP: a partner’s keys reach every worker, and so does their revocation', async (t) => {
  const dataDir = dataFolder(t);
  const node = await startNode(t, dataDir, { ...(await freePorts()), ...TWO_WORKERS });
  const client = createClient(node, dataDir);
  const partner = createIssuer({ issuer: '330105' });
  const issuedAt = Math.floor(Date.now() / 1000) - 10;
  const content = contentOf('health-code', { issuer: '330105', issuedAt, expiresAt: issuedAt + 3_600 });
  const told = () => verdicts(client, encodeYm1(content, partner.signer), 20);
  const reload = async (state: string): Promise<void> => {
    const keys = [{ ...publicJwk(partner.record.key), kid: partner.record.kid, state }];
    const file = { issuer: '330105', scope: { region: '3301', kinds: null }, statusBase: STATUS_BASE, keys };
    mkdirSync(join(dataDir, 'trust'), { recursive: true, mode: 0o700 });
    writeFileSync(join(dataDir, 'trust', 'partner.json'), JSON.stringify(file), { mode: 0o600 });
    const count = reloads(node.output());
    node.signal('SIGHUP');
    await until('files are read again', () => reloads(node.output()) > count);
  };
  t.same(await told(), ['refuse/issuer_unknown']);
  await reload('active');
  t.same(await told(), ['indeterminate/status_unknown'], 'the key counts, its list is not held here');
  await reload('revoked');
  t.same(await told(), ['refuse/key_revoked']);
});

function reloads(output: string): number {
  return output.split('Keys, trust files and policies were read again').length - 1;
}

t.test(
  'no worker is given the passphrase of the signing keys',
  { skip: process.platform !== 'linux' },
  async (t) => {
    const passphrase = 'correct horse battery';
    const settings = { ...(await freePorts()), ...TWO_WORKERS, YIMA_KEY_PASSPHRASE: passphrase };
    const node = await startNode(t, dataFolder(t), settings);
    const environment = (pid: number) => readFileSync(`/proc/${pid}/environ`, 'utf8');
    t.match(environment(node.pid), passphrase, 'it is where it would be found');
    for (const pid of workersOf(node)) t.notMatch(environment(pid), passphrase);
  },
);

t.test('SIGTERM: workers finish what is under way, and end before the primary does', async (t) => {
  const dataDir = dataFolder(t);
  const node = await startNode(t, dataDir, { ...(await freePorts()), ...TWO_WORKERS });
  const slow = await beginRequest(node);
  const said = everythingSaid(slow);
  await untilAllAnswer(node, 2); // so the slow one was accepted too
  node.signal('SIGTERM');
  await untilRefused(node.url);
  t.equal((await fetch(`${node.adminUrl}/health/ready`)).status, 503, 'the primary is still there');
  slow.write(REST);
  t.match(await said, /^HTTP\/1\.1 201 .*\r\n\r\n\{.*\}$/s, 'a command goes through, and its answer comes');
  t.equal(await node.ended, 0);
  t.notOk(workersOf(node).some(isAlive));
});

t.test('SIGTERM: a worker that does not finish is cut off', async (t) => {
  const settings = { ...(await freePorts()), ...TWO_WORKERS, YIMA_SHUTDOWN_DRAIN_SECONDS: '1' };
  const node = await startNode(t, dataFolder(t), settings);
  const said = everythingSaid(await beginRequest(node));
  await untilAllAnswer(node, 2);
  node.signal('SIGTERM');
  t.equal(await node.ended, 0);
  t.notMatch(await said, /HTTP\/1\.1 2/);
});

t.test('a port in use ends the start, and leaves nothing running', async (t) => {
  const dataDir = dataFolder(t);
  const node = await startNode(t, dataDir, { ...(await freePorts()), ...TWO_WORKERS });
  const { port } = new URL(node.url);
  const settings = { ...(await freePorts()), ...TWO_WORKERS, PORT: port };
  const second = runYima(['serve'], join(dataFolder(t), 'other'), { settings });
  t.equal(second.code, 75);
  t.match(second.talk, `Cannot listen on 127.0.0.1:${port} (EADDRINUSE)`);
});
