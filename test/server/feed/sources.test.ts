import t from 'tap';
import { createNodeVerify } from '../../../src/adapters/crypto-node.js';
import type { KeyRecord } from '../../../src/core/trust/key-record.js';
import { createKeyTable } from '../../../src/core/trust/key-table.js';
import { feedSources, statusKeys } from '../../../src/server/feed/sources.js';
import { createIssuer, NOW } from '../../support/fixtures.js';

const OWN = 'https://own.example/status-lists/';
const BASE = 'https://other.example/status-lists/';
const record = (change: Partial<KeyRecord> = {}) =>
  createIssuer({ issuer: '330103', statusBase: BASE, use: 'status', ...change }).record;

t.test('every issuer with a status base but our own is followed, and the table may change', (t) => {
  const rows = [
    record(),
    record({ use: 'credential' }),
    record({ statusBase: OWN, issuer: '330102' }),
    record({ statusBase: OWN, issuer: 'demo.330102' }),
    record({ statusBase: null, issuer: '330104' }),
    record({ statusBase: 'https://c.example/', issuer: '330105', state: 'revoked' }),
    record({ statusBase: 'https://d.example/', issuer: 'DE', format: 'eu-dcc' }),
  ];
  let table = createKeyTable(rows, NOW);
  const sources = feedSources(() => table, OWN, createNodeVerify());
  const found = () => sources().map(({ issuer, base }) => [issuer, base]);
  t.strictSame(found(), [['330103', BASE]]);
  t.equal(sources(), sources(), 'worked out once a table');
  table = createKeyTable([record({ issuer: '330106' })], NOW);
  t.strictSame(found(), [['330106', BASE]]);
  t.end();
});

t.test(
  'an entry is verified with status keys of that issuer and base that were valid when it was signed',
  (t) => {
    const good = record({ notBefore: NOW - 10, notAfter: NOW + 10 });
    const rows: readonly (readonly [string, Partial<KeyRecord>, number, boolean])[] = [
      ['active', {}, NOW, true],
      ['retired, inside its window', { state: 'retired' }, NOW, true],
      ['at both ends', {}, NOW - 10, true],
      ['before it', {}, NOW - 11, false],
      ['after it', { state: 'retired' }, NOW + 11, false],
      ['announced', { state: 'announced' }, NOW, false],
      ['removed', { state: 'removed' }, NOW, false],
      ['revoked', { state: 'revoked' }, NOW, false],
      ['a credential key', { use: 'credential' }, NOW, false],
      ["another issuer's", { issuer: '330199' }, NOW, false],
      ['for another base', { statusBase: OWN }, NOW, false],
      ['of another format', { format: 'eu-dcc' }, NOW, false],
    ];
    for (const [name, change, at, counts] of rows) {
      const table = createKeyTable([{ ...good, ...change }], NOW);
      t.equal(statusKeys(() => table, '330103', BASE)(good.kid, at).length, counts ? 1 : 0, name);
    }
    t.end();
  },
);
