// Times as people read them: always with the date, in China Standard Time whatever the device's zone.

import type { Language, Say } from './language.js';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** China Standard Time has no summer time. Counted here, since a browser's own formatter takes long to load its tables. */
const EAST_SECONDS = 8 * HOUR;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A moment whose UTC fields are the clock's in China. */
function inChina(epochSeconds: number): Date {
  return new Date((epochSeconds + EAST_SECONDS) * 1000);
}

function clockOf(date: Date, seconds: boolean): string {
  const parts = [date.getUTCHours(), date.getUTCMinutes(), ...(seconds ? [date.getUTCSeconds()] : [])];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

/** An epoch second as `2026年11月23日 16:43`, `23 Nov 2026, 16:43`; with `seconds` to the second. */
export function showDateTime(epochSeconds: number, language: Language, seconds = false): string {
  const date = inChina(epochSeconds);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const time = clockOf(date, seconds);
  return language === 'en'
    ? `${day} ${MONTHS[month]} ${year}, ${time}`
    : `${year}年${month + 1}月${day}日 ${time}`;
}

/** An epoch second as `16:43:05`. */
export function showClock(epochSeconds: number): string {
  return clockOf(inChina(epochSeconds), true);
}

/** How long ago, from `just updated` to days. */
export function showAge(seconds: number, say: Say): string {
  if (seconds < 2) return say('age.now');
  if (seconds < MINUTE) return say('age.seconds', { n: Math.floor(seconds) });
  if (seconds < HOUR) return say('age.minutes', { n: Math.floor(seconds / MINUTE) });
  if (seconds < DAY) return say('age.hours', { n: Math.floor(seconds / HOUR) });
  return say('age.days', { n: Math.floor(seconds / DAY) });
}

/** What is left of a validity, in minutes at the finest; at least one minute. */
export function showLeft(seconds: number, say: Say): string {
  if (seconds < HOUR) return say('left.minutes', { n: Math.max(1, Math.floor(seconds / MINUTE)) });
  if (seconds < DAY) {
    return say('left.hours', {
      h: Math.floor(seconds / HOUR),
      m: Math.floor((seconds % HOUR) / MINUTE),
    });
  }
  return say('left.days', { d: Math.floor(seconds / DAY), h: Math.floor((seconds % DAY) / HOUR) });
}
