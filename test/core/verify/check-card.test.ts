// The status of single health cards: listed, listed up to a time, not listed, and what nobody can tell.

import t from 'tap';
import { sha256Text } from '../../../src/adapters/crypto-node.js';
import type { CardRevocations, KeyTable } from '../../../src/core/trust/key-record.js';
import { createKeyTable } from '../../../src/core/trust/key-table.js';
import { createKnownCodes } from '../../../src/core/verify/known-codes.js';
import { verifyCode } from '../../../src/core/verify/verify-code.js';
import { createGate, NOW } from '../../support/fixtures.js';
import { cardClaims, createCardIssuer, signCard } from '../../support/foreign.js';

const list = (version: number) => ({
  version,
  revoked: new Map([
    ['gone', null],
    ['before', NOW - 100],
    ['after', NOW - 101],
  ]),
});

const ROWS: readonly (readonly [string, CardRevocations | undefined, string | undefined, string, string])[] =
  [
    ['no lists at all', undefined, 'gone', 'no_policy', 'not_applicable'],
    ['a card without rid', { announced: 2, list: list(2) }, undefined, 'no_policy', 'pass'],
    ['no lists, no rid', undefined, undefined, 'no_policy', 'not_applicable'],
    ['announced, none held', { announced: 2, list: null }, 'x', 'status_unknown', 'fail'],
    ['announced, none held, no rid', { announced: 2, list: null }, undefined, 'status_unknown', 'fail'],
    ['listed', { announced: 2, list: list(2) }, 'gone', 'revoked', 'fail'],
    ['issued before the time', { announced: 2, list: list(2) }, 'before', 'revoked', 'fail'],
    ['issued at the time', { announced: 2, list: list(2) }, 'after', 'no_policy', 'pass'],
    ['not listed', { announced: 2, list: list(2) }, 'x', 'no_policy', 'pass'],
    ['not listed, held though not announced', { announced: null, list: list(9) }, 'x', 'no_policy', 'pass'],
    ['listed, held though not announced', { announced: null, list: list(9) }, 'gone', 'revoked', 'fail'],
    ['listed in an older version', { announced: 3, list: list(2) }, 'gone', 'revoked', 'fail'],
    ['not listed in an older version', { announced: 3, list: list(2) }, 'x', 'status_unknown', 'fail'],
    [
      'not listed in a version that was not announced',
      { announced: 1, list: list(2) },
      'x',
      'status_unknown',
      'fail',
    ],
    [
      'the name of a member of every object',
      { announced: 2, list: list(2) },
      'constructor',
      'no_policy',
      'pass',
    ],
  ];

for (const [title, cards, rid, reason, status] of ROWS) {
  t.test(title, async (t) => {
    const issuer = createCardIssuer(cards === undefined ? {} : { cards });
    const gate = createGate([issuer.record]);
    const answer = gate.verify(signCard(cardClaims({}, rid === undefined ? {} : { rid }), issuer));
    t.equal(answer.reason, reason);
    t.equal(answer.checks.find(({ rung }) => rung === 'status')?.result, status);
  });
}

t.test('a list is the same in another process', async (t) => {
  const { signer, record } = createCardIssuer({ cards: { announced: 2, list: list(2) } });
  const issuer = { signer, record: structuredClone(record) };
  const gate = createGate([issuer.record]);
  t.equal(gate.verify(signCard(cardClaims({}, { rid: 'gone' }), issuer)).reason, 'revoked');
});

t.test('a card that was verified before is judged by the list of now', async (t) => {
  const { signer, record } = createCardIssuer({
    cards: { announced: 1, list: { version: 1, revoked: new Map() } },
  });
  const known = createKnownCodes({ sha256Text, maxEntries: 10 });
  const code = signCard(cardClaims({}, { rid: 'gone' }), { signer, record });
  const { deps } = createGate([record]);
  const verify = (keys: KeyTable): string => verifyCode(code, { ...deps, known, keys }).reason;
  t.equal(verify(deps.keys), 'no_policy');
  t.equal(verify(deps.keys), 'no_policy');
  const later = { ...record, cards: { announced: 2, list: list(2) } };
  t.equal(verify(createKeyTable([later], NOW)), 'revoked');
  t.equal(known.figures().hits, 2);
});
