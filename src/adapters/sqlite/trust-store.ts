// The trust network on SQLite: the part of the store port that core/issue/trust-rows.ts declares.

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import type {
  TrustDocumentRow,
  TrustLogMarkRow,
  TrustNodeRow,
  TrustReads,
  TrustTombstoneRow,
  TrustWrites,
} from '../../core/issue/trust-rows.js';
import { requireOneRow, storeConflict, translateErrors } from './store-errors.js';

const DOCUMENTS_BATCH = 100;
const NODES_BATCH = 10_000;

const DOCUMENT = 'type, authority, version, hash, text, left_out as leftOut, accepted_at as acceptedAt';

/** Writes inside the transaction of the whole change. */
export function createTrustWrites(client: Database): (writes: TrustWrites) => void {
  const newest = client.prepare<[string, string], { version: number }>(
    'select version from trust_documents where type = ? and authority = ? order by version desc',
  );
  const forget = client.prepare<[string]>(
    "update trust_documents set text = null where type = 'list' and authority = ? and text is not null",
  );
  const addDocument = client.prepare<TrustDocumentRow>(
    `insert into trust_documents (type, authority, version, hash, text, left_out, accepted_at)
    values (@type, @authority, @version, @hash, @text, @leftOut, @acceptedAt)`,
  );
  const addTombstone = client.prepare<TrustTombstoneRow>(
    'insert into trust_tombstones (authority, thumbprint, at) values (@authority, @thumbprint, @at) on conflict do nothing',
  );
  const addNode = client.prepare<TrustNodeRow>(
    'insert into trust_nodes (level, "index", hash) values (@level, @index, @hash)',
  );
  const lastLeaf = client.prepare<[], number>('select coalesce(max("index"), -1) from trust_leaves').pluck();
  const addLeaf = client.prepare<[number, string]>('insert into trust_leaves ("index", text) values (?, ?)');
  const putMark = client.prepare<TrustLogMarkRow>(
    `insert into trust_log_marks (role, origin, size, root, note, at) values (@role, @origin, @size, @root, @note, @at)
    on conflict (role, origin) do update set size = excluded.size, root = excluded.root, note = excluded.note, at = excluded.at
    where size < excluded.size or (size = excluded.size and root = excluded.root)`,
  );
  return ({ documents = [], tombstones = [], nodes = [], leaves = [], logMarks = [] }) => {
    for (const row of documents) {
      if ((newest.get(row.type, row.authority)?.version ?? 0) >= row.version) throw storeConflict();
      if (row.type === 'list') forget.run(row.authority);
      addDocument.run(row);
    }
    for (const row of tombstones) addTombstone.run(row);
    for (const row of nodes) addNode.run(row);
    for (const { index, text } of leaves) {
      if (lastLeaf.get() !== index - 1) throw storeConflict();
      addLeaf.run(index, text);
    }
    for (const row of logMarks) requireOneRow(putMark.run(row));
  };
}

export function trustReads(client: Database): TrustReads {
  const newest = client.prepare<[string, string], TrustDocumentRow>(
    `select ${DOCUMENT} from trust_documents where type = ? and authority = ? order by version desc`,
  );
  const kept = client.prepare<[number, number], TrustDocumentRow & { place: number }>(
    `select place, ${DOCUMENT} from trust_documents where text is not null and place > ? order by place limit ?`,
  );
  const tombstones = client.prepare<[], TrustTombstoneRow>(
    'select authority, thumbprint, at from trust_tombstones order by authority, thumbprint',
  );
  const nodes = client.prepare<[number, number, number], TrustNodeRow>(
    'select level, "index", hash from trust_nodes where (level, "index") > (?, ?) order by level, "index" limit ?',
  );
  const leaf = client.prepare<[number], string>('select text from trust_leaves where "index" = ?').pluck();
  const leafOf = client
    .prepare<[string], number | null>('select max("index") from trust_leaves where text = ?')
    .pluck();
  const marks = client.prepare<[], TrustLogMarkRow>(
    'select role, origin, size, root, note, at from trust_log_marks order by role, origin',
  );
  return {
    trustDocuments: () =>
      batches(
        (last: (TrustDocumentRow & { place: number }) | undefined) =>
          kept.all(last?.place ?? -1, DOCUMENTS_BATCH),
        ({ place: _place, ...row }) => row,
      ),
    findTrustDocument: async (type, authority) => translateErrors(() => newest.get(type, authority)),
    trustTombstones: async () => translateErrors(() => tombstones.all()),
    trustNodes: () =>
      batches(
        (last: TrustNodeRow | undefined) => nodes.all(last?.level ?? -1, last?.index ?? -1, NODES_BATCH),
        ({ hash, ...place }) => ({ ...place, hash: new Uint8Array(hash) }),
      ),
    trustLeaf: async (index) => translateErrors(() => leaf.get(index)),
    findTrustLeaf: async (text) => translateErrors(() => leafOf.get(text) ?? undefined),
    trustLogMarks: async () => translateErrors(() => marks.all()),
  };
}

/** Lets the event loop turn between batches. */
async function* batches<Row, T>(
  readAfter: (last: Row | undefined) => readonly Row[],
  told: (row: Row) => T,
): AsyncGenerator<readonly T[]> {
  let last: Row | undefined;
  for (;;) {
    const after = last;
    const rows = translateErrors(() => readAfter(after));
    last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map(told);
    await nextTurn();
  }
}
