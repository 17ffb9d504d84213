// Codes taken apart, spoiled and put together again, signed where the spoiling is the issuer's own.

import { decodeBase45, encodeBase45 } from '../../src/core/codec/base45.js';
import { encodeBase64url } from '../../src/core/codec/base64url.js';
import { asciiEncode, concatBytes, utf8Encode } from '../../src/core/codec/bytes.js';
import { encodeYm1 } from '../../src/core/envelope/ym1.js';
import type { Signer } from '../../src/core/signature/ports.js';
import { contentOf, jwsClaims, jwsHeader, signJws, signYm1, ym1Claims } from '../support/fixtures.js';
import type { World } from './world.js';

export const goodYm1 = ({ ed }: World): string => encodeYm1(contentOf(), ed.signer);
export const goodJws = ({ ed }: World): string => jwsWith(ed.signer);

/** A YM1 in good order whose signature is what `sign` makes of the message. */
export function ym1SignedBy(signer: Signer, sign: Signer['sign'] = signer.sign): string {
  return signYm1(ym1Claims(), { ...signer, sign });
}

/** A JWS with other members in header and payload, in good form and signed. */
export function jwsWith(
  signer: Signer,
  change: {
    readonly header?: Readonly<Record<string, unknown>>;
    readonly payload?: Readonly<Record<string, unknown>>;
  } = {},
): string {
  const header = JSON.stringify({ ...jwsHeader(signer), ...change.header });
  return signJws(header, JSON.stringify(jwsClaims(change.payload)), signer);
}

/** A JWS over segments as they stand, which may be no base64url at all. */
export function signSegments(header: string, payload: string, { sign }: Signer): string {
  return `${header}.${payload}.${encodeBase64url(sign(asciiEncode(`${header}.${payload}`)))}`;
}

/** Header and payload segment of a good JWS. */
export function goodSegments({ ed }: World): readonly [header: string, payload: string] {
  const [header, payload] = [jwsHeader(ed.signer), jwsClaims()].map((part) =>
    encodeBase64url(utf8Encode(JSON.stringify(part))),
  );
  return [header ?? '', payload ?? ''];
}

/** Changes the bytes of a YM1 without signing again. */
export function respell(text: string, change: (bytes: Uint8Array) => Uint8Array): string {
  return `YM1:${encodeBase45(change(decodeBase45(text.slice(4))))}`;
}

/** `bytes` with `count` bytes at `at` replaced. */
export function splice(
  bytes: Uint8Array,
  at: number,
  count: number,
  insert: readonly number[] = [],
): Uint8Array {
  return concatBytes(bytes.subarray(0, at), Uint8Array.from(insert), bytes.subarray(at + count));
}

export function repeated(times: number, ...bytes: readonly number[]): Uint8Array {
  return Uint8Array.from({ length: times * bytes.length }, (_, i) => bytes[i % bytes.length] ?? 0);
}
