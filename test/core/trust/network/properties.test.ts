// What holds for every tree of authorities, whatever its lists claim: nothing that is resolved exceeds any grant above it, and what
// it comes to does not hang on the way it came.

import fc from 'fast-check';
import { test } from 'tap';
import { normalizeRegion } from '../../../../src/core/codec/region.js';
import type { KeyRecord, KeyTable } from '../../../../src/core/trust/key-record.js';
import { createKeyTable, patchKeyTable, recordText } from '../../../../src/core/trust/key-table.js';
import type { TrustNetwork } from '../../../../src/core/trust/network/network.js';
import { NOW } from '../../../support/fixtures.js';
import {
  change,
  HUB,
  lists,
  NAMES,
  offer,
  open,
  ROOT,
  settle,
  successor,
  type Take,
} from './random-trees.js';

const texts = (records: Iterable<KeyRecord>): readonly string[] => [...records].map(recordText).sort();

function isInside(record: KeyRecord, network: TrustNetwork, name: string): boolean {
  const grant = network.authorities().get(name)?.grant;
  if (grant === undefined) return false;
  const kinds = record.scope.kinds;
  const areKinds =
    grant.scope.kinds === null || kinds?.every((kind) => grant.scope.kinds?.includes(kind)) === true;
  const from = record.notBefore ?? Number.NEGATIVE_INFINITY;
  const to = record.notAfter ?? Number.POSITIVE_INFINITY;
  const isBase =
    record.statusBase === null ||
    (grant.statusBase !== null && record.statusBase.startsWith(grant.statusBase));
  return (
    record.scope.region.startsWith(grant.scope.region) &&
    areKinds &&
    from >= (grant.notBefore ?? Number.NEGATIVE_INFINITY) &&
    to <= (grant.notAfter ?? Number.POSITIVE_INFINITY) &&
    isBase &&
    (record.trustedUntil ?? Number.POSITIVE_INFINITY) <= grant.trustedUntil &&
    isNameUnder(record.issuer ?? '', name)
  );
}

function isNameUnder(sub: string, name: string): boolean {
  if (name === HUB || sub === name || sub.endsWith(`.${name}`)) return true;
  const [inner, outer] = [normalizeRegion(sub), normalizeRegion(name)];
  // A ministry may be called by anything under the hub; what is below it stays below it.
  return /^[0-9]+$/.test(inner) && /^[0-9]+$/.test(outer) && inner.startsWith(outer);
}

test('nothing that is resolved exceeds any authority above it', async (t) => {
  let deepest = 0;
  let count = 0;
  fc.assert(
    fc.property(lists, (documents) => {
      const network = open();
      settle(network, [ROOT, ...documents]);
      for (const [name, { records, grant }] of network.authorities()) {
        if (records.length > 0) deepest = Math.max(deepest, grant.path.length);
        count += records.length;
        for (const record of records) {
          for (const above of [...grant.path, name]) if (!isInside(record, network, above)) return false;
        }
        if (grant.path.length > 0 && grant.depth > 3 - grant.path.length) return false;
      }
      return true;
    }),
    { numRuns: 150 },
  );
  t.ok(deepest >= 3, `down to level ${deepest}`);
  t.ok(count > 500, `${count} records`);
});

test('whatever the order, it comes to the same; restored, too', async (t) => {
  fc.assert(
    fc.property(
      lists.chain((documents) =>
        fc.tuple(
          fc.constant(documents),
          fc.shuffledSubarray([...documents], { minLength: documents.length }),
        ),
      ),
      ([documents, shuffled]) => {
        const [one, other, restored] = [open(), open(), open()];
        settle(one, [ROOT, ...documents]);
        settle(other, [ROOT, ...shuffled]);
        settle(restored, [ROOT, ...one.lists().map(({ document }) => document)], null);
        t.same(texts(other.records()), texts(one.records()), 'in another order');
        t.same(texts(restored.records()), texts(one.records()), 'restored');
        t.same([...other.authorities().keys()].sort(), [...one.authorities().keys()].sort());
      },
    ),
    { numRuns: 60 },
  );
});

test('after any changes a patched table is the one that is built anew, and nothing beside the changed list moves', async (t) => {
  let taken = 0;
  fc.assert(
    fc.property(lists, fc.array(change, { minLength: 1, maxLength: 6 }), (documents, changes) => {
      const network = open();
      let table: KeyTable = createKeyTable([], NOW);
      const take: Take = (patch) => {
        table = patchKeyTable(table, patch, NOW);
      };
      settle(network, [ROOT, ...documents], NOW, take);
      for (const each of changes) {
        const name = NAMES[each.name] ?? HUB;
        const known = network.list(name);
        if (known === undefined) continue;
        const before = new Map([...network.authorities()].map(([of, { records }]) => [of, records]));
        if (offer(network, successor(known.document, each), NOW, take) === null) taken++;
        for (const [of, { records, grant }] of network.authorities()) {
          const isBelow = of === name || grant.path.includes(name);
          const was = before.get(of);
          // What is claimed by two parents may change hands when the first of them lets go of it.
          if (!isBelow && was !== undefined && name !== HUB && !isContested(network, of)) {
            t.equal(records, was, `${of} keeps its records when ${name} changes`);
          }
        }
      }
      const anew = createKeyTable([...network.records()], NOW);
      t.same(texts(table.records), texts(anew.records), 'the records');
      for (const { format, issuer, kid } of anew.records) {
        t.same(
          texts(table.find(format, issuer, kid)),
          texts(anew.find(format, issuer, kid)),
          'what is found',
        );
      }
    }),
    { numRuns: 60 },
  );
  t.ok(taken > 30, `${taken} changes were taken`);
});

/** Whether more than one authority that counts lists it. */
function isContested(network: TrustNetwork, name: string): boolean {
  const parents = network
    .lists()
    .filter(({ entries }) => entries.some(({ sub, use }) => use === 'list' && sub === name));
  return parents.length > 1;
}
