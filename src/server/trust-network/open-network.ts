// The network as a node's store tells it: every document is judged again at the start, so that a row which somebody edited counts for
// nothing. What cannot stand now, since no list vouches for its authority, waits until one does.

import { createNodeVerify, sha256 } from '../../adapters/crypto-node.js';
import { YimaError } from '../../core/errors/yima-error.js';
import type { Store } from '../../core/issue/store.js';
import type { TrustDocumentRow } from '../../core/issue/trust-rows.js';
import { parseSignedDocument, type SignedDocument } from '../../core/trust/documents/signed-document.js';
import { createAdmission } from '../../core/trust/documents/trusted-key.js';
import type { TablePatch } from '../../core/trust/key-record.js';
import type { Grant } from '../../core/trust/network/grant.js';
import { createTrustNetwork, type TrustNetwork } from '../../core/trust/network/network.js';
import type { NetworkRecords } from '../trust-table.js';
import { drive } from './drive.js';

/** A list as it was accepted. */
export interface RestoredList {
  readonly document: SignedDocument;
  /** Whether every key of it was found sound then: one that was not must not come in now. */
  readonly isSound: boolean;
}

/** Lists that were accepted once and cannot stand now. */
export interface WaitingLists {
  readonly put: (authority: string, list: RestoredList) => void;
  /** A newer one was accepted. */
  readonly drop: (authority: string) => void;
  /** Takes up those that can stand by now, and those that stand on them. @returns what becomes different in the key table, in order */
  readonly standUp: () => Promise<readonly TablePatch[]>;
}

function createWaitingLists(network: TrustNetwork): WaitingLists {
  const waiting = new Map<string, RestoredList>();
  /** Under which they could not stand: nothing but another one makes a difference. */
  const tried = new Map<string, Grant>();

  const stand = async (
    authority: string,
    { document, isSound }: RestoredList,
  ): Promise<TablePatch | null> => {
    try {
      const judging = isSound ? network.restore(document) : network.judge(document, null);
      const patch = await drive(network.apply(await drive(judging)));
      waiting.delete(authority);
      return patch;
    } catch (error) {
      if (isRefused(error)) return null;
      throw error;
    }
  };

  return {
    put: (authority, list) => void waiting.set(authority, list),
    drop: (authority) => {
      waiting.delete(authority);
      tried.delete(authority);
    },
    standUp: async () => {
      const patches: TablePatch[] = [];
      for (let before = -1; before !== patches.length; ) {
        before = patches.length;
        for (const [authority, list] of [...waiting]) {
          const grant = network.authorities().get(authority)?.grant;
          if (grant === undefined || tried.get(authority) === grant) continue;
          tried.set(authority, grant);
          const patch = await stand(authority, list);
          if (patch !== null) patches.push(patch);
        }
      }
      return patches;
    },
  };
}

/**
 * Reads all stored documents into an empty network.
 * @param taken hears when each was accepted, epoch seconds
 * @throws YimaError `config_invalid` where the stored roots begin with another one than the pinned
 */
async function restoreNetwork(
  network: TrustNetwork,
  waiting: WaitingLists,
  store: Pick<Store, 'trustDocuments'>,
  taken: (hash: string, at: number) => void,
): Promise<void> {
  for await (const rows of store.trustDocuments()) {
    for (const row of rows) {
      const document = readRow(row);
      if (document === null) continue;
      taken(document.hash, row.acceptedAt);
      if (row.type === 'list') waiting.put(row.authority, { document, isSound: row.leftOut === 0 });
      else await restoreRoot(network, document);
    }
  }
  await waiting.standUp();
}

/** null for what is none of what this program wrote: it counts for nothing. */
function readRow({ text, hash }: TrustDocumentRow): SignedDocument | null {
  try {
    const document = parseSignedDocument(text ?? '', sha256);
    return document.hash === hash ? document : null;
  } catch (error) {
    if (isRefused(error)) return null;
    throw error;
  }
}

async function restoreRoot(network: TrustNetwork, document: SignedDocument): Promise<void> {
  try {
    await drive(network.apply(await drive(network.restore(document))));
  } catch (cause) {
    if (!isRefused(cause)) throw cause;
    const message =
      'The roots in the data folder do not follow from the pinned one. Compare YIMA_TRUST_PIN over a second channel, or restore the backup.';
    throw new YimaError('config_invalid', message, { field: 'YIMA_TRUST_PIN', cause });
  }
}

function isRefused(error: unknown): error is YimaError {
  return error instanceof YimaError && error.code === 'list_refused';
}

/** A network as it was restored, before anything hangs on it. */
export interface OpenedNetwork extends NetworkRecords {
  readonly network: TrustNetwork;
  readonly waiting: WaitingLists;
  /** When each document was taken, by hash. */
  readonly takenAt: Map<string, number>;
  readonly pin: string;
}

/** @throws YimaError `config_invalid` where the stored roots begin with another one than the pinned */
export async function openTrustNetwork(pin: string, store: Store): Promise<OpenedNetwork> {
  const network = createTrustNetwork({
    admit: createAdmission({ sha256 }),
    admitRestored: createAdmission({ sha256 }, () => undefined),
    verify: createNodeVerify(),
    pin,
    tombstones: await store.trustTombstones(),
  });
  const waiting = createWaitingLists(network);
  const takenAt = new Map<string, number>();
  await restoreNetwork(network, waiting, store, (hash, at) => takenAt.set(hash, at));
  return {
    network,
    waiting,
    takenAt,
    pin,
    isRooted: () => network.root() !== null,
    records: network.records,
  };
}
