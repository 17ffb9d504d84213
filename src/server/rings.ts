// The node's signing keys, in rings of the uses that belong together.

import { createNodeSigner, generatePrivateJwk } from '../adapters/crypto-node.js';
import type { KeyFolder } from '../adapters/keyfile/key-folder.js';
import { createKeyRing, type KeyRingDeps, type RotatingKeyRing } from '../adapters/keyfile/key-ring.js';
import type { Config } from '../config.js';
import { KEYS_AHEAD } from '../core/issue/key-budget.js';
import type { Clock } from '../core/issue/ports.js';

/** Opens rings over one folder, each for its own uses; keys are made for the configured algorithm unless told. */
export function ringsIn(
  folder: KeyFolder,
  { signingAlgorithm }: Pick<Config, 'signingAlgorithm'>,
  clock: Clock,
): (uses: KeyRingDeps['uses'], algorithm?: Config['signingAlgorithm']) => Promise<RotatingKeyRing> {
  return (uses, algorithm = signingAlgorithm) =>
    createKeyRing({
      folder,
      clock,
      generate: () => generatePrivateJwk(algorithm),
      createSigner: createNodeSigner,
      uses,
      ahead: KEYS_AHEAD,
    });
}
