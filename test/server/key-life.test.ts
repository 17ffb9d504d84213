// Signing keys in whole nodes over weeks: each within its limits, the next one known before it signs, and no code refused in between.

import { type Test, test } from 'tap';
import { sha256 } from '../../src/adapters/crypto-node.js';
import type { JsonObject } from '../../src/core/codec/json.js';
import { publicJwk } from '../../src/core/signature/public-jwk.js';
import { parseTrustFile } from '../../src/core/trust/jwks-file.js';
import { createKeyTable } from '../../src/core/trust/key-table.js';
import { createLogger } from '../../src/http/logging.js';
import { openCore } from '../../src/server/core.js';
import { NO_FOLLOWERS } from '../../src/server/knowledge.js';
import { NOW } from '../support/fixtures.js';
import { issueRequest } from '../support/office.js';
import { privateFolder, quietConfig } from '../support/open-node.js';
import { sampleClaims } from '../support/sample-claims.js';
import { signerEntry } from '../support/trust-desk.js';
import { until } from '../support/until.js';
import { COUNTRY, successor, UPLOAD } from './support/trust-world.js';

const DAY = 86_400;
/** Lasts a year. */
const REQUEST = { ...issueRequest(), kind: 'food-handler', claims: sampleClaims('food-handler') };
const BASE = 'https://node.example/status-lists/';
const NETWORK = {
  YIMA_TRUST_PIN: COUNTRY.root.hash,
  YIMA_ISSUER: '330102',
  YIMA_PUBLIC_URL: 'https://node.example',
};

async function open(
  t: Test,
  settings: Readonly<Record<string, string>> = {},
  dataDir = privateFolder(t),
  start = NOW,
) {
  let now = start;
  const core = await openCore(quietConfig(dataDir, settings), NO_FOLLOWERS, createLogger('silent'), {
    clock: () => now,
    steady: () => now,
  });
  t.teardown(core.close);
  const codes: string[] = [];
  return {
    core,
    dataDir,
    codes,
    pass: (seconds: number) => {
      now += seconds;
    },
    /** @returns the key that signed it */
    issue: async (): Promise<string> => {
      const [encoding] = (await core.commands.issue('office', REQUEST)).encodings;
      codes.push(encoding?.code ?? '');
      return encoding?.kid ?? '';
    },
    refused: () => codes.map((code) => core.verify(code).reason).filter((reason) => reason !== 'ok'),
    announced: async () =>
      (await core.commands.listKeys()).filter(
        ({ signs, state }) => signs === 'credential' && state === 'announced',
      ),
  };
}

test('a key signs for a week, then the next; a key set that was saved once has a month of them', async (t) => {
  const { core, issue, pass, refused, announced } = await open(t);
  const saved = parseTrustFile(JSON.parse(JSON.stringify(await core.commands.jwks())), sha256);
  const kids = [];
  for (let week = 0; week < 5; week++) {
    kids.push(await issue());
    pass(7 * DAY - 1);
    kids.push(await issue());
    pass(1);
  }
  t.strictSame(
    kids.filter((_kid, i) => i % 2 === 0),
    kids.filter((_kid, i) => i % 2 === 1),
    'to the last second of a week the same',
  );
  t.equal(new Set(kids).size, 5);
  t.same(refused(), []);
  const table = createKeyTable(saved.records, NOW);
  for (const kid of kids) {
    const [record] = table.find('yima', core.config.issuer, kid);
    t.match(record, { use: 'credential', state: 'active', notAfter: null }, `${kid} was in the set`);
  }
  t.equal((await announced()).length, 0, 'all four were used, in the time of one');
});

test('what took over is replaced ahead by itself', async (t) => {
  const dataDir = privateFolder(t);
  const first = await open(t, {}, dataDir);
  await first.issue();
  first.pass(8 * DAY);
  const kid = await first.issue();
  t.equal((await first.announced()).length, 3);
  await first.core.close();
  const later = await open(t, {}, dataDir, NOW + 8 * DAY);
  await until('the fourth is announced', async () => (await later.announced()).length === 4);
  t.equal(await later.issue(), kid, 'and the one that signs is the same');
  const entries = await later.core.commands.readLog(0, 100);
  t.strictSame(
    entries.map(({ type }) => type).filter((type) => type.startsWith('key_')),
    ['key_created', 'key_announced'],
  );
});

test('by number too: a key that has signed so many is left, also after a restart', async (t) => {
  const dataDir = privateFolder(t);
  const settings = { YIMA_KEY_SIGNATURES: '1000' };
  const first = await open(t, settings, dataDir);
  const kids = await Promise.all(Array.from({ length: 999 }, () => first.issue()));
  t.equal(new Set(kids).size, 1);
  t.match(first.core.signingKeys.spent('credential') ?? {}, { kid: kids[0] });
  await first.core.close();
  const second = await open(t, settings, dataDir, NOW + DAY);
  t.equal(await second.issue(), kids[0], 'the thousandth');
  const next = await Promise.all(Array.from({ length: 5 }, () => second.issue()));
  t.equal(new Set(next).size, 1);
  t.not(next[0], kids[0], 'those before are counted in');
  t.same(second.refused(), []);
  t.equal(second.core.verify(first.codes[0] ?? '').reason, 'ok', 'what the first signed stays good');
});

test('in a network it goes over to what the lists name, and says when they name no more', async (t) => {
  const node = await open(t, NETWORK);
  const { core, issue, pass, refused } = node;
  const hub = successor('hub', COUNTRY.hub, {
    entries: (COUNTRY.hub.payload['entries'] as readonly JsonObject[]).map((entry) =>
      entry['sub'] === '33' ? { ...entry, statusBase: 'https://node.example/' } : entry,
    ),
  });
  const own = await core.commands.listKeys();
  const named = (use: 'credential' | 'status', count: number) =>
    own
      .filter(({ signs }) => signs === use)
      .slice(0, count)
      .map(({ key }) => ({ jwk: { ...publicJwk(key) } }));
  const entries = (count: number) =>
    (['credential', 'status'] as const).map((use) =>
      signerEntry('330102', named(use, count), { use, statusBase: BASE }),
    );
  const list = successor('a', COUNTRY.a, { entries: entries(2) });
  for (const { text } of [COUNTRY.root, COUNTRY.hub, hub, list])
    await core.commands.trustAccept(text, UPLOAD, null);

  const kids = [await issue()];
  pass(7 * DAY);
  kids.push(await issue());
  t.equal(new Set(kids).size, 2, 'the announced key that the list names signs');
  t.same(refused(), []);
  pass(7 * DAY);
  await t.rejects(issue(), { code: 'conflict', rule: 'key_exhausted', message: /announced key/ });
  t.same(refused(), [], 'what was signed stays good meanwhile');
  await core.commands.trustAccept(successor('a', list, { entries: entries(4) }).text, UPLOAD, null);
  kids.push(await issue());
  t.equal(new Set(kids).size, 3);
  t.same(refused(), []);
});
