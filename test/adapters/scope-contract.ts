// Scopes in every store: whatever is asked, in windows of any size, the answer is that of the predicate.

import fc from 'fast-check';
import type { Test } from 'tap';
import { scopeCovers } from '../../src/core/issue/revocation-scope.js';
import type { RevocationScope, ScopeCount } from '../../src/core/issue/scope.js';
import type { CredentialRow, ReleasedEncoding, Store, StoredCredential } from '../../src/core/issue/store.js';
import { credentialRow, idOf, LIST, releasedRow } from './store-rows.js';
import { commit, type Open, opened } from './store-session.js';

const KIDS = ['AAECAwQFBgc', 'AAECAwQFBgg'] as const;
const MOST = 30;

const credential = fc.record({
  kind: fc.constantFrom('health-code', 'driving-licence'),
  region: fc.constantFrom('330102', '330203', '650102', '659001', '669001', '660100', '100000'),
  principal: fc.constantFrom('office', 'local'),
  operator: fc.constantFrom('desk 4', 'Desk 4', '窗口'),
  batch: fc.constantFrom(null, 'b1', 'b2'),
  issuedAt: fc.integer({ min: 100, max: 104 }),
  revoked: fc.boolean(),
  suspended: fc.boolean(),
});
const issued = fc.array(fc.tuple(credential, fc.subarray([...KIDS])), { maxLength: MOST });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 2 });
const scope: fc.Arbitrary<RevocationScope> = fc.record({
  credentials: maybe(fc.uniqueArray(fc.integer({ min: 1, max: MOST + 3 })).map((ns) => ns.map(idOf).sort())),
  batch: maybe(fc.constantFrom('b1', 'b2', "b1' or 1=1 --")),
  office: maybe(fc.constantFrom('office', 'local')),
  operator: maybe(fc.constantFrom('desk 4', '窗口', 'DESK 4')),
  signingKey: maybe(fc.constantFrom(...KIDS)),
  kind: maybe(fc.constantFrom('health-code', 'driving-licence')),
  region: maybe(fc.constantFrom('33', '3301', '65', '66', '6690', '669001', '100000')),
  issuedBefore: maybe(fc.integer({ min: 100, max: 105 })),
});

export async function scopes(t: Test, open: Open): Promise<void> {
  await t.test('counts and pages are what the predicate says, in windows of any size', async (t) => {
    await fc.assert(
      fc.asyncProperty(
        issued,
        scope,
        fc.integer({ min: 1, max: MOST + 2 }),
        fc.integer({ min: 1, max: 5 }),
        async (rows, scope, windowRows, limit) => {
          const store = await open(t);
          try {
            await fill(store, rows);
            const all = await store.credentials('', 1_000);
            const expected = all.filter((each) => scopeCovers(scope, each));
            t.strictSame(await pages(store, scope, windowRows, limit), expected);
            t.strictSame(await counts(store, scope, windowRows), countOf(expected));
          } finally {
            await store.close();
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  await t.test(
    'the Corps’ cities of Xinjiang are covered by 66 as they were written, and not by 65',
    async (t) => {
      const store = await opened(t, open);
      await fill(
        store,
        [{ region: '659001' }, { region: '669001' }, { region: '650102' }].map((row) => [row, []]),
      );
      const covered = async (region: string) =>
        (await pages(store, { ...ALL, region }, 10, 10)).map(({ credential }) => credential.id);
      t.same(await covered('66'), [idOf(1), idOf(2)]);
      t.same(await covered('65'), [idOf(3)]);
    },
  );

  for (const rows of [0, -1, 10_001, 1.5, Number.NaN]) {
    await t.test(`a window of ${rows} rows is refused`, async (t) => {
      const store = await opened(t, open);
      const refused = { code: 'invalid_request', field: 'rows' };
      await t.rejects(store.countScope(ALL, { after: '', rows }), refused);
      await t.rejects(store.pageScope(ALL, { after: '', rows }, 1), refused);
    });
  }

  await t.test('a page of no rows is refused', async (t) => {
    const store = await opened(t, open);
    await t.rejects(store.pageScope(ALL, { after: '', rows: 1 }, 0), {
      code: 'invalid_request',
      field: 'limit',
    });
  });
}

const ALL: RevocationScope = {
  credentials: null,
  batch: null,
  office: null,
  operator: null,
  signingKey: null,
  kind: null,
  region: null,
  issuedBefore: null,
};

async function fill(
  store: Store,
  rows: readonly (readonly [Partial<CredentialRow>, readonly string[]])[],
): Promise<void> {
  const encodings = rows.flatMap(([, kids], at) =>
    kids.map((kid, form): ReleasedEncoding => {
      const counter = at * KIDS.length + form;
      return {
        ...releasedRow(at + 1, { kid, counter, index: counter }),
        form: form === 0 ? 'screen' : 'paper',
      };
    }),
  );
  await commit(store, 'issued', {
    lists: [LIST],
    credentials: rows.map(([row], at) => credentialRow(at + 1, row)),
    encodings,
  });
}

async function pages(
  store: Store,
  scope: RevocationScope,
  rows: number,
  limit: number,
): Promise<StoredCredential[]> {
  const found: StoredCredential[] = [];
  for (let after: string | null = ''; after !== null; ) {
    const { credentials, next } = await store.pageScope(scope, { after, rows }, limit);
    found.push(...credentials);
    after = next;
  }
  return found;
}

async function counts(store: Store, scope: RevocationScope, rows: number): Promise<Record<string, number>> {
  const found: ScopeCount[] = [];
  for (let after: string | null = ''; after !== null; ) {
    const { counts, next } = await store.countScope(scope, { after, rows });
    found.push(...counts);
    after = next;
  }
  return added(found);
}

function countOf(covered: readonly StoredCredential[]): Record<string, number> {
  return added(
    covered.map(({ credential: { kind, region, revoked } }) => ({ kind, region, revoked, count: 1 })),
  );
}

function added(counts: readonly ScopeCount[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const { kind, region, revoked, count } of counts) {
    const key = `${kind} ${region} ${revoked}`;
    sums.set(key, (sums.get(key) ?? 0) + count);
  }
  return Object.fromEntries([...sums].sort());
}
