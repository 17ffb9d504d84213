// The proof of a device's key in a request for a credential. @see OpenID4VCI 1.0, appendices F.1 and F.4

import { YimaError } from '../errors/yima-error.js';
import type { VerifySignature } from '../signature/ports.js';
import type { PublicKey } from '../signature/public-key.js';
import { readKeyProof, startKeyProof, type UnsignedProof } from './key-proof.js';

const TYPE = 'openid4vci-proof+jwt';
/** The nonce says that it is of now; this, that the clock behind it is no other one's. */
const MOST_OFF_SECONDS = 300;

/**
 * What a wallet signs to claim.
 * @param issuer the credential issuer's identifier
 * @param now epoch seconds, by the server's clock
 */
export function startClaimProof(key: PublicKey, issuer: string, nonce: string, now: number): UnsignedProof {
  return startKeyProof(TYPE, key, { aud: issuer, iat: now, nonce });
}

/** @throws YimaError `invalid_request`, rule `invalid_proof` */
export function readClaimProof(
  text: string,
  issuer: string,
  now: number,
  verify: VerifySignature,
): { readonly key: PublicKey; readonly nonce: string } {
  const { key, payload } = readSound(text, verify);
  const { aud, iat, nonce, iss } = payload;
  if (aud !== issuer) throw refused('Its audience is not this issuer.');
  if (iss !== undefined) throw refused('A wallet that did not sign in has no `iss`.');
  if (typeof iat !== 'number' || !Number.isSafeInteger(iat)) throw refused('It lacks `iat`.');
  if (Math.abs(iat - now) > MOST_OFF_SECONDS)
    throw refused('It is not of now: the clock of the phone is off; set it, and try again.');
  if (typeof nonce !== 'string') throw refused('It lacks the nonce.');
  return { key, nonce };
}

function readSound(text: string, verify: VerifySignature) {
  try {
    return readKeyProof(text, TYPE, verify);
  } catch (cause) {
    if (cause instanceof YimaError) throw refused(cause.message);
    throw cause;
  }
}

function refused(message: string): YimaError {
  return new YimaError('invalid_request', message, { rule: 'invalid_proof' });
}
