// What takes two people: one proposes, another decides, each with a signature over the hash of the very same text. Knows no
// type of proposal: a handler checks a body and says what approving it writes.

import { isJsonObject, type JsonObject } from '../codec/json.js';
import { YimaError } from '../errors/yima-error.js';
import type { VerifySignature } from '../signature/ports.js';
import { type Sha256, samePublicKey } from '../signature/public-key.js';
import { checkApproval, proposalHash } from './approval.js';
import { PROPOSAL_OPEN_SECONDS, type ProposalRow } from './decision-rows.js';
import type { Ledger, Plan } from './ledger.js';
import type { LogEntry } from './log.js';
import type { Officer, Officers } from './officers.js';
import type { Clock, Random } from './ports.js';
import { proposalDecided, proposalOpened } from './proposal-log.js';
import type { Change, LogRow, Store } from './store.js';
import { newTimedId } from './timed-id.js';

/** What the check of a body finds. */
export interface CheckedBody {
  /** Credentials that it counts for, under the caps of its type. */
  readonly size: number;
  /** Hex digest of the states it was checked against, `''` for none: different ones at the approval are a conflict. */
  readonly seen: string;
}

/** What approving writes besides the decision itself. */
export interface Effect {
  readonly entries: readonly LogEntry[];
  readonly change: Omit<Change, 'log' | 'proposals'>;
  /** Called when it is durable, in the same turn: what was changed is published here. */
  readonly done?: () => void;
  /** Called when nobody knows whether it was written: what it touched is read again and published. */
  readonly unsure?: () => Promise<void>;
}

/** One type of proposal. */
export interface ProposalHandler {
  /** Whether officers propose it themselves; false: it comes about in another way, and officers only decide. */
  readonly isProposedByOfficers: boolean;
  /** What its check reads and its effect writes, as subjects of the ledger. Called outside the ledger. @throws YimaError `invalid_request` */
  readonly subjects: (body: JsonObject) => Promise<readonly string[]>;
  /**
   * Called in the ledger, when it is proposed (`row` null) and again when it is approved.
   * @param now epoch seconds
   * @throws YimaError `invalid_request` with the field, `not_found`, `conflict`, `forbidden` for what is over a cap
   */
  readonly check: (body: JsonObject, now: number, row: ProposalRow | null) => Promise<CheckedBody>;
  /** @param row approved */
  readonly effect: (row: ProposalRow, body: JsonObject) => Promise<Effect>;
  /** What refusing writes besides the decision; absent: nothing. @param row rejected */
  readonly refused?: (row: ProposalRow, body: JsonObject) => Promise<Effect>;
  /** @throws YimaError `forbidden` for an officer who took part in what the proposal is about */
  readonly checkDecider?: (body: JsonObject, officer: Officer) => Promise<void>;
}

export type ProposalHandlers = Readonly<Record<string, ProposalHandler>>;

export interface NewProposal {
  readonly type: string;
  /** With a `nonce` of its own, so that no signature is good for a second proposal. */
  readonly body: JsonObject;
  readonly jws: string;
}

export type Decision =
  | { readonly action: 'approve' | 'reject'; readonly jws: string }
  | { readonly action: 'withdraw' };

/** As people see it: what nobody decided in time has expired. */
export type ProposalState = ProposalRow['state'] | 'expired';

export interface Proposals {
  /** @throws YimaError as the handler's check, `forbidden` unless the actor is an officer who signed it, `conflict` for a known hash */
  readonly propose: (actor: string, proposal: NewProposal) => Promise<ProposalRow>;
  /**
   * Deciding and applying are one change.
   * @throws YimaError `not_found`; `conflict` for what is decided, has expired or no longer fits; `forbidden` for anybody but
   *   another officer who signed it
   */
  readonly decide: (actor: string, id: string, decision: Decision) => Promise<ProposalRow>;
  readonly find: (id: string) => Promise<ProposalRow | undefined>;
  /** In id order after `after`, at most `limit`; `open`: only those that can be decided. */
  readonly list: (after: string, limit: number, open: boolean) => Promise<readonly ProposalRow[]>;
}

export interface ProposalsDeps {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly random: Random;
  readonly sha256: Sha256;
  readonly verify: VerifySignature;
  readonly officers: Officers;
  readonly handlers: ProposalHandlers;
}

export function createProposals(deps: ProposalsDeps): Proposals {
  const { store, ledger, clock } = deps;
  return {
    propose: async (actor, { type, body, jws }) => {
      const handler = handlerOf(deps, type);
      if (!handler.isProposedByOfficers)
        throw new YimaError('invalid_request', 'This comes about by itself and is not proposed.', {
          field: 'type',
        });
      checkNonce(body);
      const { text, hash } = proposalHash(type, body, deps.sha256);
      const subjects = [`proposal:${hash}`, ...(await handler.subjects(body))];
      return ledger.submit(subjects, async () => {
        const now = clock();
        const officer = deps.officers.get(actor);
        if ((await store.findProposalByHash(hash)) !== undefined)
          throw new YimaError(
            'conflict',
            'This very text was proposed before. Give it a new nonce and sign it anew.',
            {
              rule: 'known_hash',
            },
          );
        checkApproval(jws, { hash, action: 'propose' }, officer.publicKey, now, deps.verify);
        const checked = await handler.check(body, now, null);
        const row = openProposal(deps, {
          type,
          body: text,
          hash,
          ...checked,
          proposedBy: actor,
          proposerJws: jws,
        });
        return { entries: [proposalOpened(row)], change: { proposals: [row] }, done: () => row };
      });
    },
    decide: async (actor, id, decision) => {
      const asked = await getProposal(store, id);
      const body = bodyOf(asked);
      const handler = handlerOf(deps, asked.type);
      return ledger.submit([`proposal:${asked.hash}`, ...(await handler.subjects(body))], async () => {
        const row = await getProposal(store, id);
        const now = clock();
        if (proposalState(row, now) !== 'open') throw decided(proposalState(row, now));
        return decision.action === 'withdraw'
          ? planWithdrawal(row, actor, now)
          : planDecision(deps, handler, row, body, actor, decision, now);
      });
    },
    find: (id) => store.findProposal(id),
    list: (after, limit, open) =>
      open
        ? store.openProposals(clock() - PROPOSAL_OPEN_SECONDS, after, limit)
        : store.proposals(after, limit),
  };
}

/** A new row, for what proposes or is held. */
export function openProposal(
  { clock, random }: Pick<ProposalsDeps, 'clock' | 'random'>,
  row: Pick<ProposalRow, 'type' | 'body' | 'hash' | 'size' | 'seen' | 'proposedBy' | 'proposerJws'>,
): ProposalRow {
  const now = clock();
  const undecided = { state: 'open', decidedBy: null, decidedAt: null, deciderJws: null } as const;
  return { ...row, id: newTimedId(now, random), proposedAt: now, ...undecided };
}

/** @param now epoch seconds */
export function proposalState({ state, proposedAt }: ProposalRow, now: number): ProposalState {
  return state === 'open' && now >= proposedAt + PROPOSAL_OPEN_SECONDS ? 'expired' : state;
}

function planWithdrawal(row: ProposalRow, actor: string, now: number): Plan<ProposalRow> {
  if (row.proposedBy !== actor)
    throw new YimaError('forbidden', 'Only who proposed it withdraws it; others reject it.', {
      rule: 'not_the_proposer',
    });
  return settled({ ...row, state: 'withdrawn', decidedBy: actor, decidedAt: now });
}

async function planDecision(
  deps: ProposalsDeps,
  handler: ProposalHandler,
  row: ProposalRow,
  body: JsonObject,
  actor: string,
  { action, jws }: Exclude<Decision, { action: 'withdraw' }>,
  now: number,
): Promise<Plan<ProposalRow>> {
  const officer = deps.officers.get(actor);
  checkOther(deps.officers, officer, row);
  checkApproval(jws, { hash: row.hash, action }, officer.publicKey, now, deps.verify);
  await handler.checkDecider?.(body, officer);
  const decision = { decidedBy: actor, decidedAt: now, deciderJws: jws };
  if (action === 'reject') {
    const rejected: ProposalRow = { ...row, state: 'rejected', ...decision };
    return settled(rejected, await handler.refused?.(rejected, body));
  }
  const { size, seen } = await handler.check(body, now, row);
  if (size !== row.size || seen !== row.seen) {
    throw new YimaError(
      'conflict',
      'What it is about was changed meanwhile; nothing was done. Propose it anew.',
      {
        rule: 'changed_meanwhile',
      },
    );
  }
  const approved: ProposalRow = { ...row, state: 'approved', ...decision };
  return settled(approved, await handler.effect(approved, body));
}

function settled(row: ProposalRow, effect?: Effect): Plan<ProposalRow> {
  return {
    entries: [proposalDecided(row), ...(effect?.entries ?? [])],
    change: { ...effect?.change, proposals: [row] },
    ...(effect?.unsure === undefined ? {} : { unsure: effect.unsure }),
    done: (_rows: readonly LogRow[]) => {
      effect?.done?.();
      return row;
    },
  };
}

/** Two people: another key id, another key that signs, neither made by the other, and the first still somebody here. */
function checkOther(officers: Officers, officer: Officer, { proposedBy, proposerJws }: ProposalRow): void {
  const refuse = (rule: string, message: string): never => {
    throw new YimaError('forbidden', message, { rule });
  };
  if (proposedBy === officer.id)
    refuse('same_person', 'Who proposed it does not decide it. Ask another officer.');
  if (officers.madeEachOther(proposedBy, officer.id))
    refuse('same_origin', 'One of the two made the other’s key. Ask another officer.');
  if (!officers.isLive(proposedBy))
    refuse(
      'proposer_gone',
      'The key of who proposed it is revoked or expired. Somebody else has to propose it.',
    );
  if (proposerJws !== null && samePublicKey(officers.get(proposedBy).publicKey, officer.publicKey))
    refuse('same_key', 'Both sign with one key. Ask another officer.');
}

function handlerOf({ handlers }: ProposalsDeps, type: string): ProposalHandler {
  const handler = Object.hasOwn(handlers, type) ? handlers[type] : undefined;
  if (handler !== undefined) return handler;
  throw new YimaError('invalid_request', `Name a type of ${Object.keys(handlers).join(', ')}.`, {
    field: 'type',
  });
}

function checkNonce(body: JsonObject): void {
  if (typeof body['nonce'] === 'string' && /^[A-Za-z0-9_-]{16,64}$/.test(body['nonce'])) return;
  throw new YimaError(
    'invalid_request',
    'Give 16 to 64 random characters of A-Z a-z 0-9 - _, new ones each time.',
    {
      field: 'body.nonce',
    },
  );
}

async function getProposal(store: Store, id: string): Promise<ProposalRow> {
  const row = await store.findProposal(id);
  if (row === undefined) throw new YimaError('not_found', 'There is no proposal with this id.');
  return row;
}

/** @throws YimaError `internal` for a row that this program did not write */
function bodyOf({ body }: ProposalRow): JsonObject {
  const parsed: unknown = JSON.parse(body);
  if (!isJsonObject(parsed)) throw new YimaError('internal', 'A stored proposal has no body.');
  return parsed;
}

function decided(state: ProposalState): YimaError {
  return new YimaError('conflict', `This proposal is ${state}. Propose it anew if it is still meant.`, {
    rule: state,
  });
}
