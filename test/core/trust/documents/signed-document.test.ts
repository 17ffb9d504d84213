// The wrapper: one text for one document, and every other text is refused for its rule.

import fc from 'fast-check';
import { test } from 'tap';
import { createNodeVerify, sha256 } from '../../../../src/adapters/crypto-node.js';
import { encodeBase64url } from '../../../../src/core/codec/base64url.js';
import { canonicalJson, type JsonObject } from '../../../../src/core/codec/json.js';
import {
  createSignedDocument,
  isThumbprint,
  mergeSignatures,
  parseSignedDocument,
} from '../../../../src/core/trust/documents/signed-document.js';
import { createSignerCount } from '../../../../src/core/trust/documents/signer-count.js';
import { deskKey, deskKeys, listPayload, rootPayload, sign } from '../../../support/trust-desk.js';
import { ADMIT, base64urlText, rootOf, ruleOf } from './reading.js';

const KEYS = [...deskKeys(2), deskKey('ES256')];
const PAYLOAD = rootPayload(KEYS, KEYS);
const DOCUMENT = sign('root', PAYLOAD, KEYS);

interface Wrapper {
  readonly payload: unknown;
  readonly signatures: readonly Readonly<Record<string, unknown>>[];
}

const WRAPPER = JSON.parse(DOCUMENT.text) as Wrapper;
const [FIRST = {}, ...OTHERS] = WRAPPER.signatures;
const [KID = ''] = DOCUMENT.signatures.map(({ kid }) => kid);
const ALG = DOCUMENT.signatures[0]?.algorithm;
const TYP = 'yima-trust-root+json';

const wrapped = (change: JsonObject): string => JSON.stringify({ ...WRAPPER, ...change });
const first = (change: JsonObject): string => wrapped({ signatures: [{ ...FIRST, ...change }, ...OTHERS] });
const header = (text: string): string => first({ protected: base64urlText(text) });
const headed = (members: unknown): string => header(JSON.stringify(members));
const payload = (text: string): string => wrapped({ payload: base64urlText(text) });
const CANONICAL = canonicalJson(PAYLOAD);
/** A signature of 64 bytes has 86 characters, of which the last carries 2 bits. */
const withTrailingBits = (text: unknown): string => `${String(text).slice(0, -1)}B`;
const bytes = (length: number): string => encodeBase64url(new Uint8Array(length));

const ROWS: readonly (readonly [string, string, string])[] = [
  ['nothing', 'not_json', ''],
  ['a number', 'form', '1'],
  ['null', 'form', 'null'],
  ['an array', 'form', '[]'],
  ['the compact form', 'not_json', `${String(FIRST['protected'])}.${String(WRAPPER.payload)}.AA`],
  ['the flattened form', 'form', JSON.stringify({ payload: WRAPPER.payload, ...FIRST })],
  ['a byte order mark', 'not_json', `\ufeff${DOCUMENT.text}`],
  ['white space before', 'not_canonical', ` ${DOCUMENT.text}`],
  ['a line feed behind', 'not_canonical', `${DOCUMENT.text}\n`],
  ['something behind', 'not_json', `${DOCUMENT.text}x`],
  ['cut off', 'not_json', DOCUMENT.text.slice(0, -1)],
  ['longer than 2 MiB', 'too_long', `${DOCUMENT.text}${' '.repeat(2 * 1024 * 1024)}`],
  ['the payload twice', 'not_json', DOCUMENT.text.replace('{', `{"payload":"${String(WRAPPER.payload)}",`)],
  ['the payload twice, escaped', 'not_json', DOCUMENT.text.replace('{', '{"p\\u0061yload":"",')],
  ['a name in escapes', 'not_canonical', DOCUMENT.text.replace('"payload"', '"p\\u0061yload"')],
  [
    'signatures before the payload',
    'not_canonical',
    JSON.stringify({ signatures: WRAPPER.signatures, payload: WRAPPER.payload }),
  ],
  ['a member more', 'not_canonical', wrapped({ more: 1 })],
  ['a prototype', 'not_json', DOCUMENT.text.replace('{', '{"__proto__":{},')],
  ['no payload', 'form', JSON.stringify({ signatures: WRAPPER.signatures })],
  ['a payload that is no text', 'form', wrapped({ payload: PAYLOAD })],
  ['no signatures', 'form', JSON.stringify({ payload: WRAPPER.payload })],
  ['signatures that are no array', 'form', wrapped({ signatures: {} })],
  ['33 signatures', 'too_many', wrapped({ signatures: Array.from({ length: 33 }, () => FIRST) })],
  ['a padded payload', 'not_canonical', wrapped({ payload: `${String(WRAPPER.payload)}=` })],
  ['a payload in base64', 'not_canonical', wrapped({ payload: `${String(WRAPPER.payload)}++++` })],
  [
    'a payload that is not UTF-8',
    'not_json',
    wrapped({ payload: encodeBase64url(Uint8Array.of(0x22, 0xff, 0x22)) }),
  ],
  ['a payload that is no JSON', 'not_json', payload('{')],
  ['a payload that is no object', 'form', payload('[]')],
  ['a payload with white space', 'not_canonical', payload(`${CANONICAL} `)],
  ['a payload out of order', 'not_canonical', payload(JSON.stringify(PAYLOAD))],
  ['a payload with a member twice', 'not_json', payload(CANONICAL.replace('{', '{"exp":1,'))],
  [
    'a payload with a number in another form',
    'not_canonical',
    payload(CANONICAL.replace('"version":1', '"version":1.0')),
  ],
  ['a payload with minus nought', 'not_canonical', payload(CANONICAL.replace('"version":1', '"version":-0'))],
  [
    'a payload with a number past doubles',
    'not_json',
    payload(CANONICAL.replace('"version":1', '"version":1e999')),
  ],
  ['a payload in escapes', 'not_canonical', payload(CANONICAL.replace('"root"', '"\\u0072oot"'))],
  ['a payload of 9 levels', 'not_json', payload(`{"a":${'['.repeat(8)}${']'.repeat(8)},"type":"root"}`)],
  ['a payload of a hundred thousand levels', 'not_json', payload('['.repeat(100_000))],
  ['a payload without type', 'form', payload('{}')],
  ['a payload of another type', 'form', payload('{"type":"bundle"}')],
  ['a root under the headers of a list', 'type', headed({ alg: ALG, kid: KID, typ: 'yima-trust-list+json' })],
  ['a list under the headers of a root', 'type', payload('{"type":"list"}')],
  ['a signature that is no object', 'form', wrapped({ signatures: [null] })],
  ['an unprotected header', 'not_canonical', first({ header: {} })],
  ['an unprotected kid', 'not_canonical', first({ header: { kid: KID } })],
  ['no protected header', 'form', wrapped({ signatures: [{ signature: bytes(64) }] })],
  ['a protected header that is an object', 'form', first({ protected: { alg: ALG, kid: KID, typ: TYP } })],
  ['a protected header that is no JSON', 'not_json', header('alg')],
  ['a protected header that is an array', 'header', header('[]')],
  ['a padded protected header', 'not_canonical', first({ protected: `${String(FIRST['protected'])}=` })],
  ['header members in another order', 'header', headed({ kid: KID, alg: ALG, typ: TYP })],
  ['a header with white space', 'header', header(JSON.stringify({ alg: ALG, kid: KID, typ: TYP }, null, 1))],
  [
    'a header member twice',
    'not_json',
    header(`{"alg":"none","alg":"${ALG}","kid":"${KID}","typ":"${TYP}"}`),
  ],
  ['crit', 'header', headed({ alg: ALG, kid: KID, typ: TYP, crit: ['b64'], b64: false })],
  ['an empty crit', 'header', headed({ alg: ALG, crit: [], kid: KID, typ: TYP })],
  ['a key in the header', 'header', headed({ alg: ALG, jwk: KEYS[0]?.jwk, kid: KID, typ: TYP })],
  [
    'an address of keys in the header',
    'header',
    headed({ alg: ALG, jku: 'https://x.example/', kid: KID, typ: TYP }),
  ],
  ['a content type in the header', 'header', headed({ alg: ALG, cty: 'json', kid: KID, typ: TYP })],
  ['no alg', 'header', headed({ kid: KID, typ: TYP })],
  ['alg none', 'header', headed({ alg: 'none', kid: KID, typ: TYP })],
  ['alg in small letters', 'header', headed({ alg: 'ed25519', kid: KID, typ: TYP })],
  ['alg in capitals', 'header', headed({ alg: 'ED25519', kid: KID, typ: TYP })],
  ['the old name of the algorithm', 'header', headed({ alg: 'EdDSA', kid: KID, typ: TYP })],
  ['an algorithm of foreign formats', 'header', headed({ alg: 'ES384', kid: KID, typ: TYP })],
  ['a secret key', 'header', headed({ alg: 'HS256', kid: KID, typ: TYP })],
  ['no kid', 'header', headed({ alg: ALG, typ: TYP })],
  ['a short kid', 'header', headed({ alg: ALG, kid: KID.slice(0, 11), typ: TYP })],
  ['a kid with trailing bits', 'header', headed({ alg: ALG, kid: withTrailingBits(KID), typ: TYP })],
  ['a kid that is a number', 'header', headed({ alg: ALG, kid: 1, typ: TYP })],
  ['no typ', 'type', headed({ alg: ALG, kid: KID })],
  ['typ in capitals', 'type', headed({ alg: ALG, kid: KID, typ: TYP.toUpperCase() })],
  ['typ as a whole media type', 'type', headed({ alg: ALG, kid: KID, typ: `application/${TYP}` })],
  ['no signature', 'form', wrapped({ signatures: [{ protected: FIRST['protected'] }] })],
  ['a signature that is a number', 'form', first({ signature: 1 })],
  ['an empty signature', 'form', first({ signature: '' })],
  ['a signature of 63 bytes', 'form', first({ signature: bytes(63) })],
  ['a signature of 65 bytes', 'form', first({ signature: bytes(65) })],
  ['a padded signature', 'not_canonical', first({ signature: `${String(FIRST['signature'])}==` })],
  [
    'a signature with trailing bits',
    'not_canonical',
    first({ signature: withTrailingBits(FIRST['signature']) }),
  ],
  ['two signatures of one key', 'signature_order', wrapped({ signatures: [FIRST, FIRST, ...OTHERS] })],
  [
    'two different signatures of one key',
    'signature_order',
    wrapped({ signatures: [FIRST, { ...FIRST, signature: bytes(64) }] }),
  ],
  [
    'one key under two algorithms',
    'signature_order',
    wrapped({
      signatures: [
        FIRST,
        {
          ...FIRST,
          protected: base64urlText(
            JSON.stringify({ alg: ALG === 'ES256' ? 'Ed25519' : 'ES256', kid: KID, typ: TYP }),
          ),
        },
      ],
    }),
  ],
  ['signatures out of order', 'signature_order', wrapped({ signatures: [...WRAPPER.signatures].reverse() })],
];

test('every text but the one is refused, each for its rule', async (t) => {
  for (const [name, rule, text] of ROWS) {
    t.equal(
      ruleOf(() => parseSignedDocument(text, sha256)),
      rule,
      name,
    );
  }
  t.equal(new Set(ROWS.map(([name]) => name)).size, ROWS.length, 'no row twice');
  t.equal(parseSignedDocument(DOCUMENT.text, sha256).text, DOCUMENT.text, 'the one is taken');
});

test('up to 8 levels, 32 signatures and none at all are taken', async (t) => {
  const deep = { a: JSON.parse(`${'['.repeat(7)}${']'.repeat(7)}`) as unknown, type: 'root' };
  for (const document of [
    createSignedDocument('root', deep, [], sha256),
    createSignedDocument('root', PAYLOAD, fakeSignatures(32), sha256),
  ]) {
    t.equal(
      ruleOf(() => parseSignedDocument(document.text, sha256)),
      'accepted',
    );
  }
  t.equal(
    ruleOf(() => createSignedDocument('root', PAYLOAD, fakeSignatures(33), sha256)),
    'too_many',
  );
});

function fakeSignatures(count: number) {
  return Array.from({ length: count }, (_, i) => ({
    kid: encodeBase64url(new Uint8Array(32).fill(i)),
    algorithm: 'Ed25519' as const,
    signature: new Uint8Array(64),
  }));
}

test('the hash is of the payload alone: who signed makes no other document', async (t) => {
  t.equal(DOCUMENT.hash, encodeBase64url(sha256(Buffer.from(CANONICAL))));
  t.equal(sign('root', PAYLOAD, []).hash, DOCUMENT.hash);
  t.not(sign('root', { ...PAYLOAD, version: 2 }, []).hash, DOCUMENT.hash);
});

test('a thumbprint is 256 bits in their one text', async (t) => {
  t.ok(isThumbprint(KID));
  for (const wrong of [
    withTrailingBits(KID),
    `${KID}A`,
    KID.slice(1),
    `${KID}\n`,
    `${KID.slice(0, -1)}=`,
    '',
    null,
    43,
  ]) {
    t.notOk(isThumbprint(wrong), String(wrong));
  }
});

test('signatures made on separate machines are merged in any order', async (t) => {
  const [a, b, c] = KEYS.map((key) => sign('root', PAYLOAD, [key])) as [
    typeof DOCUMENT,
    typeof DOCUMENT,
    typeof DOCUMENT,
  ];
  const merge = (x: typeof DOCUMENT, y: typeof DOCUMENT) => mergeSignatures(x, y, sha256);
  const kids = DOCUMENT.signatures.map(({ kid }) => kid);
  for (const merged of [merge(merge(a, b), c), merge(c, merge(b, a)), merge(merge(a, b), merge(b, c))]) {
    t.same(
      merged.signatures.map(({ kid }) => kid),
      kids,
    );
    t.equal(
      ruleOf(() => parseSignedDocument(merged.text, sha256)),
      'accepted',
    );
  }
  t.equal(merge(a, a).text, a.text, 'with itself it is the same');
  t.equal(
    ruleOf(() => merge(a, sign('root', { ...PAYLOAD, version: 2 }, KEYS))),
    'fork',
  );
  const many = (from: number) =>
    createSignedDocument('root', PAYLOAD, fakeSignatures(40).slice(from, from + 20), sha256);
  t.equal(
    ruleOf(() => merge(many(0), many(20))),
    'too_many',
  );
});

test('what is written is read back the same', async () => {
  const name = fc
    .string({ unit: 'binary', maxLength: 8 })
    .filter((key) => !['__proto__', 'constructor', 'prototype', 'type'].includes(key));
  const value = fc
    .jsonValue({ maxDepth: 2 })
    .filter((each) => !/"(?:__proto__|constructor|prototype)"/.test(JSON.stringify(each)));
  fc.assert(
    fc.property(
      fc.dictionary(name, value),
      fc.constantFrom('root', 'list'),
      fc.subarray(KEYS),
      (members, type, by) => {
        const written = sign(type, { ...members, type }, by);
        const read = parseSignedDocument(written.text, sha256);
        return (
          read.text === written.text &&
          read.hash === written.hash &&
          canonicalJson(read.payload) === canonicalJson({ ...members, type }) &&
          read.signatures.length === by.length
        );
      },
    ),
    { numRuns: 60 },
  );
});

test('one altered character is refused, or costs a signer at least', async (t) => {
  const keys = rootOf(PAYLOAD).keys;
  const verify = createNodeVerify();
  const signers = (text: string): number =>
    createSignerCount(parseSignedDocument(text, sha256), verify).among(keys);
  t.equal(signers(DOCUMENT.text), 3);
  fc.assert(
    fc.property(fc.nat(DOCUMENT.text.length - 1), fc.integer({ min: 0x20, max: 0x7e }), (place, code) => {
      const character = String.fromCharCode(code);
      fc.pre(DOCUMENT.text[place] !== character);
      const altered = `${DOCUMENT.text.slice(0, place)}${character}${DOCUMENT.text.slice(place + 1)}`;
      let count = 0;
      const rule = ruleOf(() => {
        count = signers(altered);
      });
      return rule !== 'accepted' || count < 3;
    }),
    { numRuns: 600 },
  );
});

test('a list is signed and read as a root is', async (t) => {
  const list = sign('list', listPayload('33', []), KEYS);
  t.equal(
    createSignerCount(parseSignedDocument(list.text, sha256), createNodeVerify()).among(
      KEYS.map(({ jwk }) => ADMIT(jwk, 'yima')),
    ),
    3,
  );
});
