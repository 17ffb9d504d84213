// The whole ladder in process, and the signature alone, against one raw node:crypto.verify of a message as long.

import { generateKeyPairSync, type KeyObject, randomBytes, verify as rawVerify, sign } from 'node:crypto';
import { createNodeVerify, sha256Text } from '../src/adapters/crypto-node.js';
import type { VerifySignature } from '../src/core/signature/ports.js';
import { parsePublicJwk } from '../src/core/signature/public-jwk.js';
import type { PublicKey } from '../src/core/signature/public-key.js';
import type { Answer } from '../src/core/verify/answer.js';
import { createKnownCodes } from '../src/core/verify/known-codes.js';
import { reportKeyGrowth } from './growth/keys.js';
import { cycle, measurePairs } from './support/pairs.js';
import type { Bench, Report } from './support/report.js';
import { createTableBackend } from './support/table-verify.js';
import { createWorld, type World } from './support/world.js';
import { reportLive } from './verify-live.js';

const KEYS = 78;
const CODES = 4_000;
const SIGNED = 4_000;
const MESSAGE_BYTES = 300;
/** Room for the smallest tables of all keys and for no larger one. */
const SMALL_BYTES = KEYS * 79_000;

export const verify: Bench = async (report) => {
  const world = createWorld(KEYS, CODES);
  const table = createTableBackend(world.publicKeys).verify;
  await reportLadder(report, '', world, table);
  await reportLadder(report, 'node_', world, createNodeVerify());
  await reportKnown(report, world, table);
  await reportLive(report, createRawVerify());
  await reportSignature(report, 'table', 1);
  await reportSignature(report, 'table78', KEYS);
  await reportSignature(report, 'table_small', KEYS, SMALL_BYTES);
  await reportKeyGrowth(report);
};

async function reportLadder(
  report: Report,
  prefix: string,
  world: World,
  backend: VerifySignature,
): Promise<void> {
  const figures = await measurePairs(admitEach(world, world.verifier(backend)), createRawVerify());
  report(`${prefix}cold_ratio`, figures.ratio, 'ratio', figures.spread);
  report(`${prefix}cold_us`, figures.oursUs, 'us');
  if (prefix === '') report('raw_us', figures.floorUs, 'us');
}

/** The same codes again and again where all of them are remembered, and where each was forgotten before it comes again. */
async function reportKnown(report: Report, world: World, backend: VerifySignature): Promise<void> {
  const [all, few] = [2 * CODES, CODES / 2].map((maxEntries) => createKnownCodes({ sha256Text, maxEntries }));
  const raw = createRawVerify();
  const known = await measurePairs(admitEach(world, world.verifier(backend, all)), raw);
  report('known_ratio', known.ratio, 'ratio', known.spread);
  report('known_us', known.oursUs, 'us');
  const missed = await measurePairs(admitEach(world, world.verifier(backend, few)), raw);
  report('missed_ratio', missed.ratio, 'ratio', missed.spread);
  if (few?.figures().hits !== 0) throw new Error('a code was remembered that should have been forgotten');
}

function admitEach({ codes }: World, judge: (code: string) => Answer): () => void {
  const nextCode = cycle(codes);
  return () => {
    if (judge(nextCode()).decision !== 'admit') throw new Error('a sound code was not admitted');
  };
}

async function reportSignature(report: Report, name: string, keys: number, budget?: number): Promise<void> {
  const { pairs, signed } = createSigned(keys);
  const tables = createTableBackend(
    pairs.map(({ key }) => key),
    budget,
  );
  const next = cycle(signed);
  const figures = await measurePairs(() => {
    const { key, message, signature } = next();
    if (!tables.verify(key, message, signature)) throw new Error('a sound signature failed');
  }, createRawVerify(keys));
  report(`${name}_ratio`, figures.ratio, 'ratio', figures.spread);
  report(`${name}_us`, figures.oursUs, 'us');
  report(`${name}_bytes`, tables.figures().bytes, 'bytes of tables');
}

/** One verification of a distinct 300-byte message, keys imported beforehand, as many as the world has. */
export function createRawVerify(keys = KEYS): () => void {
  const { pairs, signed } = createSigned(keys);
  const byKey = new Map(pairs.map(({ key, publicKey }) => [key, publicKey]));
  const next = cycle(signed.map(({ key, ...rest }) => ({ ...rest, publicKey: byKey.get(key) as KeyObject })));
  return () => {
    const { message, signature, publicKey } = next();
    if (!rawVerify(null, message, publicKey, signature)) throw new Error('a sound signature failed');
  };
}

interface KeyPair {
  readonly key: PublicKey;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

interface Signed {
  readonly key: PublicKey;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** Distinct signed messages, each key in turn. */
function createSigned(keys: number): {
  readonly pairs: readonly KeyPair[];
  readonly signed: readonly Signed[];
} {
  const pairs = Array.from({ length: keys }, (): KeyPair => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const jwk = publicKey.export({ format: 'jwk' });
    return { key: parsePublicJwk({ ...jwk, alg: 'Ed25519' }), publicKey, privateKey };
  });
  const signed = Array.from({ length: SIGNED }, (_, i): Signed => {
    const message = randomBytes(MESSAGE_BYTES);
    const { key, privateKey } = pairs[i % keys] as KeyPair;
    return { key, message, signature: sign(null, message, privateKey) };
  });
  return { pairs, signed };
}
