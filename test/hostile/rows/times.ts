// Times that are no times, signed by the trusted issuer in both of our forms.

import { encode, rfc8949EncodeOptions } from 'cborg';
import type { ReasonCode } from '../../../src/core/errors/reasons.js';
import { jwsClaims, jwsHeader, NOW, signJws, signYm1, ym1Claims } from '../../support/fixtures.js';
import { jwsWith } from '../spoil.js';
import type { CodeRow } from '../world.js';

const KEYS = { iat: 6, nbf: 5, exp: 4 } as const;
type Claim = keyof typeof KEYS;

/** Our CBOR has no floats, so these do not even parse. */
const FLOATS: readonly (readonly [name: string, value: number])[] = [
  ['fractional', NOW + 0.5],
  ['1e21', 1e21],
  ['2^53 as a float', 2 ** 53],
  ['negative and fractional', -1.5],
];

const NO_INSTANTS: readonly (readonly [name: string, value: unknown])[] = [
  ['-1', -1],
  ['2^53', 9_007_199_254_740_992n],
  ['2^63', 9_223_372_036_854_775_808n],
  ['milliseconds', NOW * 1000],
  ['the year 10000', 253_402_300_800],
  ['a text', String(NOW)],
  ['a date', '2026-09-21T14:13:20Z'],
  ['null', null],
  ['true', true],
  ['an array', [NOW]],
  ['an object', new Map([['a', NOW]])],
];

/** Signed as it stands, floats and all. */
function ym1Time(claim: Claim, value: unknown): CodeRow['make'] {
  return ({ ed }) => {
    const claims = ym1Claims([[KEYS[claim], value]]);
    return signYm1(null, ed.signer, { payloadBytes: Uint8Array.from(encode(claims, rfc8949EncodeOptions)) });
  };
}

/** @param text as it stands in the JSON */
function jwsTime(claim: Claim, text: string): CodeRow['make'] {
  return ({ ed: { signer } }) => {
    const payload = JSON.stringify({ ...jwsClaims(), [claim]: 'THE TIME' }).replace('"THE TIME"', text);
    return signJws(JSON.stringify(jwsHeader(signer)), payload, signer);
  };
}

function jsonText(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  return JSON.stringify(value instanceof Map ? Object.fromEntries(value) : value);
}

const WRONG: readonly CodeRow[] = (['iat', 'nbf', 'exp'] as const).flatMap((claim) => [
  ...NO_INSTANTS.flatMap(([name, value]): readonly CodeRow[] => [
    { name: `YM1: ${claim} is ${name}`, make: ym1Time(claim, value), expected: 'invalid_claims' },
    { name: `JWS: ${claim} is ${name}`, make: jwsTime(claim, jsonText(value)), expected: 'invalid_claims' },
  ]),
  ...FLOATS.flatMap(([name, value]): readonly CodeRow[] => [
    { name: `YM1: ${claim} is ${name}`, make: ym1Time(claim, value), expected: 'damaged' },
    { name: `JWS: ${claim} is ${name}`, make: jwsTime(claim, jsonText(value)), expected: 'invalid_claims' },
  ]),
]);

/** Instants that make no sense together, or not now. */
const TOGETHER: readonly (readonly [string, Readonly<Record<string, unknown>>, ReasonCode])[] = [
  ['all times 0', { iat: 0, exp: 0 }, 'expired'],
  ['iat 0', { iat: 0 }, 'invalid_claims'],
  ['exp 0', { exp: 0 }, 'invalid_claims'],
  ['exp before iat', { exp: NOW - 11 }, 'invalid_claims'],
  ['nbf after exp', { nbf: NOW + 86_400 * 30 }, 'invalid_claims'],
  ['a life past the kind’s limit', { exp: NOW + 86_400 * 365 }, 'invalid_claims'],
  ['no exp where the kind has a limit', { exp: undefined }, 'invalid_claims'],
  ['no iat', { iat: undefined }, 'invalid_claims'],
  ['issued tomorrow', { iat: NOW + 86_400, exp: NOW + 90_000 }, 'not_yet_valid'],
  ['over for a minute', { exp: NOW - 60, iat: NOW - 3_600 }, 'expired'],
  ['the last second of 9999', { iat: 253_402_300_799, exp: 253_402_300_799 }, 'not_yet_valid'],
];

export const TIME_ROWS: readonly CodeRow[] = [
  ...WRONG,
  ...TOGETHER.flatMap(([name, change, expected]): readonly CodeRow[] => [
    { name: `JWS: ${name}`, make: ({ ed }) => jwsWith(ed.signer, { payload: change }), expected },
    {
      name: `YM1: ${name}`,
      make: ({ ed }) =>
        signYm1(
          ym1Claims(Object.entries(change).map(([claim, value]) => [KEYS[claim as Claim], value] as const)),
          ed.signer,
        ),
      expected,
    },
  ]),
];
