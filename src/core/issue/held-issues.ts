// What becomes of a request that waits: another officer sees what would be signed and approves or refuses it; what is approved the office
// fetches, and then it is signed.

import type { JsonObject } from '../codec/json.js';
import { YimaError } from '../errors/yima-error.js';
import type { Sha256Hex } from '../signature/public-key.js';
import type { Issued } from './commands.js';
import type { HeldIssueRow } from './held-rows.js';
import { type Ledger, nothingToWrite, type Plan } from './ledger.js';
import type { Clock } from './ports.js';
import { LOCAL } from './principal.js';
import { type Effect, type ProposalHandler, type ProposalState, proposalState } from './proposals.js';
import { HELD_SECONDS, heldEntry, issuedEarlier } from './second-look.js';
import type { Store } from './store.js';

/** `issued`: it was fetched. `expired`: nobody decided, or nobody fetched it in time. */
export type HeldState = Exclude<ProposalState, 'withdrawn'> | 'issued';

export interface HeldIssue {
  readonly row: HeldIssueRow;
  readonly state: HeldState;
}

export interface HeldIssues {
  readonly find: (id: string) => Promise<HeldIssue | undefined>;
  /**
   * Signs what was approved; once it was signed, the same again.
   * @throws YimaError `not_found` for anybody but the office that asked; `conflict` with the state as rule; as `Registry.issue`
   */
  readonly claim: (principal: string, id: string) => Promise<Issued>;
  /** Erases contents whose time is over, of at most 100 requests. @returns whether there may be more */
  readonly eraseStale: () => Promise<boolean>;
}

export interface HeldIssuesDeps {
  readonly store: Store;
  readonly ledger: Pick<Ledger, 'submit'>;
  readonly clock: Clock;
  readonly sha256Hex: Sha256Hex;
  /** Signs a request that was looked at. */
  readonly issueHeld: (row: HeldIssueRow, submit: SubmitHeld) => Promise<Issued>;
}

/** Checks the row again in its turn of the ledger, and wraps the plan. */
export type SubmitHeld = (
  planIssue: (row: HeldIssueRow, content: string) => Promise<Plan<Issued>>,
) => Promise<Issued>;

/** Requests of one step. */
const BATCH = 100;

export function createHeldIssues(deps: HeldIssuesDeps): HeldIssues {
  const { store, ledger, clock } = deps;
  const submit =
    (principal: string, id: string): SubmitHeld =>
    (planIssue) =>
      ledger.submit([`held:${id}`], async () => {
        const row = await getOwn(store, principal, id);
        if (row.credentialId !== null) return nothingToWrite(await issuedEarlier(store, row.credentialId));
        const content = await checkApproved(deps, row);
        const plan = await planIssue(row, content);
        const [credential] = plan.change.credentials ?? [];
        if (credential === undefined) return plan;
        const issued = { ...row, content: null, credentialId: credential.id };
        return {
          ...plan,
          entries: [...plan.entries, heldEntry('held_issued', issued, principal, clock())],
          change: { ...plan.change, heldIssues: [issued] },
        };
      });
  return {
    find: async (id) => {
      const row = await store.findHeldIssue(id);
      return row && { row, state: await stateOf(store, row, clock()) };
    },
    claim: async (principal, id) => {
      const row = await getOwn(store, principal, id);
      if (row.credentialId !== null) return issuedEarlier(store, row.credentialId);
      await checkApproved(deps, row);
      return deps.issueHeld(row, submit(principal, id));
    },
    eraseStale: async () => {
      const stale = await store.staleHeldIssues(clock() - HELD_SECONDS, BATCH);
      await Promise.all(
        stale.map(({ id }) => ledger.submit([`held:${id}`], () => planErasure(store, id, clock()))),
      );
      return stale.length === BATCH;
    },
  };
}

/** Approving signs nothing yet; refusing erases what would have been signed. */
export function createIssueHandler({
  store,
  clock,
  sha256Hex,
}: Pick<HeldIssuesDeps, 'store' | 'clock' | 'sha256Hex'>): ProposalHandler {
  const contentOf = async (body: JsonObject): Promise<HeldIssueRow> => {
    const row = await store.findHeldIssue(holdOf(body));
    if (row?.content == null || sha256Hex(row.content) !== body['digest'])
      throw new YimaError(
        'conflict',
        'What would be signed is not there any more. Ask the office to send it again.',
      );
    return row;
  };
  return {
    isProposedByOfficers: false,
    subjects: async (body) => [`held:${holdOf(body)}`],
    check: async (body) => {
      await contentOf(body);
      return { size: 1, seen: '' };
    },
    effect: async () => ({ entries: [], change: {} }),
    refused: async ({ decidedBy }, body): Promise<Effect> => {
      const row = await store.findHeldIssue(holdOf(body));
      if (row?.content == null) return { entries: [], change: {} };
      return erasure(row, decidedBy ?? LOCAL, clock());
    },
  };
}

function holdOf(body: JsonObject): string {
  return String(body['hold']);
}

async function getOwn(store: Store, principal: string, id: string): Promise<HeldIssueRow> {
  const row = await store.findHeldIssue(id);
  if (row?.principal === principal) return row;
  throw new YimaError('not_found', 'This office has no such request that waits.');
}

async function stateOf(store: Store, row: HeldIssueRow, now: number): Promise<HeldState> {
  if (row.credentialId !== null) return 'issued';
  const proposal = await store.findProposal(row.proposalId);
  if (proposal === undefined) throw new YimaError('internal', 'A held request has no proposal.');
  const state = proposalState(proposal, now);
  const isOver = state === 'withdrawn' || (state === 'approved' && row.content === null);
  return isOver || (state === 'approved' && now >= row.heldAt + HELD_SECONDS) ? 'expired' : state;
}

/** @returns what was approved, to the byte */
async function checkApproved(
  { store, clock, sha256Hex }: HeldIssuesDeps,
  row: HeldIssueRow,
): Promise<string> {
  const state = await stateOf(store, row, clock());
  const proposal = await store.findProposal(row.proposalId);
  const isSame =
    row.content !== null &&
    (JSON.parse(proposal?.body ?? '{}') as JsonObject)['digest'] === sha256Hex(row.content);
  if (state === 'approved' && row.content !== null && isSame) return row.content;
  const message =
    state === 'open'
      ? 'This request still waits for a second person.'
      : 'This request was not approved, or not fetched in time. Send it again if it is still meant.';
  throw new YimaError('conflict', message, { rule: state === 'approved' ? 'changed' : state });
}

async function planErasure(store: Store, id: string, at: number): Promise<Plan<void>> {
  const row = await store.findHeldIssue(id);
  if (row?.content == null) return nothingToWrite(undefined);
  return { ...erasure(row, LOCAL, at), done: () => undefined };
}

function erasure(row: HeldIssueRow, actor: string, at: number): Pick<Effect, 'entries' | 'change'> {
  const erased = { ...row, content: null };
  return { entries: [heldEntry('held_erased', erased, actor, at)], change: { heldIssues: [erased] } };
}
