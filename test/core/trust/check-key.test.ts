// The rules for one key, both sides of each edge.

import t from 'tap';
import { type Asked, checkKey, checkKeyState } from '../../../src/core/trust/check-key.js';
import type { KeyRecord, KeyScope } from '../../../src/core/trust/key-record.js';
import { scopeCovers } from '../../../src/core/trust/scope.js';
import { createIssuer, NOW } from '../../support/fixtures.js';

const { record } = createIssuer();
const ASKED: Asked = { use: 'credential', kind: 'health-code', region: '330102', issuedAt: NOW };

function reason(change: Partial<KeyRecord>, asked: Partial<Asked> = {}): string | null {
  return checkKey({ ...record, ...change }, { ...ASKED, ...asked });
}

t.test('a scope covers regions by prefix', async (t) => {
  const rows: readonly (readonly [string, string | null, boolean])[] = [
    ['', '330102', true],
    ['33', '330102', true],
    ['3301', '330102', true],
    ['330102', '330102', true],
    ['330105', '330102', false],
    ['3302', '330102', false],
    ['65', '659001', false],
    ['66', '659001', true],
    ['6590', '669001', true],
    ['', null, true],
    ['33', null, false],
  ];
  for (const [region, asked, covers] of rows) {
    t.equal(scopeCovers({ region, kinds: null }, 'health-code', asked), covers, `${region} ${asked}`);
  }
});

t.test('a scope covers the kinds it names, or all', async (t) => {
  const covers = (kinds: KeyScope['kinds'], kind: string | null): boolean =>
    scopeCovers({ region: '', kinds }, kind, null);
  t.ok(covers(null, 'health-code'));
  t.ok(covers(null, null), 'a kind unknown here');
  t.ok(covers(['id-card', 'health-code'], 'health-code'));
  t.notOk(covers(['id-card'], 'health-code'));
  t.notOk(covers(['id-card'], null), 'a kind unknown here is none of those named');
  t.notOk(covers([], 'health-code'), 'a certificate with foreign usages alone');
});

t.test('a key signs only for its use', async (t) => {
  for (const use of ['status', 'list', 'log'] as const) {
    t.equal(reason({ use }), 'issuer_out_of_scope', use);
    t.equal(reason({ use }, { use }), null);
  }
});

t.test('active and retired keys verify what they signed inside their window', async (t) => {
  for (const state of ['active', 'retired'] as const) {
    const window = { state, notBefore: NOW - 5, notAfter: NOW + 5 };
    t.equal(reason(window, { issuedAt: NOW - 5 }), null);
    t.equal(reason(window, { issuedAt: NOW - 6 }), 'key_retired');
    t.equal(reason(window, { issuedAt: NOW + 5 }), null);
    t.equal(reason(window, { issuedAt: NOW + 6 }), 'key_retired');
    t.equal(reason(window, { issuedAt: null }), 'key_retired', 'no iat cannot be inside a window');
  }
  t.equal(reason({}, { issuedAt: null }), null, 'a key without a window');
});

t.test(
  'announced and removed keys verify nothing; a revoked one is revoked whatever else holds',
  async (t) => {
    t.equal(reason({ state: 'announced' }), 'key_retired');
    t.equal(reason({ state: 'removed' }), 'key_retired');
    const far = { issuedAt: 0, region: '110101', use: 'log' } as const;
    t.equal(reason({ state: 'revoked', notBefore: NOW }, far), 'key_revoked');
  },
);

t.test('state and use are judged without any content', async (t) => {
  t.equal(checkKeyState(record, 'credential'), null);
  t.equal(checkKeyState(record, 'status'), 'issuer_out_of_scope');
  t.equal(checkKeyState({ ...record, state: 'revoked' }, 'status'), 'key_revoked');
  t.equal(checkKeyState({ ...record, state: 'removed' }, 'credential'), 'key_retired');
});
