import t from 'tap';
import {
  createNodeSigner,
  createNodeVerify,
  deflateZlib,
  generatePrivateJwk,
  inflateZlib,
  sha256,
} from '../../../src/adapters/crypto-node.js';
import { createStatusArena } from '../../../src/core/status/arena.js';
import { parseListCwt } from '../../../src/core/status/list-cwt.js';
import { parseListJwt } from '../../../src/core/status/list-jwt.js';
import { createListService, type ServedList } from '../../../src/core/status/list-service.js';
import { LIST_TIMES, listTimes, needsNewToken } from '../../../src/core/status/list-times.js';
import { openListToken } from '../../../src/core/status/list-token.js';
import { getStatus } from '../../../src/core/status/packed.js';

const BASE = 'https://a.example/status-lists/';
const NOW = 1_800_000_000;

t.test('a token is signed anew for the reasons given and for no other', (t) => {
  const signed = { changes: 5, issuedAt: NOW, kid: 'a' };
  const rows = [
    ['never signed', undefined, { changes: 5, kid: 'a', now: NOW }, true],
    ['nothing changed', signed, { changes: 5, kid: 'a', now: NOW + 119 }, false],
    ['changed, but signed 4 s ago', signed, { changes: 6, kid: 'a', now: NOW + 4 }, false],
    ['changed, and signed 5 s ago', signed, { changes: 6, kid: 'a', now: NOW + 5 }, true],
    ['too old', signed, { changes: 5, kid: 'a', now: NOW + 120 }, true],
    ['another key signs now', signed, { changes: 5, kid: 'b', now: NOW }, true],
    ['the clock went back', signed, { changes: 5, kid: 'a', now: NOW - 1 }, true],
  ] as const;
  for (const [title, before, current, expected] of rows) {
    t.equal(needsNewToken(before, current), expected, title);
  }
  t.ok(
    LIST_TIMES.refreshSeconds + LIST_TIMES.ttlSeconds < LIST_TIMES.lifetimeSeconds,
    'no token expires while it is served',
  );
  t.end();
});

t.test('a storm of changes signs a list at most twelve times in its ttl, and once a second', (t) => {
  for (const ttl of [1, 5, 60, 3_600, 86_400]) {
    const times = listTimes(ttl);
    let signed: Parameters<typeof needsNewToken>[0];
    let signings = 0;
    for (let now = NOW; now < NOW + ttl; now++) {
      const current = { changes: now, kid: 'a', now };
      if (!needsNewToken(signed, current, { ...times, refreshSeconds: Number.POSITIVE_INFINITY })) continue;
      signed = { ...current, issuedAt: now };
      signings += 1;
    }
    t.equal(signings, Math.min(12, ttl), `ttl ${ttl}`);
  }
  t.end();
});

const setUp = () => {
  const arena = createStatusArena();
  arena.addList({ base: BASE, number: 3, bits: 4, entries: 1_024 });
  const count = { deflates: 0, signatures: 0 };
  const state = { signer: createNodeSigner(generatePrivateJwk('ES256')) };
  const service = createListService({
    base: BASE,
    lists: arena,
    signer: () => ({
      ...state.signer,
      sign: (message) => {
        count.signatures++;
        return state.signer.sign(message);
      },
    }),
    deflate: (bytes, level) => {
      count.deflates++;
      t.equal(level, 6);
      return deflateZlib(bytes, level);
    },
    sha256,
  });
  const get = (form: 'jwt' | 'cwt', now: number): ServedList => {
    const served = service.find(3, form, now);
    if (served === undefined) throw new Error('the list is there');
    return served;
  };
  return { arena, service, count, state, get };
};

t.test('both forms open as the list, with the uri, times and media type announced', (t) => {
  const { arena, get, state } = setUp();
  arena.set(BASE, 3, 1_023, 0x0c);
  const deps = { verify: createNodeVerify(), inflate: inflateZlib };
  const expected = { uri: `${BASE}3`, now: NOW, maxEntries: 1_024 };
  const jwt = get('jwt', NOW);
  const cwt = get('cwt', NOW);
  t.equal(jwt.mediaType, 'application/statuslist+jwt');
  t.equal(cwt.mediaType, 'application/statuslist+cwt');
  for (const token of [parseListJwt(new TextDecoder().decode(jwt.body)), parseListCwt(cwt.body)]) {
    const list = openListToken(token, state.signer.publicKey, expected, deps);
    t.equal(getStatus(list.bytes, list.bits, 1_023), 0x0c);
    t.equal(list.expiresAt, jwt.expiresAt);
    t.equal(list.renewAt, NOW + jwt.ttlSeconds);
  }
  t.equal(jwt.expiresAt, NOW + 86_400);
  t.end();
});

t.test('bytes and entity tag stay while nothing changes, and change with the content', (t) => {
  const { arena, get, count } = setUp();
  const first = get('jwt', NOW);
  t.match(first.etag, /^"[\w-]{22}"$/);
  t.equal(get('jwt', NOW + 100), first);
  t.not(get('cwt', NOW).etag, first.etag, 'each form has its own tag');
  t.strictSame(count, { deflates: 1, signatures: 2 });
  arena.set(BASE, 3, 0, 1);
  t.equal(get('jwt', NOW + 4).etag, first.etag, 'at most one new token in a twelfth of the ttl');
  const second = get('jwt', NOW + 5);
  t.not(second.etag, first.etag);
  t.strictSame(count, { deflates: 2, signatures: 3 });
  t.end();
});

t.test('an unchanged list is signed with the new time but not compressed again', (t) => {
  const { get, count } = setUp();
  const first = get('cwt', NOW);
  const later = get('cwt', NOW + 120);
  t.equal(later.issuedAt, NOW + 120);
  t.not(later.etag, first.etag);
  t.strictSame(count, { deflates: 1, signatures: 2 });
  t.end();
});

t.test('a new signing key signs the next token', (t) => {
  const { get, state } = setUp();
  get('jwt', NOW);
  state.signer = createNodeSigner(generatePrivateJwk('Ed25519'));
  t.equal(parseListJwt(new TextDecoder().decode(get('jwt', NOW).body)).algorithm, 'Ed25519');
  t.end();
});

t.test('a token is never issued later than what is in it was known', (t) => {
  const { get, state, count } = setUp();
  const first = get('jwt', NOW);
  t.equal(get('jwt', NOW), first, 'while the time of knowledge stands still, so does the token');
  t.strictSame(count, { deflates: 1, signatures: 1 });
  state.signer = createNodeSigner(generatePrivateJwk('Ed25519'));
  const rotated = get('jwt', NOW);
  t.same([rotated.issuedAt, rotated.expiresAt], [NOW, NOW + 86_400]);
  t.end();
});

t.test('a list that does not exist has no token', (t) => {
  const { service } = setUp();
  t.equal(service.find(4, 'jwt', NOW), undefined);
  t.end();
});
