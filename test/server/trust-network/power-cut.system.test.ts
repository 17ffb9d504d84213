// A process killed while it takes documents, over and over: what it acknowledged is there, what is there is whole, and it goes on.

import t from 'tap';
import type { SignedDocument } from '../../../src/core/trust/documents/signed-document.js';
import { dataFolder } from '../../support/node-process.js';
import { deskKey, signerEntry } from '../../support/trust-desk.js';
import { startTrustProcess } from '../support/trust-process.js';
import { COUNTRY, ENTRIES, IN_ORDER, kidOf, revokedItem, successor, UPLOAD } from '../support/trust-world.js';

const VERSIONS = 40;
const CUTS = 5;

t.test('a power cut at any moment loses nothing that was acknowledged, and leaves no half', async (t) => {
  // Each version lists one more key and revokes the one before.
  const keys = Array.from({ length: VERSIONS }, () => deskKey());
  const versions: SignedDocument[] = [COUNTRY.a];
  for (const [n, key] of keys.entries()) {
    const before = versions.at(-1) ?? COUNTRY.a;
    const entries = [ENTRIES.a, signerEntry('3301', [key])];
    versions.push(successor('a', before, { entries, revoked: keys.slice(0, n).map(revokedItem) }));
  }
  const settings = { YIMA_ISSUER: '31', YIMA_TRUST_PIN: COUNTRY.root.hash };
  const folder = dataFolder(t);
  let next = 1;
  for (let cut = 0; cut <= CUTS; cut++) {
    const node = await startTrustProcess(t, folder, settings);
    if (cut === 0) for (const { text } of IN_ORDER) await node.ask('trustAccept', text, UPLOAD, null);
    const found = (await node.ask('trustFind', '33')) as { version: number; hash: string };
    t.ok(found.version >= next, `version ${next} was acknowledged, ${found.version} is there`);
    t.equal(found.hash, versions[found.version - 1]?.hash);
    t.match(await node.ask('checkLog'), { ok: true });
    // Whoever is listed by this version is, and whoever it revokes is dead, whatever came of the next one.
    const [listed, dead] = [keys[found.version - 2], keys[found.version - 3]];
    if (listed !== undefined) t.equal(await node.ask('keyState', '3301', kidOf(listed)), 'active');
    const log = (await node.ask('readLog', 0, 1_000)) as { type: string; body: string }[];
    const told = log.map(({ body }) => JSON.parse(body)).filter(({ authority }) => authority === '33');
    t.equal(told.at(-1)?.version, found.version, 'the log tells of this one last');
    if (dead !== undefined) t.ok(told.at(-1)?.revoked.includes(dead.thumbprint), 'with whom it revoked');
    next = found.version;
    if (cut === CUTS) break;
    const sent = versions.slice(found.version, found.version + 6).map(async ({ text }) => {
      const { version } = (await node.ask('trustAccept', text, UPLOAD, '33')) as { version: number };
      next = Math.max(next, version);
    });
    await Promise.race(sent.slice(cut % 3, (cut % 3) + 1));
    await node.kill();
    await Promise.allSettled(sent);
  }
  t.ok(next > CUTS, 'it got on between the cuts');
});
