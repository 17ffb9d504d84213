// Electronic licence identifier, GB/T 36904: 1.2.156.3005.2.<type>.<issuer>.<serial>.<version>.<check>.

import { parseRegion } from '../codec/region.js';
import { parseCreditCode } from './credit-code.js';

export interface LicenceId {
  /** Defining body's credit code and 3 digits. */
  readonly type: string;
  /** Issuer's credit code; in old data its region code. */
  readonly issuer: string;
  /** 7 to 32 characters of A-Z 0-9. */
  readonly serial: string;
  /** From 001. */
  readonly version: string;
}

const SHAPE =
  /^1\.2\.156\.3005\.2\.([0-9A-Z]{18}[0-9]{3})\.([0-9A-Z]{18}|[0-9]{6})\.([0-9A-Z]{7,32})\.([0-9]{3})\.([0-9A-Z])$/;
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/**
 * The check character for type, issuer, serial and version joined without dots or root.
 * @see ISO 7064 MOD 37,36
 */
export function licenceCheckCharacter(characters: string): string {
  let product = 36;
  for (const character of characters) {
    const sum = (product + ALPHABET.indexOf(character)) % 36;
    product = ((sum === 0 ? 36 : sum) * 2) % 37;
  }
  return ALPHABET.charAt((37 - product) % 36);
}

function isIssuer(text: string): boolean {
  return text.length === 6 ? parseRegion(text) !== null : parseCreditCode(text) !== null;
}

/** The parts of an identifier, or null when its shape, a credit code inside it or its check character is wrong. */
export function parseLicenceId(text: string): LicenceId | null {
  const match = SHAPE.exec(text);
  if (match === null) return null;
  const [, type = '', issuer = '', serial = '', version = '', check] = match;
  if (version === '000' || parseCreditCode(type.slice(0, 18)) === null || !isIssuer(issuer)) return null;
  if (licenceCheckCharacter(type + issuer + serial + version) !== check) return null;
  return { type, issuer, serial, version };
}
