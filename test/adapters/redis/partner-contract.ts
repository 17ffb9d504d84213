// What every place that a cluster shares promises; run against Redis and against its twin in memory.

import type { Test } from 'tap';
import type { PartnerStore, StoredList } from '../../../src/core/status/partner-store.js';

const URI = 'https://a.example/status-lists/1';
const list = (more: Partial<StoredList> = {}): StoredList => ({
  uri: URI,
  form: 'cwt',
  etag: '"v1"',
  issuedAt: 1_800_000_000,
  body: Uint8Array.from({ length: 256 }, (_, byte) => byte),
  ...more,
});

/** @param join gives another node of the same, empty cluster */
export async function partnerContract(t: Test, join: () => PartnerStore): Promise<void> {
  const [first, second] = [join(), join()];
  t.same(await first.news(false), { isAnew: true, lists: [] }, 'nothing is there at first');
  t.same(await first.news(false), { isAnew: false, lists: [] });
  t.equal(await first.get(URI), undefined);

  t.same([await first.lead(), await second.lead(), await first.lead()], [true, false, true], 'one leads');
  t.equal(await second.put(list()), false, 'who does not lead puts nothing');
  t.equal(await first.put(list()), true);
  t.same(await first.get(URI), list());
  t.same(await second.news(false), { isAnew: true, lists: [{ uri: URI, issuedAt: list().issuedAt }] });
  t.same((await second.news(false)).lists, [], 'told once');
  t.same((await second.news(true)).lists.length, 1, 'or again from the start');
  t.same(await second.get(URI), list());

  const [newer, other] = [
    list({ issuedAt: 1_800_000_060, etag: null, form: 'jwt' }),
    list({ uri: `${URI}0` }),
  ];
  t.ok((await first.put(newer)) && (await first.put(other)) && (await first.put(other)));
  t.same((await second.news(false)).lists, [
    { uri: URI, issuedAt: newer.issuedAt },
    { uri: other.uri, issuedAt: other.issuedAt },
  ]);
  t.same(await second.get(URI), newer);

  t.same(await first.asked(), []);
  await second.ask([URI, other.uri, URI]);
  t.same([...(await first.asked())].sort(), [URI, other.uri]);
  t.same(await first.asked(), [], 'taken is gone');

  await second.release();
  t.equal(await second.lead(), false, 'nobody gives up what is not his');
  await first.release();
  t.equal(await second.lead(), true);
  t.equal(await first.put(list()), false);
  await first.release();
  t.equal(await second.put(list()), true, 'the lock is still its own');
}
