// What every place for feeds promises; run against Redis and against its twin in memory.

import type { Test } from 'tap';
import { hexEncode } from '../../../src/core/codec/bytes.js';
import type { FeedStore, FeedStream, Publication } from '../../../src/core/status/feed/port.js';
import { epochOf } from '../../support/feed-world.js';

const BASE = 'https://a.example/status-lists/';
const OTHER = 'https://b.example/status-lists/';
const hash = (fill: number) => new Uint8Array(32).fill(fill);
const row = (number: number, fill: number) => ({ number, bits: 2, entries: 64, digest: hash(fill) }) as const;
const state = (n: number, epoch = epochOf(1)) => ({ epoch, n, hash: hash(n) });
const publication = (n: number, more: Partial<Publication> = {}): Publication => ({
  expected: state(n - 1),
  state: state(n),
  entry: Uint8Array.of(n, 0, 255),
  lists: [],
  ranges: [],
  ...more,
});

/** @param place an empty one, and what follows it */
export async function feedContract(t: Test, place: FeedStore & FeedStream): Promise<void> {
  t.strictSame(
    await place.readHead(BASE),
    { state: null, last: null, lists: [] },
    'nothing is there at first',
  );
  t.equal(await place.publish(BASE, publication(2)), false, 'and nothing goes on');
  t.equal((await place.readHead(BASE)).last, null);
  t.equal(await place.readList(BASE, epochOf(1), 7, 16), null);

  const packed = Uint8Array.from({ length: 16 }, (_, i) => i * 17);
  await place.writeList(BASE, epochOf(1), 7, packed);
  await place.beginEpoch(BASE, { state: state(1), entry: Uint8Array.of(1), lists: [row(7, 1)] });
  const first = await place.readHead(BASE);
  t.strictSame(first.state, state(1));
  t.strictSame(first.lists, [row(7, 1)]);
  t.strictSame(first.last?.entry, Uint8Array.of(1));
  t.strictSame(await place.readList(BASE, epochOf(1), 7, 16), packed);
  for (const length of [15, 17]) t.equal(await place.readList(BASE, epochOf(1), 7, length), null);
  for (const length of [16, 2 ** 18]) {
    await place.writeList(BASE, epochOf(9), 1, new Uint8Array(length));
    const mine = await place.readList(BASE, epochOf(9), 1, length);
    mine?.fill(0xff);
    t.equal(mine?.buffer.byteLength, length, 'nothing else lies in its memory');
    t.strictSame(
      await place.readList(BASE, epochOf(9), 1, length),
      new Uint8Array(length),
      'nor is it shared',
    );
  }

  const ranges = [
    { number: 8, offset: 15, bytes: Uint8Array.of(0) },
    { number: 7, offset: 3, bytes: Uint8Array.of(0, 255) },
    { number: 8, offset: 0, bytes: Uint8Array.of(1) },
  ];
  t.equal(await place.publish(BASE, publication(2, { lists: [row(7, 2), row(8, 3)], ranges })), true);
  const second = await place.readHead(BASE);
  t.strictSame(second.state, state(2));
  t.strictSame(
    [...(second.lists ?? [])].sort((a, b) => a.number - b.number),
    [row(7, 2), row(8, 3)],
  );
  t.equal(
    hexEncode((await place.readList(BASE, epochOf(1), 8, 16)) ?? new Uint8Array(0)),
    `01${'00'.repeat(15)}`,
  );
  t.strictSame(
    (await place.readList(BASE, epochOf(1), 7, 16))?.subarray(2, 6),
    Uint8Array.of(34, 0, 255, 85),
  );

  t.equal(await place.publish(BASE, publication(2)), false, 'the same again finds another state');
  t.equal(await place.publish(BASE, publication(4)), false);
  t.strictSame((await place.readHead(BASE)).state, state(2), 'and changes nothing');

  await place.beginEpoch(OTHER, { state: state(1), entry: Uint8Array.of(9), lists: [] });
  const from = [{ base: BASE, id: first.last?.id ?? '0' }];
  const came = await place.read([...from, { base: OTHER, id: '0' }], 5_000);
  t.strictSame(
    came.map(({ base, entry }) => [base, [...entry]]),
    [
      [BASE, [2, 0, 255]],
      [OTHER, [9]],
    ],
    'both are followed in one read',
  );
  const last = { base: BASE, id: second.last?.id ?? '0' };
  t.strictSame(await place.read([last], 10), [], 'nothing new');
  const waiting = place.read([last], 30_000);
  t.equal(await place.publish(BASE, publication(3)), true);
  t.strictSame(
    (await waiting).map(({ entry }) => [...entry]),
    [[3, 0, 255]],
  );

  await place.writeList(BASE, epochOf(2), 7, packed);
  await place.beginEpoch(BASE, { state: state(1, epochOf(2)), entry: Uint8Array.of(4), lists: [row(7, 1)] });
  await place.dropOtherEpochs(BASE, epochOf(2));
  t.equal(await place.readList(BASE, epochOf(1), 7, 16), null);
  t.strictSame(await place.readList(BASE, epochOf(2), 7, 16), packed);
  t.strictSame((await place.readHead(BASE)).lists, [row(7, 1)], 'lists of the epoch before are gone');
  t.strictSame((await place.readHead(OTHER)).state, state(1), 'another feed is none of its business');
}
