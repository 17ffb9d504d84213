// The whole ladder in process against one raw node:crypto.verify of a message as long.

import { createPublicKey, generateKeyPairSync, randomBytes, verify as rawVerify, sign } from 'node:crypto';
import { createNodeVerify, sha256Text } from '../src/adapters/crypto-node.js';
import type { Answer } from '../src/core/verify/answer.js';
import { createKnownCodes } from '../src/core/verify/known-codes.js';
import { cycle, measurePairs } from './support/pairs.js';
import type { Bench, Report } from './support/report.js';
import { createWorld, type World } from './support/world.js';

const KEYS = 78;
const CODES = 4_000;
const MESSAGE_BYTES = 300;

export const verify: Bench = async (report) => {
  const world = createWorld(KEYS, CODES);
  const judge = world.verifier(createNodeVerify());
  const raw = createRawVerify();
  const figures = await measurePairs(admitEach(world, judge), raw);
  report('cold_ratio', figures.ratio, 'ratio', figures.spread);
  report('cold_us', figures.oursUs, 'us');
  report('raw_us', figures.floorUs, 'us');
  await reportKnown(world, raw, report);
};

/** The same codes again and again where all of them are remembered, and where each was forgotten before it comes again. */
async function reportKnown(world: World, raw: () => void, report: Report): Promise<void> {
  const [all, few] = [2 * CODES, CODES / 2].map((maxEntries) => createKnownCodes({ sha256Text, maxEntries }));
  const known = await measurePairs(admitEach(world, world.verifier(createNodeVerify(), all)), raw);
  report('known_ratio', known.ratio, 'ratio', known.spread);
  report('known_us', known.oursUs, 'us');
  const missed = await measurePairs(admitEach(world, world.verifier(createNodeVerify(), few)), raw);
  report('missed_ratio', missed.ratio, 'ratio', missed.spread);
  if (few?.figures().hits !== 0) throw new Error('a code was remembered that should have been forgotten');
}

function admitEach({ codes }: World, judge: (code: string) => Answer): () => void {
  const nextCode = cycle(codes);
  return () => {
    if (judge(nextCode()).decision !== 'admit') throw new Error('a sound code was not admitted');
  };
}

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
