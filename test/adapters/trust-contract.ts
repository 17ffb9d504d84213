// The part of the store contract about the trust network: versions, dead keys, the tree and its marks only grow.

import type { Test } from 'tap';
import type { Store } from '../../src/core/issue/store.js';
import type { TrustDocumentRow, TrustLogMarkRow, TrustWrites } from '../../src/core/issue/trust-rows.js';
import { CONFLICT, commit, type Open, opened } from './store-session.js';

const AT = 1_700_000_000;

function list(authority: string, version: number, change: Partial<TrustDocumentRow> = {}): TrustDocumentRow {
  const hash = `${authority}-${version}`.padEnd(43, 'A');
  return {
    type: 'list',
    authority,
    version,
    hash,
    text: `{"${authority}":${version}}`,
    leftOut: version % 2,
    acceptedAt: AT + version,
    ...change,
  };
}

const root = (version: number): TrustDocumentRow => list('root', version, { type: 'root' });
const MARK: TrustLogMarkRow = {
  role: 'own',
  origin: 'cn.example/log',
  size: 2,
  root: 'cm9vdA==',
  note: 'note',
  at: AT,
};
const put = (store: Store, trust: TrustWrites) => commit(store, 'trust.accepted', { trust });

/** All of it, as a start reads it. */
export async function allTrust(store: Store) {
  const documents: TrustDocumentRow[] = [];
  for await (const batch of store.trustDocuments()) documents.push(...batch);
  const nodes: unknown[] = [];
  for await (const batch of store.trustNodes()) nodes.push(...batch);
  return { documents, nodes, tombstones: await store.trustTombstones(), marks: await store.trustLogMarks() };
}

export async function trustNetwork(t: Test, open: Open): Promise<void> {
  await t.test('of what nobody wrote there is nothing', async (t) => {
    const store = await opened(t, open);
    t.strictSame(await allTrust(store), { documents: [], nodes: [], tombstones: [], marks: [] });
    t.equal(await store.findTrustDocument('list', '33'), undefined);
    t.equal(await store.trustLeaf(0), undefined);
    t.equal(await store.findTrustLeaf('{}'), undefined);
  });

  await t.test('what was committed is read back as it was, in the order of acceptance', async (t) => {
    const store = await opened(t, open);
    const documents = [root(1), list('cn.example', 5), list('33', 1)];
    const tombstones = [
      { authority: '33', thumbprint: 'b', at: AT },
      { authority: '33', thumbprint: 'a', at: AT + 1 },
    ];
    const nodes = [
      { level: 1, index: 0, hash: new Uint8Array(32).fill(3) },
      { level: 0, index: 1, hash: new Uint8Array(32).fill(2) },
      { level: 0, index: 0, hash: new Uint8Array(32).fill(1) },
    ];
    const leaves = ['{"a":1}', '{"b":1}'].map((text, index) => ({ index, text }));
    await put(store, { documents, tombstones, nodes, leaves, logMarks: [MARK] });
    t.strictSame(await allTrust(store), {
      documents,
      nodes: [nodes[2], nodes[1], nodes[0]],
      tombstones: [tombstones[1], tombstones[0]],
      marks: [MARK],
    });
    t.strictSame(await store.findTrustDocument('list', '33'), list('33', 1));
    t.equal(await store.findTrustDocument('list', 'root'), undefined);
    t.equal(await store.trustLeaf(1), '{"b":1}');
    t.equal(await store.findTrustLeaf('{"a":1}'), 0);
  });

  await t.test('of a list the newest text is kept, of the root every one', async (t) => {
    const store = await opened(t, open);
    await put(store, { documents: [root(1), list('33', 1), list('3301', 1)] });
    await put(store, { documents: [root(2), list('33', 7)] });
    t.strictSame((await allTrust(store)).documents, [root(1), list('3301', 1), root(2), list('33', 7)]);
    t.strictSame(await store.findTrustDocument('list', '33'), list('33', 7));
    t.strictSame(await store.findTrustDocument('root', 'root'), root(2));
  });

  for (const [what, trust] of Object.entries({
    'an older version': { documents: [list('33', 4)] },
    'the same version': { documents: [list('33', 5, { hash: 'other' })] },
    'an older root': { documents: [root(1)] },
    'a hole in the log': { leaves: [{ index: 2, text: '{}' }] },
    'a leaf in the place of another': { leaves: [{ index: 0, text: '{}' }] },
    'a node in the place of another': { nodes: [{ level: 0, index: 0, hash: new Uint8Array(32).fill(9) }] },
    'a smaller tree': { logMarks: [{ ...MARK, size: 1 }] },
    'another tree of one size': { logMarks: [{ ...MARK, root: 'b3RoZXI=' }] },
  } satisfies Record<string, TrustWrites>)) {
    await t.test(`${what} is refused, whole`, async (t) => {
      const store = await opened(t, open);
      await put(store, {
        documents: [root(1), list('33', 5)],
        leaves: [{ index: 0, text: '{"a":1}' }],
        nodes: [{ level: 0, index: 0, hash: new Uint8Array(32).fill(1) }],
        logMarks: [MARK],
      });
      const before = [await allTrust(store), await store.head()];
      const more = { documents: [list('44', 1), ...((trust as TrustWrites).documents ?? [])] };
      await t.rejects(put(store, { ...trust, ...more }), CONFLICT);
      t.strictSame([await allTrust(store), await store.head()], before);
    });
  }

  await t.test('a dead key stays dead as it died', async (t) => {
    const store = await opened(t, open);
    const dead = { authority: '33', thumbprint: 'a', at: AT };
    await put(store, { tombstones: [dead] });
    await put(store, {
      tombstones: [
        { ...dead, at: AT + 9 },
        { ...dead, authority: '44' },
      ],
    });
    t.strictSame(await store.trustTombstones(), [dead, { ...dead, authority: '44' }]);
  });

  await t.test('a log goes on, and is confirmed at the size that it has', async (t) => {
    const store = await opened(t, open);
    await put(store, { logMarks: [MARK, { ...MARK, role: 'seen' }] });
    const later = { ...MARK, at: AT + 9, note: 'another signature' };
    await put(store, { logMarks: [later] });
    await put(store, { logMarks: [{ ...MARK, role: 'seen', size: 3, root: 'bW9yZQ==' }] });
    t.strictSame(await store.trustLogMarks(), [later, { ...MARK, role: 'seen', size: 3, root: 'bW9yZQ==' }]);
  });
}
