// A network that changes: in whatever order its documents come, after a restart, and patch by patch, it comes to one resolution; and
// what one authority writes stays below it.

import fc from 'fast-check';
import { test } from 'tap';
import { sha256 } from '../../../../src/adapters/crypto-node.js';
import type { JsonObject } from '../../../../src/core/codec/json.js';
import type { SignedDocument } from '../../../../src/core/trust/documents/signed-document.js';
import { createAdmission } from '../../../../src/core/trust/documents/trusted-key.js';
import type { KeyRecord } from '../../../../src/core/trust/key-record.js';
import { createKeyTable, patchKeyTable, recordText } from '../../../../src/core/trust/key-table.js';
import type { TrustNetwork, TrustTombstone } from '../../../../src/core/trust/network/network.js';
import { NOW } from '../../../support/fixtures.js';
import { nextVersion, sign } from '../../../support/trust-desk.js';
import {
  AUTHORITIES,
  accept,
  acceptAll,
  anyCountry,
  anyEntry,
  custodiansOf,
  emptyNetwork,
  ROOT,
  restore,
  textsOf,
} from './any-country.js';

const withOrder = anyCountry.chain((lists) =>
  fc.tuple(fc.constant(lists), fc.shuffledSubarray([...lists], { minLength: lists.length })),
);

test('documents come to one resolution in every order in which they can be taken', async (t) => {
  fc.assert(
    fc.property(withOrder, ([lists, order]) => {
      const expected = acceptAll(emptyNetwork(), [ROOT, ...lists]);
      const network = acceptAll(emptyNetwork(), [ROOT, ...order]);
      t.strictSame(textsOf(network.records()), textsOf(expected.records()));
      t.strictSame([...network.authorities().keys()], [...expected.authorities().keys()]);
    }),
    { numRuns: 60 },
  );
});

/** One more version of one list: states that go forward, entries that come, a key that is called dead. */
interface Change {
  readonly name: string;
  readonly added: readonly JsonObject[];
  /** Place of an entry that is written down once more. */
  readonly again: number | null;
  /** Places of entries whose states go one on. */
  readonly forward: readonly number[];
  /** Place of an entry whose first key is revoked. */
  readonly revoked: number | null;
}

const anyChanges: fc.Arbitrary<readonly Change[]> = fc.array(
  fc.constantFrom(...AUTHORITIES).chain((name) =>
    fc.record({
      name: fc.constant(name),
      added: fc.array(anyEntry(name), { maxLength: 2 }),
      again: fc.option(fc.nat(8), { nil: null }),
      forward: fc.array(fc.nat(8), { maxLength: 2 }),
      revoked: fc.option(fc.nat(8), { nil: null }),
    }),
  ),
  { minLength: 1, maxLength: 8 },
);

const NEXT: Readonly<Record<string, string>> = {
  announced: 'active',
  active: 'retired',
  retired: 'removed',
  removed: 'revoked',
};

function changed(before: SignedDocument, { added, again, forward, revoked }: Change): SignedDocument {
  const { payload } = before;
  const old = payload['entries'] as readonly JsonObject[];
  const moved = old.map((entry, place) => {
    const state = NEXT[String(entry['state'])];
    return forward.includes(place) && state !== undefined ? { ...entry, state } : entry;
  });
  const dead = revoked === null ? undefined : thumbprintsOf(before)[revoked];
  const items = payload['revoked'] as readonly JsonObject[];
  const isNew = dead !== undefined && !items.some(({ key }) => key === dead);
  return sign(
    'list',
    nextVersion(before, {
      entries: [...moved, ...(again === null ? [] : moved.slice(again, again + 1)), ...added],
      revoked: isNew ? [...items, { key: dead, at: NOW, reason: 'lost' }] : items,
    }),
    custodiansOf(String(payload['iss'])),
  );
}

function thumbprintsOf({ payload }: SignedDocument): readonly string[] {
  const entries = payload['entries'] as readonly { readonly keys: readonly JsonObject[] }[];
  const admit = createAdmission({ sha256 }, () => undefined);
  return entries.flatMap(({ keys }) => keys.slice(0, 1).map((jwk) => admit(jwk, 'yima').thumbprint));
}

/** Plays the changes over what is held. @param each hears of every one that was taken, with the authority whose it was */
function play(
  network: TrustNetwork,
  lists: readonly SignedDocument[],
  changes: readonly Change[],
  each: (document: SignedDocument, authority: string) => void,
): void {
  for (const change of changes) {
    const first = lists.find(({ payload }) => payload['iss'] === change.name);
    const held = network.list(change.name)?.document;
    if (held !== undefined) each(changed(held, change), change.name);
    else if (first !== undefined) each(first, change.name);
  }
}

test('a table that takes up patches is the one that is built anew', async (t) => {
  let taken = 0;
  fc.assert(
    fc.property(anyCountry, anyChanges, (lists, changes) => {
      const network = emptyNetwork();
      let table = createKeyTable([], NOW);
      const take = (document: SignedDocument): void => {
        const change = accept(network, document);
        if (change === null) return;
        taken += 1;
        table = patchKeyTable(table, change.patch, NOW);
        const fresh = createKeyTable([...network.records()], NOW);
        t.strictSame(textsOf(table.records), textsOf(fresh.records));
        for (const { format, issuer, kid } of fresh.records) {
          t.strictSame(textsOf(table.find(format, issuer, kid)), textsOf(fresh.find(format, issuer, kid)));
        }
      };
      for (const document of [ROOT, ...lists]) take(document);
      play(network, lists, changes, take);
    }),
    { numRuns: 60 },
  );
  t.ok(taken > 200, `${taken} documents were taken`);
});

/** Everyone whose way from the hub leads through it, and itself. */
function subtree(network: TrustNetwork, top: string): ReadonlySet<string> {
  const inside = [...network.authorities()].filter(
    ([name, { grant }]) => name === top || grant.path.includes(top),
  );
  return new Set(inside.map(([name]) => name));
}

const recordsByName = (network: TrustNetwork): ReadonlyMap<string, readonly KeyRecord[]> =>
  new Map([...network.authorities()].map(([name, { records }]) => [name, records]));

test('what an authority writes changes nothing outside its subtree, and equal records stay the same objects', async (t) => {
  let outside = 0;
  fc.assert(
    fc.property(anyCountry, anyChanges, (lists, changes) => {
      const network = acceptAll(emptyNetwork(), [ROOT, ...lists]);
      play(network, lists, changes, (document, authority) => {
        const before = recordsByName(network);
        const below = subtree(network, authority);
        if (accept(network, document) === null) return;
        const inside = new Set([...below, ...subtree(network, authority)]);
        const after = recordsByName(network);
        for (const [name, records] of before) {
          const now = after.get(name);
          const known = new Map(records.map((record) => [recordText(record), record]));
          const isKept = (record: KeyRecord): boolean =>
            known.get(recordText(record)) === undefined || records.includes(record);
          t.ok(now === undefined || now.every(isKept), `${name} keeps what is equal`);
          if (inside.has(name)) continue;
          outside += records.length;
          t.equal(now, records, `${name} is as before ${authority} wrote`);
        }
        t.ok([...after.keys()].every((name) => before.has(name) || inside.has(name)));
      });
    }),
    { numRuns: 100 },
  );
  t.ok(outside > 100, `${outside} records stood outside`);
});

test('a restart comes to the same, in whatever order the lists are read', async (t) => {
  fc.assert(
    fc.property(withOrder, anyChanges, ([lists, order], changes) => {
      const network = emptyNetwork();
      const tombstones: TrustTombstone[] = [];
      const take = (document: SignedDocument): void => {
        tombstones.push(...(accept(network, document)?.tombstones ?? []));
      };
      for (const document of [ROOT, ...lists, ...lists]) take(document);
      play(network, lists, changes, take);
      const restored = emptyNetwork({ tombstones });
      restore(restored, ROOT);
      let waiting = order.flatMap(({ payload }) => network.list(String(payload['iss']))?.document ?? []);
      for (let before = -1; before !== waiting.length; ) {
        before = waiting.length;
        waiting = waiting.filter((document) => !restore(restored, document));
      }
      t.strictSame(textsOf(restored.records()), textsOf(network.records()));
    }),
    { numRuns: 60 },
  );
});
