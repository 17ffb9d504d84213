// Who may do what: every route of a real node's /openapi.json, asked by every kind of principal, held against access-matrix.csv.
// A route or a principal that the file lacks fails. After review, `UPDATE_MATRIX=1` before the test's command writes the file anew.

import { readFileSync, writeFileSync } from 'node:fs';
import type { InjectOptions } from 'fastify';
import t from 'tap';
import { SCOPES, type Scope } from '../../src/core/issue/principal.js';
import { parseTable, printTable } from './support/access-table.js';
import { openRealm, type Realm } from './support/realm.js';

const FILE = 'test/http/access-matrix.csv';

type Cell = 'yes' | '401' | '403' | '404';

interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly name: string;
  /** Whether the document says that it takes a key, a token or a proof. */
  readonly isGuarded: boolean;
}

interface Described {
  readonly security?: readonly Readonly<Record<string, unknown>>[];
}

/** For routes that look at the body before they look who is there; whatever the others would say of theirs, they look first. */
const BODIES: Readonly<Record<string, (realm: Realm) => object | Promise<object>>> = {
  'POST /holder/credentials/{id}/appeals': () => ({ grounds: 'I was never there' }),
  'POST /openid4vci/credential': (realm) => realm.claimBody(),
};

const METHODS = ['get', 'post', 'put', 'delete'];

/** What a parameter's pattern takes, and nothing here has. */
const PLACES: Readonly<Record<string, string>> = {
  '/v1/api-keys/{id}': 'aaaaaaaaaaaaaaaa',
  kid: 'AAAAAAAAAAA',
  n: '1',
  list: '999',
  rule: 'contact',
  code: 'bad_signature',
};

function fill(path: string, credential: string): string {
  if (path.startsWith('/v1/credentials/{id}')) return fill(path.replace('{id}', credential), credential);
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const byPath = Object.entries(PLACES).find(
      ([prefix]) => prefix.startsWith('/') && path.startsWith(prefix),
    );
    return byPath?.[1] ?? PLACES[name] ?? 'a'.repeat(26);
  });
}

async function operationsOf({ node, credential }: Realm): Promise<readonly Operation[]> {
  const { paths } = (await node.app.inject('/openapi.json')).json();
  return Object.entries<Record<string, Described>>(paths).flatMap(([path, byMethod]) =>
    Object.entries(byMethod).map(([method, { security }]) => {
      if (!METHODS.includes(method)) throw new Error(`${method} ${path} is no operation`);
      const upper = method.toUpperCase() as Operation['method'];
      const isGuarded = security?.every((scheme) => Object.keys(scheme).length > 0) ?? false;
      return { method: upper, url: fill(path, credential), name: `${upper} ${path}`, isGuarded };
    }),
  );
}

t.test('every route lets in whom the matrix says, and nobody else', async (t) => {
  const realm = await openRealm(t);
  const operations = await operationsOf(realm);
  t.ok(operations.length > 70, 'the document has the routes of every surface');
  const unknown = await unknownAddress(realm);
  const rows: Record<string, Record<string, Cell>> = {};
  for (const { method, url, name, isGuarded } of operations) {
    const row: Record<string, Cell> = {};
    for (const { name: principal, ask } of realm.principals) {
      const hasBody = method !== 'GET' && method !== 'DELETE';
      const body = hasBody ? { payload: (await BODIES[name]?.(realm)) ?? {} } : {};
      row[principal] = cellOf(await ask({ method, url, ...body }), unknown);
    }
    if (isGuarded) t.equal(row['nobody'], '401', `${name} asks who is there`);
    rows[name] = row;
  }
  const columns = realm.principals.map(({ name }) => name);
  if (process.env['UPDATE_MATRIX'] !== undefined) writeFileSync(FILE, printTable(columns, rows));
  const expected = parseTable(readFileSync(FILE, 'utf8'));
  t.same(columns, expected.columns, 'principals');
  t.same(Object.keys(rows).sort(), Object.keys(expected.rows).sort(), 'routes');
  for (const [name, row] of Object.entries(rows)) t.same(row, expected.rows[name], name);
});

t.test('a key that counts for nothing opens nothing', async (t) => {
  const { rows, columns } = parseTable(readFileSync(FILE, 'utf8'));
  for (const scope of SCOPES) t.ok(columns.includes(keyColumn(scope)), `a column for ${scope}`);
  for (const [name, row] of Object.entries(rows)) {
    t.equal(row['revoked key'], row['false key'], `${name}: a revoked key is a false one`);
    t.equal(row['expired key'], row['false key'], `${name}: an expired key is a false one`);
    t.equal(row['unconfirmed officer'], row['false key'], `${name}: an unconfirmed officer is nobody`);
  }
});

function keyColumn(scope: Scope): string {
  return `key ${scope}`;
}

interface Asked {
  readonly statusCode: number;
  readonly payload: string;
}

/** What an address that does not exist says, but for the id of the request. */
async function unknownAddress({ node }: Realm): Promise<string> {
  return anonymous((await node.app.inject({ url: '/v1/nothing' } satisfies InjectOptions)).payload);
}

function anonymous(payload: string): string {
  const { requestId: _, instance: __, ...rest } = JSON.parse(payload) as Record<string, unknown>;
  return JSON.stringify(rest);
}

/** What was asked for may be wrong or absent: whoever is told so was let in. */
function cellOf({ statusCode, payload }: Asked, unknown: string): Cell {
  if (statusCode === 401) return '401';
  if (statusCode === 403) return '403';
  return statusCode === 404 && payload.startsWith('{') && anonymous(payload) === unknown ? '404' : 'yes';
}
