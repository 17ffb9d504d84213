// Writes a nation's feed into Redis, as a publisher's rebuild does, in a process of its own: what it holds meanwhile must not count for
// whoever loads it.

import { createNodeSigner, generatePrivateJwk, randomBytes, sha256 } from '../../src/adapters/crypto-node.js';
import { openConnection } from '../../src/adapters/redis/connection.js';
import { createFeedStore } from '../../src/adapters/redis/feed-store.js';
import { publicJwk } from '../../src/core/signature/public-jwk.js';
import { createStatusArena } from '../../src/core/status/arena.js';
import { createPublisher } from '../../src/core/status/feed/publisher.js';
import { until } from '../../test/support/until.js';
import { createSequence } from '../support/sequence.js';
import type { Filled } from './national.js';

const BASE = 'https://codes.example/nation/';
const BITS = 2;
const LIST_ENTRIES = 2 ** 20;
const REVOKED_SHARE = 0.01;

const [url = '', entries = ''] = process.argv.slice(2);
const numbers = Array.from({ length: Math.ceil(Number(entries) / LIST_ENTRIES) }, (_, i) => i);
const live = createStatusArena();
const random = createSequence();
for (const number of numbers) {
  live.addList({ base: BASE, number, bits: BITS, entries: LIST_ENTRIES });
  for (let i = 0; i < REVOKED_SHARE * LIST_ENTRIES; i += 1)
    live.set(BASE, number, Math.floor(random() * LIST_ENTRIES), 1);
}
const signer = createNodeSigner(generatePrivateJwk('Ed25519'));
const publisher = createPublisher({
  base: BASE,
  sha256,
  signer: () => signer,
  live: (number) => live.packed(BASE, number),
});
const place = { url, sentinels: [], sentinelMaster: '' };
const connection = openConnection(place, 'bench', { connectMs: 5_000, commandMs: 30_000 });
await until('Redis answers', connection.isUp);
const store = createFeedStore(connection, sha256);
const epoch = randomBytes(16);
const begin = performance.now();
for (const number of numbers)
  await store.writeList(BASE, epoch, number, publisher.copy({ number, bits: BITS, entries: LIST_ENTRIES }));
await store.beginEpoch(BASE, publisher.found(epoch, 1, { at: Date.now(), head: 1 }));
const ms = performance.now() - begin;
connection.close();
process.send?.({ base: BASE, key: publicJwk(signer.publicKey), lists: numbers.length, ms } satisfies Filled);
