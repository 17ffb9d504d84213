// Live codes: the whole ladder with two signatures, and with the device's alone where the credential is known.

import { createNodeVerify, sha256Text } from '../src/adapters/crypto-node.js';
import { createKnownCodes, type KnownCodes } from '../src/core/verify/known-codes.js';
import { verifyCode } from '../src/core/verify/verify-code.js';
import { createDevice, quietSightings } from '../test/support/device.js';
import { createGate, createIssuer } from '../test/support/fixtures.js';
import { cycle, measurePairs } from './support/pairs.js';
import type { Report } from './support/report.js';

const DEVICES = 500;

/** @param raw one verification of the floor */
export async function reportLive(report: Report, raw: () => void): Promise<void> {
  for (const algorithm of ['ES256', 'Ed25519'] as const) {
    const name = `live_${algorithm.toLowerCase()}`;
    for (const [metric, known] of [
      [`${name}_cold`, null],
      [`${name}_known`, createKnownCodes({ sha256Text, maxEntries: 2 * DEVICES })],
    ] as const) {
      const { ratio, spread, oursUs } = await measurePairs(admitEach(algorithm, known), raw);
      report(`${metric}_ratio`, ratio, 'ratio', spread);
      report(`${metric}_us`, oursUs, 'us');
    }
  }
}

function admitEach(algorithm: 'ES256' | 'Ed25519', known: KnownCodes | null): () => void {
  const { signer, record } = createIssuer();
  const { deps } = createGate([record]);
  const verify = createNodeVerify();
  const context = { ...deps.context, sightings: quietSightings() };
  const next = cycle(
    Array.from({ length: DEVICES }, (_, index) => {
      const device = createDevice(algorithm);
      return device.present(device.bind(signer, 'health-code', { status: { list: 1, index, uri: '' } }));
    }),
  );
  return () => {
    const { decision } = verifyCode(next(), { ...deps, verify, known, context });
    if (decision !== 'admit') throw new Error('a sound live code was not admitted');
  };
}
