// NZ COVID Passes: other spellings of a valid one, and what their issuer's key cannot mend.

import { concatBytes } from '../../../src/core/codec/bytes.js';
import { encodeCbor } from '../../../src/core/codec/cbor.js';
import type { ReasonCode } from '../../../src/core/errors/reasons.js';
import { NOW } from '../../support/fixtures.js';
import {
  PASS_ISS,
  type PassParts,
  passClaims,
  passText,
  signPass,
  signPassMessage,
} from '../../support/foreign.js';
import { repeated, splice } from '../spoil.js';
import type { CodeRow, World } from '../world.js';

const row = (name: string, expected: ReasonCode, make: CodeRow['make']): CodeRow => ({
  name: `NZCP: ${name}`,
  make,
  expected,
});
const good = ({ passes }: World): string => signPass(passClaims(), passes);
const message = ({ passes }: World): Uint8Array => signPassMessage(passClaims(), passes.signer);

const TEXTS: Readonly<Record<string, (text: string) => string>> = {
  'a padding sign behind': (text) => `${text}=`,
  'lower case base32': (text) => `NZCP:/1/${text.slice(8).toLowerCase()}`,
  'lower case all over': (text) => text.toLowerCase(),
  'a space behind': (text) => `${text} `,
  'a byte order mark in front': (text) => `\uFEFF${text}`,
  'a 0 for an O': (text) => `${text.slice(0, 20)}0${text.slice(21)}`,
  'a 1 for an I': (text) => `${text.slice(0, 20)}1${text.slice(21)}`,
  'a character too few': (text) => text.slice(0, -1),
  'a character too many': (text) => `${text}A`,
  'eight characters too many': (text) => `${text}AAAAAAAA`,
  nothing: () => 'NZCP:/1/',
  'a letter outside ASCII': (text) => `${text.slice(0, 20)}Ａ${text.slice(21)}`,
};

const header = (...members: readonly (readonly [number, unknown])[]): PassParts => ({
  protectedHeader: new Map(members),
});

const PARTS: readonly (readonly [string, PassParts, ReasonCode])[] = [
  ['no tag', { tags: [] }, 'damaged'],
  ['tag 61 around 18', { tags: [0xd8, 61, 0xd2] }, 'damaged'],
  ['tag 98', { tags: [0xd8, 98] }, 'damaged'],
  ['tag 17', { tags: [0xd1] }, 'damaged'],
  ['tag 18 twice', { tags: [0xd2, 0xd2] }, 'damaged'],
  ['tag 18 in two bytes', { tags: [0xd8, 18] }, 'damaged'],
  ['an unprotected header', { unprotectedHeader: new Map([[99, 0]]) }, 'damaged'],
  ['the kid unprotected', { ...header([1, -7]), unprotectedHeader: new Map([[4, 'key-1']]) }, 'damaged'],
  ['no kid', header([1, -7]), 'issuer_unknown'],
  ['an empty kid', header([1, -7], [4, '']), 'issuer_unknown'],
  ['a number as kid', header([1, -7], [4, 1]), 'issuer_unknown'],
  ['a kid of 65 bytes', header([1, -7], [4, 'k'.repeat(65)]), 'issuer_unknown'],
  ['a key outside assertionMethod', header([1, -7], [4, 'key-2']), 'issuer_unknown'],
  ['the whole DID URL as kid', header([1, -7], [4, `${PASS_ISS}#key-1`]), 'issuer_unknown'],
  ['no alg', header([4, 'key-1']), 'damaged'],
  ['alg EdDSA', header([1, -8], [4, 'key-1']), 'damaged'],
  ['alg ES384', header([1, -35], [4, 'key-1']), 'damaged'],
  ['alg HS256', header([1, 5], [4, 'key-1']), 'damaged'],
  ['a critical header', header([1, -7], [2, [99]], [4, 'key-1']), 'damaged'],
  ['the kid in bytes', header([1, -7], [4, new TextEncoder().encode('key-1')]), 'no_policy'],
  ['a signature of 63 bytes', { signature: (bytes) => bytes.subarray(1) }, 'damaged'],
  [
    'a signature in DER',
    {
      signature: (bytes) =>
        concatBytes(
          Uint8Array.of(0x30, 68, 2, 32),
          bytes.subarray(0, 32),
          Uint8Array.of(2, 32),
          bytes.subarray(32),
        ),
    },
    'damaged',
  ],
  ['a signature of zeros', { signature: () => new Uint8Array(64) }, 'bad_signature'],
  ['a payload that is no map', { payload: encodeCbor([]) }, 'damaged'],
  ['half a payload', { payload: encodeCbor(passClaims()).subarray(0, 40) }, 'damaged'],
  ['a duplicate claim', { payload: concatBytes(Uint8Array.of(0xa2, 1, 0, 1, 0)) }, 'damaged'],
  [
    'a payload nested 1,000 deep',
    { payload: concatBytes(Uint8Array.of(0xa1, 0), repeated(1_000, 0x81), Uint8Array.of(0)) },
    'damaged',
  ],
  [
    'a payload claiming 2^32 items',
    { payload: Uint8Array.of(0xa1, 0, 0x9b, 0, 0, 0, 1, 0, 0, 0, 0) },
    'damaged',
  ],
];

const CLAIMS: readonly (readonly [string, number | string, unknown, ReasonCode])[] = [
  ['an unlisted DID', 1, 'did:web:other.example', 'issuer_unknown'],
  ['a DID of another method', 1, PASS_ISS.replace('web', 'key'), 'issuer_unknown'],
  ['a DID in other case', 1, PASS_ISS.toUpperCase(), 'issuer_unknown'],
  ['a DID with a fragment', 1, `${PASS_ISS}#key-1`, 'issuer_unknown'],
  ['an address as iss', 1, 'https://pass.example', 'issuer_unknown'],
  ['no iss', 1, undefined, 'issuer_unknown'],
  ['no exp', 4, undefined, 'invalid_claims'],
  ['exp now', 4, NOW, 'expired'],
  ['exp a second ahead', 4, NOW + 1, 'no_policy'],
  ['exp as text', 4, String(NOW + 60), 'invalid_claims'],
  ['exp in milliseconds', 4, NOW * 1000, 'invalid_claims'],
  ['exp before nbf', 4, NOW - 200, 'invalid_claims'],
  ['no nbf', 5, undefined, 'invalid_claims'],
  ['nbf now', 5, NOW, 'no_policy'],
  ['nbf a second ahead', 5, NOW + 1, 'not_yet_valid'],
  ['nbf below 0', 5, -1, 'invalid_claims'],
  ['no cti', 7, undefined, 'invalid_claims'],
  ['a cti of 15 bytes', 7, new Uint8Array(15), 'invalid_claims'],
  ['a cti of text', 7, 'urn:uuid:cc599d04-0d51-4f7e-8ef5-d7b5f8461c5f', 'invalid_claims'],
  ['no vc', 'vc', undefined, 'invalid_claims'],
  ['vc of text', 'vc', 'x', 'invalid_claims'],
];

const CREDENTIALS: readonly (readonly [string, string, unknown])[] = [
  ['another version', 'version', '2.0.0'],
  ['another pass type', 'type', ['VerifiableCredential', 'PrivatePass']],
  ['a type more', 'type', ['VerifiableCredential', 'PublicCovidPass', 'X']],
  ['types turned round', 'type', ['PublicCovidPass', 'VerifiableCredential']],
  ['no context', '@context', []],
  ['no subject', 'credentialSubject', null],
  ['a subject without a name', 'credentialSubject', new Map([['dob', '1960-04-16']])],
  [
    'a bidi override in the name',
    'credentialSubject',
    new Map([
      ['givenName', 'A\u202EB'],
      ['dob', '1960-04-16'],
    ]),
  ],
  [
    'a date of birth that is none',
    'credentialSubject',
    new Map([
      ['givenName', 'A'],
      ['dob', '16/04/1960'],
    ]),
  ],
];

export const NZCP_ROWS: readonly CodeRow[] = [
  ...Object.entries(TEXTS).map(([name, spoil]) => row(name, 'damaged', (world) => spoil(good(world)))),
  row('version 2', 'not_ours', (world) => good(world).replace('/1/', '/2/')),
  row('a byte behind', 'damaged', (world) => passText(concatBytes(message(world), Uint8Array.of(0)))),
  row('a length in more bytes than needed', 'damaged', (world) => {
    const bytes = message(world);
    const at = bytes.lastIndexOf(0x58, bytes.length - 65);
    return passText(splice(bytes, at, 2, [0x59, 0, 64]));
  }),
  row('an array of indefinite length', 'damaged', (world) => {
    const bytes = message(world);
    return passText(concatBytes(splice(bytes, 1, 1, [0x9f]), Uint8Array.of(0xff)));
  }),
  ...PARTS.map(([name, parts, expected]) =>
    row(name, expected, ({ passes }) => signPass(passClaims(), passes, parts)),
  ),
  ...CLAIMS.map(([name, key, value, expected]) =>
    row(name, expected, ({ passes }) => signPass(passClaims([[key, value]]), passes)),
  ),
  ...CREDENTIALS.map(([name, key, value]) =>
    row(name, 'invalid_claims', ({ passes }) => signPass(passClaims([], [[key, value]]), passes)),
  ),
  row('signed by a key of a card issuer', 'bad_signature', ({ cards }) => signPass(passClaims(), cards)),
  row('signed by another key under its kid', 'bad_signature', ({ ec }) => signPass(passClaims(), ec)),
];
