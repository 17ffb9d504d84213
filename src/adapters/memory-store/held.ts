// Held requests and counts of issues, in memory: the part of the store port that core/issue/held-rows.ts declares.

import {
  countGrows,
  HELD_CHANGING,
  type HeldIssueRow,
  type HeldReads,
  type HeldWrites,
  heldGoesOn,
  type IssueCountRow,
} from '../../core/issue/held-rows.js';
import { checkPageLimit } from '../../core/issue/store.js';
import { putOnce, refer } from './decisions.js';
import { conflict, type Journal } from './journal.js';

export interface HeldTables {
  readonly issues: Map<string, HeldIssueRow>;
  /** By office and kind. */
  readonly counts: Map<string, IssueCountRow>;
}

export function createHeldTables(): HeldTables {
  return { issues: new Map(), counts: new Map() };
}

export interface Referred {
  readonly isProposal: (id: string) => boolean;
  readonly isCredential: (id: string) => boolean;
}

export function writeHeld(
  tables: HeldTables,
  change: HeldWrites,
  journal: Journal,
  { isProposal, isCredential }: Referred,
): void {
  for (const row of change.heldIssues ?? []) {
    refer(isProposal(row.proposalId) && (row.credentialId === null || isCredential(row.credentialId)));
    const known = row.key === null ? undefined : findByKey(tables, row.principal, row.key);
    if (known !== undefined && known.id !== row.id) throw conflict();
    putOnce(journal, tables.issues, row.id, row, HELD_CHANGING, heldGoesOn);
  }
  for (const row of change.issueCounts ?? []) {
    const key = JSON.stringify([row.principal, row.kind]);
    putOnce(journal, tables.counts, key, row, ['day', 'count'], countGrows);
  }
}

function findByKey({ issues }: HeldTables, principal: string, key: string): HeldIssueRow | undefined {
  return [...issues.values()].find((row) => row.principal === principal && row.key === key);
}

export function heldReads(tables: HeldTables, read: <T>(answer: () => T) => T): HeldReads {
  return {
    findHeldIssue: async (id) => read(() => tables.issues.get(id)),
    findHeldIssueByKey: async (principal, key) => read(() => findByKey(tables, principal, key)),
    staleHeldIssues: async (before, limit) =>
      read(() =>
        [...tables.issues.values()]
          .filter(({ content, heldAt }) => content !== null && heldAt <= before)
          .sort((a, b) => a.heldAt - b.heldAt)
          .slice(0, checkPageLimit(limit)),
      ),
    issueCounts: async () => read(() => [...tables.counts.values()]),
  };
}
