// The short id under a paper's symbol, for when the symbol cannot be read: 55 random bits, so that nobody reaches another paper by
// guessing, and a check character, so that a slip of the hand is told from a paper that is unknown.

import { YimaError } from '../errors/yima-error.js';

/** Digits and letters without I, L, O and U, each of which looks or sounds like another. */
const DRAWN = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const DRAWN_CHARS = 11;
const GROUP = /.{4}(?=.)/g;
const SHAPE = new RegExp(`^[${DRAWN}]{${DRAWN_CHARS + 1}}$`);
/** Anything longer is not looked at. */
const MOST_CHARS = 64;

/** What ISO/IEC 7064 computes with. */
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const MODULUS = 36;

/**
 * The check character of digits and capital letters; it finds every single wrong character.
 * @see ISO/IEC 7064, MOD 37,36
 */
export function alphanumericCheckCharacter(characters: string): string {
  let product = MODULUS;
  for (const character of characters) {
    const sum = (product + ALPHABET.indexOf(character)) % MODULUS;
    product = ((sum === 0 ? MODULUS : sum) * 2) % (MODULUS + 1);
  }
  return ALPHABET.charAt((MODULUS + 1 - product) % MODULUS);
}

/**
 * A new one, 12 characters. Drawn again where its check character would be one of the four that are left out.
 * @param random cryptographically strong
 */
export function newShortId(random: (length: number) => Uint8Array): string {
  for (;;) {
    const drawn = Array.from(random(DRAWN_CHARS), (byte) => DRAWN.charAt(byte % DRAWN.length)).join('');
    const whole = drawn + alphanumericCheckCharacter(drawn);
    if (SHAPE.test(whole)) return whole;
  }
}

/** In groups of four, as it is printed and read aloud: 7K3Q-MXW2-PD41. */
export function groupedShortId(shortId: string): string {
  return shortId.replace(GROUP, '$&-');
}

/**
 * What somebody typed as it is stored: any case, any width, with or without hyphens and spaces, O for 0, I and L for 1.
 * @throws YimaError `invalid_request` with the rule `length`, `characters` or `check_character`
 */
export function parseShortId(typed: string): string {
  if (typed.length > MOST_CHARS) throw refused('length', 'A short id has 12 characters.');
  const text = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Pd}]/gu, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');
  if (text.length !== DRAWN_CHARS + 1) throw refused('length', 'A short id has 12 characters.');
  if (!SHAPE.test(text))
    throw refused('characters', 'A short id holds digits and letters without I, L, O and U.');
  if (alphanumericCheckCharacter(text.slice(0, DRAWN_CHARS)) !== text.charAt(DRAWN_CHARS))
    throw refused('check_character', 'A character of the short id is wrong. Compare it with the paper.');
  return text;
}

/** Sound, and printed under no paper of this office. */
export function unknownShortId(): YimaError {
  return new YimaError('not_found', 'No paper with this short id was printed here. Scan its code instead.', {
    field: 'shortId',
  });
}

function refused(rule: string, message: string): YimaError {
  return new YimaError('invalid_request', message, { field: 'shortId', rule });
}
