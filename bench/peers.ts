// Others and ours side by side in one run: the same claims, one key, one status check each. In process, and the first two peers
// also inside the same Fastify.

import { sha256Text } from '../src/adapters/crypto-node.js';
import type { VerifySignature } from '../src/core/signature/ports.js';
import { checkSignatureEncoding } from '../src/core/signature/signature-encoding.js';
import { createKnownCodes, type KnownCodes } from '../src/core/verify/known-codes.js';
import { flipSignatureBit } from './hammer/spoil.js';
import { soundTokens } from './peers/check.js';
import { installPeers, loadContender, loadSodium } from './peers/install.js';
import { measureOverHttp } from './peers/over-http.js';
import { comparedWith, type PeerRow } from './peers/rows.js';
import { createPeerWorld } from './peers/world.js';
import { writePeers } from './peers/write.js';
import { signatureBackend, signatureBackends } from './support/backends.js';
import { cycle } from './support/pairs.js';
import type { Bench, Report } from './support/report.js';
import { measureRounds, type Work } from './support/rounds.js';
import { createWorld, type World } from './support/world.js';

interface Peer {
  /** The file in bench/peers/. */
  readonly file: string;
  readonly metric: string;
  /** What takes milliseconds needs few tokens to be nobody's cached answer. */
  readonly tokens: number;
}

const PEERS: readonly Peer[] = [
  { file: 'jose', metric: 'jose', tokens: 2_000 },
  { file: 'fast-jwt', metric: 'fast_jwt', tokens: 2_000 },
  { file: 'sd-jwt-vc', metric: 'sd_jwt_vc', tokens: 30 },
  { file: 'digitalbazaar', metric: 'digitalbazaar', tokens: 30 },
];
const SODIUM = 'sodium_native';
const OVER_HTTP = PEERS.slice(0, 2);
const CODES = 2_000;
const SPOILT_BITS = 256;
const TIMES = { rounds: 9, sliceMs: 150, warmUpMs: 1_000 };

export const peers: Bench = async (report, { write }) => {
  installPeers();
  const inProcess = await measureInProcess();
  for (const row of inProcess) reportRow(report, row, '', 'us of CPU');
  const overHttp = await measureOverHttp(OVER_HTTP);
  for (const row of overHttp) reportRow(report, row, '_http', 'us of server CPU a request');
  if (write) writePeers(inProcess, overHttp);
};

async function measureInProcess(): Promise<readonly PeerRow[]> {
  const world = createWorld(1, CODES);
  const works: Record<string, Work> = { [SODIUM]: ladder(world, await sodiumVerify()) };
  for (const { name, create } of signatureBackends())
    works[ourName(name)] = ladder(world, create(world.publicKeys));
  const known = createKnownCodes({ sha256Text, maxEntries: 2 * CODES });
  works[ourName('known')] = ladder(world, signatureBackend().create(world.publicKeys), known);
  for (const peer of PEERS) works[peer.metric] = await peerWork(peer);
  const found = await measureRounds(works, TIMES);
  return comparedWith(ourName(signatureBackend().name), found, ourName(''));
}

function ourName(backend: string): string {
  return `ours_${backend}`;
}

function reportRow(report: Report, { name, us, ratio }: PeerRow, suffix: string, unit: string): void {
  if (ratio !== null) report(`vs_${name}${suffix}`, ratio.value, 'ratio', ratio.spread);
  report(`${name}${suffix}_us`, us, unit);
}

/** Our whole ladder over distinct codes of one key, or over codes that come again where they are remembered. @throws Error when the backend takes a spoilt signature */
function ladder({ verifier, codes }: World, verify: VerifySignature, known?: KnownCodes): Work {
  const judge = verifier(verify, known);
  const next = cycle(codes);
  for (let bit = 0; bit < SPOILT_BITS; bit += 1) {
    const { reason } = judge(flipSignatureBit(next(), bit));
    if (reason !== 'bad_signature') throw new Error(`a spoilt signature was answered with ${reason}`);
  }
  return () => {
    if (judge(next()).decision !== 'admit') throw new Error('a sound code was not admitted');
  };
}

async function sodiumVerify(): Promise<VerifySignature> {
  const { verifyDetached } = await loadSodium();
  return (key, message, signature) =>
    key.algorithm === 'Ed25519' &&
    checkSignatureEncoding(key, signature) &&
    verifyDetached(key.x, message, signature);
}

async function peerWork({ file, tokens }: Peer): Promise<Work> {
  const peer = await loadContender(file, createPeerWorld());
  const next = cycle(await soundTokens(file, peer, tokens));
  const check = (sound: boolean): void => {
    if (!sound) throw new Error(`${file} refused a sound token`);
  };
  return () => {
    const sound = peer.judge(next());
    return sound instanceof Promise ? sound.then(check) : check(sound);
  };
}
