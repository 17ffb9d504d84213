// The log of a hub, its witnesses, and the members that believe a bundle only as the root says.

import { gunzipSync } from 'node:zlib';
import t, { type Test } from 'tap';
import { createNodeSigner, generatePrivateJwk, sha256 } from '../../../src/adapters/crypto-node.js';
import { openKeyFolder } from '../../../src/adapters/keyfile/key-folder.js';
import { createKeyRing, type RotatingKeyRing } from '../../../src/adapters/keyfile/key-ring.js';
import { decodeBase64 } from '../../../src/core/codec/base64.js';
import { utf8Encode } from '../../../src/core/codec/bytes.js';
import type { SigningUse } from '../../../src/core/issue/ports.js';
import type { SignedDocument } from '../../../src/core/trust/documents/signed-document.js';
import { isConsistent, isIncluded } from '../../../src/core/trust/log/check-proofs.js';
import { parseCheckpoint } from '../../../src/core/trust/log/checkpoint.js';
import { leafHash } from '../../../src/core/trust/log/tree.js';
import { createVerifierKey, encodeVerifierKey } from '../../../src/core/trust/log/verifier-key.js';
import { NOW } from '../../support/fixtures.js';
import { privateFolder } from '../../support/open-node.js';
import { rootPayload } from '../../support/trust-desk.js';
import { until } from '../../support/until.js';
import {
  COUNTRY,
  CUSTODIANS,
  createWorld,
  type RunningService,
  ruleOf,
  signedBy,
  startService,
  successor,
  UPLOAD,
  type World,
} from '../support/trust-world.js';

const MIRROR = { via: 'mirror', name: 'https://mirror.example' } as const;
const STICK = { via: 'import', name: 'local' } as const;

async function ring(t: Test, use: SigningUse): Promise<RotatingKeyRing> {
  const grant = { issuer: 'x', use: 'log', scope: { region: '', kinds: [] }, statusBase: null } as const;
  return createKeyRing({
    folder: openKeyFolder(`${privateFolder(t)}/keys`, null),
    clock: () => NOW,
    generate: () => generatePrivateJwk('Ed25519'),
    createSigner: createNodeSigner,
    uses: { [use]: grant },
  });
}

function keyText(from: RotatingKeyRing, use: SigningUse, name: string): string {
  const { publicKey } = from.signer(use);
  if (publicKey.algorithm !== 'Ed25519') throw new Error('Another key was made.');
  return encodeVerifierKey(
    createVerifierKey(name, use === 'log' ? 'note' : 'cosignature', publicKey.x, sha256),
  );
}

interface Place {
  readonly root: SignedDocument;
  readonly hubRing: RotatingKeyRing;
  readonly witnessRing: RotatingKeyRing;
  readonly hubWorld: World;
  readonly witnessWorld: World;
}

/** A hub `cn.example` with a log that the witness `33` has to have seen. */
async function createPlace(t: Test, quorum = 1): Promise<Place> {
  const [hubRing, witnessRing] = [await ring(t, 'log'), await ring(t, 'witness')];
  const log = {
    origin: 'cn.example/log',
    key: keyText(hubRing, 'log', 'cn.example/log'),
    witnesses: { quorum, keys: [keyText(witnessRing, 'witness', '33/witness')] },
  };
  const root = signedBy('root', rootPayload(CUSTODIANS.root, CUSTODIANS.hub, { log }));
  return { root, hubRing, witnessRing, hubWorld: createWorld(), witnessWorld: createWorld() };
}

async function startWitness(t: Test, { root, witnessRing, witnessWorld }: Place): Promise<RunningService> {
  const service = await startService(witnessWorld, root.hash, { witnessRing, issuer: '33' });
  t.teardown(service.close);
  await service.accept(root);
  return service;
}

async function startHub(t: Test, place: Place, witness: RunningService | null): Promise<RunningService> {
  const witnesses =
    witness === null
      ? []
      : [{ name: '33', addCheckpoint: (body: string) => witness.desk.addCheckpoint(body) }];
  const head = { issuer: 'cn.example', kind: 'audit', seq: 7, hash: 'ab', at: NOW } as const;
  const hub = await startService(place.hubWorld, place.root.hash, {
    hub: { ring: place.hubRing, witnesses },
    issuer: 'cn.example',
    ownHeads: () => [head],
  });
  t.teardown(hub.close);
  return hub;
}

async function startMember(
  t: Test,
  { root }: Place,
  world = createWorld(),
): Promise<RunningService & { world: World }> {
  const member = await startService(world, root.hash, { issuer: '34' });
  t.teardown(member.close);
  return { ...member, world };
}

async function acceptAll(service: RunningService, { root }: Place): Promise<void> {
  for (const document of [root, COUNTRY.hub, COUNTRY.a, COUNTRY.b]) await service.accept(document);
}

async function bundleText({ desk }: RunningService): Promise<string> {
  const file = await desk.bundle();
  return gunzipSync(file?.body ?? new Uint8Array()).toString('utf8');
}

/** Once it holds this version of a list, and enough have seen the log. */
async function publishedBundle(hub: RunningService, hash: string): Promise<string> {
  await until('the bundle is published', async () => {
    const document = await hub.desk.find('33');
    if (document?.hash !== hash) return false;
    const file = await hub.desk.bundle();
    return file !== undefined && gunzipSync(file.body).includes(document.text) && (await isCosigned(hub));
  });
  return bundleText(hub);
}

async function isCosigned({ desk }: RunningService): Promise<boolean> {
  return (await desk.checkpoint())?.includes('33/witness') ?? false;
}

t.test('what comes into force stands in the log, whose head the witness has seen', async (t) => {
  const place = await createPlace(t);
  const witness = await startWitness(t, place);
  const hub = await startHub(t, place, witness);
  await acceptAll(hub, place);
  await publishedBundle(hub, COUNTRY.a.hash);
  const standing = await hub.desk.standing();
  t.match(standing.log, {
    key: place.root.payload['log'] && (place.root.payload['log'] as { key: string }).key,
  });
  const proof = await hub.desk.proof({ hash: COUNTRY.a.hash });
  if (!('leaf' in proof)) throw new Error('another proof was given');
  t.match(JSON.parse(proof.leaf), { type: 'document', authority: '33', version: 1, hash: COUNTRY.a.hash });
  const head = parseCheckpoint(proof.checkpoint);
  t.equal(head.size, proof.size);
  const hashes = proof.proof.map(decodeBase64);
  t.ok(isIncluded(leafHash(utf8Encode(proof.leaf), sha256), proof.index, head, hashes, sha256));
  const leaves = await Promise.all(
    Array.from({ length: head.size }, (_, n) =>
      place.hubWorld.store.trustLeaf(n).then((text) => JSON.parse(text ?? '').type),
    ),
  );
  t.equal(leaves.filter((type) => type === 'document').length, 4);
  t.ok(leaves.includes('bundle'));
  t.ok(leaves.includes('head'), 'the hub has told the heads of its own logs');
  t.equal(await ruleOf(hub.desk.proof({ hash: 'x' })), 'not_found');
  t.equal(await ruleOf(hub.desk.proof({ from: 9, to: 8 })), 'invalid_request');
});

t.test('a member takes a bundle that is logged and seen, and the next one behind it', async (t) => {
  const place = await createPlace(t);
  const hub = await startHub(t, place, await startWitness(t, place));
  await acceptAll(hub, place);
  const first = await publishedBundle(hub, COUNTRY.a.hash);
  const member = await startMember(t, place);
  t.match(await member.desk.acceptBundle(first, MIRROR), {
    accepted: { length: 4 },
    refused: [],
    unchanged: 0,
  });
  t.match(await member.desk.acceptBundle(first, MIRROR), { accepted: [], refused: [], unchanged: 4 });
  const newer = successor('a', COUNTRY.a, {});
  await hub.accept(newer);
  const second = await publishedBundle(hub, newer.hash);
  t.match(await member.desk.acceptBundle(second, MIRROR), {
    accepted: [{ authority: '33', version: 2 }],
    unchanged: 3,
  });
  t.equal(await bundleText(member), second, 'and is a mirror of it');
  t.equal(await ruleOf(member.desk.acceptBundle(first, MIRROR)), 'log_shrank');
});

t.test('a bundle that is not as the root asks is refused before a list of it is looked at', async (t) => {
  const place = await createPlace(t);
  const hub = await startHub(t, place, await startWitness(t, place));
  await acceptAll(hub, place);
  const text = await publishedBundle(hub, COUNTRY.a.hash);
  const bare = text.replace(/"log":\{.*\},"roots"/, '"log":null,"roots"');
  const without = text.replace(`${COUNTRY.b.text}\n`, '').replace('"lists":3', '"lists":2');
  const unseen = text.replace(/\\u2014 33\/witness [^\\]*\\n|— 33\/witness [^\\]*\\n/, '');
  for (const [rule, bundle] of [
    ['log_missing', bare],
    ['bundle_not_logged', without],
    ['quorum', unseen],
    ['bundle_form', text.slice(0, -9)],
    ['bundle_form', '{}'],
  ] as const) {
    const member = await startMember(t, place);
    t.equal(await ruleOf(member.desk.acceptBundle(bundle, MIRROR)), rule);
    t.equal(member.network.lists().length, 0, 'nothing of it is in force');
    const refused = (await member.log()).filter(({ type }) => type === 'trust.refused');
    t.match(refused, [{ rule, via: 'mirror' }]);
  }
});

t.test('a log that nobody has seen for a day is frozen; a stick may be a month old', async (t) => {
  const place = await createPlace(t);
  const hub = await startHub(t, place, await startWitness(t, place));
  await acceptAll(hub, place);
  const text = await publishedBundle(hub, COUNTRY.a.hash);
  const world = createWorld();
  world.now = NOW + 86_400 + 1;
  const member = await startMember(t, place, world);
  t.equal(await ruleOf(member.desk.acceptBundle(text, MIRROR)), 'checkpoint_old');
  t.match(await member.desk.acceptBundle(text, STICK), { refused: [] });
  world.now = NOW + 31 * 86_400;
  t.equal(await ruleOf(member.desk.acceptBundle(text, STICK)), 'checkpoint_old');
});

t.test('what a member has seen of the log it remembers through a restart', async (t) => {
  const place = await createPlace(t);
  const hub = await startHub(t, place, await startWitness(t, place));
  await acceptAll(hub, place);
  const first = await publishedBundle(hub, COUNTRY.a.hash);
  const newer = successor('a', COUNTRY.a, {});
  await hub.accept(newer);
  const second = await publishedBundle(hub, newer.hash);
  const member = await startMember(t, place);
  await member.desk.acceptBundle(second, MIRROR);
  const again = await startMember(t, place, member.world);
  t.equal(await ruleOf(again.desk.acceptBundle(first, MIRROR)), 'log_shrank');
  t.ok((await again.desk.standing()).log.seenSize > 4);

  // Another log of the same hub, as split view would show it: same key, same witness key, another history.
  const other: Place = { ...place, hubWorld: createWorld(), witnessWorld: createWorld() };
  const otherHub = await startHub(t, other, await startWitness(t, other));
  await acceptAll(otherHub, other);
  const forked = successor('b', COUNTRY.b, {});
  await otherHub.accept(forked);
  await otherHub.accept(successor('b', forked, {}));
  const fork = successor('a', COUNTRY.a, { iat: NOW + 7 });
  await otherHub.accept(fork);
  const split = await publishedBundle(otherHub, fork.hash);
  t.match(await ruleOf(again.desk.acceptBundle(split, MIRROR)), /^(?:consistency|log_forked|log_shrank)$/);
});

t.test('a witness signs no history beside the one that it has seen, also after a restart', async (t) => {
  const place = await createPlace(t);
  const witness = await startWitness(t, place);
  const hub = await startHub(t, place, witness);
  await acceptAll(hub, place);
  await publishedBundle(hub, COUNTRY.a.hash);
  const [mark] = await place.witnessWorld.store.trustLogMarks();
  t.match(mark, { role: 'witness', origin: 'cn.example/log' });

  const again = await startWitness(t, place);
  const other: Place = { ...place, hubWorld: createWorld() };
  const otherHub = await startHub(t, other, again);
  await acceptAll(otherHub, other);
  await otherHub.accept(successor('b', COUNTRY.b, {}));
  await until('the other hub has published', async () => (await otherHub.desk.checkpoint()) !== undefined);
  t.notOk(await isCosigned(otherHub));
  t.strictSame(await place.witnessWorld.store.trustLogMarks(), [mark]);
  t.match(await again.desk.addCheckpoint('rubbish'), { status: 400 });
  const checkpoint = await otherHub.desk.checkpoint();
  t.match(await again.desk.addCheckpoint(`old 0\n\n${checkpoint}`), { status: 409, body: `${mark?.size}\n` });
  const foreign = (checkpoint ?? '').replaceAll('cn.example/log', 'other/log');
  t.match(await again.desk.addCheckpoint(`old 0\n\n${foreign}`), { status: 404 });
});

t.test('a hub that starts again goes on with its log', async (t) => {
  const place = await createPlace(t);
  const witness = await startWitness(t, place);
  const first = await startHub(t, place, witness);
  await acceptAll(first, place);
  await publishedBundle(first, COUNTRY.a.hash);
  const before = parseCheckpoint((await first.desk.checkpoint()) ?? '');
  await first.close();
  const hub = await startHub(t, place, witness);
  const newer = successor('a', COUNTRY.a, {});
  await hub.accept(newer);
  await publishedBundle(hub, newer.hash);
  const now = parseCheckpoint((await hub.desk.checkpoint()) ?? '');
  const proof = await hub.desk.proof({ from: before.size, to: now.size });
  t.ok(isConsistent(before, now, proof.proof.map(decodeBase64), sha256));
});

t.test('a node that becomes a hub logs what it had accepted before', async (t) => {
  const place = await createPlace(t, 0);
  const plain = await startService(place.hubWorld, place.root.hash, { issuer: 'cn.example' });
  await acceptAll(plain, place);
  t.equal(await ruleOf(plain.desk.proof({ index: 0 })), 'not_found');
  t.equal(await plain.desk.bundle(), undefined, 'without the log it has no proof to give');
  const hub = await startHub(t, place, null);
  await until('it has published', async () => (await hub.desk.checkpoint()) !== undefined);
  const proof = await hub.desk.proof({ hash: COUNTRY.b.hash });
  t.ok('leaf' in proof);
  const member = await startMember(t, place);
  t.match(await member.desk.acceptBundle(await bundleText(hub), MIRROR), {
    accepted: { length: 4 },
    refused: [],
  });
});

t.test('a store that fails while a leaf is written leaves log and documents as they were', async (t) => {
  const place = await createPlace(t, 0);
  const hub = await startHub(t, place, null);
  await acceptAll(hub, place);
  await until('it has published', async () => (await hub.desk.checkpoint()) !== undefined);
  const newer = successor('a', COUNTRY.a, {});
  for (const when of ['before', 'after'] as const) {
    const version = (await hub.desk.find('33'))?.version;
    place.hubWorld.store.failNext(when);
    t.equal(await ruleOf(hub.desk.accept(newer.text, UPLOAD, '33')), 'store_failed');
    await hub.retry();
    t.equal((await hub.desk.find('33'))?.version, when === 'after' ? 2 : version);
  }
  const last = successor('a', newer, {});
  await hub.accept(last);
  await until('the newest is proved', async () => {
    const found = await hub.desk.proof({ hash: last.hash }).catch(() => null);
    return found !== null;
  });
});
