// The whole ladder in process against one raw node:crypto.verify of a message as long.

import { createPublicKey, generateKeyPairSync, randomBytes, verify as rawVerify, sign } from 'node:crypto';
import { createNodeVerify } from '../src/adapters/crypto-node.js';
import { reportKeyGrowth } from './growth/keys.js';
import { cycle, measurePairs } from './support/pairs.js';
import type { Bench } from './support/report.js';
import { createWorld } from './support/world.js';

const KEYS = 78;
const CODES = 4_000;
const MESSAGE_BYTES = 300;

export const verify: Bench = async (report) => {
  const world = createWorld(KEYS, CODES);
  const judge = world.verifier(createNodeVerify());
  const nextCode = cycle(world.codes);
  const raw = createRawVerify();
  const figures = await measurePairs(() => {
    if (judge(nextCode()).decision !== 'admit') throw new Error('a sound code was not admitted');
  }, raw);
  report('cold_ratio', figures.ratio, 'ratio', figures.spread);
  report('cold_us', figures.oursUs, 'us');
  report('raw_us', figures.floorUs, 'us');
  await reportKeyGrowth(report, createNodeVerify);
};

/** One verification of a distinct 300-byte message, keys imported beforehand, as many as the world has. */
export function createRawVerify(keys = KEYS): () => void {
  const pairs = Array.from({ length: keys }, () => generateKeyPairSync('ed25519'));
  const publicKeys = pairs.map(({ publicKey }) =>
    createPublicKey(publicKey.export({ format: 'pem', type: 'spki' })),
  );
  const signed = cycle(
    Array.from({ length: 2_000 }, (_, i) => {
      const message = randomBytes(MESSAGE_BYTES);
      const pair = pairs[i % keys] as (typeof pairs)[number];
      return { message, signature: sign(null, message, pair.privateKey), key: publicKeys[i % keys] };
    }),
  );
  return () => {
    const { message, signature, key } = signed();
    if (key === undefined || !rawVerify(null, message, key, signature))
      throw new Error('a sound signature failed');
  };
}
