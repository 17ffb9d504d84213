// A witness: cosigns the head of the log that the network's root names, if it continues the one that was cosigned before, and has that
// durable before its signature leaves.

import { decodeBase64, encodeBase64 } from '../../core/codec/base64.js';
import { YimaError } from '../../core/errors/yima-error.js';
import type { Ledger } from '../../core/issue/ledger.js';
import type { Clock } from '../../core/issue/ports.js';
import type { Store } from '../../core/issue/store.js';
import type { Signer, VerifySignature } from '../../core/signature/ports.js';
import type { Sha256 } from '../../core/signature/public-key.js';
import type { TreeHead } from '../../core/trust/log/check-proofs.js';
import { encodeNote } from '../../core/trust/log/signed-note.js';
import type { VerifierKey } from '../../core/trust/log/verifier-key.js';
import { judgeCheckpoint, parseCheckpointRequest } from '../../core/trust/log/witness.js';
import { readLogKeys } from '../../core/trust/log/witnesses.js';
import type { TrustNetwork } from '../../core/trust/network/network.js';
import type { TrustDesk } from '../../http/trust-desk.js';

export interface WitnessDeskDeps {
  readonly network: Pick<TrustNetwork, 'root'>;
  readonly store: Pick<Store, 'trustLogMarks'>;
  readonly ledger: Pick<Ledger, 'submit'>;
  readonly clock: Clock;
  readonly sha256: Sha256;
  readonly verify: VerifySignature;
  readonly key: VerifierKey;
  readonly sign: Signer['sign'];
}

/** Requests that may wait; logs ask one after the other, and ask again. */
const MOST_WAITING = 64;
const NO_LOG: TreeHead = { size: 0, root: new Uint8Array(32) };

export function createWitnessDesk(deps: WitnessDeskDeps): TrustDesk['addCheckpoint'] {
  const { network, store, ledger, clock, sha256 } = deps;
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  const logKeys = (origin: string): readonly VerifierKey[] => {
    const policy = network.root()?.log ?? null;
    if (policy === null || policy.origin !== origin) return [];
    return [readLogKeys(policy, sha256).log];
  };

  /** Read anew each time: what may have been written by a write of unknown outcome counts. */
  const lastHead = async (origin: string): Promise<TreeHead> => {
    const marks = await store.trustLogMarks();
    const mark = marks.find((each) => each.role === 'witness' && each.origin === origin);
    return mark === undefined ? NO_LOG : { size: mark.size, root: decodeBase64(mark.root) };
  };

  const judge = async (body: string) => {
    const request = parseRequest(body);
    if (request === null)
      return { status: 400, contentType: TEXT, body: 'The body is no add-checkpoint request.\n' } as const;
    const { origin, note } = request.checkpoint;
    const head = await lastHead(origin);
    const verdict = judgeCheckpoint(request, { ...deps, logKeys, lastHead: () => head }, clock());
    if (verdict.head !== null) {
      const { size } = verdict.head;
      const root = encodeBase64(verdict.head.root);
      const at = clock();
      const mark = { role: 'witness' as const, origin, size, root, note: encodeNote(note), at };
      await ledger.submit(['trust witness'], async () => ({
        entries: [{ at, actor: 'local', type: 'trust.witnessed', body: { origin, size, root } }],
        change: { trust: { logMarks: [mark] } },
        done: () => undefined,
      }));
    }
    return { status: verdict.status, contentType: verdict.contentType, body: verdict.body };
  };

  return async (body) => {
    if (waiting >= MOST_WAITING)
      throw new YimaError('overloaded', 'Too many checkpoints wait; send it again.');
    waiting += 1;
    try {
      const done = last.then(() => judge(body));
      last = done.catch(() => undefined);
      return await done;
    } finally {
      waiting -= 1;
    }
  };
}

const TEXT = 'text/plain; charset=utf-8';

function parseRequest(body: string) {
  try {
    return parseCheckpointRequest(body);
  } catch (error) {
    if (error instanceof YimaError && error.code === 'invalid_request') return null;
    throw error;
  }
}
