// Dates: real ones only, the same days as Date counts, and China's one civil time.

import fc from 'fast-check';
import t from 'tap';
import {
  dateFromDays,
  daysFromDate,
  localDate,
  localDateTime,
  startOfLocalDay,
} from '../../../src/core/codec/calendar.js';

t.test('counts days from 1970-01-01', async (t) => {
  for (const [date, days] of [
    ['1970-01-01', 0],
    ['1969-12-31', -1],
    ['2000-02-29', 11_016],
    ['2024-02-29', 19_782],
    ['0001-01-01', -719_162],
    ['9999-12-31', 2_932_896],
  ] as const) {
    t.equal(daysFromDate(date), days);
    t.equal(dateFromDays(days), date);
  }
});

t.test('agrees with Date on every day', async () => {
  fc.assert(
    fc.property(fc.integer({ min: -719_162, max: 2_932_896 }), (days) => {
      const date = new Date(days * 86_400_000).toISOString().slice(0, 10);
      return dateFromDays(days) === date && daysFromDate(date) === days;
    }),
    { numRuns: 2_000 },
  );
});

t.test('knows no date that is not real', async (t) => {
  const rows = [
    '2023-02-29',
    '1900-02-29',
    '2024-02-30',
    '2024-13-01',
    '2024-00-10',
    '2024-01-00',
    '2024-04-31',
    '0000-01-01',
  ];
  const spellings = [
    '2024-1-1',
    '20240101',
    ' 2024-01-01',
    '2024-01-01T00:00',
    '+2024-01-01',
    '２０２４-01-01',
    '',
  ];
  for (const date of [...rows, ...spellings]) t.equal(daysFromDate(date), null, date);
});

t.test('refuses days outside the calendar', async (t) => {
  for (const days of [-719_163, 2_932_897, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    t.throws(() => dateFromDays(days), { code: 'invalid_claims', rule: 'date_range' }, String(days));
  }
});

t.test('a day in China begins at 16:00 UTC', async (t) => {
  t.equal(localDate(57_599), '1970-01-01');
  t.equal(localDate(57_600), '1970-01-02');
  t.equal(startOfLocalDay('1970-01-02'), 57_600);
  t.equal(startOfLocalDay('1970-02-29'), null);
  t.equal(localDateTime(0), '1970-01-01 08:00');
  t.equal(localDateTime(57_659), '1970-01-02 00:00');
  t.equal(localDateTime(-28_801), '1969-12-31 23:59');
  t.equal(
    localDateTime(253_402_300_799),
    '10000-01-01 07:59',
    'the last second of 9999 in UTC does not throw',
  );
});
