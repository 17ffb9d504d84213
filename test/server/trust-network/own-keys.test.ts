// A node's own keys in a trust network: what signs is what the lists name, and nothing that the network says reaches further.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { sha256 } from '../../../src/adapters/crypto-node.js';
import { encodeBase64url } from '../../../src/core/codec/base64url.js';
import type { JsonObject } from '../../../src/core/codec/json.js';
import { parsePublicJwk, publicJwk } from '../../../src/core/signature/public-jwk.js';
import { thumbprint } from '../../../src/core/signature/thumbprint.js';
import { recordText } from '../../../src/core/trust/key-table.js';
import { createLogger } from '../../../src/http/logging.js';
import { after } from '../../../src/server/after.js';
import { type NodeCore, openCore } from '../../../src/server/core.js';
import type { Update } from '../../../src/server/knowledge.js';
import { createMirror } from '../../../src/server/worker/mirror.js';
import { quietSightings } from '../../support/device.js';
import { NOW } from '../../support/fixtures.js';
import { issueRequest } from '../../support/office.js';
import { privateFolder, quietConfig } from '../../support/open-node.js';
import { deskKey, signerEntry } from '../../support/trust-desk.js';
import {
  COUNTRY,
  ENTRIES,
  IN_ORDER,
  revokedItem,
  ruleOf,
  successor,
  UPLOAD,
} from '../support/trust-world.js';

const BASE = 'https://node.example/status-lists/';
const SETTINGS = {
  YIMA_TRUST_PIN: COUNTRY.root.hash,
  YIMA_ISSUER: '330102',
  YIMA_PUBLIC_URL: 'https://node.example',
};

async function open(t: Test, settings: Readonly<Record<string, string>> = {}, dataDir = privateFolder(t)) {
  const mirror = createMirror(() => NOW, after, quietSightings());
  const updates: Update[] = [];
  let current = NOW;
  const core = await openCore(
    quietConfig(dataDir, { ...SETTINGS, ...settings }),
    {
      publish: (update) => {
        updates.push(update);
        mirror.apply(update);
      },
      settled: async () => undefined,
    },
    createLogger('silent'),
    { clock: () => current, steady: () => current },
  );
  t.teardown(core.close);
  return {
    core,
    mirror,
    updates,
    pass: (seconds: number) => {
      current += seconds;
    },
    accept: (document: { readonly text: string }) => core.commands.trustAccept(document.text, UPLOAD, null),
    issue: async () => (await core.commands.issue('office', issueRequest())).encodings[0]?.code ?? '',
  };
}

/** The node's newest keys, as its authority would list them. */
async function ownEntries(
  { commands }: NodeCore,
  change: JsonObject = {},
  count = 1,
): Promise<readonly JsonObject[]> {
  const records = await commands.listKeys();
  return (['credential', 'status'] as const).map((use) => {
    const keys = records.filter(({ signs, state }) => signs === use && state !== 'announced').slice(-count);
    const jwks = keys.map(({ key }) => ({ jwk: { ...publicJwk(key) } }));
    return signerEntry('330102', jwks, { use, statusBase: BASE, ...change });
  });
}

/** 33 under a status base that its county's lists lie under. */
const HUB = successor('hub', COUNTRY.hub, {
  entries: (COUNTRY.hub.payload['entries'] as readonly JsonObject[]).map((entry) =>
    entry['sub'] === '33' ? { ...entry, statusBase: 'https://node.example/' } : entry,
  ),
});

async function joined(t: Test, change: JsonObject = {}) {
  const node = await open(t);
  for (const document of [COUNTRY.root, COUNTRY.hub, HUB]) await node.accept(document);
  const list = successor('a', COUNTRY.a, { entries: await ownEntries(node.core, change) });
  await node.accept(list);
  return { ...node, list };
}

t.test('until a root is accepted, own keys count as they are', async (t) => {
  const { core, issue } = await open(t);
  t.equal(core.verify(await issue()).reason, 'ok');
});

t.test('from then on an unlisted key signs nothing, and the refusal says what to do', async (t) => {
  const { core, accept, issue } = await open(t);
  const code = await issue();
  await accept(COUNTRY.root);
  await t.rejects(issue(), { code: 'conflict', rule: 'key_unlisted', message: /authority above/ });
  t.equal(core.verify(code).reason, 'issuer_unknown', 'nor does what it signed before count');
  t.match(await core.commands.trustStanding(), { issuer: { name: '330102', listed: false } });
});

t.test('a listed key signs, within what the lists allow', async (t) => {
  const { core, issue, accept, list } = await joined(t);
  t.equal(core.verify(await issue()).reason, 'ok');
  t.match(await core.commands.trustStanding(), { issuer: { listed: true } });
  const narrow = successor('a', list, {
    entries: await ownEntries(core, { scope: { region: '330102', kinds: ['driving-licence'] } }),
  });
  await accept(narrow);
  await t.rejects(issue(), { code: 'conflict', rule: 'issuer_out_of_scope' });
});

t.test('a key that is listed with another status base signs nothing', async (t) => {
  const { issue } = await joined(t, { statusBase: 'https://node.example/other/' });
  await t.rejects(issue(), { code: 'conflict', rule: 'key_unlisted' });
});

t.test(
  'a new key signs as soon as it is listed, the one before until then, and no code is refused between',
  async (t) => {
    const { core, issue, accept, list, pass } = await joined(t);
    const before = await issue();
    pass(100);
    await core.commands.rotateKey('office', 'credential', false);
    pass(100);
    const between = await issue();
    t.equal(core.verify(between).reason, 'ok', 'signed by the key that is listed');
    const both = successor('a', list, { entries: await ownEntries(core, {}, 2) });
    await accept(both);
    pass(100);
    const afterwards = await issue();
    const kids = new Set([before, between, afterwards].map((code) => core.verify(code).reason));
    t.same([...kids], ['ok']);
    const [old, fresh] = (await core.commands.listKeys()).filter(({ signs }) => signs === 'credential');
    const retired = successor('a', both, {
      revoked: [{ ...revokedItem(deskKey()), key: thumbprintOf(both, 0) }],
    });
    t.ok(old !== undefined && fresh !== undefined);
    await accept(retired);
    t.equal(core.verify(between).reason, 'key_revoked');
    t.equal(core.verify(afterwards).reason, 'ok');
  },
);

t.test('the demo goes on beside a network', async (t) => {
  const { core, accept } = await open(t, { YIMA_DEMO: 'on' });
  await accept(COUNTRY.root);
  t.equal(core.demoRegion, '330102');
  const uses = core.knowledge.keys().records.map(({ issuer, use }) => `${issuer} ${use}`);
  t.ok(uses.includes('demo.330102 credential'));
  t.notOk(uses.includes('330102 credential'));
});

t.test('what changes in the table reaches workers as the change alone, and comes to the same', async (t) => {
  const { core, mirror, updates, accept, list } = await joined(t);
  await accept(COUNTRY.b);
  const more = successor('a', list, {
    entries: [...(await ownEntries(core)), signerEntry('3301', [deskKey()])],
  });
  const before = updates.length;
  await accept(more);
  const [patch] = updates.slice(before);
  t.match(patch, { type: 'keys-patch', remove: [], add: { length: 1 } });
  t.equal(
    updates.filter(({ type }) => type === 'keys').length,
    1,
    'whole once: when own keys left the table',
  );
  const texts = (records: ReturnType<typeof mirror.keys>['records']) => records.map(recordText).sort();
  t.same(texts(mirror.keys().records), texts(core.knowledge.keys().records));
  t.strictSame(
    mirror.trustNews.marks().map(({ authority, version }) => [authority, version]),
    [
      ['root', 1],
      ['cn.example', 2],
      ['33', 3],
      ['34', 1],
    ],
  );
});

t.test('whoever names the status base of this node is left out', async (t) => {
  const { core, accept } = await open(t);
  for (const document of [COUNTRY.root, COUNTRY.hub]) await accept(document);
  await accept(HUB);
  const thief = deskKey();
  await accept(successor('a', COUNTRY.a, { entries: [signerEntry('3301', [thief], { statusBase: BASE })] }));
  t.equal(core.knowledge.keys().records.filter(({ issuer }) => issuer === '3301').length, 0);
});

t.test('what a trust file revokes stays so, whatever a list says of that holder', async (t) => {
  const dataDir = privateFolder(t);
  const [good, dead] = [deskKey(), deskKey()];
  mkdirSync(join(dataDir, 'trust'), { mode: 0o700 });
  const keys = [{ ...dead.jwk, state: 'revoked' }];
  const file = { issuer: '3301', scope: { region: '3301', kinds: null }, statusBase: null, keys };
  writeFileSync(join(dataDir, 'trust', 'p.json'), JSON.stringify(file), { mode: 0o600 });
  const { core, accept } = await open(t, {}, dataDir);
  for (const document of IN_ORDER) await accept(document);
  await accept(successor('a', COUNTRY.a, { entries: [ENTRIES.a, signerEntry('3301', [good, dead])] }));
  const states = core.knowledge
    .keys()
    .records.filter(({ issuer }) => issuer === '3301')
    .map(({ state }) => state);
  t.same(states.sort(), ['active', 'revoked', 'revoked']);
});

t.test('a node without a pin knows of no network', async (t) => {
  const core = await openCore(
    quietConfig(privateFolder(t)),
    { publish: () => undefined, settled: async () => undefined },
    createLogger('silent'),
  );
  t.teardown(core.close);
  t.equal(core.trust, null);
  t.equal(await ruleOf(core.commands.trustStanding()), 'not_found');
  t.equal(await ruleOf(core.commands.trustAccept(COUNTRY.root.text, UPLOAD, null)), 'not_found');
});

/** Of a key of the first entry. */
function thumbprintOf(list: { readonly payload: JsonObject }, place: number): string {
  const [entry] = list.payload['entries'] as readonly { readonly keys: readonly JsonObject[] }[];
  return encodeBase64url(thumbprint(parsePublicJwk(entry?.keys[place]), sha256));
}
