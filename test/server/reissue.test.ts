// What one key signed, signed anew: in a real node's core, with a stop in the middle and a start from the same folder.

import { type Test, test } from 'tap';
import { createLogger } from '../../src/http/logging.js';
import { openCore } from '../../src/server/core.js';
import { NO_FOLLOWERS } from '../../src/server/knowledge.js';
import { createPhone } from '../support/holder.js';
import { issueRequest, NOW } from '../support/office.js';
import { privateFolder, quietConfig } from '../support/open-node.js';
import { sampleClaims } from '../support/sample-claims.js';

/** Of a kind that lasts a year at most, and that one officer may suspend. */
const REQUEST = { ...issueRequest(), kind: 'food-handler', claims: sampleClaims('food-handler') };

async function open(t: Test, dataDir: string) {
  const core = await openCore(quietConfig(dataDir), NO_FOLLOWERS, createLogger('silent'), {
    clock: () => NOW,
    steady: () => NOW,
  });
  t.teardown(core.close);
  const signing = async (): Promise<string> =>
    (await core.commands.listKeys()).findLast(
      ({ signs, state }) => signs === 'credential' && state === 'active',
    )?.kid ?? '';
  return { core, signing };
}

async function all(core: Awaited<ReturnType<typeof openCore>>, kid: string) {
  const sum = { reissued: 0, skipped: 0 };
  for (let next: string | null = ''; next !== null; ) {
    const step = await core.commands.reissue('admin', kid, next);
    sum.reissued += step.reissued;
    sum.skipped += step.skipped;
    next = step.next;
  }
  return sum;
}

test('what is bound to a phone stays bound to it, and the phone finds its successor', async (t) => {
  const { core, signing } = await open(t, privateFolder(t));
  const { commands, verify } = core;
  const old = await signing();
  const { credential } = await commands.issue('office', REQUEST);
  const phone = createPhone();
  const deviceKey = phone.signer.publicKey;
  await commands.addEncoding('office', credential.id, { form: 'device', deviceKey, reason: 'test' });
  await commands.rotateKey('office', 'credential', false);
  t.same(await all(core, old), { reissued: 1, skipped: 0 });
  const held = await commands.listHeld({ key: deviceKey, id: 'a'.repeat(22) });
  const live = held.filter(({ state }) => state === 'active');
  t.equal(live.length, 1);
  t.not(live[0]?.id, credential.id);
  t.match(verify(live[0]?.code ?? ''), { reason: 'holder_mismatch', credential: { outcome: 'valid' } });
  t.match(await commands.checkLog(), { ok: true });
});

test('each good credential gets a successor in its state, and the old one is revoked', async (t) => {
  const { core, signing } = await open(t, privateFolder(t));
  const { commands, verify } = core;
  const old = await signing();
  t.same(await all(core, 'AAAAAAAAAAA'), { reissued: 0, skipped: 0 }, 'a key that signed nothing');
  const issued = [];
  for (let n = 0; n < 7; n++) issued.push(await commands.issue('office', REQUEST));
  await t.rejects(commands.reissue('office', old, ''), { code: 'conflict', rule: 'key_in_use' });
  const [revoked, suspended] = issued;
  await commands.changeState('office', revoked?.credential.id ?? '', { action: 'revoke', reason: 'test' });
  await commands.changeState('office', suspended?.credential.id ?? '', { action: 'suspend', reason: 'test' });
  await commands.rotateKey('office', 'credential', false);
  t.same(await all(core, old), { reissued: 6, skipped: 1 });
  for (const { encodings } of issued) t.equal(verify(encodings[0]?.code ?? '').reason, 'revoked');
  const { entries } = { entries: await commands.readLog(0, 1_000) };
  const fresh = entries
    .filter(({ type }) => type === 'reissued')
    .map(({ body }) => JSON.parse(body) as { credential: string; from: string });
  t.equal(fresh.length, 6);
  for (const { credential, from } of fresh) {
    const found = await commands.find(credential);
    const before = issued.find((each) => each.credential.id === from);
    const [encoding] = found?.encodings ?? [];
    t.equal(encoding?.kid, await signing());
    t.equal(found?.credential.expiresAt, before?.credential.expiresAt);
    t.equal(found?.credential.principal, 'office', 'who issued it is still who answers for it');
    const isSuspended = from === suspended?.credential.id;
    t.equal(verify(encoding?.code ?? '').reason, isSuspended ? 'suspended' : 'ok');
  }
  t.match(await commands.checkLog(), { ok: true, strayCredentials: [] }, 'the log tells of all of it');
  t.same(await all(core, old), { reissued: 0, skipped: 7 }, 'and a second run finds nothing to do');
});

test('whoever was stopped goes on, and nothing is done twice', async (t) => {
  const dataDir = privateFolder(t);
  const first = await open(t, dataDir);
  const old = await first.signing();
  for (let n = 0; n < 250; n++) await first.core.commands.issue('office', REQUEST);
  await first.core.commands.rotateKey('office', 'credential', false);
  t.match(await first.core.commands.reissue('office', old, ''), { reissued: 100 });
  await first.core.close();
  const second = await open(t, dataDir);
  t.match(await all(second.core, old), { reissued: 150 });
  t.match(await second.core.commands.checkLog(), { ok: true });
});
