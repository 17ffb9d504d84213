// The trust network as the settings have it: which rings it takes, who witnesses, which heads the log of a hub holds.

import { sha256 } from '../../adapters/crypto-node.js';
import type { KeyRingDeps, RotatingKeyRing } from '../../adapters/keyfile/key-ring.js';
import { postCheckpoint } from '../../adapters/peer/witness.js';
import type { TrustSettings } from '../../config/trust-settings.js';
import type { Config } from '../../config.js';
import { hexEncode } from '../../core/codec/bytes.js';
import type { Ledger } from '../../core/issue/ledger.js';
import type { Clock, SigningUse } from '../../core/issue/ports.js';
import type { StatusArena } from '../../core/status/arena.js';
import { listDigest, manifestRoot } from '../../core/status/feed/digest.js';
import type { LoggedHead } from '../../core/trust/log/leaves.js';
import { createTrustService, type TrustService, type TrustServiceDeps } from './trust-service.js';

export interface OpenTrustDeps
  extends Omit<TrustServiceDeps, 'issuer' | 'redis' | 'hub' | 'witnessRing' | 'ownHeads'> {
  readonly config: Pick<Config, 'issuer' | 'redis'>;
  readonly settings: TrustSettings;
  readonly isListed: () => boolean;
  readonly openRing: (
    uses: KeyRingDeps['uses'],
    algorithm: Config['signingAlgorithm'],
  ) => Promise<RotatingKeyRing>;
  readonly arena: Pick<StatusArena, 'shapes' | 'packed'>;
  readonly statusBase: string;
}

export async function openTrust(deps: OpenTrustDeps): Promise<TrustService> {
  const { config, settings, openRing } = deps;
  const { issuer } = config;
  /** Notes are signed with Ed25519 alone (C2SP signed-note). */
  const ringFor = (use: SigningUse): Promise<RotatingKeyRing> => {
    const grant = { issuer, use: 'log', scope: { region: '', kinds: [] }, statusBase: null } as const;
    return openRing({ [use]: grant }, 'Ed25519');
  };
  const witnesses = settings.witnesses.map(({ name, url }) => ({
    name,
    addCheckpoint: (body: string) => postCheckpoint(url, body),
  }));
  return createTrustService({
    ...deps,
    issuer: { name: issuer, isListed: deps.isListed },
    redis: config.redis,
    hub: settings.isHub ? { ring: await ringFor('log'), witnesses } : null,
    witnessRing: settings.isWitness ? await ringFor('witness') : null,
    ownHeads: () => ownHeads(deps),
  });
}

/** The newest entry of the audit log, and everything that the status lists say at that entry. */
function ownHeads({
  config: { issuer },
  arena,
  statusBase,
  ledger,
  clock,
}: Pick<OpenTrustDeps, 'config' | 'arena' | 'statusBase'> & {
  readonly ledger: Pick<Ledger, 'head'>;
  readonly clock: Clock;
}): readonly LoggedHead[] {
  const head = ledger.head();
  if (head === undefined) return [];
  const rows = arena.shapes(statusBase).flatMap(({ number, bits, entries }) => {
    const packed = arena.packed(statusBase, number);
    return packed === undefined ? [] : [{ number, bits, entries, digest: listDigest(packed, sha256) }];
  });
  const at = clock();
  return [
    { issuer, kind: 'audit', seq: head.seq, hash: head.hash, at },
    { issuer, kind: 'status', seq: head.seq, hash: hexEncode(manifestRoot(rows, sha256)), at },
  ];
}
