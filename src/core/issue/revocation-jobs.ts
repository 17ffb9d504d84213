// Scoped revocations as they go: one after another, a transaction at a time, from where the store says that they are. So a node
// that was killed goes on when it starts, and nothing but the store has to be remembered.

import { type ErrorCode, YimaError } from '../errors/yima-error.js';
import type { Sha256 } from '../signature/public-key.js';
import type { RevocationJobRow } from './decision-rows.js';
import type { Plan } from './ledger.js';
import { LOCAL } from './principal.js';
import { isMoreThanSeen, mandateOf } from './revocation-proposal.js';
import { jobOver, jobSubject, type Mandate, type StepDeps, takeStep } from './revocation-step.js';
import { countScope } from './scope-count.js';

export interface RevocationJobsDeps extends StepDeps {
  readonly sha256: Sha256;
  /** Resolves when what was published holds wherever codes are judged; called after every transaction. */
  readonly settled: () => Promise<unknown>;
  /** Runs a function in a while (about a second): so often a job is tried again when the store failed. */
  readonly later: (run: () => void) => void;
}

export interface RevocationJobs {
  /** Goes on with every job that is not over: called at the start, and when one was approved. */
  readonly wake: () => void;
  /** Whether all that was begun is over, or waits for the store. */
  readonly idle: () => Promise<void>;
  /** Stops after the transaction under way. */
  readonly close: () => Promise<void>;
  readonly figures: () => RevocationFigures;
}

/** Since this process started. */
export interface RevocationFigures {
  /** Credentials that were revoked by scope. */
  readonly revoked: number;
  /** Revocations that stopped before their end. */
  readonly stopped: number;
}

export function createRevocationJobs(deps: RevocationJobsDeps): RevocationJobs {
  let closed = false;
  let woken = false;
  let working: Promise<void> | null = null;
  let figures: RevocationFigures = { revoked: 0, stopped: 0 };
  const told = (revoked: number, stopped: number): void => {
    figures = { revoked: figures.revoked + revoked, stopped: figures.stopped + stopped };
  };
  /** A count of millions of credentials is left off like anything else. */
  const nextTurn = async (): Promise<void> => {
    await deps.nextTurn();
    if (closed) throw new YimaError('unavailable', 'The node closes; the revocation goes on when it starts.');
  };

  const work = async (): Promise<void> => {
    while (woken && !closed) {
      woken = false;
      try {
        for (const job of await deps.store.runningRevocationJobs())
          await run({ ...deps, nextTurn, told }, job, () => closed);
      } catch {
        if (!closed) deps.later(wake); // the store failed: what was written is read again then
      }
    }
    working = null;
  };
  const wake = (): void => {
    woken = true;
    if (!closed) working ??= work();
  };
  const idle = async (): Promise<void> => {
    while (working !== null) await working;
  };
  return {
    wake,
    idle,
    close: async () => {
      closed = true;
      await idle();
    },
    figures: () => figures,
  };
}

interface Run extends RevocationJobsDeps {
  /** Hears what is durable. */
  readonly told: (revoked: number, stopped: number) => void;
}

/** To its end, or until the node closes. @throws YimaError `store_failed` */
async function run(deps: Run, begun: RevocationJobRow, isClosed: () => boolean): Promise<void> {
  let job = begun;
  try {
    const mandate = mandateOf(job, await deps.store.findProposal(job.id), deps.kinds, deps.sha256);
    if (job.cursor === '') await checkGrowth(deps, job, mandate);
    while (job.state === 'running' && !isClosed()) {
      const next = await takeStep(deps, job, mandate);
      deps.told(next.done - job.done, 0);
      job = next;
      await deps.settled();
      await deps.nextTurn();
    }
  } catch (error) {
    const { code } = error instanceof YimaError ? error : new YimaError('internal', 'A revocation failed.');
    if (code === 'store_failed' || isClosed()) throw error;
    await deps.ledger.submit([jobSubject(job.id)], () => planStop(deps, job.id, code));
    deps.told(0, 1);
  }
}

/** Who approved saw a number: for much more somebody has to look again. */
async function checkGrowth(
  deps: RevocationJobsDeps,
  job: RevocationJobRow,
  { scope }: Mandate,
): Promise<void> {
  const { count } = await countScope(deps, scope);
  if (isMoreThanSeen(count, job.total)) {
    throw new YimaError(
      'conflict',
      'It covers much more than was approved. Count again and propose it anew.',
      {
        rule: 'scope_grew',
      },
    );
  }
}

async function planStop(deps: RevocationJobsDeps, id: string, failure: ErrorCode): Promise<Plan<void>> {
  const job = await deps.store.findRevocationJob(id);
  if (job === undefined) throw new YimaError('internal', 'A revocation that was begun is not stored.');
  const now = deps.clock();
  const stopped: RevocationJobRow = { ...job, state: 'done', failure, finishedAt: now };
  return {
    entries: [jobOver(stopped, now, LOCAL)],
    change: { revocationJobs: [stopped] },
    done: () => undefined,
  };
}
