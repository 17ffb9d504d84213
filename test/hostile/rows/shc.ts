// SMART Health Cards: what stands around a valid signature and must not, and what their issuer's key cannot mend.

import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { concatBytes } from '../../../src/core/codec/bytes.js';
import type { ReasonCode } from '../../../src/core/errors/reasons.js';
import { NOW } from '../../support/fixtures.js';
import { CARD_ISS, cardClaims, numeric, signCard, signCardJws } from '../../support/foreign.js';
import { repeated } from '../spoil.js';
import type { CodeRow, World } from '../world.js';

const good = ({ cards }: World): string => signCard(cardClaims(), cards);
const json = (): string => JSON.stringify(cardClaims());
const row = (name: string, expected: ReasonCode, make: CodeRow['make']): CodeRow => ({
  name: `shc: ${name}`,
  make,
  expected,
});
const damaged = (name: string, make: CodeRow['make']): CodeRow => row(name, 'damaged', make);

/** r||s as SEQUENCE of two INTEGERs. */
function der(signature: Uint8Array): Uint8Array {
  const integers = [signature.subarray(0, 32), signature.subarray(32)].map((value) =>
    concatBytes(
      Uint8Array.of(2, value[0] !== undefined && value[0] > 127 ? 33 : 32),
      value[0] !== undefined && value[0] > 127 ? Uint8Array.of(0) : new Uint8Array(0),
      value,
    ),
  );
  const body = concatBytes(...integers);
  return concatBytes(Uint8Array.of(0x30, body.length), body);
}

const TEXTS: Readonly<Record<string, (text: string) => string>> = {
  'an odd number of digits': (text) => text.slice(0, -1),
  'a digit more': (text) => `${text}0`,
  'a pair of 78': (text) => `${text.slice(0, 5)}78${text.slice(7)}`,
  'a pair of 99': (text) => `${text}99`,
  'a letter among the digits': (text) => `${text.slice(0, 9)}a${text.slice(10)}`,
  'a sign among the digits': (text) => `${text.slice(0, 9)}+${text.slice(10)}`,
  'full-width digits': (text) => `${text.slice(0, 9)}１${text.slice(10)}`,
  'a space behind': (text) => `${text} `,
  'a newline behind': (text) => `${text}\n`,
  'a byte order mark in front': (text) => `\uFEFF${text}`,
  'upper case': (text) => text.toUpperCase(),
  nothing: () => 'shc:/',
  'a slash alone': () => 'shc://',
  'a chunk without a count': (text) => `shc:/1/${text.slice(5)}`,
  'chunk 0': (text) => `shc:/0/2/${text.slice(5)}`,
  'two dots more': (text) => `${text}0101`,
  'a comma, which is no base64url': (text) => `${text}00`,
  '1,196 characters': () => `shc:/${'56'.repeat(1_196)}`,
};

const PAYLOADS: Readonly<Record<string, () => string>> = {
  'a byte order mark': () => `\uFEFF${json()}`,
  'a space in front': () => ` ${json()}`,
  'a newline behind': () => `${json()}\n`,
  'a NUL behind': () => `${json()}\u0000`,
  'a second object': () => `${json()}{}`,
  'a duplicate member': () => json().replace('{"iss"', `{"iss":"${CARD_ISS}","iss"`),
  'a member __proto__': () => json().replace('{"iss"', '{"__proto__":{},"iss"'),
  'an array': () => `[${json()}]`,
  'half of it': () => json().slice(0, 100),
  'nesting 25 deep': () => `{"a":${'['.repeat(25)}${']'.repeat(25)}}`,
  'a number past all doubles': () => json().replace('"nbf":', '"nbf":1e999,"x":'),
};

const STREAMS: Readonly<Record<string, (deflated: Uint8Array) => Uint8Array>> = {
  'a byte behind the stream': (deflated) => concatBytes(deflated, Uint8Array.of(0)),
  'a second stream': (deflated) => concatBytes(deflated, deflated),
  'a cut stream': (deflated) => deflated.subarray(0, -3),
  'a zlib stream': () => Uint8Array.from(deflateSync(json())),
  'a gzip member': () => Uint8Array.from(gzipSync(json())),
  'no compression': () => Uint8Array.from(Buffer.from(json())),
  'no bytes': () => new Uint8Array(0),
  'a bomb of 64 KiB': () => Uint8Array.from(deflateRawSync(new Uint8Array(65_536))),
  'a bomb of as much as a symbol holds': () => {
    const block = Uint8Array.from(deflateRawSync(new Uint8Array(65_536 * 8)));
    return concatBytes(block, block.subarray(0, 100));
  },
  'the claims and eleven times as many spaces': () =>
    Uint8Array.from(deflateRawSync(`{${' '.repeat(9_000)}${json().slice(1)}`)),
  'a reserved block type': () => Uint8Array.of(0x07, 0, 0),
};

const SIGNATURES: Readonly<Record<string, (signature: Uint8Array) => Uint8Array>> = {
  'in DER': der,
  'of 63 bytes': (signature) => signature.subarray(1),
  'of 65 bytes': (signature) => concatBytes(signature, Uint8Array.of(0)),
};

/** Members of the header over those of a good one; undefined takes one out. */
const HEADERS: readonly (readonly [string, Readonly<Record<string, unknown>>, ReasonCode])[] = [
  ['alg none', { alg: 'none' }, 'damaged'],
  ['alg nOnE', { alg: 'nOnE' }, 'damaged'],
  ['alg HS256', { alg: 'HS256' }, 'damaged'],
  ['alg ES384', { alg: 'ES384' }, 'damaged'],
  ['no alg', { alg: undefined }, 'damaged'],
  ['zip GZIP', { zip: 'GZIP' }, 'damaged'],
  ['no zip', { zip: undefined }, 'damaged'],
  ['no kid', { kid: undefined }, 'issuer_unknown'],
  ['the first 8 bytes of the thumbprint as kid', { kid: 'AAAAAAAAAAA' }, 'damaged'],
  ['a kid of another key', { kid: `${'A'.repeat(43)}` }, 'issuer_unknown'],
  ['a path as kid', { kid: '../../etc/passwd' }, 'damaged'],
  ['__proto__ as kid', { kid: '__proto__' }, 'damaged'],
  ['a number as kid', { kid: 1 }, 'damaged'],
  ['a key along', { jwk: { kty: 'EC' } }, 'damaged'],
  ['an address of keys', { jku: 'https://evil.example/jwks.json' }, 'damaged'],
  ['a certificate along', { x5c: ['AAAA'] }, 'damaged'],
  ['a critical header', { crit: ['exp'] }, 'damaged'],
  ['b64', { b64: false }, 'damaged'],
];

const CLAIMS: readonly (readonly [string, Readonly<Record<string, unknown>>, ReasonCode])[] = [
  ['iss with a slash behind', { iss: `${CARD_ISS}/` }, 'issuer_unknown'],
  ['iss over http', { iss: CARD_ISS.replace('https', 'http') }, 'issuer_unknown'],
  ['iss in other case', { iss: CARD_ISS.replace('cards', 'Cards') }, 'issuer_unknown'],
  ['iss with a user in front', { iss: CARD_ISS.replace('//', '//x@') }, 'issuer_unknown'],
  ['iss of another issuer', { iss: 'https://other.example/issuer' }, 'issuer_unknown'],
  ['iss of a number', { iss: 330102 }, 'issuer_unknown'],
  ['no iss', { iss: undefined }, 'issuer_unknown'],
  ['no nbf', { nbf: undefined }, 'invalid_claims'],
  ['nbf in milliseconds', { nbf: NOW * 1000 }, 'invalid_claims'],
  ['nbf as text', { nbf: String(NOW) }, 'invalid_claims'],
  ['nbf below 0', { nbf: -1 }, 'invalid_claims'],
  ['nbf null', { nbf: null }, 'invalid_claims'],
  ['nbf 61 s ahead', { nbf: NOW + 61 }, 'not_yet_valid'],
  ['nbf 60 s ahead', { nbf: NOW + 60 }, 'no_policy'],
  ['exp 60 s past', { exp: NOW - 60 }, 'expired'],
  ['exp 59 s past', { exp: NOW - 59 }, 'no_policy'],
  ['exp before nbf', { exp: NOW - 200 }, 'invalid_claims'],
  ['exp null', { exp: null }, 'invalid_claims'],
  ['no vc', { vc: undefined }, 'invalid_claims'],
  ['vc of text', { vc: 'x' }, 'invalid_claims'],
];

const CREDENTIALS: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['types without the one of all cards', { type: ['https://smarthealth.cards#immunization'] }],
  ['a type of text', { type: 'https://smarthealth.cards#health-card' }],
  ['no bundle', { credentialSubject: {} }],
  ['a rid of 25 characters', { rid: 'a'.repeat(25) }],
  ['a rid with a dot', { rid: 'abc.123' }],
  ['a rid of a number', { rid: 1 }],
  ['an empty rid', { rid: '' }],
];

export const SHC_ROWS: readonly CodeRow[] = [
  ...Object.entries(TEXTS).map(([name, spoil]) => damaged(name, (world) => spoil(good(world)))),
  row('one of three chunks', 'unsupported', (world) => `shc:/1/3/${good(world).slice(5)}`),
  row('one of one chunk', 'unsupported', (world) => `shc:/1/1/${good(world).slice(5)}`),
  ...Object.entries(PAYLOADS).map(([name, payload]) =>
    damaged(`payload with ${name}`, ({ cards }) => signCard(null, cards, { payload: payload() })),
  ),
  ...Object.entries(STREAMS).map(([name, compressed]) =>
    damaged(`payload with ${name}`, ({ cards }) => signCard(cardClaims(), cards, { compressed })),
  ),
  ...Object.entries(SIGNATURES).map(([name, signature]) =>
    damaged(`a signature ${name}`, ({ cards }) => signCard(cardClaims(), cards, { signature })),
  ),
  row('a signature of zeros', 'bad_signature', ({ cards }) =>
    signCard(cardClaims(), cards, { signature: () => new Uint8Array(64) }),
  ),
  damaged('two segments', (world) =>
    numeric(signCardJws(cardClaims(), world.cards).split('.').slice(0, 2).join('.')),
  ),
  damaged('padding', (world) => numeric(`${signCardJws(cardClaims(), world.cards)}==`)),
  ...HEADERS.map(([name, change, expected]) =>
    row(`header with ${name}`, expected, ({ cards }) =>
      signCard(cardClaims(), cards, {
        header: { zip: 'DEF', alg: 'ES256', kid: cards.record.kid, ...change },
      }),
    ),
  ),
  ...CLAIMS.map(([name, change, expected]) =>
    row(name, expected, ({ cards }) => signCard(cardClaims(change), cards)),
  ),
  ...CREDENTIALS.map(([name, change]) =>
    row(name, 'invalid_claims', ({ cards }) => signCard(cardClaims({}, change), cards)),
  ),
  row('signed by a key of a pass issuer', 'issuer_unknown', ({ passes }) =>
    signCard(cardClaims(), passes, { header: { zip: 'DEF', alg: 'ES256', kid: 'A'.repeat(43) } }),
  ),
  row('signed by another key under its kid', 'bad_signature', ({ cards, ec }) =>
    signCard(cardClaims(), { ...cards, signer: ec.signer }),
  ),
  row('a revoked card', 'revoked', ({ cards }) => signCard(cardClaims({}, { rid: 'dead' }), cards)),
  row('a card revoked by its time', 'revoked', ({ cards }) =>
    signCard(cardClaims({}, { rid: 'dying' }), cards),
  ),
  row('a rid under a list that is not held', 'status_unknown', ({ silentCards }) =>
    signCard(cardClaims({}, { rid: 'alive' }), silentCards),
  ),
  row(
    'a symbol full of zeros',
    'damaged',
    () => `shc:/${repeated(2_390, 0x30).reduce((text, byte) => text + String.fromCharCode(byte), '')}`,
  ),
];
