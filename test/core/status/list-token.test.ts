import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import t from 'tap';
import {
  createNodeSigner,
  createNodeVerify,
  deflateZlib,
  generatePrivateJwk,
  inflateZlib,
} from '../../../src/adapters/crypto-node.js';
import { encodeBase64url } from '../../../src/core/codec/base64url.js';
import { equalBytes, utf8Encode } from '../../../src/core/codec/bytes.js';
import { decodeStrict, encodeCbor } from '../../../src/core/codec/cbor.js';
import { encodeCoseSign1, parseCoseSign1, sigStructure } from '../../../src/core/codec/cose-sign1.js';
import { encodeCompactJws, parseCompactJws } from '../../../src/core/codec/jws.js';
import type { StatusListClaims } from '../../../src/core/status/list-claims.js';
import { encodeListCwt, parseListCwt } from '../../../src/core/status/list-cwt.js';
import { encodeListJwt, parseListJwt } from '../../../src/core/status/list-jwt.js';
import { type ListExpectation, type ListToken, openListToken } from '../../../src/core/status/list-token.js';
import { getStatus, packedLength, STATUS_BITS, setStatus } from '../../../src/core/status/packed.js';

const URI = 'https://a.example/status-lists/7';
const NOW = 1_800_000_000;
const deps = { verify: createNodeVerify(), inflate: inflateZlib };
const signers = {
  Ed25519: createNodeSigner(generatePrivateJwk('Ed25519')),
  ES256: createNodeSigner(generatePrivateJwk('ES256')),
};
const signer = signers.Ed25519;

const sample = new Uint8Array(512);
setStatus(sample, 4, 1_000, 0x0d);

const claimsOf = (more: Partial<StatusListClaims> = {}): StatusListClaims => ({
  uri: URI,
  issuedAt: NOW - 10,
  notBefore: null,
  expiresAt: NOW + 3_600,
  ttlSeconds: 60,
  bits: 4,
  compressed: deflateZlib(sample),
  ...more,
});
const open = (token: ListToken, more: Partial<ListExpectation> = {}) =>
  openListToken(token, signer.publicKey, { uri: URI, now: NOW, ...more }, deps);
const opened = (claims: Partial<StatusListClaims>, more: Partial<ListExpectation> = {}) =>
  open(parseListJwt(encodeListJwt(claimsOf(claims), signer)), more);

t.test('a list comes back from both forms and under both algorithms', (t) => {
  for (const each of Object.values(signers)) {
    for (const token of [
      parseListJwt(encodeListJwt(claimsOf(), each)),
      parseListCwt(encodeListCwt(claimsOf(), each)),
    ]) {
      t.equal(token.kid, encodeBase64url(each.kid));
      const list = openListToken(token, each.publicKey, { uri: URI, now: NOW }, deps);
      t.strictSame(list, {
        uri: URI,
        bits: 4,
        bytes: sample,
        issuedAt: NOW - 10,
        expiresAt: NOW + 3_600,
        renewAt: NOW + 60,
      });
      t.equal(getStatus(list.bytes, list.bits, 1_000), 0x0d);
      t.equal(getStatus(list.bytes, list.bits, 1_024), undefined);
    }
  }
  t.end();
});

t.test('any list of any width survives both forms', (t) => {
  fc.assert(
    fc.property(
      fc.constantFrom(...STATUS_BITS),
      fc.uint8Array({ maxLength: 4_000 }),
      fc.record({
        notBefore: fc.option(fc.nat(NOW), { nil: null }),
        expiresAt: fc.option(fc.integer({ min: NOW + 1, max: NOW + 1e6 }), { nil: null }),
        ttlSeconds: fc.option(fc.integer({ min: 1, max: 2 ** 40 }), { nil: null }),
      }),
      (bits, bytes, times) => {
        const claims = claimsOf({ ...times, bits, compressed: deflateZlib(bytes, 6) });
        const jwt = parseListJwt(encodeListJwt(claims, signer));
        const cwt = parseListCwt(encodeListCwt(claims, signer));
        t.strictSame(jwt.claims, claims);
        t.strictSame(cwt.claims, claims);
        t.strictSame(open(jwt).bytes, bytes);
      },
    ),
    { numRuns: 50 },
  );
  t.end();
});

t.test('the JWT has the header and members that sections 5.1 and 4.2 name', (t) => {
  const jws = parseCompactJws(encodeListJwt(claimsOf(), signer));
  t.strictSame(jws.header, { alg: 'Ed25519', kid: encodeBase64url(signer.kid), typ: 'statuslist+jwt' });
  t.strictSame(JSON.parse(new TextDecoder().decode(jws.payloadBytes)), {
    sub: URI,
    iat: NOW - 10,
    exp: NOW + 3_600,
    ttl: 60,
    status_list: { bits: 4, lst: encodeBase64url(claimsOf().compressed) },
  });
  t.end();
});

t.test('the CWT is deterministic, under tag 18, with the keys that sections 5.2 and 4.3 name', (t) => {
  const cose = parseCoseSign1(encodeListCwt(claimsOf(), signer), { mode: 'strict' });
  t.strictSame(
    [...cose.protectedHeaders],
    [
      [1, -19],
      [4, signer.kid],
      [16, 'application/statuslist+cwt'],
    ],
  );
  const payload = decodeStrict(cose.payload) as Map<number, unknown>;
  t.strictSame([...payload.keys()], [2, 4, 6, 65533, 65534]);
  const list = payload.get(65533) as Map<string, unknown>;
  t.strictSame(
    [...list],
    [
      ['lst', claimsOf().compressed],
      ['bits', 4],
    ],
  );
  t.equal(payload.get(65534), 60);
  t.end();
});

t.test('a list of 2^20 entries at 4 bits that hardly compresses still travels', (t) => {
  const bytes = new Uint8Array(packedLength(2 ** 20, 4));
  let state = 1;
  for (let i = 0; i < bytes.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[i] = state >>> 24;
  }
  const claims = claimsOf({ compressed: deflateZlib(bytes, 1) });
  t.ok(equalBytes(open(parseListJwt(encodeListJwt(claims, signer))).bytes, bytes));
  t.ok(equalBytes(open(parseListCwt(encodeListCwt(claims, signer))).bytes, bytes));
  t.end();
});

t.test('a token that is not the one asked for, or not of this time, is refused with its rule', (t) => {
  const rows: readonly (readonly [string, Partial<StatusListClaims>, Partial<ListExpectation>])[] = [
    ['sub', { uri: 'https://b.example/status-lists/7' }, {}],
    ['sub', { uri: `${URI}/` }, {}],
    ['expired', { expiresAt: NOW }, {}],
    ['issued_in_future', { issuedAt: NOW + 61 }, {}],
    ['not_yet_valid', { notBefore: NOW + 61 }, {}],
    ['older', {}, { heldIssuedAt: NOW - 9 }],
  ];
  for (const [rule, claims, expected] of rows) {
    t.throws(() => opened(claims, expected), { code: 'list_refused', rule }, rule);
  }
  t.ok(opened({ issuedAt: NOW + 60 }), 'clocks may differ by a minute');
  t.ok(opened({}, { heldIssuedAt: NOW - 10 }), 'the same second may be read again');
  t.end();
});

t.test('the ttl is believed within bounds and never past exp', (t) => {
  t.equal(opened({ ttlSeconds: 1 }).renewAt, NOW + 10);
  t.equal(opened({ ttlSeconds: 1e9, expiresAt: null }).renewAt, NOW + 86_400);
  t.equal(opened({ ttlSeconds: null, expiresAt: null }).renewAt, NOW + 86_400);
  t.equal(opened({ ttlSeconds: 600, expiresAt: NOW + 5 }).renewAt, NOW + 5);
  t.end();
});

t.test('a signature by another key, over other bytes, or under another algorithm is refused', (t) => {
  const token = parseListCwt(encodeListCwt(claimsOf(), signer));
  const stranger = createNodeSigner(generatePrivateJwk('Ed25519')).publicKey;
  const expected = { uri: URI, now: NOW };
  t.throws(() => openListToken(token, stranger, expected, deps), { code: 'list_refused', rule: 'signature' });
  t.throws(() => openListToken(token, signers.ES256.publicKey, expected, deps), {
    code: 'list_refused',
    rule: 'algorithm',
  });
  const message = token.message.slice();
  message[40] = (message[40] ?? 0) ^ 1;
  t.throws(() => open({ ...token, message }), { code: 'list_refused', rule: 'signature' });
  t.end();
});

t.test(
  'a stream that inflates past the list, goes on after its end, or is no zlib stream is refused',
  (t) => {
    const rows: readonly (readonly [string, Uint8Array])[] = [
      ['one byte too long', deflateSync(new Uint8Array(513))],
      ['a bomb of 64 MiB', deflateSync(new Uint8Array(2 ** 26))],
      ['bytes after the stream', Buffer.concat([deflateSync(sample), Buffer.of(0)])],
      ['a second stream', Buffer.concat([deflateSync(sample), deflateSync(sample)])],
      ['truncated', deflateSync(sample).subarray(0, -3)],
      ['gzip', gzipSync(sample)],
      ['raw deflate', deflateRawSync(sample)],
      ['not compressed', sample],
      ['empty', new Uint8Array(0)],
    ];
    for (const [title, compressed] of rows) {
      const open = () => opened({ compressed }, { maxEntries: 1_024 });
      t.throws(open, { code: 'list_refused', rule: 'inflate' }, title);
    }
    t.ok(opened({}, { maxEntries: 1_024 }), 'the exact length passes');
    t.end();
  },
);

t.test('a JWT that breaks the rules of sections 5.1 and 4.2 is refused', (t) => {
  const header = { alg: 'Ed25519', kid: 'x', typ: 'statuslist+jwt' };
  const lst = encodeBase64url(claimsOf().compressed);
  const payload = { sub: URI, iat: NOW, status_list: { bits: 4, lst } };
  const sign = (head: object, body: object) => () =>
    parseListJwt(encodeCompactJws({ ...head }, { ...body }, signer.sign));
  t.ok(sign(header, payload)(), 'exp and ttl may be absent');
  t.ok(
    sign(header, {
      ...payload,
      iss: 'x',
      extra: [1],
      status_list: { bits: 4, lst, aggregation_uri: 'https://x' },
    })(),
  );
  const claims: readonly object[] = [
    { sub: undefined },
    { sub: '' },
    { sub: 7 },
    { iat: undefined },
    { iat: `${NOW}` },
    { iat: 1.5 },
    { iat: -1 },
    { iat: NOW * 1000 },
    { iat: null },
    { exp: '1' },
    { exp: 1e21 },
    { nbf: true },
    { ttl: 0 },
    { ttl: -5 },
    { ttl: 0.5 },
    { ttl: '60' },
    { status_list: undefined },
    { status_list: [] },
    { status_list: { lst } },
    { status_list: { bits: 4 } },
    { status_list: { bits: 3, lst } },
    { status_list: { bits: '4', lst } },
    { status_list: { bits: 16, lst } },
    { status_list: { bits: 4, lst: 5 } },
  ];
  for (const change of claims) {
    t.throws(
      sign(header, { ...payload, ...change }),
      { code: 'list_refused', rule: 'claims' },
      JSON.stringify(change),
    );
  }
  for (const typ of ['JWT', 'yima+jwt', 'application/statuslist+jwt', 'StatusList+jwt', undefined]) {
    t.throws(sign({ ...header, typ }, payload), { code: 'list_refused', rule: 'typ' }, `${typ}`);
  }
  for (const alg of ['HS256', 'EdDSA', 'ed25519']) {
    t.throws(sign({ ...header, alg }, payload), { code: 'list_refused', rule: 'algorithm' }, alg);
  }
  for (const change of [{ alg: 'none' }, { crit: ['exp'] }, { jwk: {} }]) {
    t.throws(sign({ ...header, ...change }, payload), { code: 'damaged' }, JSON.stringify(change));
  }
  t.throws(sign(header, { ...payload, status_list: { bits: 4, lst: `${lst}=` } }), { code: 'damaged' });
  const doubled = `{"sub":"${URI}","sub":"${URI}","iat":1,"status_list":{"bits":4,"lst":"${lst}"}}`;
  const [head = ''] = encodeCompactJws(header, payload, signer.sign).split('.');
  t.throws(() => parseListJwt(`${head}.${encodeBase64url(utf8Encode(doubled))}.AAAA`), { code: 'damaged' });
  t.throws(() => parseListJwt('A'.repeat(2 ** 21 + 1)), { code: 'damaged' });
  t.end();
});

t.test('a CWT that breaks the rules of sections 5.2 and 4.3 is refused', (t) => {
  const { kid } = signer;
  const headers: readonly (readonly [number, unknown])[] = [
    [1, -19],
    [4, kid],
    [16, 'application/statuslist+cwt'],
  ];
  const list = new Map<string, unknown>([
    ['bits', 4],
    ['lst', claimsOf().compressed],
  ]);
  const members: readonly (readonly [number, unknown])[] = [
    [2, URI],
    [6, NOW],
    [65533, list],
  ];
  const sign = (
    headerChange: readonly (readonly [number, unknown])[],
    change: readonly (readonly [number, unknown])[] = [],
  ): Uint8Array => {
    const without = (map: Map<number, unknown>) =>
      new Map([...map].filter(([, value]) => value !== undefined));
    const head = encodeCbor(without(new Map([...headers, ...headerChange])));
    const payload = encodeCbor(without(new Map([...members, ...change])));
    return encodeCoseSign1(head, payload, signer.sign(sigStructure(head, new Uint8Array(0), payload)));
  };
  const parse = (bytes: Uint8Array) => () => parseListCwt(bytes);
  t.ok(parse(sign([]))(), 'exp and ttl may be absent');
  t.equal(parseListCwt(sign([[4, undefined]])).kid, null);

  const bare = sign([]).subarray(1);
  t.throws(parse(bare), { code: 'list_refused', rule: 'tag' }, 'untagged');
  t.throws(
    parse(Uint8Array.of(0xd8, 0x3d, 0xd2, ...bare)),
    { code: 'list_refused', rule: 'tag' },
    'tag 61 in front',
  );
  t.throws(parse(Uint8Array.of(0xd8, 0x62, ...bare)), { code: 'list_refused', rule: 'tag' }, 'COSE_Sign');
  t.throws(parse(Uint8Array.of(0xd2, 0xd2, ...bare)), { code: 'list_refused', rule: 'tag' }, 'tagged twice');
  t.throws(parse(Uint8Array.of(...sign([]), 0)), { code: 'damaged' }, 'a byte after it');
  t.throws(parse(new Uint8Array(0)), { code: 'list_refused', rule: 'tag' }, 'empty');
  for (const type of [undefined, 'statuslist+cwt', 'application/cwt', 60]) {
    t.throws(parse(sign([[16, type]])), { code: 'list_refused', rule: 'typ' }, `${type}`);
  }
  for (const alg of [undefined, 'Ed25519', 5, -999]) {
    t.throws(parse(sign([[1, alg]])), { code: 'list_refused', rule: 'algorithm' }, `${alg}`);
  }
  t.throws(parse(sign([[4, 'text']])), { code: 'list_refused', rule: 'kid' });
  const claims: readonly (readonly [number, unknown])[] = [
    [2, undefined],
    [2, 5],
    [6, undefined],
    [6, 'x'],
    [6, -1],
    [6, 2 ** 53 - 1],
    [4, true],
    [5, 'x'],
    [65534, 0],
    [65534, '60'],
    [65533, undefined],
    [65533, 'x'],
    [65533, new Map<string, unknown>([['bits', 4]])],
    [
      65533,
      new Map<string, unknown>([
        ['bits', 5],
        ['lst', new Uint8Array(1)],
      ]),
    ],
    [
      65533,
      new Map<string, unknown>([
        ['bits', 4],
        ['lst', 'eNo'],
      ]),
    ],
    [
      65533,
      new Map<number, unknown>([
        [1, 4],
        [2, new Uint8Array(1)],
      ]),
    ],
  ];
  for (const change of claims) {
    t.throws(parse(sign([], [change])), { code: 'list_refused', rule: 'claims' }, String(change[0]));
  }
  t.end();
});

t.test('any single changed bit of a CWT is refused', (t) => {
  const good = encodeListCwt(claimsOf(), signer);
  fc.assert(
    fc.property(fc.nat(good.length * 8 - 1), (bit) => {
      const bytes = good.slice();
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      try {
        open(parseListCwt(bytes));
        return false;
      } catch (error) {
        return ['damaged', 'list_refused'].includes((error as { code: string }).code);
      }
    }),
    { numRuns: 300 },
  );
  t.end();
});

t.test('random bytes and texts are refused, never anything else', (t) => {
  const refused = (run: () => unknown): boolean => {
    try {
      run();
      return false;
    } catch (error) {
      return ['damaged', 'list_refused'].includes((error as { code: string }).code);
    }
  };
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), (bytes, text) => {
      const tagged = Uint8Array.of(0xd2, 0x84, ...bytes);
      return (
        refused(() => parseListCwt(bytes)) &&
        refused(() => parseListCwt(tagged)) &&
        refused(() => parseListJwt(text))
      );
    }),
    { numRuns: 500 },
  );
  t.end();
});
