// How a wallet signs in: a proof of its device's key for one request to one node, good once and for a minute (`Authorization: Holder …`).

import type { JsonObject } from '../codec/json.js';
import { YimaError } from '../errors/yima-error.js';
import type { VerifySignature } from '../signature/ports.js';
import type { PublicKey } from '../signature/public-key.js';
import { readKeyProof, startKeyProof, type UnsignedProof } from './key-proof.js';

const TYPE = 'yima-holder+jwt';
const SCHEME = 'Holder ';
const MEMBERS = 'aud htm htu iat jti';
const ID = /^[A-Za-z0-9_-]{16,64}$/;
/** Either way: clocks of phones that know the server's are not far off. */
export const PROOF_SECONDS = 60;

export interface HolderRequest {
  /** Origin of the node, such as `https://yima.example`. */
  readonly audience: string;
  readonly method: string;
  /** The whole address without query and fragment. */
  readonly uri: string;
}

/**
 * What a wallet signs for a request; the text goes behind `Holder ` in `Authorization`.
 * @param now epoch seconds, by the server's clock
 * @param id 16 to 64 random base64url characters, never the same twice
 */
export function startHolderProof(
  key: PublicKey,
  { audience, method, uri }: HolderRequest,
  now: number,
  id: string,
): UnsignedProof {
  return startKeyProof(TYPE, key, { aud: audience, htm: method, htu: uri, iat: now, jti: id });
}

export interface ReadHolderProof {
  readonly key: PublicKey;
  readonly id: string;
}

/**
 * Everything that can be said of a proof without knowing those that were used.
 * @param header the `Authorization` header
 * @throws YimaError `unauthenticated` with a rule
 */
export function readHolderProof(
  header: string | undefined,
  asked: HolderRequest,
  now: number,
  verify: VerifySignature,
): ReadHolderProof {
  if (!header?.startsWith(SCHEME)) throw refused('missing');
  const { key, payload } = readSound(header.slice(SCHEME.length), verify);
  const { aud, htm, htu, iat, jti } = payload;
  if (Object.keys(payload).sort().join(' ') !== MEMBERS) throw refused('members');
  if (aud !== asked.audience) throw refused('aud');
  if (htm !== asked.method) throw refused('htm');
  if (htu !== asked.uri) throw refused('htu');
  if (typeof jti !== 'string' || !ID.test(jti)) throw refused('jti');
  if (typeof iat !== 'number' || !Number.isSafeInteger(iat)) throw refused('iat');
  if (Math.abs(iat - now) > PROOF_SECONDS) {
    throw new YimaError(
      'unauthenticated',
      'The proof is not of now: set the clock of the phone, or count from the time that this answer is dated with.',
      { rule: 'iat' },
    );
  }
  return { key, id: jti };
}

function readSound(text: string, verify: VerifySignature): { key: PublicKey; payload: JsonObject } {
  try {
    return readKeyProof(text, TYPE, verify);
  } catch (error) {
    if (!(error instanceof YimaError)) throw error;
    throw new YimaError('unauthenticated', error.message, { rule: error.rule ?? 'proof' });
  }
}

function refused(rule: string): YimaError {
  return new YimaError(
    'unauthenticated',
    'Send "Authorization: Holder <proof>": a proof of the device’s key for this very request.',
    { rule },
  );
}
