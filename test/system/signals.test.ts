// SIGTERM, and SIGHUP: a node leaves in good order, and reads keys, trust files and policies again without leaving.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { createNodeSigner, generatePrivateJwk } from '../../src/adapters/crypto-node.js';
import { openKeyFolder } from '../../src/adapters/keyfile/key-folder.js';
import { encodeBase64url } from '../../src/core/codec/base64url.js';
import { encodeYm1 } from '../../src/core/envelope/ym1.js';
import { publicJwk } from '../../src/core/signature/public-jwk.js';
import { contentOf, createIssuer, STATUS_BASE } from '../support/fixtures.js';
import { dataFolder, freePorts, startNode } from '../support/node-process.js';
import { policyFile, ruleOf } from '../support/policies.js';
import { createClient } from './support/client.js';
import { beginRequest, everythingSaid, REST, untilRefused } from './support/slow-request.js';
import { TWO_WORKERS, verdicts } from './support/workers.js';

const DEADLINE_MS = 30_000;

/** Asks until it says so. */
async function untilStatus(url: string, status: number): Promise<Response> {
  for (const end = Date.now() + DEADLINE_MS; Date.now() < end; ) {
    const response = await fetch(url);
    if (response.status === status) return response;
    await response.arrayBuffer();
  }
  throw new Error(`${url} never answered ${status}`);
}

t.test('SIGTERM: unready, what is under way is finished, exit code 0', async (t) => {
  const dataDir = dataFolder(t);
  const node = await startNode(t, dataDir, { ...(await freePorts()), YIMA_SHUTDOWN_GRACE_SECONDS: '3' });
  const slow = await beginRequest(node);
  const said = everythingSaid(slow);
  node.signal('SIGTERM');
  for (const door of [node.url, node.adminUrl]) {
    const unready = await untilStatus(`${door}/health/ready`, 503);
    t.strictSame(await unready.json(), { ready: false, reasons: ['draining'], feeds: [] });
  }
  t.equal((await fetch(`${node.adminUrl}/health/live`)).status, 200, 'it lives on meanwhile');
  await untilRefused(node.url);
  slow.write(REST);
  t.match(
    await said,
    /^HTTP\/1\.1 201 .*\r\n\r\n\{.*\}$/s,
    'the slow request is answered, and its connection ends',
  );
  t.equal(await node.ended, 0);
});

t.test('SIGTERM: who does not finish is cut off', async (t) => {
  const settings = { YIMA_SHUTDOWN_GRACE_SECONDS: '0', YIMA_SHUTDOWN_DRAIN_SECONDS: '1' };
  const node = await startNode(t, dataFolder(t), { ...(await freePorts()), ...settings });
  const said = everythingSaid(await beginRequest(node));
  const start = performance.now();
  node.signal('SIGTERM');
  t.equal(await node.ended, 0);
  t.ok(performance.now() - start < DEADLINE_MS);
  t.notMatch(await said, /HTTP\/1\.1 2/);
});

t.test('SIGHUP: a partner’s trust file is read', async (t) => {
  const dataDir = dataFolder(t);
  const node = await startNode(t, dataDir, await freePorts());
  const client = createClient(node, dataDir);
  const partner = createIssuer({ issuer: '330105' });
  const issuedAt = Math.floor(Date.now() / 1000) - 10;
  const content = contentOf('health-code', { issuer: '330105', issuedAt, expiresAt: issuedAt + 3_600 });
  const code = encodeYm1(content, partner.signer);
  t.equal(await client.verify(code), 'refuse/issuer_unknown');

  const keys = [{ ...publicJwk(partner.record.key), kid: partner.record.kid }];
  const file = { issuer: '330105', scope: { region: '3301', kinds: null }, statusBase: STATUS_BASE, keys };
  mkdirSync(join(dataDir, 'trust'), { mode: 0o700 });
  const write = (name: string, text: string): void =>
    writeFileSync(join(dataDir, 'trust', name), text, { mode: 0o600 });
  write('partner.json', JSON.stringify({ ...file, keys: [...keys, { ...keys[0], kid: 'AAAAAAAAAAA' }] }));
  write('spoiled.json', '{"issuer":"330105","issuer":"330106"}');
  node.signal('SIGHUP');
  await node.says('Reload failed, keys, trust and policies stay as they were: The trust file');
  t.equal(await client.verify(code), 'refuse/issuer_unknown', 'nothing is made of the sound one either');
  rmSync(join(dataDir, 'trust', 'spoiled.json'));
  node.signal('SIGHUP');
  await node.says('Keys, trust files and policies were read again; 1 left out.');
  t.equal(
    await client.verify(code),
    'indeterminate/status_unknown',
    'the key counts, its list is not held here',
  );
});

t.test('SIGHUP: a key that was added signs from then on, the one before still counts', async (t) => {
  const dataDir = dataFolder(t);
  const node = await startNode(t, dataDir, await freePorts());
  const client = createClient(node, dataDir);
  const before = (await client.issue('before')).encodings[0];

  const privateJwk = generatePrivateJwk('Ed25519');
  const kid = encodeBase64url(createNodeSigner(privateJwk).kid);
  const createdAt = Math.floor(Date.now() / 1000) + 1;
  await openKeyFolder(join(dataDir, 'keys'), null).save({
    use: 'credential',
    kid,
    createdAt,
    announced: false,
    published: false,
    privateJwk,
  });
  t.equal((await client.issue('meanwhile')).encodings[0].kid, before.kid, 'nothing changes by itself');
  node.signal('SIGHUP');
  await node.says('Keys, trust files and policies were read again; 0 left out.');

  const after = (await client.issue('after')).encodings[0];
  t.equal(after.kid, kid);
  t.strictSame([await client.verify(before.code), await client.verify(after.code)], ['admit/ok', 'admit/ok']);
  const { keys } = (await (await fetch(`${node.url}/.well-known/jwks.json`)).json()) as {
    keys: { kid: string }[];
  };
  t.ok(
    [before.kid, kid].every((each) => keys.some((key) => key.kid === each)),
    'both are published',
  );
});

t.test('SIGHUP: a policy is read by every worker, and a faulty one changes nothing', async (t) => {
  const dataDir = dataFolder(t);
  const node = await startNode(t, dataDir, { ...(await freePorts()), ...TWO_WORKERS });
  const client = createClient(node, dataDir);
  const { code } = (await client.issue('policy')).encodings[0];
  t.same(await verdicts(client, code, 20), ['admit/ok']);
  mkdirSync(join(dataDir, 'policies'), { mode: 0o700 });
  const write = (name: string, policy: object): void =>
    writeFileSync(join(dataDir, 'policies', name), JSON.stringify(policy), { mode: 0o600 });
  write('a.json', policyFile('health-code', [ruleOf({ status: ['green'] }, 'refuse')]));
  node.signal('SIGHUP');
  await node.says('Keys, trust files and policies were read again; 0 left out.');
  t.same(await verdicts(client, code, 20), ['refuse/refused_by_policy']);
  write('b.json', policyFile('health-code', [], { id: 'b', version: 0 }));
  node.signal('SIGHUP');
  await node.says('Reload failed, keys, trust and policies stay as they were: The policy file');
  t.same(await verdicts(client, code, 20), ['refuse/refused_by_policy']);
});
