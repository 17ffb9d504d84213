// Two nodes that tell each other what they saw, over a stream that fails on command.

import { setImmediate as nextTurn } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { randomBytes, sha256 } from '../../../src/adapters/crypto-node.js';
import { openYm2 } from '../../../src/core/envelope/ym2.js';
import { readSightingEntry } from '../../../src/core/verify/sighting-port.js';
import { createSightings, SIGHTING_BYTES, type Sightings } from '../../../src/core/verify/sightings.js';
import type { After } from '../../../src/server/after.js';
import { startSightingShare } from '../../../src/server/sightings/share.js';
import { createUntold } from '../../../src/server/sightings/untold.js';
import { createDevice } from '../../support/device.js';
import { createIssuer, momentAt, NOW } from '../../support/fixtures.js';
import { until } from '../../support/until.js';

const device = createDevice();
const bound = device.bind(createIssuer().signer);
const SITE = { caller: 'k', site: 'gate', nonce: null };
const after: After = (run, ms) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

interface Place {
  readonly entries: Uint8Array[];
  /** Answers nothing that it is asked. */
  isHung: boolean;
  /** Refuses what is told, and reads on. */
  isFull: boolean;
  /** Reads as if nothing had been told. */
  isDeaf: boolean;
}

interface Node {
  readonly sightings: Sightings;
  readonly steady: { at: number };
  readonly see: (text: string) => boolean;
  readonly reach: () => string;
}

function openPlace(): Place {
  return { entries: [], isHung: false, isFull: false, isDeaf: false };
}

function openNode(t: Test, name: string, place: Place): Node {
  const steady = { at: NOW };
  const sightings = createSightings({ sha256, node: name, tell: (packed) => share.offer(packed) });
  const never = new Promise<never>(() => undefined);
  let drop = (): void => undefined;
  const share = startSightingShare({
    stream: {
      tell: async (entry) => {
        if (place.isFull) throw new Error('no room');
        if (place.isHung) throw new Error('Command timed out');
        place.entries.push(entry);
      },
    },
    news: {
      begin: async () => '0',
      read: async (from) => {
        if (place.isHung) {
          await Promise.race([
            never,
            new Promise<void>((_, reject) => (drop = () => reject(new Error('dropped')))),
          ]);
        }
        await new Promise((resolve) => setTimeout(resolve, 5));
        const entries = place.isDeaf ? [] : place.entries.slice(Number(from));
        return { place: String(Number(from) + entries.length), entries };
      },
      drop: () => drop(),
    },
    learn: (packed) => void sightings.learn(packed, NOW),
    shareUntil: sightings.shareUntil,
    random: randomBytes,
    steady: () => steady.at,
    after,
    nextTurn: () => nextTurn(),
  });
  t.teardown(() => share.close());
  const now = () => ({ epoch: NOW, steady: steady.at });
  return {
    sightings,
    steady,
    see: (text) => sightings.see(openYm2(text).presentation, SITE, now()).isElsewhere,
    reach: () => sightings.see(openYm2(device.present(bound, NOW - 30)).presentation, SITE, now()).reach,
  };
}

t.test('what one sees first the other holds, and both say that they share', async (t) => {
  const place = openPlace();
  const [a, b] = [openNode(t, 'a', place), openNode(t, 'b', place)];
  t.equal(a.reach(), 'local', 'nothing has come back yet');
  const live = device.present(bound);
  t.notOk(a.see(live));
  await until('it is known there', () => b.sightings.figures().held > 0 && b.see(live));
  await until('both share', () => a.reach() === 'shared' && b.reach() === 'shared');
  t.notOk(a.see(live), 'the first place stays the first');
});

t.test('it is shared as long as what is told comes back, and not a moment on trust', async (t) => {
  const place = openPlace();
  const a = openNode(t, 'a', place);
  await until('it shares', () => a.reach() === 'shared');
  for (const trouble of ['isDeaf', 'isFull', 'isHung'] as const) {
    place[trouble] = true;
    a.steady.at += 2.1;
    await until(`local: ${trouble}`, () => a.reach() === 'local');
    place[trouble] = false;
    a.steady.at += 5;
    await until(`shared again after ${trouble}`, () => a.reach() === 'shared');
  }
});

t.test('what could not be told is told later, and what came meanwhile too', async (t) => {
  const place = openPlace();
  const [a, b] = [openNode(t, 'a', place), openNode(t, 'b', place)];
  place.isFull = true;
  const codes = [0, 1, 2].map((n) => device.present(bound, NOW + n));
  for (const code of codes) a.see(code);
  place.isFull = false;
  await until('all are known there', () => b.sightings.figures().held === 3);
  for (const code of codes) t.ok(b.see(code));
});

t.test('rubbish in the stream is passed over', async (t) => {
  const place = openPlace();
  place.entries.push(new Uint8Array(0), new Uint8Array(13), new Uint8Array(70_000));
  const a = openNode(t, 'a', place);
  await until('it shares all the same', () => a.reach() === 'shared');
  t.ok(a.sightings.figures().held <= 1, 'its own alone');
});

t.test('a node that starts again learns what it saw itself', async (t) => {
  const place = openPlace();
  const before = openNode(t, 'a', place);
  const live = device.present(bound);
  before.see(live);
  await until('it is told', () =>
    place.entries.some((entry) => (readSightingEntry(entry)?.packed.length ?? 0) > 0),
  );
  const again = openNode(t, 'a', place);
  await until('it is known again', () => again.sightings.figures().held > 0);
  t.notOk(again.see(live), 'and where it was');
  const other = { ...SITE, site: 'other' };
  t.ok(again.sightings.see(openYm2(live).presentation, other, momentAt(NOW)).isElsewhere);
});

t.test('what waits to be told is bounded, and the newest stays', async (t) => {
  const untold = createUntold();
  t.ok(untold.isEmpty());
  t.equal(untold.take().length, 0);
  for (let n = 0; n < 70_000; n++) untold.add(new Uint8Array(SIGHTING_BYTES).fill(n < 4_464 ? 1 : 2));
  const first = untold.take();
  t.equal(first.length, 4_096 * SIGHTING_BYTES);
  t.equal(first[0], 2, 'the oldest are gone');
  untold.putBack(first);
  let told = 0;
  while (!untold.isEmpty()) told += untold.take().length;
  t.equal(told, 65_536 * SIGHTING_BYTES);
});
