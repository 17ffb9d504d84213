// CBOR (RFC 8949) in and out: deterministic for our own codes, tolerant for foreign ones, bounded for both.

import { decode, type TagDecoder } from 'cborg';
import { YimaError } from '../errors/yima-error.js';
import { type CborLimits, scanCbor } from './cbor-scan.js';
import { readStrict } from './cbor-strict.js';
import { NotWritable, writeDeterministic } from './cbor-write.js';
import { damaged } from './damaged.js';

const DECODE_OPTIONS = {
  useMaps: true,
  rejectDuplicateMapKeys: true,
  allowNaN: false,
  allowInfinity: false,
  coerceUndefinedToNull: true,
} as const;

const unwrap: TagDecoder = (content) => content();

function build(bytes: Uint8Array, options: Parameters<typeof decode>[1]): unknown {
  try {
    return decode(bytes, options);
  } catch (cause) {
    throw cause instanceof YimaError ? cause : damaged('cbor');
  }
}

/**
 * Decodes the deterministic form alone, so that one value has one byte string: what `encodeCbor` writes and nothing else.
 * Maps become Map, byte strings Uint8Array, integers number or, past 2^53, bigint. Floats, tags, undefined and other simple
 * values are refused: our codes have none.
 * @throws YimaError `damaged`
 * @see RFC 8949, section 4.2.1
 */
export function decodeStrict(bytes: Uint8Array, limits: CborLimits = {}): unknown {
  return readStrict(bytes, limits);
}

/**
 * Decodes any well-formed item that foreign codes may hold: heads of any length, indefinite arrays and maps, floats, tags
 * (dropped, their content stands), undefined (becomes null). Duplicate keys, keys other than integers and text, strings in
 * chunks, infinities and NaN are refused.
 * @throws YimaError `damaged`
 */
export function decodeTolerant(bytes: Uint8Array, limits: CborLimits = {}): unknown {
  const tags: Record<number, TagDecoder> = {};
  for (const tag of scanCbor(bytes, limits)) tags[tag] = unwrap;
  return build(bytes, { ...DECODE_OPTIONS, tags });
}

/**
 * The deterministic encoding of null, booleans, integers, strings, Uint8Array, arrays and Maps with integer or text keys.
 * @throws YimaError `internal` for a value that `decodeStrict` would refuse, such as a fraction
 * @see RFC 8949, section 4.2.1
 */
export function encodeCbor(value: unknown): Uint8Array {
  try {
    return writeDeterministic(value);
  } catch (cause) {
    if (!(cause instanceof NotWritable)) throw cause;
    throw new YimaError('internal', 'A value cannot be written as deterministic CBOR.', { cause });
  }
}
