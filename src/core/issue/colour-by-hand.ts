// Colours changed by hand: two people, few credentials, few a day, each with what for and on which grounds. Suspending and
// reinstating are changes of colour too.

import type { JsonObject } from '../codec/json.js';
import { YimaError } from '../errors/yima-error.js';
import type { Sha256 } from '../signature/public-key.js';
import { readMembers } from './body-members.js';
import { type BulkChangeDeps, bulkChange, type StateDelta, statesDigest } from './bulk-change.js';
import { findColoured, levelOf } from './colour-credentials.js';
import type { ProposalHandler } from './proposals.js';
import type { StoredCredential } from './store.js';

export const COLOUR = 'colour';
/** More at a time is what rules are for. */
const MOST_CREDENTIALS = 50;
const DAY_SECONDS = 86_400;
const MEMBERS = ['action', 'level', 'credentials', 'purpose', 'evidence', 'nonce'];

export interface ColourByHandDeps extends BulkChangeDeps {
  readonly sha256: Sha256;
  /** Credentials that may be changed by hand in any 24 hours, open proposals counted in. */
  readonly perDay: number;
  /** Hears how many were changed. */
  readonly onChanged: (credentials: number) => void;
}

interface ByHand {
  readonly action: 'set-level' | 'suspend' | 'reinstate';
  /** A status word; `''` where the action names none. */
  readonly level: string;
  readonly credentials: readonly string[];
  readonly purpose: string;
  readonly evidence: string;
}

function readBody(body: JsonObject): ByHand {
  const read = readMembers(body, MEMBERS);
  const action = read.word('action', ['set-level', 'suspend', 'reinstate']);
  if (action !== 'set-level' && read.has('level'))
    throw new YimaError('invalid_request', 'A level goes with set-level alone.', { field: 'body.level' });
  return {
    action,
    level: action === 'set-level' ? read.text('level', 32) : '',
    credentials: read.texts('credentials', MOST_CREDENTIALS, 26),
    purpose: read.text('purpose', 128),
    evidence: read.text('evidence', 128),
  };
}

export function createColourByHand(deps: ColourByHandDeps): ProposalHandler {
  return {
    isProposedByOfficers: true,
    subjects: async (body) => [COLOUR, ...readBody(body).credentials.map((id) => `credential:${id}`)],
    check: async (body, now, row) => {
      const asked = readBody(body);
      await checkDay(deps, asked.credentials.length, now, row === null ? 0 : row.size);
      const stored = await findColoured(asked.credentials, deps, 'body.credentials');
      for (const [at, each] of stored.entries()) checkChange(each, deltaOf(asked, each, deps), at);
      return { size: stored.length, seen: statesDigest(stored, deps.sha256) };
    },
    effect: async (row, body) => {
      const asked = readBody(body);
      const stored = await findColoured(asked.credentials, deps, 'body.credentials');
      const { purpose, evidence } = asked;
      const effect = bulkChange(
        stored.map((each) => ({ stored: each, delta: deltaOf(asked, each, deps) })),
        {
          changeId: row.id,
          by: 'proposal',
          actor: row.decidedBy ?? '',
          at: row.decidedAt ?? 0,
          rule: null,
          purpose,
          evidence,
        },
        deps,
      );
      return {
        ...effect,
        done: () => {
          effect.done?.();
          deps.onChanged(stored.length);
        },
      };
    },
  };
}

/** @param counted what of it is among the counted already */
async function checkDay(
  { store, perDay }: ColourByHandDeps,
  asked: number,
  now: number,
  counted: number,
): Promise<void> {
  const others = (await store.proposedSize(COLOUR, now - DAY_SECONDS)) - counted;
  if (others + asked <= perDay) return;
  throw new YimaError(
    'forbidden',
    `By hand at most ${perDay} credentials are changed in 24 hours, and ${others} are taken. Use a rule, or wait.`,
    { field: 'body.credentials', rule: 'daily_cap' },
  );
}

function deltaOf(
  { action, level }: ByHand,
  { credential }: StoredCredential,
  { kinds }: ColourByHandDeps,
): StateDelta {
  if (action !== 'set-level') return { suspended: action === 'suspend' };
  const value = levelOf(kinds.byName(credential.kind), level);
  if (value === undefined)
    throw new YimaError('invalid_request', 'The level must be a status word of the kind.', {
      field: 'body.level',
    });
  return { level: value };
}

function checkChange({ credential }: StoredCredential, delta: StateDelta, at: number): void {
  const field = `body.credentials.${at}`;
  if (credential.revoked)
    throw new YimaError('conflict', 'This credential is revoked, which is for good; leave it out.', {
      field,
    });
  const isSame =
    (delta.level ?? credential.level) === credential.level &&
    (delta.suspended ?? credential.suspended) === credential.suspended;
  if (isSame) throw new YimaError('conflict', 'This credential is so already; leave it out.', { field });
}
