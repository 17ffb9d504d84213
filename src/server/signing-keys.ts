// The node's signing keys over time: within their limits, with successors that others know before they sign, and each change in the
// log before it holds.

import type { NextKey, RotatingKeyRing } from '../adapters/keyfile/key-ring.js';
import {
  CODE_USES,
  createKeyBudget,
  KEYS_AHEAD,
  type KeyBudget,
  type KeySpent,
  keyLimits,
} from '../core/issue/key-budget.js';
import type { Ledger } from '../core/issue/ledger.js';
import type { Clock, CodeUse, SigningUse } from '../core/issue/ports.js';
import { LOCAL } from '../core/issue/principal.js';
import { UNNAMED_SCOPE } from '../core/issue/revocation-scope.js';
import { countScope } from '../core/issue/scope-count.js';
import type { Store } from '../core/issue/store.js';
import { lowestTimedId } from '../core/issue/timed-id.js';
import type { KeyRecord } from '../core/trust/key-record.js';
import type { KeyAdministration, Logger, RotatedUse } from '../http/deps.js';
import type { After } from './after.js';
import type { ListedRing } from './trust-network/listed-ring.js';

export interface SigningKeysDeps {
  readonly ring: RotatingKeyRing;
  /** The ring as the lists of the trust network leave it. */
  readonly listed: ListedRing;
  /** Whether lists say which keys may sign: then successors are announced ahead, and only listed ones take over. */
  readonly isRooted: () => boolean;
  readonly store: Store;
  readonly ledger: Pick<Ledger, 'submit'>;
  readonly clock: Clock;
  /** What one key signs at most. */
  readonly keySignatures: number;
  readonly after: After;
  readonly nextTurn: () => Promise<unknown>;
  /** Puts the ring's keys into the key table. */
  readonly onChange: () => void;
  readonly logger: Logger;
}

export interface SigningKeys {
  readonly administration: KeyAdministration;
  readonly reserve: KeyBudget['reserve'];
  /** For metrics; undefined until it was counted. */
  readonly spent: (use: CodeUse) => KeySpent | undefined;
  readonly successors: (use: CodeUse) => number;
  readonly close: () => void;
}

const USES: readonly RotatedUse[] = [...CODE_USES, 'status'];
const LOOK_MS = 60_000;
/** From here on somebody has to see to a successor. */
const WARN_SHARE = 0.8;
/** A key signed nothing before it began, but clocks step. */
const MARGIN_SECONDS = 86_400;

export function createSigningKeys(deps: SigningKeysDeps): SigningKeys {
  const { ring, listed, ledger, clock, logger } = deps;
  const spent = new Map<CodeUse, KeySpent>();
  /** Keys that began to sign in this process: nothing of theirs has to be counted in the store. */
  const begun = new Set<string>();
  let closed = false;

  const told =
    (type: string, actor: string, use: SigningUse) =>
    (kid: string, discarded: readonly string[] = []) =>
      ledger.submit([`key:${use}`], async () => ({
        entries: [
          { at: clock(), actor, type, body: { use, kid, ...(discarded.length > 0 ? { discarded } : {}) } },
        ],
        change: {},
        done: () => undefined,
      }));
  const rotate = async (actor: string, use: SigningUse, choice: NextKey): Promise<KeyRecord> => {
    const record = await ring.rotate(use, told('key_created', actor, use), choice);
    begun.add(record.kid);
    deps.onChange();
    return record;
  };
  const announce = async (actor: string, use: SigningUse): Promise<KeyRecord> => {
    const record = await ring.announce(use, told('key_announced', actor, use));
    deps.onChange();
    return record;
  };
  const budget = createKeyBudget({
    present: (use) => {
      const signer = listed.signer(use);
      const key = ring.keysOf(use).findLast((each) => ring.find(each.record.kid) === signer);
      return { kid: key?.record.kid ?? '', signer, since: key?.since ?? 0 };
    },
    roll: async (use) => {
      const [next] = listed.successors(use);
      if (next === undefined && deps.isRooted()) return false;
      await rotate(LOCAL, use, { kid: next?.kid });
      return true;
    },
    countSigned: async ({ kid, since }) => {
      if (begun.has(kid)) return 0;
      const { count, revoked } = await countScope(
        { store: deps.store, nextTurn: async () => void (await deps.nextTurn()) },
        { ...UNNAMED_SCOPE, signingKey: kid },
        lowestTimedId(Math.max(0, since - MARGIN_SECONDS)),
      );
      return count + revoked;
    },
    clock,
    limits: keyLimits(deps.keySignatures),
  });

  const look = async (): Promise<void> => {
    for (const use of CODE_USES) {
      try {
        while (waiting(use) < KEYS_AHEAD[use]) await announce(LOCAL, use);
        await budget.keep(use);
        const now = await budget.spent(use);
        spent.set(use, now);
        if (now.share < WARN_SHARE || !deps.isRooted() || listed.successors(use).length > 0) continue;
        logger.warn(
          { use, kid: now.kid, share: now.share },
          'a signing key nears its limit, and no list names its successor: send the announced key to the authority above (yima keys list)',
        );
      } catch (error) {
        if (!closed) logger.warn({ use, err: error }, 'the signing keys were not looked after');
      }
    }
  };
  const waiting = (use: CodeUse): number => ring.keysOf(use).filter(({ isAnnounced }) => isAnnounced).length;
  let cancel: () => void = () => undefined;
  const keepLooking = (): void => {
    void look().finally(() => {
      if (!closed) cancel = deps.after(keepLooking, LOOK_MS);
    });
  };
  keepLooking();

  return {
    administration: {
      list: async () =>
        USES.flatMap((signs) => ring.keysOf(signs).map(({ record }) => ({ ...record, signs }))),
      rotate: (actor, use, fresh) =>
        rotate(actor, use, fresh ? { fresh } : { kid: listed.successors(use)[0]?.kid }),
      announce,
    },
    reserve: budget.reserve,
    spent: (use) => spent.get(use),
    successors: (use) => listed.successors(use).length,
    close: () => {
      closed = true;
      cancel();
    },
  };
}
