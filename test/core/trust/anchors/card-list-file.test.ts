// Revocation lists of health cards as files, and which keys they are put beside.

import t from 'tap';
import { parseCardList, withCardLists } from '../../../../src/core/trust/anchors/card-list-file.js';
import { createIssuer } from '../../../support/fixtures.js';
import { CARD_ISS, createCardIssuer } from '../../../support/foreign.js';

const { record } = createCardIssuer();
const good = { kid: record.kid, method: 'rid', ctr: 2, rids: ['aa', 'bb.1636977600'] };

t.test('a list as it is published, its counter a number or the text of one', async (t) => {
  for (const ctr of [2, '2']) {
    t.strictSame(parseCardList({ ...good, ctr }), {
      kid: record.kid,
      issuer: null,
      version: 2,
      revoked: new Map([
        ['aa', null],
        ['bb', 1_636_977_600],
      ]),
    });
  }
  t.equal(parseCardList({ ...good, iss: CARD_ISS }).issuer, CARD_ISS);
  t.equal(parseCardList(good, CARD_ISS).issuer, CARD_ISS);
});

t.test('a list that is not of its form is refused whole, with its rule', async (t) => {
  for (const [change, rule] of [
    [{ method: 'mid' }, 'crl_method'],
    [{ method: undefined }, 'crl_method'],
    [{ kid: 'short' }, 'crl_form'],
    [{ ctr: -1 }, 'crl_form'],
    [{ ctr: 1.5 }, 'crl_form'],
    [{ ctr: '1e3' }, 'crl_form'],
    [{ iss: `${CARD_ISS}/` }, 'crl_form'],
    [{ rids: {} }, 'crl_form'],
    [{ rids: ['aa', 'aa'] }, 'crl_duplicate'],
    [{ rids: ['aa', 'aa.5'] }, 'crl_duplicate'],
    [{ rids: ['a+b'] }, 'crl_rid'],
    [{ rids: [''] }, 'crl_rid'],
    [{ rids: ['a'.repeat(25)] }, 'crl_rid'],
    [{ rids: ['aa.'] }, 'crl_rid'],
    [{ rids: ['aa.-5'] }, 'crl_rid'],
    [{ rids: ['aa.1.2'] }, 'crl_rid'],
    [{ rids: [7] }, 'crl_rid'],
  ] as const) {
    t.throws(
      () => parseCardList({ ...good, ...change }),
      { code: 'list_refused', rule },
      JSON.stringify(change),
    );
  }
  t.throws(() => parseCardList([]), { code: 'list_refused' });
});

t.test('a list is put beside its key: under every issuer, or under the one it names', async (t) => {
  const other = { ...record, issuer: 'https://other.example' };
  const foreign = createIssuer({ kid: record.kid }).record;
  const records = [record, other, foreign];
  const all = withCardLists(records, [parseCardList(good)]);
  t.strictSame(
    all.map(({ cards }) => cards?.list?.version),
    [2, 2, undefined],
  );
  const one = withCardLists(records, [parseCardList(good, CARD_ISS)]);
  t.strictSame(
    one.map(({ cards }) => cards?.list?.version),
    [2, undefined, undefined],
  );
  t.equal(withCardLists(records, []), records);
});

t.test(
  'of several lists for one key everything revoked stays so, and the oldest says how current they are',
  async (t) => {
    const announced = { ...record, cards: { announced: 3, list: null } };
    const lists = [
      parseCardList({ ...good, ctr: 3, rids: ['aa.10', 'bb.5'] }, CARD_ISS),
      parseCardList({ ...good, ctr: 4, rids: ['aa', 'cc.7'] }),
      parseCardList({ ...good, ctr: 3, rids: ['bb.9'] }),
    ];
    t.strictSame(withCardLists([announced], lists)[0]?.cards, {
      announced: 3,
      list: {
        version: 3,
        revoked: new Map([
          ['aa', null],
          ['bb', 9],
          ['cc', 7],
        ]),
      },
    });
  },
);
