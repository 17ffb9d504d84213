// `HC1:` codes: tolerant where real issuers differ, closed where tolerance would let a stranger in.

import { deflateRawSync, gzipSync } from 'node:zlib';
import t from 'tap';
import { deflateZlib, inflateZlib } from '../../../src/adapters/crypto-node.js';
import { encodeBase45 } from '../../../src/core/codec/base45.js';
import { encodeBase64url } from '../../../src/core/codec/base64url.js';
import { concatBytes, hexDecode } from '../../../src/core/codec/bytes.js';
import { encodeCbor } from '../../../src/core/codec/cbor.js';
import {
  inflateHc1,
  parseHc1,
  parseHc1Claims,
  parseHc1Message,
  stripHc1Prefix,
} from '../../../src/core/envelope/hc1.js';
import { euDcc } from '../../conformance/eu-dcc.js';
import {
  createDccSigner,
  createGate,
  dccClaims,
  NOW,
  signDccMessage,
  signHc1,
} from '../../support/fixtures.js';
import { sharedFile } from '../../support/shared.js';

const { signer, record } = createDccSigner();
const gate = createGate([record]);
const DAMAGED = { code: 'damaged' };
const kid = signer.kid;
const none = new Map<number, unknown>();

function hc1(compressed: Uint8Array): string {
  return `HC1:${encodeBase45(compressed)}`;
}

t.test('untagged, tagged 18 and 61 around 18 are one message', async (t) => {
  for (const tags of [[], [0xd2], [0xd8, 0x3d, 0xd2]]) {
    t.equal(gate.verify(signHc1(dccClaims(), signer, { tags })).decision, 'hold', JSON.stringify(tags));
  }
  for (const tags of [[0xd8, 0x3d], [0xd8, 98], [0xd1], [0xd2, 0xd2]]) {
    t.equal(gate.verify(signHc1(dccClaims(), signer, { tags })).reason, 'damaged', JSON.stringify(tags));
  }
});

t.test('a protected kid wins even when wrong; an unprotected one counts alone', async (t) => {
  const headers = (protectedHeader: Map<number, unknown>, unprotectedHeader: Map<number, unknown>): string =>
    gate.verify(signHc1(dccClaims(), signer, { protectedHeader, unprotectedHeader })).reason;
  const alg: [number, unknown] = [1, -7];
  const right: [number, unknown] = [4, kid];
  const wrong: [number, unknown] = [4, new Uint8Array(3)];
  t.equal(headers(new Map([alg, right]), none), 'no_policy');
  t.equal(headers(new Map([alg]), new Map([right])), 'no_policy', 'unprotected only');
  t.equal(headers(new Map(), new Map([alg, right])), 'no_policy', 'nothing protected, alg neither');
  t.equal(headers(new Map([alg, right]), new Map([wrong])), 'no_policy', 'a false one beside a right one');
  t.equal(headers(new Map([alg, wrong]), new Map([right])), 'issuer_unknown');
  t.equal(headers(new Map([alg]), new Map([wrong])), 'issuer_unknown');
  t.equal(headers(new Map([alg]), none), 'issuer_unknown', 'no kid at all');
  t.equal(headers(new Map([alg, [4, '']]), new Map([right])), 'issuer_unknown', 'a protected kid of text');
});

t.test('the key decides the algorithm, whatever the message names', async (t) => {
  for (const named of [-7, -8, -35, -37, 5, 'none', undefined]) {
    const protectedHeader = new Map<number, unknown>(
      named === undefined
        ? [[4, kid]]
        : [
            [1, named],
            [4, kid],
          ],
    );
    t.equal(
      gate.verify(signHc1(dccClaims(), signer, { protectedHeader })).reason,
      'no_policy',
      String(named),
    );
  }
});

t.test('a critical header is refused', async (t) => {
  const protectedHeader = new Map<number, unknown>([
    [1, -7],
    [2, [99]],
    [4, kid],
    [99, 1],
  ]);
  t.equal(gate.verify(signHc1(dccClaims(), signer, { protectedHeader })).reason, 'damaged');
});

t.test('indefinite lengths, long integers and floats with whole values are read', async (t) => {
  const claims = parseHc1Claims(hexDecode('bf041a75c30000061b000000006a000000ff'));
  t.match(claims, { issuedAt: 0x6a000000, expiresAt: 0x75c30000, fault: 'claims' });
  t.equal(parseHc1Claims(hexDecode('a206fb41d0000000000000041a75c30000')).issuedAt, 2 ** 30);
  t.equal(
    parseHc1Claims(hexDecode('a206fb41d0000000200000041a75c30000')).fault,
    'time',
    'a fraction is no instant',
  );
});

t.test('only one whole zlib stream is inflated, and no bomb', async (t) => {
  const message = signDccMessage(dccClaims(), signer);
  const zlib = deflateZlib(message);
  t.same(inflateHc1(zlib, inflateZlib), message);
  const rows: readonly (readonly [string, Uint8Array])[] = [
    ['not compressed', message],
    ['truncated', zlib.subarray(0, zlib.length - 5)],
    ['a byte after the stream', concatBytes(zlib, Uint8Array.of(0))],
    ['a second stream', concatBytes(zlib, zlib)],
    ['gzip', gzipSync(message)],
    ['raw deflate', deflateRawSync(message)],
    ['a checksum changed', Uint8Array.from(zlib, (byte, i) => (i === zlib.length - 1 ? byte ^ 1 : byte))],
    ['11 times its size', deflateZlib(new Uint8Array(2_000))],
    ['a megabyte', deflateZlib(new Uint8Array(1_000_000))],
    [
      '17,000 bytes that hardly compress',
      deflateZlib(Uint8Array.from({ length: 17_000 }, (_, i) => (i * i * 31) >> 3)),
    ],
    ['nothing', new Uint8Array(0)],
  ];
  for (const [title, bytes] of rows) {
    t.throws(() => inflateHc1(bytes, inflateZlib), DAMAGED, title);
  }
  t.equal(gate.verify(hc1(message)).reason, 'damaged');
});

t.test('the largest bomb that a symbol holds costs little', async (t) => {
  const bomb = hc1(deflateZlib(new Uint8Array(2_700_000)));
  t.ok(bomb.length < 4_296);
  const before = process.memoryUsage().arrayBuffers;
  t.equal(gate.verify(bomb).reason, 'damaged');
  t.ok(process.memoryUsage().arrayBuffers - before < 1_000_000, 'below a megabyte');
});

t.test('the kind follows from the entry, and the key must cover it', async (t) => {
  const entry = [new Map([['fr', '2026-01-01']])];
  const withEntries = (members: readonly (readonly [string, unknown])[]): Map<number, unknown> =>
    dccClaims([[-260, new Map([[1, new Map(members)]])]]);
  const reasonOf = (
    members: readonly (readonly [string, unknown])[],
    kinds: readonly string[] | null,
  ): string =>
    createGate([{ ...record, scope: { region: '', kinds } }]).verify(signHc1(withEntries(members), signer))
      .reason;
  for (const [member, kind] of [
    ['v', 'eu-dcc-vaccination'],
    ['t', 'eu-dcc-test'],
    ['r', 'eu-dcc-recovery'],
  ] as const) {
    t.equal(reasonOf([[member, entry]], [kind]), 'no_policy', kind);
    t.equal(reasonOf([[member, entry]], null), 'no_policy', kind);
    t.equal(reasonOf([[member, entry]], ['other']), 'issuer_out_of_scope', kind);
    t.equal(reasonOf([[member, entry]], []), 'issuer_out_of_scope', `${kind}, only foreign key usages`);
  }
  t.equal(
    reasonOf(
      [
        ['v', entry],
        ['t', []],
        ['r', null],
      ],
      null,
    ),
    'no_policy',
    'empty lists do not count',
  );
  t.equal(reasonOf([], null), 'invalid_claims', 'no entry');
  t.equal(
    reasonOf(
      [
        ['v', entry],
        ['r', entry],
      ],
      null,
    ),
    'invalid_claims',
    'two entries',
  );
  t.equal(reasonOf([['v', ['x']]], null), 'invalid_claims', 'an entry that is no map');
});

t.test('a scope with a region covers no foreign code', async (t) => {
  const regional = createGate([{ ...record, scope: { region: '33', kinds: null } }]);
  t.equal(regional.verify(signHc1(dccClaims(), signer)).reason, 'issuer_out_of_scope');
});

t.test('foreign text with controls or turned writing is not shown', async (t) => {
  const certificate = new Map<string, unknown>([
    ['v', [new Map([['dt', '2026-02-18\u0007']])]],
    ['dob', 19000101],
    [
      'nam',
      new Map([
        ['fn', 'A\u202eB'],
        ['gn', 'x'.repeat(201)],
      ]),
    ],
  ]);
  const code = signHc1(
    dccClaims([
      [-260, new Map([[1, certificate]])],
      [1, 'A\u0000'],
    ]),
    signer,
  );
  const { credential } = gate.verify(code);
  t.strictSame(credential?.subject, []);
  t.equal(credential?.issuer, null);
});

t.test('the prefix is exact', async (t) => {
  t.equal(stripHc1Prefix('HC1:6BF'), '6BF');
  for (const text of ['HC2:6BF', 'HL0:6BF', '6BF', 'hc1:6BF', ' HC1:6BF', '']) {
    t.throws(() => stripHc1Prefix(text), { code: 'not_ours' });
  }
});

t.test('a payload that is no CWT is damaged, one without its claims is refused once proven', async (t) => {
  t.throws(() => parseHc1Claims(encodeCbor([1])), DAMAGED);
  t.throws(() => parseHc1Claims(hexDecode('a1')), DAMAGED);
  t.throws(() => parseHc1Message(hexDecode('83404040')), DAMAGED);
  const stranger = createDccSigner({ kid: record.kid });
  const nothing = new Map<number, unknown>([
    [4, NOW + 1],
    [6, NOW],
  ]);
  t.equal(gate.verify(signHc1(nothing, signer)).reason, 'invalid_claims');
  const forged = signHc1(nothing, stranger.signer, {
    protectedHeader: new Map<number, unknown>([
      [1, -7],
      [4, kid],
    ]),
  });
  t.equal(gate.verify(forged).reason, 'bad_signature');
});

t.test('several certificates may share a kid', async (t) => {
  const twin = createDccSigner({ kid: record.kid }).record;
  t.equal(createGate([twin, record]).verify(signHc1(dccClaims(), signer)).reason, 'no_policy');
});

t.test('the cache key is the message, and kids are base64url', async (t) => {
  const message = signDccMessage(dccClaims(), signer);
  const parsed = parseHc1(hc1(deflateZlib(message)), inflateZlib);
  t.same(parsed.bytes, message);
  t.strictSame(parsed.kids, [encodeBase64url(kid)]);
});

const vectors = sharedFile('eu-dcc.ndjson');
t.test(
  'the published EU test data agree, flag by flag',
  { skip: vectors === undefined ? 'no ../shared/vectors/eu-dcc.ndjson' : false },
  async (t) => {
    const { passed, failed, lines } = await euDcc(vectors ?? '');
    t.equal(failed, 0, lines.filter((line) => line.includes('expected')).join('\n'));
    t.ok(passed > 800, `${passed} flags`);
  },
);
