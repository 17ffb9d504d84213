// What can be wrong with a database without asking what its log tells: its pages, its references, its tables and guards, the places in
// its lists. Reads only, and beside a running node.

import Database from 'better-sqlite3';
import { YimaError } from '../../core/errors/yima-error.js';
import type { Sha256 } from '../../core/signature/public-key.js';
import { createPermutation } from '../../core/status/index-permutation.js';
import { checkIntegrity } from './database.js';
import { readMigrations } from './migrations.js';

interface SchemaObject {
  readonly type: string;
  readonly name: string;
  readonly sql: string;
}

/**
 * Takes time in proportion to the size.
 * @returns one line each, without values of rows; empty when sound
 * @throws YimaError `schema_newer`; `store_failed` when it cannot be read at all
 */
export function findFaults(
  client: Database.Database,
  migrationsFolder: string,
  sha256: Sha256,
): readonly string[] {
  const found = checkIntegrity({ client });
  if (found.length > 0) return found;
  const tables = schemaFaults(client, migrationsFolder);
  return tables.length > 0 ? tables : misplacedEncodings(client, sha256);
}

/** Held against what the migrations make that this database has had. */
function schemaFaults(client: Database.Database, migrationsFolder: string): string[] {
  const { applied } = readMigrations(client, migrationsFolder);
  if (applied.length === 0) return ['none of the tables is there'];
  const made = new Database(':memory:');
  try {
    for (const { sql } of applied) for (const statement of sql) made.exec(statement);
    const [is, should] = [objectsOf(client), objectsOf(made)];
    return [
      ...[...should].flatMap(([name, { type, sql }]) => {
        const there = is.get(name);
        if (there === undefined) return [`${type} ${name} is missing`];
        return there.sql === sql ? [] : [`${type} ${name} was altered`];
      }),
      ...[...is].flatMap(([name, { type }]) => (should.has(name) ? [] : [`${type} ${name} is none of ours`])),
    ];
  } finally {
    made.close();
  }
}

/** Of ours: neither SQLite's own nor the list of migrations, which have no SQL of ours. */
function objectsOf(client: Database.Database): Map<string, SchemaObject> {
  const rows = client
    .prepare<[], SchemaObject>(
      `select type, name, sql from sqlite_master where sql is not null and name not glob 'sqlite_*' and name not glob '__drizzle_*'`,
    )
    .all();
  return new Map(rows.map((row) => [row.name, row]));
}

interface ListRow {
  readonly number: number;
  readonly entries: number;
  readonly seed: Uint8Array;
}

/** An index follows from the list's seed and the counter; where it does not, another credential may have the same one. */
function misplacedEncodings(client: Database.Database, sha256: Sha256): string[] {
  const lists = client.prepare<[], ListRow>('select number, entries, seed from lists').all();
  /** Rows from before counters were kept lie below, and have none. */
  const places = client.prepare<{ list: number }, { counter: number; index: number }>(
    `select release & 4294967295 as counter, "index" from encodings
    where release between :list * 4294967296 and (:list + 1) * 4294967296 - 1`,
  );
  return lists.flatMap(({ number, entries, seed }) => {
    const permute = permutationOf(seed, entries, sha256);
    if (permute === null) return [`list ${number} has no sound seed`];
    let wrong = 0;
    for (const { counter, index } of places.iterate({ list: number }))
      if (counter >= entries || permute(counter) !== index) wrong += 1;
    return wrong === 0 ? [] : [`list ${number} has ${wrong} encodings at places that are not theirs`];
  });
}

function permutationOf(seed: Uint8Array, entries: number, sha256: Sha256) {
  try {
    return createPermutation(seed, entries, sha256);
  } catch (error) {
    if (error instanceof YimaError) return null;
    throw error;
  }
}
