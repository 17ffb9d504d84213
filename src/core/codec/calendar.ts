// Dates without a clock or a time zone database: days since 1970-01-01, and the one civil time of mainland China, UTC+8.

import { YimaError } from '../errors/yima-error.js';

const SECONDS_A_DAY = 86_400;
/** China Standard Time has had no daylight saving since 1991. */
const CHINA_OFFSET_SECONDS = 8 * 3_600;
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const DAYS_BEFORE_1970 = 719_468; // from 0000-03-01, the start of the 400-year cycle used below
const FIRST_DAY = -719_162; // 0001-01-01
const LAST_DAY = 2_932_896; // 9999-12-31

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** The number that digits of `text` write; NaN where one of them is none. */
function numberAt(text: string, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}

/** Days since 1970-01-01 of a real Gregorian date `YYYY-MM-DD`, years 0001 to 9999; null for any other text. */
export function daysFromDate(date: string): number | null {
  if (date.length !== 10 || date[4] !== '-' || date[7] !== '-') return null;
  const year = numberAt(date, 0, 4);
  const month = numberAt(date, 5, 7);
  const day = numberAt(date, 8, 10);
  const days = month === 2 && isLeapYear(year) ? 29 : DAYS_IN_MONTH[month - 1];
  if (!(year >= 1) || days === undefined || !(day >= 1 && day <= days)) return null;
  // Years counted from March, so that the leap day is the last of its year.
  const marchYear = month > 2 ? year : year - 1;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  return marchYear * 365 + leapDays + dayOfYear - DAYS_BEFORE_1970;
}

function formatDay(days: number): string {
  const shifted = days + DAYS_BEFORE_1970;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(day)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/**
 * The date `YYYY-MM-DD` of a number of days since 1970-01-01.
 * @throws YimaError `invalid_claims` unless it is an integer from 0001-01-01 to 9999-12-31
 */
export function dateFromDays(days: number): string {
  if (!Number.isInteger(days) || days < FIRST_DAY || days > LAST_DAY) {
    throw new YimaError('invalid_claims', 'A date lies outside the calendar.', { rule: 'date_range' });
  }
  return formatDay(days);
}

/** The date in China at an instant, `YYYY-MM-DD`. */
export function localDate(epochSeconds: number): string {
  return formatDay(Math.floor((epochSeconds + CHINA_OFFSET_SECONDS) / SECONDS_A_DAY));
}

/** The last second of a day in China, epoch seconds; null when it is no date. */
export function endOfLocalDay(date: string): number | null {
  const days = daysFromDate(date);
  return days === null ? null : (days + 1) * SECONDS_A_DAY - CHINA_OFFSET_SECONDS - 1;
}

/** The first second of a day in China, epoch seconds; null when it is no date. */
export function startOfLocalDay(date: string): number | null {
  const days = daysFromDate(date);
  return days === null ? null : days * SECONDS_A_DAY - CHINA_OFFSET_SECONDS;
}

/** The date and time in China at an instant, `YYYY-MM-DD HH:MM`. */
export function localDateTime(epochSeconds: number): string {
  const local = Math.floor(epochSeconds) + CHINA_OFFSET_SECONDS;
  const days = Math.floor(local / SECONDS_A_DAY);
  const minutes = Math.floor((local - days * SECONDS_A_DAY) / 60);
  return `${formatDay(days)} ${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
}
