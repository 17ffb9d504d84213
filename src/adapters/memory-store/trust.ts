// The trust network in memory: the part of the store port that core/issue/trust-rows.ts declares.

import type {
  TrustDocumentRow,
  TrustLeafRow,
  TrustLogMarkRow,
  TrustNodeRow,
  TrustReads,
  TrustTombstoneRow,
  TrustWrites,
} from '../../core/issue/trust-rows.js';
import { conflict, type Journal } from './journal.js';

export interface TrustTables {
  /** By type and authority, oldest first. */
  readonly documents: Map<string, TrustDocumentRow>;
  readonly tombstones: Map<string, TrustTombstoneRow>;
  readonly nodes: Map<string, TrustNodeRow>;
  readonly leaves: Map<number, TrustLeafRow>;
  readonly marks: Map<string, TrustLogMarkRow>;
}

export function createTrustTables(): TrustTables {
  return {
    documents: new Map(),
    tombstones: new Map(),
    nodes: new Map(),
    leaves: new Map(),
    marks: new Map(),
  };
}

const key = (...parts: readonly (string | number)[]): string => JSON.stringify(parts);

export function writeTrust(tables: TrustTables, writes: TrustWrites, journal: Journal): void {
  for (const row of writes.documents ?? []) {
    const newest = newestOf(tables, row.type, row.authority);
    if (newest !== undefined && newest.version >= row.version) throw conflict();
    if (newest !== undefined && row.type === 'list')
      journal.put(tables.documents, key(newest.type, newest.authority, newest.version), {
        ...newest,
        text: null,
      });
    journal.add(tables.documents, key(row.type, row.authority, row.version), { ...row });
  }
  for (const row of writes.tombstones ?? []) {
    const place = key(row.authority, row.thumbprint);
    if (!tables.tombstones.has(place)) journal.add(tables.tombstones, place, { ...row });
  }
  for (const row of writes.nodes ?? [])
    journal.add(tables.nodes, key(row.level, row.index), { ...row, hash: row.hash.slice() });
  for (const row of writes.leaves ?? []) {
    if (row.index !== tables.leaves.size) throw conflict();
    journal.add(tables.leaves, row.index, { ...row });
  }
  for (const row of writes.logMarks ?? []) {
    const place = key(row.role, row.origin);
    const known = tables.marks.get(place);
    if (known !== undefined && !goesOn(known, row)) throw conflict();
    journal.put(tables.marks, place, { ...row });
  }
}

function goesOn(known: TrustLogMarkRow, row: TrustLogMarkRow): boolean {
  return known.size < row.size || (known.size === row.size && known.root === row.root);
}

function newestOf({ documents }: TrustTables, type: string, authority: string): TrustDocumentRow | undefined {
  return [...documents.values()]
    .filter((row) => row.type === type && row.authority === authority)
    .sort((a, b) => b.version - a.version)[0];
}

/** @param read runs a read while the store is open */
export function trustReads(tables: TrustTables, read: <T>(answer: () => T) => T): TrustReads {
  return {
    trustDocuments: () =>
      once(() => read(() => [...tables.documents.values()].filter(({ text }) => text !== null))),
    findTrustDocument: async (type, authority) => read(() => newestOf(tables, type, authority)),
    trustTombstones: async () =>
      read(() =>
        [...tables.tombstones.values()].sort(
          (a, b) => order(a.authority, b.authority) || order(a.thumbprint, b.thumbprint),
        ),
      ),
    trustNodes: () =>
      once(() =>
        read(() => [...tables.nodes.values()].sort((a, b) => a.level - b.level || a.index - b.index)),
      ),
    trustLeaf: async (index) => read(() => tables.leaves.get(index)?.text),
    findTrustLeaf: async (text) =>
      read(() => [...tables.leaves.values()].findLast((leaf) => leaf.text === text)?.index),
    trustLogMarks: async () =>
      read(() =>
        [...tables.marks.values()].sort((a, b) => order(a.role, b.role) || order(a.origin, b.origin)),
      ),
  };
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

async function* once<T>(all: () => readonly T[]): AsyncGenerator<readonly T[]> {
  const rows = all();
  if (rows.length > 0) yield rows;
}
