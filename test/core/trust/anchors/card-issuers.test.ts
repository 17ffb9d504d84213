// Keys of health card issuers: every key is a record or refused with its reason.

import fc from 'fast-check';
import t from 'tap';
import { sha256 } from '../../../../src/adapters/crypto-node.js';
import { publicJwk } from '../../../../src/core/signature/public-jwk.js';
import { anchorEntries, sharedKids } from '../../../../src/core/trust/anchors/anchors.js';
import { parseCardDirectory, parseCardSet } from '../../../../src/core/trust/anchors/card-issuers.js';
import { createIssuer } from '../../../support/fixtures.js';
import { CARD_ISS, createCardIssuer } from '../../../support/foreign.js';

const { record } = createCardIssuer();
const jwk = { ...publicJwk(record.key), kid: record.kid, use: 'sig' };
const ed = createIssuer();
const set = (...keys: readonly unknown[]) => parseCardSet({ keys }, CARD_ISS, sha256);

t.test('a key becomes a record of its issuer, for cards alone', async (t) => {
  const { records, refused } = set({ ...jwk, x5c: ['ignored'], date: 1 });
  t.strictSame(refused, []);
  t.strictSame(records, [record]);
  t.strictSame(set({ ...jwk, crlVersion: '3' }).records[0]?.cards, { announced: 3, list: null });
});

t.test('every rule that a key can break', async (t) => {
  for (const [change, rule] of [
    [{ kty: 'OKP' }, 'kty_mismatch'],
    [{ crv: 'P-384' }, 'crv_mismatch'],
    [{ alg: 'ES384' }, 'crv_mismatch'],
    [{ alg: 'none' }, 'alg_unsupported'],
    [{ alg: undefined }, 'alg_missing'],
    [{ use: 'enc' }, 'jwk_use'],
    [{ use: undefined }, 'jwk_use'],
    [{ d: 'AAAA' }, 'jwk_private'],
    [{ y: jwk.kid }, /.*/],
    [{ x: 'A'.repeat(42) }, 'jwk_member'],
    [{ kid: undefined }, 'kid_missing'],
    [{ kid: 'A'.repeat(43) }, 'kid_mismatch'],
    [{ kid: record.kid.slice(0, 11) }, 'kid_mismatch'],
    [{ crlVersion: -1 }, 'card_version'],
    [{ crlVersion: null }, 'card_version'],
  ] as const) {
    const { records, refused } = set({ ...jwk, ...change });
    t.match(refused, [{ issuer: CARD_ISS, rule }], JSON.stringify(change));
    t.equal(records.length, 0);
  }
  t.match(set({ ...publicJwk(ed.record.key), kid: 'x', use: 'sig' }).refused, [{ rule: 'algorithm' }]);
  t.match(set(jwk, jwk), { records: [{ kid: record.kid }], refused: [{ rule: 'kid_duplicate' }] });
  t.match(set(null, 5), { refused: [{ kid: null, rule: 'jwk_form' }, { rule: 'jwk_form' }] });
});

t.test('a set is its issuer’s: named by the operator or by itself, and by both only alike', async (t) => {
  t.equal(parseCardSet({ iss: CARD_ISS, keys: [jwk] }, null, sha256).records.length, 1);
  for (const [json, issuer] of [
    [{ keys: [jwk] }, null],
    [{ keys: [jwk] }, `${CARD_ISS}/`],
    [{ iss: 'https://other.example', keys: [jwk] }, CARD_ISS],
    [{ iss: 5, keys: [jwk] }, null],
    [{ keys: {} }, CARD_ISS],
    [[], CARD_ISS],
  ] as const) {
    t.throws(() => parseCardSet(json, issuer, sha256), { code: 'list_refused' });
  }
});

t.test(
  'a directory: a kid under several issuers is a record for each, and a bad issuer takes nobody along',
  async (t) => {
    const info = (iss: unknown, keys: readonly unknown[] = [jwk], more = {}) => ({
      issuer: { iss },
      keys,
      ...more,
    });
    const crl = { kid: record.kid, method: 'rid', ctr: 1, rids: [] };
    const { records, cardLists, refused } = parseCardDirectory(
      {
        issuerInfo: [
          info('https://a.example/x', [jwk], { crls: [crl, { ...crl, method: 'other' }] }),
          info('https://b.example'),
          info('https://b.example'),
          info('http://c.example'),
          info('https://d.example/'),
          info(7),
        ],
      },
      sha256,
    );
    t.strictSame(
      records.map(({ issuer }) => issuer),
      ['https://a.example/x', 'https://b.example'],
    );
    t.match(cardLists, [{ issuer: 'https://a.example/x', version: 1 }]);
    t.strictSame(
      refused.map(({ issuer, rule }) => [issuer, rule]),
      [
        ['https://a.example/x', 'crl_method'],
        ['https://b.example', 'issuer_duplicate'],
        ['http://c.example', 'issuer'],
        ['https://d.example/', 'issuer'],
        ['', 'issuer'],
      ],
    );
    t.strictSame([...sharedKids(records)], [[record.kid, 2]]);
    for (const json of [{}, { issuerInfo: {} }, { issuerInfo: [{}] }, { issuerInfo: [null] }, null]) {
      t.throws(() => parseCardDirectory(json, sha256), { code: 'list_refused' });
    }
  },
);

t.test('entries for a list: one issuer each, at most eight keys', async (t) => {
  const many = Array.from({ length: 17 }, () => createCardIssuer().record);
  const other = createCardIssuer({ issuer: 'https://other.example', notAfter: 5 }).record;
  const entries = anchorEntries([...many, other]);
  t.strictSame(
    entries.map(({ sub, keys }) => [sub, keys.length]),
    [
      [CARD_ISS, 8],
      [CARD_ISS, 8],
      [CARD_ISS, 1],
      ['https://other.example', 1],
    ],
  );
  t.match(entries[3], {
    format: 'shc',
    keys: [{ kty: 'EC', alg: 'ES256', kid: other.kid }],
    use: 'credential',
    scope: { region: '', kinds: null },
    nbf: null,
    exp: 5,
    state: 'active',
    statusBase: null,
  });
  t.strictSame(anchorEntries([]), []);
});

t.test('whatever a set holds, every key is a record or refused with a rule', async (t) => {
  const member = fc.oneof(fc.jsonValue(), fc.constantFrom(...Object.values(jwk)));
  const key = fc.oneof(
    fc.jsonValue(),
    fc.constant(jwk),
    fc
      .dictionary(fc.constantFrom(...Object.keys(jwk), 'd', 'crlVersion', 'x5c'), member)
      .map((change) => ({ ...jwk, ...change })),
  );
  fc.assert(
    fc.property(fc.array(key, { maxLength: 12 }), (keys) => {
      const { records, refused } = set(...keys);
      return (
        records.length + refused.length === keys.length &&
        refused.every(({ rule }) => /^[a-z0-9_]+$/.test(rule))
      );
    }),
    { numRuns: 500 },
  );
  t.pass('each of them');
});
