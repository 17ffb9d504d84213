// Times as people read them: always with the date, in China Standard Time whatever the device's zone.

import type { Language, Say } from './language.js';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** An epoch second as `2026年11月23日 16:43`, `23 Nov 2026, 16:43`; with `seconds` to the second. */
export function showDateTime(epochSeconds: number, language: Language, seconds = false): string {
  const locale = language === 'en' ? 'en-GB' : language;
  const zone = { timeZone: 'Asia/Shanghai' } as const;
  const date = new Date(epochSeconds * 1000);
  const day = date.toLocaleDateString(locale, {
    ...zone,
    year: 'numeric',
    month: language === 'en' ? 'short' : 'long',
    day: 'numeric',
  });
  const time = date.toLocaleTimeString(locale, {
    ...zone,
    hour: '2-digit',
    minute: '2-digit',
    ...(seconds ? { second: '2-digit' } : {}),
    hourCycle: 'h23',
  });
  return language === 'en' ? `${day}, ${time}` : `${day} ${time}`;
}

/** An epoch second as `16:43:05`. */
export function showClock(epochSeconds: number): string {
  return new Date(epochSeconds * 1000).toLocaleTimeString('en-GB', {
    timeZone: 'Asia/Shanghai',
    hourCycle: 'h23',
  });
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
