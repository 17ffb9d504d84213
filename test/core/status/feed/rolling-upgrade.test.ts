// An issuer and its verifiers are not upgraded in one moment: what each says and hears meanwhile.

import t from 'tap';
import { asciiEncode } from '../../../../src/core/codec/bytes.js';
import { decodeStrict, encodeCbor } from '../../../../src/core/codec/cbor.js';
import { encodeCoseSign1, parseCoseSign1, sigStructure } from '../../../../src/core/codec/cose-sign1.js';
import {
  BASE,
  createFeedWorld,
  createMirrorWorld,
  type FeedWorld,
  holdSame,
  trustIn,
} from '../../../support/feed-world.js';

const VERSION = 1;
const LATER_MEMBER = 64;

/** The newest entry as another program of the issuer would have written it. */
function rewriteLast({ twin, issuer }: FeedWorld, key: number, value: unknown): void {
  const last = twin.place(BASE).stream.at(-1);
  if (last === undefined) throw new Error('there is no entry');
  const { protectedBytes, payload } = parseCoseSign1(last.entry, { mode: 'strict' });
  const members = decodeStrict(payload) as Map<unknown, unknown>;
  const bytes = encodeCbor(members.set(key, value));
  const signature = issuer.signer.sign(sigStructure(protectedBytes, asciiEncode('yima-feed'), bytes));
  last.entry = encodeCoseSign1(protectedBytes, bytes, signature);
}

async function follow() {
  const world = createFeedWorld();
  world.addList(1);
  world.set(1, 100, 1);
  await world.found();
  const other = createMirrorWorld(world.twin, trustIn(world.issuer));
  t.equal(await other.begin(), null);
  await other.load();
  return { world, other };
}

t.test('an issuer that was upgraded first, and says more, is followed as before', async (t) => {
  const { world, other } = await follow();
  world.set(1, 7, 2);
  await world.publish();
  rewriteLast(world, LATER_MEMBER, 'what later programs tell');
  t.equal(other.follow(), null);
  t.ok(holdSame(world.live, other.arena));
  const late = createMirrorWorld(world.twin, trustIn(world.issuer));
  t.equal(await late.begin(), null, 'nor does one that begins then mind');
  t.ok(await late.load());
});

t.test('a version that this program does not know is not applied, ages, and is left again', async (t) => {
  const { world, other } = await follow();
  const before = other.arena.confirmedAt(BASE);
  const place = structuredClone(world.twin.place(BASE));
  world.at += 60_000;
  other.now = { epoch: other.now.epoch + 60, steady: other.now.steady + 60 };
  world.set(1, 7, 2);
  await world.publish();
  const sound = structuredClone(world.twin.place(BASE));
  rewriteLast(world, VERSION, VERSION + 1);
  t.equal(other.follow(), 'version');
  t.equal(await other.begin(), 'version');
  t.equal(other.arena.find(BASE, 1, 7)?.value, 0, 'nothing of it is taken');
  t.equal(other.arena.find(BASE, 1, 100)?.value, 1, 'what was known stays');
  t.strictSame(other.arena.confirmedAt(BASE), before, 'and ages');

  Object.assign(world.twin.place(BASE), place);
  t.equal(await other.begin(), null, 'the issuer went back to the version before');
  Object.assign(world.twin.place(BASE), sound);
  t.equal(await other.begin(), null);
  await other.load();
  t.ok(holdSame(world.live, other.arena));
});
