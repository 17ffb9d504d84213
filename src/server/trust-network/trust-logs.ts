// The logs that a node of a trust network has to do with: its own where it is the hub, the hub's where it is a witness, and what it
// remembers of the one that the root names.

import { createNodeVerify, sha256 } from '../../adapters/crypto-node.js';
import type { RotatingKeyRing } from '../../adapters/keyfile/key-ring.js';
import { YimaError } from '../../core/errors/yima-error.js';
import type { Ledger } from '../../core/issue/ledger.js';
import type { Clock, SigningUse } from '../../core/issue/ports.js';
import type { Store } from '../../core/issue/store.js';
import type { TrustWrites } from '../../core/issue/trust-rows.js';
import type { Bundle } from '../../core/trust/bundle.js';
import type { LoggedDocument, LoggedHead } from '../../core/trust/log/leaves.js';
import {
  createVerifierKey,
  encodeVerifierKey,
  type NoteType,
  type VerifierKey,
} from '../../core/trust/log/verifier-key.js';
import type { TrustNetwork } from '../../core/trust/network/network.js';
import type { Logger } from '../../http/deps.js';
import type { TrustDesk } from '../../http/trust-desk.js';
import { after } from '../after.js';
import { createAskWitnesses } from './ask-witnesses.js';
import { bareBundle, createBundleFile } from './bundle-file.js';
import { type BundleLog, createBundleLog } from './bundle-log.js';
import { createHubLog, type HubLog } from './hub-log.js';
import { type HubPublisher, startHubPublisher } from './hub-publisher.js';
import { openLogTree } from './log-tree.js';
import { createWitnessDesk } from './witness-desk.js';
import type { Witness } from './witness-port.js';

export interface TrustLogsDeps {
  readonly network: TrustNetwork;
  readonly store: Store;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whose logs they are: names of keys begin with it. */
  readonly issuer: string;
  /** With a key of use `log`; null: this node is no hub. */
  readonly hub: { readonly ring: RotatingKeyRing; readonly witnesses: readonly Witness[] } | null;
  /** With a key of use `witness`; null: this node is none. */
  readonly witnessRing: RotatingKeyRing | null;
  readonly ownHeads: () => readonly LoggedHead[];
  readonly between: <T>(work: () => Promise<T>) => Promise<T>;
}

export interface TrustLogs
  extends Pick<BundleLog, 'check' | 'remember'>,
    Pick<TrustDesk, 'bundle' | 'checkpoint' | 'proof' | 'addCheckpoint'> {
  readonly leavesFor: (document: LoggedDocument) => TrustWrites;
  /** A document came into force, and this was written with it. */
  readonly taken: (written: TrustWrites) => void;
  /** A bundle was believed and is in force: this node may serve it as a mirror. */
  readonly mirror: (bundle: Bundle) => void;
  readonly seenSize: BundleLog['size'];
  /** C2SP verifier keys, as a root names them. */
  readonly keys: { readonly log: string | null; readonly witness: string | null };
  readonly close: () => Promise<void>;
}

export async function openTrustLogs(deps: TrustLogsDeps): Promise<TrustLogs> {
  const { network, hub, witnessRing, issuer, logger } = deps;
  const verify = createNodeVerify();
  const common = { ...deps, sha256, verify };
  const bundleLog = createBundleLog(common);
  let log: HubLog | null = null;
  let publisher: HubPublisher | null = null;
  let logKey: VerifierKey | null = null;
  if (hub !== null) {
    const tree = await openLogTree(deps.store, sha256);
    const onFailure = (witness: string, reason: string): void =>
      logger.warn({ witness, reason }, 'a witness did not cosign the log of the trust network');
    logKey = keyOf(hub.ring, 'log', `${issuer}/log`, 'note');
    const ask = createAskWitnesses({ witnesses: hub.witnesses, tree, sha256, onFailure });
    log = await createHubLog({ ...common, tree, key: logKey, sign: hub.ring.signer('log').sign, ask });
    publisher = startHubPublisher(log, after, logger);
  }
  const witnessKey =
    witnessRing === null ? null : keyOf(witnessRing, 'witness', `${issuer}/witness`, 'cosignature');
  let mirrored: Bundle | null = null;
  let bare: Bundle | null = null;
  const bundle = createBundleFile(() => {
    if (log !== null) return log.bundle();
    if (network.root()?.log !== null) return mirrored;
    bare ??= bareBundle(network);
    return bare;
  });

  return {
    leavesFor: (document) => log?.leavesFor(document) ?? {},
    taken: (written) => {
      bare = null;
      log?.taken(written);
      publisher?.wake();
    },
    check: bundleLog.check,
    remember: bundleLog.remember,
    seenSize: bundleLog.size,
    mirror: (accepted) => {
      mirrored = accepted;
    },
    bundle,
    checkpoint: async () => log?.checkpoint() ?? mirrored?.log?.checkpoint,
    proof: log?.proof ?? nothingLogged,
    addCheckpoint:
      witnessKey === null || witnessRing === null
        ? nothingWitnessed
        : createWitnessDesk({ ...common, key: witnessKey, sign: witnessRing.signer('witness').sign }),
    keys: { log: textOf(logKey), witness: textOf(witnessKey) },
    close: async () => {
      await publisher?.close();
    },
  };
}

/** @throws YimaError `config_invalid` for a key that notes cannot be signed with */
function keyOf(ring: RotatingKeyRing, use: SigningUse, name: string, type: NoteType): VerifierKey {
  const { publicKey } = ring.signer(use);
  if (publicKey.algorithm !== 'Ed25519')
    throw new YimaError(
      'config_invalid',
      `The ${use} key must be Ed25519. Move its file away, and start again.`,
    );
  return createVerifierKey(name, type, publicKey.x, sha256);
}

function textOf(key: VerifierKey | null): string | null {
  return key === null ? null : encodeVerifierKey(key);
}

const nothingLogged = async (): Promise<never> => {
  throw new YimaError('not_found', 'This node keeps no log of the trust network. Ask the hub.');
};

const nothingWitnessed = async (): Promise<never> => {
  throw new YimaError('not_found', 'This node is no witness. Set YIMA_TRUST_WITNESS=on.');
};
