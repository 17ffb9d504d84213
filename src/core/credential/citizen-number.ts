// Citizen number, GB 11643: region, date of birth, sequence, check character by ISO 7064 MOD 11-2.

import { daysFromDate } from '../codec/calendar.js';
import { PROVINCES } from '../codec/region.js';

export interface CitizenNumber {
  /** The region as printed; counties are not looked up, since abolished codes live on. */
  readonly region: string;
  /** 'YYYY-MM-DD' */
  readonly birth: string;
  readonly sex: 'male' | 'female';
}

const SHAPE = /^[0-9]{17}[0-9X]$/;
const MASKED = /^[0-9]{6}\*{8}[0-9]{3}[0-9X]$/;
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const CHECK_CHARACTERS = '10X98765432';

/**
 * The 18th character for the first 17 digits.
 * @see GB 11643, ISO 7064 MOD 11-2
 */
export function citizenCheckCharacter(digits: string): string {
  let sum = 0;
  for (const [position, weight] of WEIGHTS.entries()) sum += weight * (digits.charCodeAt(position) - 48);
  return CHECK_CHARACTERS.charAt(sum % 11);
}

/** Provinces of GB/T 2260, and 83 for residents from Taiwan. 66 is a platform's convention and never on a card. */
function isCitizenProvince(prefix: string): boolean {
  return prefix === '83' || (prefix !== '66' && PROVINCES.has(prefix));
}

/**
 * The parts of a citizen number, or null when shape, province, date or check character is wrong. A foreigner's
 * number (it begins with 9) is not one: its holder type is 553.
 */
export function parseCitizenNumber(text: string): CitizenNumber | null {
  if (!SHAPE.test(text) || !isCitizenProvince(text.slice(0, 2))) return null;
  const birth = `${text.slice(6, 10)}-${text.slice(10, 12)}-${text.slice(12, 14)}`;
  if (daysFromDate(birth) === null || citizenCheckCharacter(text) !== text.charAt(17)) return null;
  const odd = text.charCodeAt(16) % 2 === 1;
  return { region: text.slice(0, 6), birth, sex: odd ? 'male' : 'female' };
}

/** True for a citizen number with its date of birth masked: `330102********002X`. */
export function isMaskedCitizenNumber(text: string): boolean {
  return MASKED.test(text) && isCitizenProvince(text.slice(0, 2));
}
