// What this node remembers of the log that the root names: a bundle counts when that log holds it, goes on from where it was, and was
// lately seen by the witnesses.

import { decodeBase64, encodeBase64 } from '../../core/codec/base64.js';
import type { Ledger } from '../../core/issue/ledger.js';
import type { Clock } from '../../core/issue/ports.js';
import type { Store } from '../../core/issue/store.js';
import type { VerifySignature } from '../../core/signature/ports.js';
import type { Sha256 } from '../../core/signature/public-key.js';
import { type Bundle, checkBundleLogged } from '../../core/trust/bundle.js';
import { refuseDocument } from '../../core/trust/documents/rules.js';
import type { TreeHead } from '../../core/trust/log/check-proofs.js';
import type { Checkpoint } from '../../core/trust/log/checkpoint.js';
import { checkContinues } from '../../core/trust/log/log-mark.js';
import { encodeNote } from '../../core/trust/log/signed-note.js';
import { readLogKeys } from '../../core/trust/log/witnesses.js';
import type { TrustNetwork } from '../../core/trust/network/network.js';
import type { TrustSender } from '../../http/trust-desk.js';

export interface BundleLogDeps {
  readonly network: Pick<TrustNetwork, 'root'>;
  readonly store: Pick<Store, 'trustLogMarks'>;
  readonly ledger: Pick<Ledger, 'submit'>;
  readonly clock: Clock;
  readonly sha256: Sha256;
  readonly verify: VerifySignature;
}

export interface BundleLog {
  /**
   * @param continues base64 hashes that lead from what is remembered to the bundle's head; null: the bundle brings them itself
   * @returns what is to be remembered once the bundle's documents are in force; null where the root names no log
   * @throws YimaError `list_refused`, rules of `checkBundleLogged` and `checkContinues`
   */
  readonly check: (
    bundle: Bundle,
    from: TrustSender,
    continues: readonly string[] | null,
  ) => Promise<Checkpoint | null>;
  readonly remember: (head: Checkpoint) => Promise<void>;
  /** The size that is remembered of the log which the root names; 0 for none. */
  readonly size: () => Promise<number>;
}

/** Witnesses look every hour; a file on a stick takes longer, and says how old it is. */
const ONLINE_AGE_SECONDS = 86_400;
const CARRIED_AGE_SECONDS = 30 * 86_400;

export function createBundleLog(deps: BundleLogDeps): BundleLog {
  const { network, store, ledger, clock, sha256, verify } = deps;
  const seen = async (origin: string): Promise<TreeHead | null> => {
    const mark = (await store.trustLogMarks()).find((each) => each.role === 'seen' && each.origin === origin);
    return mark === undefined ? null : { size: mark.size, root: decodeBase64(mark.root) };
  };
  return {
    size: async () => (await seen(network.root()?.log?.origin ?? ''))?.size ?? 0,
    check: async (bundle, { via }, continues) => {
      const policy = network.root()?.log ?? null;
      if (policy === null) return null;
      const maxAgeSeconds = via === 'import' ? CARRIED_AGE_SECONDS : ONLINE_AGE_SECONDS;
      const times = { now: clock(), maxAgeSeconds };
      const head = checkBundleLogged(bundle, readLogKeys(policy, sha256), verify, sha256, times);
      const mark = await seen(head.origin);
      const proof = continues === null ? broughtProof(bundle, mark) : hashesOf(continues);
      checkContinues(mark, head, proof, sha256);
      return head;
    },
    remember: async ({ origin, size, root, note }) => {
      const known = await seen(origin);
      if (known !== null && known.size >= size) return;
      const at = clock();
      const mark = {
        role: 'seen' as const,
        origin,
        size,
        root: encodeBase64(root),
        note: encodeNote(note),
        at,
      };
      await ledger.submit(['trust seen'], async () => ({
        entries: [{ at, actor: 'local', type: 'trust.seen', body: { origin, size, root: mark.root } }],
        change: { trust: { logMarks: [mark] } },
        done: () => undefined,
      }));
    },
  };
}

function broughtProof({ log }: Bundle, mark: TreeHead | null): readonly Uint8Array[] | null {
  return log?.continues.find(({ from }) => from === mark?.size)?.proof ?? null;
}

function hashesOf(texts: readonly string[]): readonly Uint8Array[] {
  try {
    return texts.map(decodeBase64);
  } catch (cause) {
    throw refuseDocument('not_canonical', { field: 'continues', cause });
  }
}
