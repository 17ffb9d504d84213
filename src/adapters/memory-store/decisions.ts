// Who decided what, in memory: the part of the store port that core/issue/decision-rows.ts declares.

import { YimaError } from '../../core/errors/yima-error.js';
import type {
  AppealRow,
  ColourChangeRow,
  ColourRuleRow,
  DecisionReads,
  DecisionWrites,
  InvocationRow,
  ProposalRow,
  RevocationJobRow,
} from '../../core/issue/decision-rows.js';
import { checkPageLimit } from '../../core/issue/store.js';
import { conflict, type Journal } from './journal.js';

export interface DecisionTables {
  readonly proposals: Map<string, ProposalRow>;
  readonly rules: Map<string, ColourRuleRow>;
  readonly changes: Map<string, ColourChangeRow>;
  readonly invocations: Map<string, InvocationRow>;
  readonly appeals: Map<string, AppealRow>;
  readonly jobs: Map<string, RevocationJobRow>;
}

export function createDecisionTables(): DecisionTables {
  return {
    proposals: new Map(),
    rules: new Map(),
    changes: new Map(),
    invocations: new Map(),
    appeals: new Map(),
    jobs: new Map(),
  };
}

const pair = (first: string, second: string | number): string => JSON.stringify([first, second]);

/** @param isCredential whether a credential of this id is stored */
export function writeDecisions(
  tables: DecisionTables,
  change: DecisionWrites,
  journal: Journal,
  isCredential: (id: string) => boolean,
): void {
  const proposed = (id: string | null): void => refer(id === null || tables.proposals.has(id));
  for (const row of change.proposals ?? []) {
    if (isHashTaken(tables, row)) throw conflict();
    putOnce(journal, tables.proposals, row.id, row, DECIDED, isDecidedNow);
  }
  for (const row of change.colourRules ?? []) {
    proposed(row.proposalId);
    proposed(row.retiredBy);
    const key = pair(row.id, row.version);
    putOnce(journal, tables.rules, key, row, ['retiredAt', 'retiredBy'], isRetiredNow);
  }
  for (const row of change.invocations ?? []) {
    proposed(row.proposalId);
    if (findInvocation(tables, row.principal, row.key) !== undefined) throw conflict();
    journal.add(tables.invocations, row.id, { ...row });
  }
  for (const row of change.colourChanges ?? []) {
    refer(isCredential(row.credentialId));
    journal.add(tables.changes, pair(row.changeId, row.credentialId), { ...row });
  }
  for (const row of change.appeals ?? []) {
    refer(isCredential(row.credentialId));
    proposed(row.proposalId);
    putOnce(journal, tables.appeals, row.id, row, [...DECIDED, 'answer', 'proposalId'], isDecidedNow);
  }
  for (const row of change.revocationJobs ?? []) {
    proposed(row.id);
    const changing = ['done', 'skipped', 'cursor', 'state', 'failure', 'finishedAt'] as const;
    putOnce(journal, tables.jobs, row.id, row, changing, goesOn);
  }
}

const DECIDED = ['state', 'decidedBy', 'decidedAt', 'deciderJws'] as const;

const isDecidedNow = (known: { state: string }, row: { state: string }): boolean =>
  known.state === 'open' && row.state !== 'open';
const isRetiredNow = (known: ColourRuleRow, row: ColourRuleRow): boolean =>
  known.retiredAt === null && row.retiredAt !== null;
const goesOn = (known: RevocationJobRow, row: RevocationJobRow): boolean =>
  known.state === 'running' && known.done <= row.done && known.cursor <= row.cursor;

export function refer(isThere: boolean): void {
  if (!isThere) throw new YimaError('store_failed', 'A reference dangles.');
}

/** A new row, or of a known one the `changing` members while `mayChange` says so. */
export function putOnce<T extends object>(
  journal: Journal,
  table: Map<string, T>,
  key: string,
  row: T,
  changing: readonly string[],
  mayChange: (known: T, row: T) => boolean,
): void {
  const known = table.get(key);
  const kept = (each: T) => JSON.stringify(Object.entries(each).filter(([name]) => !changing.includes(name)));
  if (known !== undefined && (!mayChange(known, row) || kept(known) !== kept(row))) throw conflict();
  journal.put(table, key, { ...row });
}

function isHashTaken({ proposals }: DecisionTables, { id, hash }: ProposalRow): boolean {
  return !proposals.has(id) && [...proposals.values()].some((known) => known.hash === hash);
}

function findInvocation({ invocations }: DecisionTables, principal: string, key: string) {
  return [...invocations.values()].find((row) => row.principal === principal && row.key === key);
}

/** @param read runs a read while the store is open */
export function decisionReads(tables: DecisionTables, read: <T>(answer: () => T) => T): DecisionReads {
  const changes = (keep: (row: ColourChangeRow) => boolean) => [...tables.changes.values()].filter(keep);
  return {
    findProposal: async (id) => read(() => tables.proposals.get(id)),
    findProposalByHash: async (hash) =>
      read(() => [...tables.proposals.values()].find((row) => row.hash === hash)),
    proposals: async (after, limit) => read(() => page(tables.proposals, after, limit)),
    openProposals: async (since, after, limit) =>
      read(() =>
        page(tables.proposals, after, limit, (row) => row.state === 'open' && row.proposedAt > since),
      ),
    proposedSize: async (type, since) =>
      read(() => {
        const counts = (row: ProposalRow) =>
          row.type === type &&
          ((row.state === 'open' && row.proposedAt > since) ||
            (row.state === 'approved' && (row.decidedAt ?? 0) > since));
        return [...tables.proposals.values()].filter(counts).reduce((sum, { size }) => sum + size, 0);
      }),
    colourRules: async () =>
      read(() => [...tables.rules.values()].sort((a, b) => order(a.id, b.id) || a.version - b.version)),
    colourChangesOf: async (credentialId, limit) =>
      read(() =>
        newest(
          changes((row) => row.credentialId === credentialId),
          ({ at }) => at,
          limit,
        ),
      ),
    colourChanges: async (changeId, after, limit) =>
      read(() =>
        changes((row) => row.changeId === changeId && row.credentialId > after)
          .sort((a, b) => order(a.credentialId, b.credentialId))
          .slice(0, checkPageLimit(limit)),
      ),
    allColourChanges: async (after, limit) =>
      read(() =>
        changes(() => true)
          .sort(byPlace)
          .filter((row) => byPlace(row, after) > 0)
          .slice(0, checkPageLimit(limit)),
      ),
    countRuleChanges: async (ruleId, since) =>
      read(() => changes((row) => row.ruleId === ruleId && row.at > since).length),
    countSingleChanges: async (actor, since) =>
      read(() => changes((row) => row.by === 'single' && row.actor === actor && row.at > since).length),
    findInvocation: async (id) => read(() => tables.invocations.get(id)),
    findInvocationByKey: async (principal, key) => read(() => findInvocation(tables, principal, key)),
    findAppeal: async (id) => read(() => tables.appeals.get(id)),
    appeals: async (after, limit) => read(() => page(tables.appeals, after, limit)),
    openAppeals: async (after, limit) =>
      read(() => page(tables.appeals, after, limit, ({ state }) => state === 'open')),
    countOpenAppeals: async () =>
      read(() => [...tables.appeals.values()].filter(({ state }) => state === 'open').length),
    appealsOf: async (credentialId, limit) =>
      read(() => {
        const own = [...tables.appeals.values()].filter((row) => row.credentialId === credentialId);
        return newest(own, ({ filedAt }) => filedAt, limit);
      }),
    findRevocationJob: async (id) => read(() => tables.jobs.get(id)),
    runningRevocationJobs: async () =>
      read(() => page(tables.jobs, '', 1_000, ({ state }) => state === 'running')),
  };
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

type Place = Pick<ColourChangeRow, 'changeId' | 'credentialId'>;
const byPlace = (a: Place, b: Place): number =>
  order(a.changeId, b.changeId) || order(a.credentialId, b.credentialId);

function page<T extends { readonly id: string }>(
  table: ReadonlyMap<string, T>,
  after: string,
  limit: number,
  keep: (row: T) => boolean = () => true,
): T[] {
  return [...table.values()]
    .filter((row) => row.id > after && keep(row))
    .sort((a, b) => order(a.id, b.id))
    .slice(0, checkPageLimit(limit));
}

/** By time, of one time the last one written first. */
function newest<T>(rows: readonly T[], timeOf: (row: T) => number, limit: number): T[] {
  return [...rows]
    .reverse()
    .sort((a, b) => timeOf(b) - timeOf(a))
    .slice(0, checkPageLimit(limit));
}
