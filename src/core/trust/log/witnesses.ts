// Who must have seen a checkpoint before it counts: so many distinct witnesses, lately enough.

import { YimaError } from '../../errors/yima-error.js';
import type { VerifySignature } from '../../signature/ports.js';
import type { Sha256 } from '../../signature/public-key.js';
import type { LogPolicy } from '../documents/root.js';
import { type Checkpoint, cosignedAt, isSignedBy } from './checkpoint.js';
import { parseVerifierKey, type VerifierKey } from './verifier-key.js';

export interface LogKeys {
  readonly log: VerifierKey;
  readonly witnesses: readonly VerifierKey[];
  readonly quorum: number;
}

const SKEW_SECONDS = 60;

function refuse(rule: string, message: string): YimaError {
  return new YimaError('list_refused', message, { rule });
}

/**
 * The keys of a root's log policy.
 * @throws YimaError `list_refused`, rules log_key, witness_key, witness_twice: one key under two names is one witness
 */
export function readLogKeys({ key, witnesses, origin }: LogPolicy, sha256: Sha256): LogKeys {
  const log = parseVerifierKey(key, sha256);
  if (log === null || log.type !== 'note' || log.name !== origin) {
    throw refuse('log_key', "The root names no sound key for the log's origin.");
  }
  const parsed = witnesses.keys.map((text) => parseVerifierKey(text, sha256));
  const sound = parsed.filter((each) => each !== null && each.type === 'cosignature') as VerifierKey[];
  if (sound.length !== parsed.length)
    throw refuse('witness_key', 'The root names a witness without a sound key.');
  const material = new Set([log, ...sound].map(({ key: { x } }) => x.join()));
  const names = new Set(sound.map(({ name }) => name));
  if (material.size !== sound.length + 1 || names.size !== sound.length) {
    throw refuse('witness_twice', 'The root names one witness key or name twice.');
  }
  return { log, witnesses: sound, quorum: witnesses.quorum };
}

/**
 * Whether the log signed the checkpoint and enough witnesses have seen it.
 * @param maxAgeSeconds how old the quorum's oldest cosignature may be; null: any age
 * A cosignature from later than now does not count: one witness with a fast clock must not undo the others.
 * @returns when the quorum had seen it, epoch seconds; 0 where none is asked for
 * @throws YimaError `list_refused`, rules log_signature, cosignature, quorum, checkpoint_old, from_future
 */
export function checkWitnesses(
  checkpoint: Checkpoint,
  { log, witnesses, quorum }: LogKeys,
  verify: VerifySignature,
  { now, maxAgeSeconds }: { readonly now: number; readonly maxAgeSeconds: number | null },
): number {
  if (!isSignedBy(checkpoint, log, verify))
    throw refuse('log_signature', 'The log has not signed the checkpoint.');
  const times = witnesses
    .map((witness) => cosignedAt(checkpoint, witness, verify))
    .filter((at) => at !== null);
  const past = times.filter((at) => at <= now + SKEW_SECONDS);
  if (times.length < quorum) throw refuse('quorum', 'Too few witnesses have seen the checkpoint.');
  if (past.length < quorum) {
    throw refuse('from_future', 'Witnesses have signed later than now. Look at the clocks.');
  }
  if (quorum === 0) return 0;
  const seen = past.sort((a, b) => b - a)[quorum - 1] ?? 0;
  if (maxAgeSeconds !== null && now - seen > maxAgeSeconds) {
    throw refuse(
      'checkpoint_old',
      'The witnesses have not seen this log for too long: it may be frozen. Ask another mirror.',
    );
  }
  return seen;
}
