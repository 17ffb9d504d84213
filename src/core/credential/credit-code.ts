// Unified social credit code, GB 32100: 18 characters of an alphabet without I O S V Z, the last one a check.

export interface CreditCode {
  /** First two characters, e.g. 11 state organ, 91 company. Never enumerated: new ones come. */
  readonly category: string;
  /** Registering region; ministries have 100000. */
  readonly region: string;
  /** Organisation code, 9 characters. */
  readonly organisation: string;
}

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const SHAPE = /^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$/;
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28] as const;

/**
 * The 18th character for the first 17.
 * @see GB 32100, (31 - weighted sum mod 31) mod 31
 */
export function creditCheckCharacter(characters: string): string {
  let sum = 0;
  for (const [position, weight] of WEIGHTS.entries())
    sum += weight * ALPHABET.indexOf(characters.charAt(position));
  return ALPHABET.charAt((31 - (sum % 31)) % 31);
}

/** The parts of a credit code, or null when alphabet, shape or check character is wrong. */
export function parseCreditCode(text: string): CreditCode | null {
  if (!SHAPE.test(text) || creditCheckCharacter(text) !== text.charAt(17)) return null;
  return { category: text.slice(0, 2), region: text.slice(2, 8), organisation: text.slice(8, 17) };
}
