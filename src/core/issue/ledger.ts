// The single writer: commands queue here, are planned one after another, and share one durable transaction.
// It alone continues the log chain, so nothing is written that is not logged.

import { YimaError } from '../errors/yima-error.js';
import type { Sha256Hex } from '../signature/public-key.js';
import type { IssueCountRow } from './held-rows.js';
import { appendLog, type LogEntry } from './log.js';
import type { Change, ListRow, LogRow, Store } from './store.js';
import { mergeTrust } from './trust-rows.js';

/** What one command will write. `done` is called after the write is durable, with the command's own log rows. */
export interface Plan<T> {
  readonly entries: readonly LogEntry[];
  readonly change: Omit<Change, 'log'>;
  readonly done: (rows: readonly LogRow[]) => T;
  /** Called when the store failed and nobody knows whether the write happened: read again what it touched. */
  readonly unsure?: () => Promise<void>;
}

export interface Ledger {
  /**
   * Queues a command. Commands that share no subject may commit together; a second command on a subject waits until
   * the first is durable, so that a plan always reads settled state.
   * @param subjects what the command reads and writes, e.g. a credential id
   * @throws YimaError what `plan` throws, or the store's `conflict` / `store_failed`
   */
  readonly submit: <T>(subjects: readonly string[], plan: () => Promise<Plan<T>>) => Promise<T>;
  /** The newest durable entry. */
  readonly head: () => LogRow | undefined;
  /** False from a failed write until what it touched was read again: meanwhile nothing in memory counts as current. */
  readonly isCertain: () => boolean;
  /** Resolves when everything queued so far is settled. */
  readonly idle: () => Promise<void>;
}

export interface LedgerDeps {
  readonly store: Store;
  readonly sha256Hex: Sha256Hex;
  /** Runs a function after the current turn of the event loop, so that requests of one turn form a group. */
  readonly defer: (run: () => void) => void;
  /** Runs a function in a while (about a second): so often the store is asked again while an outcome is in doubt. */
  readonly later: (run: () => void) => void;
}

interface Job {
  readonly subjects: readonly string[];
  readonly plan: () => Promise<Plan<unknown>>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

const GROUP_LIMIT = 128;

/** Loads the chain's head; from then on this process must be the store's only writer. */
export async function createLedger(deps: LedgerDeps): Promise<Ledger> {
  let head = await deps.store.head();
  let certain = true;
  let retrying = false;
  let unsure: (() => Promise<void>)[] = [];
  let queue: Job[] = [];
  let draining: Promise<void> | null = null;

  const drain = async (): Promise<void> => {
    await new Promise<void>((resolve) => deps.defer(resolve));
    await settle().catch(() => undefined);
    while (queue.length > 0) {
      const { group, rest } = takeGroup(queue);
      queue = rest;
      await commitGroup(group);
    }
    draining = null;
    if (!certain) retryLater();
  };

  /** Nobody has to send a command for the store to be asked again. */
  const retryLater = (): void => {
    if (retrying) return;
    retrying = true;
    deps.later(() => {
      retrying = false;
      draining ??= drain();
    });
  };

  /** After a failure: reads the head and everything of unknown outcome again. */
  const settle = async (): Promise<void> => {
    if (certain) return;
    head = await deps.store.head();
    for (const readAgain of unsure) await readAgain();
    unsure = [];
    certain = true;
  };

  const commitGroup = async (group: readonly Job[]): Promise<void> => {
    try {
      await settle();
    } catch (error) {
      for (const job of group) job.reject(error);
      return;
    }
    const planned = await planAll(group);
    if (planned.length === 0) return;
    try {
      const log = appendLog(
        head,
        planned.flatMap(({ plan }) => plan.entries),
        deps.sha256Hex,
      );
      if (log.length > 0)
        await deps.store.commit({ log, ...mergeChanges(planned.map(({ plan }) => plan.change)) });
      head = log.at(-1) ?? head;
      let from = 0;
      for (const { job, plan } of planned) {
        const rows = log.slice(from, from + plan.entries.length);
        from += plan.entries.length;
        job.resolve(plan.done(rows));
      }
    } catch (error) {
      certain = false;
      for (const { plan } of planned) if (plan.unsure !== undefined) unsure.push(plan.unsure);
      await settle().catch(() => undefined); // the next command tries again, and so does the timer
      for (const { job } of planned) job.reject(error);
    }
  };

  return {
    submit: <T>(subjects: readonly string[], plan: () => Promise<Plan<T>>) =>
      new Promise<T>((resolve, reject) => {
        queue.push({ subjects, plan, resolve: (value) => resolve(value as T), reject });
        draining ??= drain();
      }),
    head: () => head,
    isCertain: () => certain,
    idle: async () => {
      while (draining !== null) await draining;
    },
  };
}

/** The longest run of jobs from the front in which no subject occurs twice. */
function takeGroup(queue: readonly Job[]): { group: Job[]; rest: Job[] } {
  const seen = new Set<string>();
  let end = 0;
  for (const job of queue) {
    if (end >= GROUP_LIMIT || job.subjects.some((subject) => seen.has(subject))) break;
    for (const subject of job.subjects) seen.add(subject);
    end += 1;
  }
  return { group: queue.slice(0, end), rest: queue.slice(end) };
}

/** Plans each job; one that cannot be planned fails alone. */
async function planAll(group: readonly Job[]): Promise<{ job: Job; plan: Plan<unknown> }[]> {
  const planned: { job: Job; plan: Plan<unknown> }[] = [];
  for (const job of group) {
    try {
      planned.push({ job, plan: await job.plan() });
    } catch (error) {
      job.reject(error);
    }
  }
  return planned;
}

function mergeChanges(changes: readonly Omit<Change, 'log'>[]): Omit<Change, 'log'> {
  const [only] = changes;
  if (only !== undefined && changes.length === 1) return only;
  const lists = new Map<number, ListRow>();
  for (const row of changes.flatMap((change) => change.lists ?? [])) {
    const known = lists.get(row.number);
    if (known === undefined || known.next < row.next) lists.set(row.number, row);
  }
  return {
    lists: [...lists.values()],
    credentials: changes.flatMap((change) => change.credentials ?? []),
    encodings: changes.flatMap((change) => change.encodings ?? []),
    states: changes.flatMap((change) => change.states ?? []),
    restored: changes.flatMap((change) => change.restored ?? []),
    idempotency: changes.flatMap((change) => change.idempotency ?? []),
    apiKeys: changes.flatMap((change) => change.apiKeys ?? []),
    proposals: changes.flatMap((change) => change.proposals ?? []),
    colourRules: changes.flatMap((change) => change.colourRules ?? []),
    colourChanges: changes.flatMap((change) => change.colourChanges ?? []),
    invocations: changes.flatMap((change) => change.invocations ?? []),
    appeals: changes.flatMap((change) => change.appeals ?? []),
    revocationJobs: changes.flatMap((change) => change.revocationJobs ?? []),
    offers: changes.flatMap((change) => change.offers ?? []),
    heldIssues: changes.flatMap((change) => change.heldIssues ?? []),
    issueCounts: newestCounts(changes.flatMap((change) => change.issueCounts ?? [])),
    trust: mergeTrust(changes.flatMap((change) => change.trust ?? [])),
  };
}

/** Commands of one group may count for the same office: the last one counted them all. */
function newestCounts(rows: readonly IssueCountRow[]): readonly IssueCountRow[] {
  return [...new Map(rows.map((row) => [`${row.principal} ${row.kind}`, row])).values()];
}

/** For commands that find nothing to change. */
export function nothingToWrite<T>(result: T): Plan<T> {
  return { entries: [], change: {}, done: () => result };
}

/** For plans that must name exactly one log row. */
export function onlyRow(rows: readonly LogRow[]): LogRow {
  const [row] = rows;
  if (row === undefined) throw new YimaError('internal', 'A command was committed without its log entry.');
  return row;
}
