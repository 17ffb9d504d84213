// The look-up table: by format, issuer and kid, with tombstones that no second entry lifts.

import t from 'tap';
import { createKeyTable, patchKeyTable } from '../../../src/core/trust/key-table.js';
import { createDccSigner, createIssuer, NOW } from '../../support/fixtures.js';

t.test('keys are found by format, issuer and kid together', async (t) => {
  const { record } = createIssuer();
  const other = createIssuer({ kid: record.kid, issuer: '330105' }).record;
  const table = createKeyTable([record, other], NOW);
  t.strictSame(table.find('yima', record.issuer, record.kid), [record]);
  t.strictSame(table.find('yima', '330105', record.kid), [other]);
  t.strictSame(table.find('yima', '330106', record.kid), []);
  t.strictSame(table.find('yima', null, record.kid), []);
  t.strictSame(table.find('eu-dcc', record.issuer, record.kid), []);
  t.strictSame(table.find('yima', record.issuer, 'AAAAAAAAAAA'), []);
  t.equal(table.asOf, NOW);
});

t.test('kids are not unique: all records come, in order', async (t) => {
  const { record } = createIssuer();
  const twin = createIssuer({ kid: record.kid }).record;
  t.strictSame(createKeyTable([record, twin], NOW).find('yima', record.issuer, record.kid), [record, twin]);
});

t.test('a record without issuer stands for every issuer of its format', async (t) => {
  const { record } = createDccSigner();
  const named = createIssuer({ format: 'eu-dcc', issuer: 'AT', kid: record.kid }).record;
  const table = createKeyTable([record, named], NOW);
  t.strictSame(table.find('eu-dcc', 'AT', record.kid), [named, record]);
  t.strictSame(table.find('eu-dcc', 'DE', record.kid), [record]);
  t.strictSame(table.find('eu-dcc', null, record.kid), [record]);
  t.strictSame(table.find('yima', 'AT', record.kid), []);
});

t.test('names of object members are names like any other', async (t) => {
  const table = createKeyTable([createIssuer().record], NOW);
  for (const name of ['__proto__', 'constructor', 'toString', '']) {
    t.strictSame(table.find('yima', name, name), []);
  }
});

t.test('a key that its authority revoked is revoked under every kid and use of that authority', async (t) => {
  for (const algorithm of ['Ed25519', 'ES256'] as const) {
    const { record } = createIssuer({}, algorithm);
    const revoked = {
      ...record,
      kid: 'AAAAAAAAAAA',
      state: 'revoked',
      use: 'status',
    } as const;
    for (const records of [
      [record, revoked],
      [revoked, record],
    ]) {
      const table = createKeyTable(records, NOW);
      t.equal(table.find('yima', record.issuer, record.kid)[0]?.state, 'revoked');
      t.ok(table.records.every(({ state }) => state === 'revoked'));
    }
  }
  const bystander = createIssuer().record;
  const table = createKeyTable([bystander, createIssuer({ state: 'revoked' }).record], NOW);
  t.equal(
    table.find('yima', bystander.issuer, bystander.kid)[0]?.state,
    'active',
    'other keys stay as they are',
  );
});

t.test('a kid that its authority revoked is dead, and only under that authority', async (t) => {
  const { record } = createIssuer();
  const { format, issuer, kid } = record;
  const other = { ...record, issuer: '440100' };
  const table = createKeyTable([record, other], NOW, [{ format, issuer, kid }]);
  t.equal(table.find('yima', issuer, kid)[0]?.state, 'revoked');
  t.equal(table.find('yima', '440100', kid)[0]?.state, 'active');
});

t.test(
  'the key of a kid that is dead is dead under its other kids too, and stays so when the table is made again',
  async (t) => {
    const { record } = createIssuer();
    const { format, issuer, kid } = record;
    const table = createKeyTable([record, { ...record, kid: 'other' }], NOW, [{ format, issuer, kid }]);
    t.ok(table.records.every(({ state }) => state === 'revoked'));
    t.same(createKeyTable(table.records, NOW).records, table.records);
  },
);

t.test('an authority cannot revoke a key of another by listing it', async (t) => {
  const { record } = createIssuer();
  const table = createKeyTable([record, { ...record, issuer: '440100', state: 'revoked' }], NOW);
  t.equal(table.find('yima', record.issuer, record.kid)[0]?.state, 'active');
  t.equal(table.find('yima', '440100', record.kid)[0]?.state, 'revoked');
});

t.test(
  'what a trust list revokes kills keys of files and rings, and none that another list names',
  async (t) => {
    const { record } = createIssuer();
    const listed = { ...record, trustedUntil: NOW + 1 };
    const revoked = { ...listed, state: 'revoked' } as const;
    const states = (...records: readonly (typeof record)[]) =>
      createKeyTable(records, NOW).records.map(({ state }) => state);
    t.strictSame(states(record, revoked), ['revoked', 'revoked']);
    t.strictSame(states(listed, revoked), ['active', 'revoked'], 'each list speaks for itself');
    t.strictSame(
      states(listed, { ...record, state: 'revoked' }),
      ['revoked', 'revoked'],
      'a file speaks for all',
    );
    const foreign = { ...record, format: 'shc', issuer: 'https://shc.example' } as const;
    t.strictSame(
      states(
        foreign,
        { ...foreign, trustedUntil: NOW + 1 },
        { ...foreign, trustedUntil: NOW + 1, state: 'revoked' },
      ),
      ['active', 'active', 'revoked'],
      'anybody may list a foreign issuer',
    );
  },
);

t.test('a patch that arrives twice leaves no row behind when the key is taken out', (t) => {
  const { record } = createIssuer();
  const empty = createKeyTable([], NOW);
  const once = patchKeyTable(empty, { remove: [], add: [record] }, NOW);
  const twice = patchKeyTable(once, { remove: [], add: [record] }, NOW);
  t.equal(twice.records.length, 1);
  const out = patchKeyTable(twice, { remove: [record], add: [] }, NOW);
  t.same(out.find(record.format, record.issuer, record.kid), []);
  const again = patchKeyTable(once, { remove: [record], add: [record] }, NOW);
  t.equal(again.records.length, 1, 'out and in again in one patch');
  t.end();
});
