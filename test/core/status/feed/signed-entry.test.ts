import fc from 'fast-check';
import t from 'tap';
import { createNodeSigner } from '../../../../src/adapters/crypto-node.js';
import { asciiEncode, hexEncode } from '../../../../src/core/codec/bytes.js';
import { decodeStrict, encodeCbor } from '../../../../src/core/codec/cbor.js';
import { encodeCoseSign1, parseCoseSign1, sigStructure } from '../../../../src/core/codec/cose-sign1.js';
import type { Signer } from '../../../../src/core/signature/ports.js';
import type { FeedEntry } from '../../../../src/core/status/feed/entry.js';
import { openEntry, signEntry } from '../../../../src/core/status/feed/signed-entry.js';
import { BASE, epochOf, START_MS, trustIn } from '../../../support/feed-world.js';
import { createIssuer } from '../../../support/fixtures.js';

const issuer = createIssuer({ use: 'status' });
const trust = trustIn(issuer);
const entry = (change: Partial<FeedEntry> = {}): FeedEntry => ({
  base: BASE,
  epoch: epochOf(7),
  n: 3,
  prev: new Uint8Array(32).fill(1),
  at: START_MS,
  seq: 8,
  highWater: 9,
  root: new Uint8Array(32).fill(2),
  lists: [{ number: 4, bits: 2, entries: 1_048_576 }],
  changes: [{ list: 4, digest: new Uint8Array(32).fill(3), values: [{ index: 5, value: 1 }] }],
  ...change,
});

t.test('what was signed is what is opened, with either algorithm', (t) => {
  for (const each of [issuer, createIssuer({ use: 'status' }, 'ES256')]) {
    t.strictSame(openEntry(signEntry(entry(), each.signer), BASE, trustIn(each)), { entry: entry() });
  }
  t.end();
});

t.test('an entry has one byte string: this one for this key', (t) => {
  const signer = createNodeSigner({
    kty: 'OKP',
    crv: 'Ed25519',
    alg: 'Ed25519',
    d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
    x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  });
  const bytes = signEntry(entry({ lists: [], changes: [] }), signer);
  const { payload, protectedBytes } = parseCoseSign1(bytes, { mode: 'strict' });
  const base = Buffer.from(BASE);
  t.equal(
    hexEncode(payload),
    `ab0101027824${base.toString('hex')}0350${'07'.repeat(16)}0403055820${'01'.repeat(32)}061b000001a0c4506c0007080809095820${'02'.repeat(32)}0a800b80`,
  );
  t.equal(
    hexEncode(protectedBytes),
    `a301320448${hexEncode(signer.kid)}1075${Buffer.from('application/yima-feed').toString('hex')}`,
  );
  t.end();
});

/** A message signed by the right key, whatever is in it. */
function signed(
  payload: unknown,
  signer: Signer = issuer.signer,
  headers: readonly [number, unknown][] = [],
) {
  const header = new Map<number, unknown>([
    [1, -19],
    [4, signer.kid],
    [16, 'application/yima-feed'],
    ...headers,
  ]);
  const protectedBytes = encodeCbor(header);
  const bytes = encodeCbor(payload);
  const message = sigStructure(protectedBytes, asciiEncode('yima-feed'), bytes);
  return encodeCoseSign1(protectedBytes, bytes, signer.sign(message));
}

const members = (): Map<unknown, unknown> => {
  const { payload } = parseCoseSign1(signEntry(entry(), issuer.signer), { mode: 'strict' });
  return decodeStrict(payload) as Map<unknown, unknown>;
};
const withMember = (key: unknown, value: unknown) => signed(members().set(key, value));
const opened = (bytes: Uint8Array) => openEntry(bytes, BASE, trust);

t.test('members under keys from 64 on are for later programs and ignored', (t) => {
  t.strictSame(opened(withMember(64, 'new')), { entry: entry() });
  t.end();
});

t.test('what breaks a rule is refused with its reason, also when the right key signed it', (t) => {
  const digest = new Uint8Array(32);
  const rows: readonly (readonly [string, Uint8Array, string])[] = [
    ['no COSE', asciiEncode('hello'), 'damaged'],
    ['nothing', new Uint8Array(0), 'damaged'],
    ['no map', signed([1]), 'damaged'],
    ['another version', withMember(1, 2), 'version'],
    ['no version', withMember(1, null), 'damaged'],
    ['an unknown member', withMember(12, 0), 'damaged'],
    ['a member with a name', withMember('x', 0), 'damaged'],
    ["another issuer's base", withMember(2, 'https://other.example/status-lists/'), 'base'],
    ['a base without its slash', withMember(2, BASE.slice(0, -1)), 'damaged'],
    ['a short epoch', withMember(3, new Uint8Array(15)), 'damaged'],
    ['entry 0', withMember(4, 0), 'damaged'],
    ['a short hash', withMember(5, new Uint8Array(31)), 'damaged'],
    ['a time before 1970', withMember(6, -1), 'damaged'],
    ['more applied than there is', withMember(7, 10), 'damaged'],
    ['no root', withMember(9, null), 'damaged'],
    ['lists out of order', withMember(10, [[2, 2, 8], [1, 2, 8]]), 'damaged'], // biome-ignore format: a row
    ['a list twice', withMember(10, [[1, 2, 8], [1, 2, 8]]), 'damaged'], // biome-ignore format: a row
    ['a list of 3 bits', withMember(10, [[1, 3, 8]]), 'damaged'],
    ['a list of no entries', withMember(10, [[1, 2, 0]]), 'damaged'],
    ['a list too long', withMember(10, [[1, 2, 2 ** 20 + 1]]), 'damaged'],
    [
      'too many lists',
      withMember(
        10,
        Array.from({ length: 257 }, (_, i) => [i, 2, 8]),
      ),
      'damaged',
    ],
    ['changes out of order', withMember(11, [[2, digest, [0, 1]], [1, digest, [0, 1]]]), 'damaged'], // biome-ignore format: a row
    ['a change of nothing', withMember(11, [[1, digest, []]]), 'damaged'],
    ['half a pair', withMember(11, [[1, digest, [1]]]), 'damaged'],
    ['an index twice', withMember(11, [[1, digest, [1, 1, 1, 0]]]), 'damaged'],
    ['an index past any list', withMember(11, [[1, digest, [2 ** 20, 1]]]), 'damaged'],
    ['a value past any width', withMember(11, [[1, digest, [1, 256]]]), 'damaged'],
    [
      'too many values',
      withMember(11, [[1, digest, Array.from({ length: 2_002 }, (_, i) => (i % 2 === 0 ? i : 1))]]),
      'damaged',
    ],
    ['another type', signed(members(), issuer.signer, [[16, 'application/statuslist+cwt']]), 'damaged'],
    ['no key id', signed(members(), issuer.signer, [[4, 'text']]), 'damaged'],
    ['another algorithm than the key has', signed(members(), issuer.signer, [[1, -9]]), 'key'],
    ['an unknown key', signEntry(entry(), createIssuer().signer), 'key'],
    [
      "somebody's signature under the right key id",
      signed(members(), { ...issuer.signer, sign: createIssuer().signer.sign }),
      'signature',
    ],
  ];
  for (const [name, bytes, refused] of rows) t.strictSame(opened(bytes), { refused }, name);
  t.end();
});

t.test('a signature over the same bytes for another purpose does not count', (t) => {
  const { protectedBytes, payload } = parseCoseSign1(signEntry(entry(), issuer.signer), { mode: 'strict' });
  const signature = issuer.signer.sign(sigStructure(protectedBytes, new Uint8Array(0), payload));
  t.strictSame(opened(encodeCoseSign1(protectedBytes, payload, signature)), { refused: 'signature' });
  t.end();
});

t.test('one flipped bit anywhere, or any cut, is refused', (t) => {
  const good = signEntry(entry(), issuer.signer);
  fc.assert(
    fc.property(fc.nat(good.length * 8 - 1), fc.nat(good.length - 1), (bit, length) => {
      const flipped = good.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return 'refused' in opened(flipped) && 'refused' in opened(good.subarray(0, length));
    }),
    { numRuns: 300 },
  );
  t.end();
});
