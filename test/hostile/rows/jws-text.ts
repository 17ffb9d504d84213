// JWS whose JSON has two meanings, or whose segments stand in another shape. The trusted issuer signed each.

import { encodeBase64url } from '../../../src/core/codec/base64url.js';
import { concatBytes, utf8Encode } from '../../../src/core/codec/bytes.js';
import type { ReasonCode } from '../../../src/core/errors/reasons.js';
import { jwsClaims, jwsHeader, signJws } from '../../support/fixtures.js';
import { goodJws, goodSegments, signSegments } from '../spoil.js';
import type { CodeRow, World } from '../world.js';

/** JSON texts that the issuer signed, made of the good one's. */
function texts(
  name: string,
  change: { readonly header?: (json: string) => string; readonly payload?: (json: string) => string },
  expected: ReasonCode = 'damaged',
): CodeRow {
  const { header: ofHeader = String, payload: ofPayload = String } = change;
  return {
    name: `JSON: ${name}`,
    make: ({ ed }) =>
      signJws(
        ofHeader(JSON.stringify(jwsHeader(ed.signer))),
        ofPayload(JSON.stringify(jwsClaims())),
        ed.signer,
      ),
    expected,
  };
}

const inFront = (member: string) => (json: string) => json.replace('{', `{${member},`);
const behind = (member: string) => (json: string) => json.replace(/\}$/, `,${member}}`);
const nested = (depth: number) => `"claims":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

const JSON_TEXTS: readonly CodeRow[] = [
  texts('alg twice, none first', { header: inFront('"alg":"none"') }),
  texts('kid twice', { header: inFront('"kid":"AAAAAAAAAAA"') }),
  texts('__proto__ in the header', { header: behind('"__proto__":{"alg":"none"}') }),
  texts('spaces in the header', { header: (json) => json.replaceAll(':', ': ') }),
  texts('a line end behind the header', { header: (json) => `${json}\n` }),
  texts('a letter of the header escaped', { header: (json) => json.replace('"alg"', '"\\u0061lg"') }),
  texts('a byte order mark before the header', { header: (json) => `\uFEFF${json}` }),
  texts('an array as header', { header: (json) => `[${json}]` }),
  texts('iss twice', { payload: inFront('"iss":"330105"') }),
  texts('exp twice, one escaped', { payload: behind('"\\u0065xp":9999999999') }),
  texts('status twice', { payload: behind('"status":{"status_list":{"idx":8,"uri":"x"}}') }),
  texts('a claim twice', {
    payload: (json) => json.replace('"holderName"', '"holderName":"李四","holderName"'),
  }),
  texts('__proto__ in the payload', { payload: behind('"__proto__":{"claims":{}}') }),
  texts('__proto__ in the claims', {
    payload: (json) => json.replace('"holderName"', '"__proto__":{},"holderName"'),
  }),
  texts('constructor in the claims', {
    payload: (json) => json.replace('"holderName"', '"constructor":1,"holderName"'),
  }),
  texts('a byte order mark before the payload', { payload: (json) => `\uFEFF${json}` }),
  texts('a payload that is an array', { payload: (json) => `[${json}]` }),
  texts('a payload that is a number', { payload: () => '1' }),
  texts('an empty payload', { payload: () => '' }),
  texts('two payloads', { payload: (json) => json + json }),
  texts('a comment', { payload: (json) => `${json}/**/` }),
  texts('a number too large for a double', { payload: behind('"exp2":1e999') }),
  texts('claims nested 9 deep', { payload: (json) => json.replace(/"claims":\{[^}]*\}/, nested(9)) }),
  texts('claims nested 400 deep', { payload: (json) => json.replace(/"claims":\{[^}]*\}/, nested(400)) }),
  texts('2,900 open brackets', { payload: () => '['.repeat(2_900) }),
  texts('a member that is not ours', { payload: behind('"sub":"x"') }, 'invalid_claims'),
  {
    name: 'JSON: a payload that is not UTF-8',
    make: (world) =>
      signSegments(
        goodSegments(world)[0],
        encodeBase64url(concatBytes(utf8Encode('{"iss":"'), Uint8Array.of(0xff, 0x22, 0x7d))),
        world.ed.signer,
      ),
    expected: 'damaged',
  },
];

/** Other shapes around the same token. */
const SHAPES: readonly CodeRow[] = (
  [
    ['two segments', ([head, payload]) => `${head}.${payload}`, 'damaged'],
    ['four segments', (parts) => `${parts.join('.')}.AAAA`, 'damaged'],
    ['five segments, a JWE', (parts) => `${parts.join('.')}.AAAA.AAAA`, 'damaged'],
    ['a detached payload', ([head, , signature]) => `${head}..${signature}`, 'damaged'],
    ['an empty signature', ([head, payload]) => `${head}.${payload}.`, 'damaged'],
    ['no header', ([, payload, signature]) => `.${payload}.${signature}`, 'not_ours'],
    [
      'the flattened JSON form',
      ([head, payload, signature]) => JSON.stringify({ payload, protected: head, signature }),
      'damaged',
    ],
    [
      'the general JSON form with two signatures',
      ([head, payload, signature]) =>
        JSON.stringify({
          payload,
          signatures: [
            { protected: head, signature },
            { protected: head, signature },
          ],
        }),
      'damaged',
    ],
    ['three dots', () => '...', 'not_ours'],
  ] as const satisfies readonly (readonly [string, (parts: readonly string[]) => string, ReasonCode])[]
).map(([name, shape, expected]) => ({
  name: `JWS: ${name}`,
  make: (world: World) => shape(goodJws(world).split('.')),
  expected,
}));

export const JWS_TEXT_ROWS: readonly CodeRow[] = [...JSON_TEXTS, ...SHAPES];
