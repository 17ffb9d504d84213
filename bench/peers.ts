// Others and ours side by side in one run: the same claims, one key, one status check each. In process, and the first two peers
// also inside the same Fastify.

import type { VerifySignature } from '../src/core/signature/ports.js';
import { checkSignatureEncoding } from '../src/core/signature/signature-encoding.js';
import { soundTokens } from './peers/check.js';
import { installPeers, loadContender, loadSodium } from './peers/install.js';
import { reportOverHttp } from './peers/over-http.js';
import { createPeerWorld } from './peers/world.js';
import { signatureBackends } from './support/backends.js';
import { cycle, median, spreadOf } from './support/pairs.js';
import type { Bench } from './support/report.js';
import { measureRounds, ratiosOf, type Work } from './support/rounds.js';
import { createWorld, type World } from './support/world.js';

/** By file name, with the metric and how many tokens: what takes milliseconds needs few to be nobody's cached answer. */
const PEERS = [
  { name: 'jose', metric: 'jose', tokens: 2_000 },
  { name: 'fast-jwt', metric: 'fast_jwt', tokens: 2_000 },
  { name: 'sd-jwt-vc', metric: 'sd_jwt_vc', tokens: 30 },
  { name: 'digitalbazaar', metric: 'digitalbazaar', tokens: 30 },
] as const;
const OVER_HTTP: ReadonlyMap<string, string> = new Map([
  ['jose', 'jose'],
  ['fast-jwt', 'fast_jwt'],
]);
const CODES = 2_000;
const TIMES = { rounds: 9, sliceMs: 150, warmUpMs: 1_000 };

export const peers: Bench = async (report) => {
  installPeers();
  const backends = signatureBackends();
  const world = createWorld(1, CODES);
  const works: Record<string, Work> = { sodium_native: ladder(world, await sodiumVerify()) };
  for (const { name, create } of backends) works[`ours_${name}`] = ladder(world, create());
  for (const { name, metric, tokens } of PEERS) works[metric] = await peerWork(name, tokens);

  const found = await measureRounds(works, TIMES);
  const used = backends.at(-1) ?? backends[0];
  const ours = found[`ours_${used.name}`] ?? [];
  for (const metric of [...PEERS.map((peer) => peer.metric), 'sodium_native']) {
    const ratios = ratiosOf(found[metric] ?? [], ours);
    report(`vs_${metric}`, median(ratios), 'ratio', spreadOf(ratios));
  }
  for (const [name, us] of Object.entries(found)) report(`${name}_us`, median(us), 'us of CPU');
  await reportOverHttp(report, OVER_HTTP);
};

/** Our whole ladder over distinct codes of one key. */
function ladder({ verifier, codes }: World, verify: VerifySignature): Work {
  const judge = verifier(verify);
  const next = cycle(codes);
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

async function peerWork(name: string, count: number): Promise<Work> {
  const peer = await loadContender(name, createPeerWorld());
  const next = cycle(await soundTokens(name, peer, count));
  const check = (sound: boolean): void => {
    if (!sound) throw new Error(`${name} refused a sound token`);
  };
  return () => {
    const sound = peer.judge(next());
    return sound instanceof Promise ? sound.then(check) : check(sound);
  };
}
