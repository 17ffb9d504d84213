import t from 'tap';
import { createNodeSigner, generatePrivateJwk, inflateZlib } from '../../src/adapters/crypto-node.js';
import { utf8Decode } from '../../src/core/codec/bytes.js';
import type { KindTable } from '../../src/core/credential/kind.js';
import { KINDS } from '../../src/core/credential/kind-table.js';
import { parseListJwt } from '../../src/core/status/list-jwt.js';
import { getStatus } from '../../src/core/status/packed.js';
import { createStatusLists } from '../../src/server/status-lists.js';
import { issueRequest, NOW, openMemoryOffice } from '../support/office.js';
import { refuses } from '../support/refusal.js';

const BASE = 'http://127.0.0.1:3000/status-lists/';

async function open(kinds: KindTable = KINDS) {
  const office = await openMemoryOffice();
  const signer = createNodeSigner(generatePrivateJwk('Ed25519'));
  const known = { isCurrent: true };
  const lists = createStatusLists({
    registry: office.registry,
    kinds,
    arena: office.arena,
    keyRing: { signer: () => signer, records: () => [] },
    base: BASE,
    ttlSeconds: 60,
    confirm: (epoch) => {
      if (known.isCurrent) office.arena.confirm(BASE, { epoch, steady: 0 });
    },
  });
  const issued = await office.registry.issue('office', issueRequest('driving-licence'));
  const [encoding] = issued.encodings;
  const token = async (now: number) => {
    const served = await lists.token(encoding?.list ?? 0, 'jwt', now);
    const { body } = served ?? { body: '' };
    const { claims } = parseListJwt(typeof body === 'string' ? body : utf8Decode(body));
    return { issuedAt: claims.issuedAt, bits: claims.bits, bytes: inflateZlib(claims.compressed, 4_096) };
  };
  return { ...office, issued, encoding, known, lists, token };
}

t.test('while a write is in doubt, a list is as old as what is known of it', async (t) => {
  const { lists, token, known, registry, issued, encoding } = await open();
  t.equal((await token(NOW)).issuedAt, NOW);
  known.isCurrent = false;
  for (const later of [0, 300, 86_399]) t.equal((await token(NOW + later)).issuedAt, NOW, `${later} s later`);
  await refuses(t, lists.token(1, 'jwt', NOW + 86_400), 'unavailable');

  await registry.changeState('x', issued.credential.id, { action: 'revoke', reason: 'fraud' });
  known.isCurrent = true;
  const fresh = await token(NOW + 86_400);
  t.equal(fresh.issuedAt, NOW + 86_400);
  t.equal(getStatus(fresh.bytes, fresh.bits, encoding?.index ?? 0), 1);
});

t.test('a list is public only when its kind is known and shows no colours', async (t) => {
  const { lists } = await open();
  t.notOk(await lists.isRestricted(1));
  t.same(await lists.aggregation(), ['http://127.0.0.1:3000/status-lists/1']);
  t.notOk(await lists.isRestricted(2), 'there is no such list: nothing to restrict');

  const forgotten = await open({ all: [], byName: () => undefined, byNumber: () => undefined });
  t.ok(await forgotten.lists.isRestricted(1));
  t.same(await forgotten.lists.aggregation(), []);
});
