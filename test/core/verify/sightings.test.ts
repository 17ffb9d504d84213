// Sightings that travel: packed, learned by others, and no word about whom or where.

import t from 'tap';
import { sha256 } from '../../../src/adapters/crypto-node.js';
import { openYm2 } from '../../../src/core/envelope/ym2.js';
import { createSightingTable } from '../../../src/core/verify/sighting-table.js';
import { createSightings, SIGHTING_BYTES, type Sightings } from '../../../src/core/verify/sightings.js';
import { createDevice } from '../../support/device.js';
import { createIssuer, momentAt, NOW } from '../../support/fixtures.js';

const { signer } = createIssuer();
const device = createDevice();
const bound = device.bind(signer);
const live = openYm2(device.present(bound)).presentation;
const EAST = { caller: 'k1', site: 'east', nonce: null };
const WEST = { caller: 'k1', site: 'west', nonce: null };
const now = momentAt(NOW);

function open(node: string, mostSlots?: number): Sightings & { readonly told: Uint8Array[] } {
  const told: Uint8Array[] = [];
  const table = createSightingTable(mostSlots);
  return { ...createSightings({ sha256, node, tell: (packed) => void told.push(packed), table }), told };
}

t.test('what one node saw first another learns, once', async (t) => {
  const [a, b] = [open('a'), open('b')];
  t.same(a.see(live, EAST, now), { isElsewhere: false, reach: 'local' });
  a.see(live, EAST, now);
  a.see(live, WEST, now);
  t.equal(a.told.length, 1, 'the first sight alone is told');
  const [packed = new Uint8Array()] = a.told;
  t.equal(packed.length, SIGHTING_BYTES);
  t.same(b.learn(packed, NOW), packed);
  t.equal(b.learn(packed, NOW).length, 0, 'and is new once');
  t.equal(b.told.length, 0, 'learning is no sight');
  t.ok(b.see(live, EAST, now).isElsewhere, 'sites of two nodes may have one name');
});

t.test('processes of one node know its sites by the same name', async (t) => {
  const [a, b] = [open('a'), open('a')];
  a.see(live, EAST, now);
  for (const packed of a.told) b.learn(packed, NOW);
  t.notOk(b.see(live, EAST, now).isElsewhere);
  t.ok(b.see(live, WEST, now).isElsewhere);
});

t.test('two places that see it at once are both told to look from then on', async (t) => {
  const [a, b] = [open('a'), open('b')];
  for (const node of [a, b]) t.notOk(node.see(live, EAST, now).isElsewhere, 'neither has heard of the other');
  const [fromA = new Uint8Array(), fromB = new Uint8Array()] = [a.told[0], b.told[0]];
  t.same(a.learn(fromB, NOW), fromB, 'news, to be passed on');
  t.same(b.learn(fromA, NOW), fromA);
  for (const node of [a, b]) t.ok(node.see(live, EAST, now).isElsewhere);
});

t.test('it is shared while others are heard, and as far as there was room for what they tell', async (t) => {
  const a = open('a', 8);
  a.shareUntil(NOW + 2);
  t.equal(a.see(live, EAST, now).reach, 'shared');
  t.equal(a.see(live, EAST, { epoch: NOW, steady: NOW + 2.1 }).reach, 'local');
  const flood = new Uint8Array(SIGHTING_BYTES * 5_000);
  const view = new DataView(flood.buffer);
  for (let n = 0; n < 5_000; n++) {
    view.setUint32(n * SIGHTING_BYTES, Math.imul(n, 0x9e37_79b1) >>> 0);
    view.setUint32(n * SIGHTING_BYTES + 8, NOW);
    view.setUint32(n * SIGHTING_BYTES + 12, 1);
  }
  a.learn(flood, NOW);
  t.equal(a.see(live, EAST, now).reach, 'local');
});

t.test('where there is no room to remember, a person looks', async (t) => {
  const a = open('a', 8);
  const elsewhere = new Set<boolean>();
  for (let n = 0; n < 4_000; n++) {
    const message = new Uint8Array(4);
    new DataView(message.buffer).setUint32(0, n);
    elsewhere.add(a.see({ ...live, message }, EAST, now).isElsewhere);
  }
  t.same(elsewhere, new Set([false, true]));
  t.ok(a.figures().dropped > 0);
});

t.test('everything that is held can be handed on in pieces', async (t) => {
  const [a, b] = [open('a'), open('a')];
  for (let n = 0; n < 10_000; n++) {
    const message = new Uint8Array(4);
    new DataView(message.buffer).setUint32(0, n);
    a.see({ ...live, message }, EAST, now);
  }
  const pieces = [...a.pieces()];
  t.equal(pieces.length, 3);
  for (const piece of pieces) b.learn(piece, NOW);
  t.equal(b.figures().held, 10_000);
});

t.test('bytes that are no sightings are left out', async (t) => {
  const a = open('a');
  t.equal(a.learn(new Uint8Array(SIGHTING_BYTES), NOW).length, 0, 'no place');
  t.equal(a.learn(new Uint8Array(SIGHTING_BYTES - 1).fill(1), NOW).length, 0, 'not whole');
  t.equal(a.learn(new Uint8Array(SIGHTING_BYTES).fill(0xff), NOW).length, 0, 'from another time');
  t.equal(a.figures().held, 0);
});
