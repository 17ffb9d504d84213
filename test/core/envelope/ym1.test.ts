// `YM1:` codes: what is written is read back, and every other spelling is refused before any signature work.

import fc from 'fast-check';
import t from 'tap';
import { decodeBase45, encodeBase45 } from '../../../src/core/codec/base45.js';
import { equalBytes, hexDecode } from '../../../src/core/codec/bytes.js';
import { encodeCbor } from '../../../src/core/codec/cbor.js';
import { encodeCoseSign1, parseCoseSign1 } from '../../../src/core/codec/cose-sign1.js';
import { devicePublicKey } from '../../../src/core/envelope/device-key.js';
import { encodeYm1, parseYm1 } from '../../../src/core/envelope/ym1.js';
import { parseYm1Frame } from '../../../src/core/envelope/ym1-frame.js';
import { YimaError } from '../../../src/core/errors/yima-error.js';
import { CURVES, integerFromBytes } from '../../../src/core/signature/weierstrass.js';
import {
  contentOf,
  createGate,
  createIssuer,
  ISSUER,
  NOW,
  signYm1,
  ym1Claims,
} from '../../support/fixtures.js';

const ed = createIssuer();
const ec = createIssuer({}, 'ES256');
const DAMAGED = { code: 'damaged' };

function bytesOf(code: string): Uint8Array {
  return decodeBase45(code.slice(4));
}

function textOf(bytes: Uint8Array): string {
  return `YM1:${encodeBase45(bytes)}`;
}

t.test('everything that is written is read back', async (t) => {
  for (const { signer, record } of [ed, ec]) {
    for (const device of [null, ed.signer.publicKey, ec.signer.publicKey]) {
      const content = contentOf('id-card', { notBefore: NOW + 5, deviceKey: device });
      const parsed = parseYm1(encodeYm1(content, signer));
      t.match(parsed, {
        envelope: 'YM1',
        format: 'yima',
        issuer: ISSUER,
        kids: [record.kid],
        algorithm: signer.algorithm,
        kind: content.kind.number,
        issuedAt: content.issuedAt,
        notBefore: NOW + 5,
        expiresAt: content.expiresAt,
        status: { list: 1, index: 7 },
        fault: null,
      });
      t.same(parsed.claims.values, content.claims.cbor);
      t.same(parsed.deviceKey === null ? null : devicePublicKey(parsed.deviceKey), device);
    }
  }
});

t.test('a health code fits a QR symbol of version 10-M, a bound one 11-M', async (t) => {
  const chars = (deviceKey: typeof ed.signer.publicKey | null): number =>
    encodeYm1(contentOf('health-code', { deviceKey }), ed.signer).length;
  t.ok(chars(null) <= 280, `${chars(null)} characters`);
  t.ok(chars(ed.signer.publicKey) <= 350, `${chars(ed.signer.publicKey)} characters, Ed25519 device key`);
  t.ok(chars(ec.signer.publicKey) <= 350, `${chars(ec.signer.publicKey)} characters, P-256 device key`);
});

t.test('header, tag and frame have one form', async (t) => {
  const good = bytesOf(encodeYm1(contentOf(), ed.signer));
  const { payload, signature, protectedBytes } = parseCoseSign1(good, { mode: 'strict' });
  const framed = (header: Uint8Array): string => textOf(encodeCoseSign1(header, payload, signature));
  const kid = ed.signer.kid;
  const rows: readonly (readonly [string, string])[] = [
    ['no tag', textOf(good.subarray(1))],
    ['tag 61 around', textOf(Uint8Array.from([0xd8, 0x3d, ...good]))],
    ['tag 98', textOf(Uint8Array.from([0xd8, 98, ...good.subarray(1)]))],
    ['a long tag', textOf(Uint8Array.from([0xd8, 18, ...good.subarray(1)]))],
    ['bytes after the end', textOf(Uint8Array.from([...good, 0]))],
    ['one byte less', textOf(good.subarray(0, good.length - 1))],
    [
      'an unprotected kid',
      textOf(Uint8Array.from([...good.subarray(0, 16), 0xa1, 4, 0x40, ...good.subarray(17)])),
    ],
    [
      'ES256 of RFC 9053',
      framed(
        encodeCbor(
          new Map<number, unknown>([
            [1, -7],
            [4, kid],
          ]),
        ),
      ),
    ],
    [
      'EdDSA',
      framed(
        encodeCbor(
          new Map<number, unknown>([
            [1, -8],
            [4, kid],
          ]),
        ),
      ),
    ],
    [
      'HMAC',
      framed(
        encodeCbor(
          new Map<number, unknown>([
            [1, 5],
            [4, kid],
          ]),
        ),
      ),
    ],
    [
      'a kid of 7 bytes',
      framed(
        encodeCbor(
          new Map<number, unknown>([
            [1, -19],
            [4, kid.subarray(1)],
          ]),
        ),
      ),
    ],
    [
      'a kid of text',
      framed(
        encodeCbor(
          new Map<number, unknown>([
            [1, -19],
            [4, '../../etc'],
          ]),
        ),
      ),
    ],
    [
      'crit',
      framed(
        encodeCbor(
          new Map<number, unknown>([
            [1, -19],
            [2, [4]],
            [4, kid],
          ]),
        ),
      ),
    ],
    [
      'x5u',
      framed(
        encodeCbor(
          new Map<number, unknown>([
            [1, -19],
            [4, kid],
            [35, 'https://a.example/'],
          ]),
        ),
      ),
    ],
    ['no algorithm', framed(encodeCbor(new Map([[4, kid]])))],
    ['an empty header', framed(new Uint8Array(0))],
    ['a long integer in the header', framed(Uint8Array.from([0xa2, 1, 0x38, 18, 4, 0x48, ...kid]))],
    ['keys out of order', framed(Uint8Array.from([0xa2, 4, 0x48, ...kid, 1, 0x32]))],
    ['63 bytes of signature', textOf(encodeCoseSign1(protectedBytes, payload, signature.subarray(1)))],
    ['a signature in DER', textOf(encodeCoseSign1(protectedBytes, payload, new Uint8Array(71)))],
    ['a payload that is no map', signYm1([1, 2], ed.signer)],
    ['a payload with a long integer', signYm1(null, ed.signer, { payloadBytes: hexDecode('a1061900ff') })],
    ['a payload of indefinite length', signYm1(null, ed.signer, { payloadBytes: hexDecode('bf0601ff') })],
    ['a payload with a duplicate key', signYm1(null, ed.signer, { payloadBytes: hexDecode('a206010601') })],
    [
      'a payload that nests too deep',
      signYm1(null, ed.signer, { payloadBytes: hexDecode(`${'81'.repeat(2000)}80`) }),
    ],
    [
      'a claim of 2^63 bytes',
      signYm1(null, ed.signer, { payloadBytes: hexDecode('a1015b7fffffffffffffff') }),
    ],
    ['an empty payload', signYm1(null, ed.signer, { payloadBytes: new Uint8Array(0) })],
  ];
  for (const [title, text] of rows) t.throws(() => parseYm1(text), DAMAGED, title);
});

t.test('base45 has one form', async (t) => {
  const good = encodeYm1(contentOf(), ed.signer);
  for (const text of [
    good.toLowerCase().replace('ym1', 'YM1'),
    `${good} `,
    `${good}\n`,
    `YM1: ${good.slice(4)}`,
    `${good}A`,
    `${good}AA`,
    `${good}:::`,
  ]) {
    t.throws(() => parseYm1(text), DAMAGED, JSON.stringify(text.slice(-6)));
  }
});

t.test('ES256 needs the smaller s', async (t) => {
  const parsed = parseCoseSign1(bytesOf(encodeYm1(contentOf(), ec.signer)), { mode: 'strict' });
  const { n } = CURVES.ES256;
  const high = (n - integerFromBytes(parsed.signature.subarray(32))).toString(16).padStart(64, '0');
  const signature = Uint8Array.from([...parsed.signature.subarray(0, 32), ...hexDecode(high)]);
  const twin = textOf(encodeCoseSign1(parsed.protectedBytes, parsed.payload, signature));
  t.throws(() => parseYm1(twin), { code: 'damaged', rule: 'high_s' });
});

t.test('a code without a kid is of an issuer nobody knows', async (t) => {
  const code = signYm1(ym1Claims(), ed.signer, { header: new Map([[1, -19]]) });
  t.strictSame(parseYm1(code).kids, []);
  t.equal(createGate([ed.record]).verify(code).reason, 'issuer_unknown');
});

t.test('an issuer that is not of an issuer’s form is looked up nowhere', async (t) => {
  for (const issuer of [
    '__proto__',
    '../330102',
    "33'--",
    '330102 ',
    'A',
    '',
    'a'.repeat(33),
    330102,
    null,
    undefined,
    '3301\u0000',
  ]) {
    const code = signYm1(ym1Claims([[1, issuer]]), ed.signer);
    t.equal(parseYm1(code).issuer, null, String(issuer));
    t.equal(createGate([ed.record]).verify(code).reason, 'issuer_unknown', String(issuer));
  }
});

t.test('content that only its issuer can have written breaks the claims rung', async (t) => {
  const claims = new Map<number, unknown>([[9, 330102]]);
  const cose = (key: readonly (readonly [number, unknown])[]): unknown => new Map([[1, new Map(key)]]);
  const x = new Uint8Array(32);
  const rows: readonly (readonly [string, number, unknown])[] = [
    ['no credential', -65537, undefined],
    ['a credential of three', -65537, [1, 1, 7]],
    ['a credential of five', -65537, [1, 1, 7, claims, null]],
    ['a kind by name', -65537, ['health-code', 1, 7, claims]],
    ['a negative index', -65537, [1, 1, -1, claims]],
    ['an index of text', -65537, [1, 1, '7', claims]],
    ['a list past 2^53', -65537, [1, 2n ** 60n, 7, claims]],
    ['claims in an array', -65537, [1, 1, 7, [claims]]],
    ['an unknown claim', 3, 'audience'],
    ['a cnf that is no map', 8, 'key'],
    ['a cnf with a kid', 8, new Map([[3, x]])],
    [
      'a device key of 31 bytes',
      8,
      cose([
        [1, 1],
        [-1, 6],
        [-2, x.subarray(1)],
      ]),
    ],
    [
      'a device key on P-384',
      8,
      cose([
        [1, 2],
        [-1, 2],
        [-2, x],
        [-3, true],
      ]),
    ],
    [
      'a device key with its y',
      8,
      cose([
        [1, 2],
        [-1, 1],
        [-2, x],
        [-3, x],
      ]),
    ],
    [
      'a device key with its private part',
      8,
      cose([
        [1, 1],
        [-1, 6],
        [-2, x],
        [-4, x],
      ]),
    ],
  ];
  for (const [title, key, value] of rows) {
    const code = signYm1(ym1Claims([[key, value]]), ed.signer);
    t.equal(parseYm1(code).fault, 'claims', title);
    t.equal(createGate([ed.record]).verify(code).reason, 'invalid_claims', title);
  }
});

t.test('the fixed frame accepts what strict COSE accepts, for headers of ours', async (t) => {
  const codes = [ed, ec].map(({ signer }) => bytesOf(encodeYm1(contentOf(), signer)));
  const short = encodeCoseSign1(Uint8Array.from([0xa1, 1, 0x32]), Uint8Array.of(0xa0), new Uint8Array(64));
  const long = encodeCoseSign1(Uint8Array.from([0xa1, 1, 0x28]), new Uint8Array(300), new Uint8Array(64));
  const mutant = fc
    .record({
      bytes: fc.constantFrom(...codes, short, long),
      at: fc.nat(40),
      fromEnd: fc.boolean(),
      value: fc.nat(255),
      how: fc.constantFrom('replace', 'insert', 'drop', 'keep'),
    })
    .map(({ bytes, at, fromEnd, value, how }) => {
      const place = fromEnd ? Math.max(0, bytes.length - 80 + at) : at;
      const middle =
        { replace: [value], insert: [value, bytes[place] ?? 0], drop: [], keep: [bytes[place] ?? 0] }[how] ??
        [];
      return Uint8Array.from([...bytes.subarray(0, place), ...middle, ...bytes.subarray(place + 1)]);
    });
  fc.assert(
    fc.property(mutant, (bytes) => {
      const frame = attempt(() => parseYm1Frame(bytes));
      const cose = attempt(() => parseCoseSign1(bytes, { mode: 'strict' }));
      if (frame === null) return cose === null || !isOurs(cose.protectedHeaders, cose.signature);
      return (
        cose !== null &&
        equalBytes(frame.protectedBytes, cose.protectedBytes) &&
        equalBytes(frame.payload, cose.payload) &&
        equalBytes(frame.signature, cose.signature)
      );
    }),
    { numRuns: 2_000 },
  );
  t.pass('agreed');
});

function attempt<Result>(work: () => Result): Result | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof YimaError && error.code === 'damaged') return null;
    throw error;
  }
}

function isOurs(header: ReadonlyMap<unknown, unknown>, signature: Uint8Array): boolean {
  const kid = header.get(4);
  const hasKid = kid instanceof Uint8Array && kid.length === 8;
  const algorithm = header.get(1);
  const isAlgorithm = algorithm === -19 || algorithm === -9;
  return signature.length === 64 && isAlgorithm && header.size === (hasKid ? 2 : 1);
}
