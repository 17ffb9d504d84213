// A hub in several processes: when an upload is answered, every process judges by it.

import t from 'tap';
import type { JsonObject } from '../../src/core/codec/json.js';
import type { SignedDocument } from '../../src/core/trust/documents/signed-document.js';
import { COUNTRY, revokedItem, signedBy, successor } from '../server/support/trust-world.js';
import { dataFolder, freePorts, startNode } from '../support/node-process.js';
import { listPayload, signerEntry } from '../support/trust-desk.js';
import { until } from '../support/until.js';
import { createClient } from './support/client.js';
import { isAlive, TWO_WORKERS, untilAllAnswer, verdicts, workersOf } from './support/workers.js';

t.test('what a hub takes holds in every worker, and in those that start later', async (t) => {
  const dataDir = dataFolder(t);
  const settings = {
    ...(await freePorts()),
    ...TWO_WORKERS,
    YIMA_TRUST_PIN: COUNTRY.root.hash,
    YIMA_TRUST_HUB: 'on',
  };
  const node = await startNode(t, dataDir, settings);
  const client = createClient(node, dataDir);
  await untilAllAnswer(node, 2);
  const put = async (path: string, { text }: SignedDocument) => {
    const headers = { 'content-type': 'application/jose+json' };
    const response = await fetch(`${node.url}${path}`, { method: 'PUT', headers, body: text });
    return [response.status, await response.json()] as const;
  };
  const own = (await (await fetch(`${node.url}/.well-known/jwks.json`)).json()) as {
    readonly statusBase: string;
    readonly keys: readonly JsonObject[];
  };
  const entries = (['credential', 'status'] as const).map((use) => {
    const keys = own.keys
      .filter(({ purpose }) => purpose === use)
      .map(({ kty, crv, x, alg }) => ({ jwk: { kty, crv, x, alg } }));
    return signerEntry('330102', keys, { use, statusBase: own.statusBase });
  });
  const hub = successor('hub', COUNTRY.hub, {
    entries: (COUNTRY.hub.payload['entries'] as readonly JsonObject[]).map((entry) =>
      entry['sub'] === '33' ? { ...entry, statusBase: `${node.url}/` } : entry,
    ),
  });
  const a = signedBy('a', listPayload('33', entries));
  t.equal((await put('/trust/root', COUNTRY.root))[0], 200);
  await t.rejects(client.issue('too early'), { message: /^409 .*key_unlisted/ });
  t.equal((await put('/trust/lists/cn.example', COUNTRY.hub))[0], 200);
  t.equal((await put('/trust/lists/cn.example', hub))[0], 200);
  t.equal((await put('/trust/lists/33', a))[0], 200);

  const { encodings } = await client.issue('first');
  const [{ code, kid }] = encodings;
  t.same(await verdicts(client, code, 40), ['admit/ok']);

  const waiting = fetch(`${node.url}/trust/lists/33?after=1&wait=30`);
  const dead = own.keys.find((each) => each['kid'] === kid);
  t.ok(dead !== undefined, 'it is the key that is listed');
  const print = await thumbprintOf(dead ?? {});
  const revoking = successor('a', a, { revoked: [revokedItem({ thumbprint: print })] });
  t.equal((await put('/trust/lists/33', revoking))[0], 200);
  t.same(await verdicts(client, code, 40), ['refuse/key_revoked'], 'as soon as that was answered');
  t.equal(await (await waiting).text(), revoking.text, 'and whoever waited for it has it');

  const [first = 0] = workersOf(node);
  process.kill(first, 'SIGKILL');
  await until('another takes its place', () => !isAlive(first) && workersOf(node).length === 3);
  await untilAllAnswer(node, 2);
  t.same(await verdicts(client, code, 40), ['refuse/key_revoked']);
  t.match((await put('/trust/lists/33', a))[1], { code: 'list_refused', rule: 'rollback' });

  const ready = await (await fetch(`${node.adminUrl}/health/ready`)).json();
  t.match(ready, { ready: true, trust: { root: 1, lists: 2 } });
  const figures = await (await fetch(`${node.adminUrl}/metrics`)).text();
  t.match(figures, /^yima_trust_lists 2$/m);
  t.match(figures, /^yima_trust_refused_total\{rule="rollback"\} 1$/m);
});

async function thumbprintOf({ crv, kty, x }: JsonObject): Promise<string> {
  const text = JSON.stringify({ crv, kty, x });
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Buffer.from(digest).toString('base64url');
}
