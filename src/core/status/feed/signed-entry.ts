// An entry as it travels: COSE_Sign1 by the issuer's status key, and nothing of it is believed before the signature holds.

import { encodeBase64url } from '../../codec/base64url.js';
import { asciiEncode } from '../../codec/bytes.js';
import { decodeStrict, encodeCbor } from '../../codec/cbor.js';
import {
  COSE_HEADER,
  type CoseSign1,
  encodeCoseSign1,
  parseCoseSign1,
  sigStructure,
} from '../../codec/cose-sign1.js';
import { YimaError } from '../../errors/yima-error.js';
import { ALGORITHMS } from '../../signature/algorithm.js';
import type { Signer, VerifySignature } from '../../signature/ports.js';
import type { PublicKey } from '../../signature/public-key.js';
import { encodePayload, type FeedEntry, readPayload } from './entry.js';
import type { FeedRefusal } from './refusal.js';

export const FEED_TYPE = 'application/yima-feed';
const AAD = asciiEncode('yima-feed');
/** 1,000 values in as many lists, 256 lists that begin, and room. */
export const MAX_FEED_BYTES = 131_072;
const MAX_ITEMS = 16_384;
/** Keys that share an id; more are not tried. */
const MAX_CANDIDATES = 4;

export interface FeedTrust {
  /**
   * Keys that may sign the feed of this base.
   * @param kid base64url of the key id
   * @param at when the entry says it was signed, epoch seconds
   */
  readonly keys: (kid: string, at: number) => readonly PublicKey[];
  readonly verify: VerifySignature;
}

export type OpenedEntry = { readonly entry: FeedEntry } | { readonly refused: FeedRefusal };

export function signEntry(entry: FeedEntry, signer: Signer): Uint8Array {
  const protectedBytes = encodeCbor(
    new Map<number, unknown>([
      [COSE_HEADER.algorithm, ALGORITHMS[signer.algorithm].cose],
      [COSE_HEADER.keyId, signer.kid],
      [COSE_HEADER.type, FEED_TYPE],
    ]),
  );
  const payload = encodePayload(entry);
  return encodeCoseSign1(protectedBytes, payload, signer.sign(sigStructure(protectedBytes, AAD, payload)));
}

/** @param base whose feed it has to be */
export function openEntry(bytes: Uint8Array, base: string, trust: FeedTrust): OpenedEntry {
  const parsed = parse(bytes);
  if (parsed === null) return { refused: 'damaged' };
  const { cose, payload } = parsed;
  const entry = readPayload(payload);
  if (typeof entry === 'string') return { refused: entry };
  if (entry.base !== base) return { refused: 'base' };
  const kid = cose.protectedHeaders.get(COSE_HEADER.keyId);
  const algorithm = cose.protectedHeaders.get(COSE_HEADER.algorithm);
  if (cose.protectedHeaders.get(COSE_HEADER.type) !== FEED_TYPE || !(kid instanceof Uint8Array)) {
    return { refused: 'damaged' };
  }
  const keys = trust
    .keys(encodeBase64url(kid), Math.floor(entry.at / 1000))
    .filter((key) => ALGORITHMS[key.algorithm].cose === algorithm)
    .slice(0, MAX_CANDIDATES);
  if (keys.length === 0) return { refused: 'key' };
  const message = sigStructure(cose.protectedBytes, AAD, cose.payload);
  return keys.some((key) => trust.verify(key, message, cose.signature))
    ? { entry }
    : { refused: 'signature' };
}

function parse(bytes: Uint8Array): { readonly cose: CoseSign1; readonly payload: unknown } | null {
  try {
    const cose = parseCoseSign1(bytes, { mode: 'strict', maxBytes: MAX_FEED_BYTES });
    return { cose, payload: decodeStrict(cose.payload, { maxBytes: MAX_FEED_BYTES, maxItems: MAX_ITEMS }) };
  } catch (error) {
    if (error instanceof YimaError && error.code === 'damaged') return null;
    throw error;
  }
}
