// How much one key may sign: after so many credentials or so long another takes over, so that withdrawing a key never strands more than that.

import type { Kind } from '../credential/kind.js';
import { YimaError } from '../errors/yima-error.js';
import type { Signer } from '../signature/ports.js';
import type { Clock, CodeUse } from './ports.js';

export interface KeyLimit {
  readonly signatures: number;
  readonly seconds: number;
}

const DAY_SECONDS = 86_400;
/** Kinds that last longer are signed by keys that are kept longer. */
const LONG_SECONDS = 366 * DAY_SECONDS;

/** @param signatures of every key, at least as many as are issued in one step */
export function keyLimits(signatures: number): Readonly<Record<CodeUse, KeyLimit>> {
  return {
    credential: { signatures, seconds: 7 * DAY_SECONDS },
    'credential-long': { signatures, seconds: 180 * DAY_SECONDS },
  };
}

/** So many keys are announced ahead: a month of weeks, since lists are signed by people and partners save key sets. */
export const KEYS_AHEAD: Readonly<Record<CodeUse, number>> = { credential: 4, 'credential-long': 1 };

export const CODE_USES = Object.keys(KEYS_AHEAD) as readonly CodeUse[];

/** Which key signs codes of this kind; undefined for a kind that is not known. */
export function codeUseOf(kind: Pick<Kind, 'validity'> | undefined): CodeUse {
  const longest = kind?.validity.maxSeconds;
  return longest === undefined || (longest !== null && longest <= LONG_SECONDS)
    ? 'credential'
    : 'credential-long';
}

/** The key that signs now. */
export interface PresentKey {
  readonly kid: string;
  readonly signer: Signer;
  /** When it began to sign, epoch seconds. */
  readonly since: number;
}

export interface KeyBudgetDeps {
  /** @throws YimaError when none may sign */
  readonly present: (use: CodeUse) => PresentKey;
  /** Goes over to the next key. @returns false when there is none that may sign */
  readonly roll: (use: CodeUse) => Promise<boolean>;
  /** How many credentials the store holds of this key. */
  readonly countSigned: (key: PresentKey) => Promise<number>;
  readonly clock: Clock;
  readonly limits: Readonly<Record<CodeUse, KeyLimit>>;
}

/** What a key has used of its limits. */
export interface KeySpent {
  readonly kid: string;
  readonly signatures: number;
  /** Of the limit that is nearest, 1 and more: it signs no more. */
  readonly share: number;
  /** When its time is over, epoch seconds. */
  readonly until: number;
}

export interface KeyBudget {
  /**
   * The key for so many credentials, which count from now on, whatever becomes of them: no key signs past its limit, also when several are
   * under way at once.
   * @throws YimaError `conflict`, rule `key_exhausted`: its limit is reached and no other may sign
   */
  readonly reserve: (use: CodeUse, credentials: number) => Promise<Signer>;
  /** Goes over where a limit is reached, before somebody has to wait for it. */
  readonly keep: (use: CodeUse) => Promise<void>;
  readonly spent: (use: CodeUse) => Promise<KeySpent>;
}

export function createKeyBudget(deps: KeyBudgetDeps): KeyBudget {
  const { limits } = deps;
  const signed = new Map<string, Promise<{ count: number }>>();
  const rolling = new Map<CodeUse, Promise<boolean>>();

  /** Counted once a key, then kept. */
  const signedBy = (key: PresentKey): Promise<{ count: number }> => {
    const known = signed.get(key.kid);
    if (known !== undefined) return known;
    const counting = deps.countSigned(key).then((count) => ({ count }));
    signed.set(key.kid, counting);
    counting.catch(() => signed.delete(key.kid));
    return counting;
  };
  const isOver = (use: CodeUse, { since }: PresentKey, signatures: number): boolean =>
    signatures > limits[use].signatures || deps.clock() - since >= limits[use].seconds;
  /** Away from this key; somebody else may have done so already. @returns false when there is no other */
  const leave = (use: CodeUse, kid: string): Promise<boolean> => {
    const known = rolling.get(use);
    if (known !== undefined) return known;
    if (deps.present(use).kid !== kid) return Promise.resolve(true);
    const done = deps.roll(use).finally(() => rolling.delete(use));
    rolling.set(use, done);
    return done;
  };

  return {
    reserve: async (use, credentials) => {
      for (;;) {
        const key = deps.present(use);
        const spent = await signedBy(key);
        if (!isOver(use, key, spent.count + credentials)) {
          spent.count += credentials;
          return key.signer;
        }
        if (!(await leave(use, key.kid))) throw exhausted(use);
      }
    },
    keep: async (use) => {
      const key = deps.present(use);
      const { count } = await signedBy(key);
      if (isOver(use, key, count + 1)) await leave(use, key.kid);
    },
    spent: async (use) => {
      const key = deps.present(use);
      const { kid, since } = key;
      const { count } = await signedBy(key);
      const { signatures, seconds } = limits[use];
      const share = Math.max(count / signatures, (deps.clock() - since) / seconds);
      return { kid, signatures: count, share, until: since + seconds };
    },
  };
}

function exhausted(use: CodeUse): YimaError {
  return new YimaError(
    'conflict',
    `The signing key for ${use} has reached its limit, and no list of the trust network names the next one as active. Run yima keys list, and send the announced key to the authority above.`,
    { rule: 'key_exhausted' },
  );
}
