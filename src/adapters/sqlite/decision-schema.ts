// The tables about who decided what (core/issue/decision-rows.ts). Their triggers, which keep what was decided, are in a
// migration written by hand.

import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { Text } from '../../core/errors/reasons.js';
import type {
  AppealRow,
  ColourChangeRow,
  ProposalRow,
  RevocationJobRow,
} from '../../core/issue/decision-rows.js';
import type { Form } from '../../core/issue/form.js';
import { credentials } from './schema.js';

const flag = (name: string) => integer(name, { mode: 'boolean' });
const words = (name: string) => text(name, { mode: 'json' }).$type<readonly string[]>();

export const proposals = sqliteTable(
  'proposals',
  {
    id: text('id').primaryKey(),
    type: text('type').notNull(),
    body: text('body').notNull(),
    hash: text('hash').notNull(),
    size: integer('size').notNull(),
    seen: text('seen').notNull(),
    proposedBy: text('proposed_by').notNull(),
    proposedAt: integer('proposed_at').notNull(),
    proposerJws: text('proposer_jws'),
    state: text('state').$type<ProposalRow['state']>().notNull(),
    decidedBy: text('decided_by'),
    decidedAt: integer('decided_at'),
    deciderJws: text('decider_jws'),
  },
  (row) => [
    uniqueIndex('proposals_hash').on(row.hash),
    index('proposals_time').on(row.type, row.proposedAt),
    index('proposals_open').on(row.id).where(sql`${row.state} = 'open'`),
    check('proposals_state', sql`${row.state} in ('open', 'approved', 'rejected', 'withdrawn')`),
  ],
);

export const colourRules = sqliteTable(
  'colour_rules',
  {
    id: text('id').notNull(),
    version: integer('version').notNull(),
    kind: text('kind').notNull(),
    fromLevels: words('from_levels').notNull(),
    toLevel: text('to_level').notNull(),
    text: text('text', { mode: 'json' }).$type<Text>().notNull(),
    purposes: words('purposes').notNull(),
    capPerHour: integer('cap_per_hour').notNull(),
    validFrom: integer('valid_from').notNull(),
    proposalId: text('proposal_id')
      .notNull()
      .references(() => proposals.id),
    retiredAt: integer('retired_at'),
    retiredBy: text('retired_by').references(() => proposals.id),
  },
  (row) => [primaryKey({ columns: [row.id, row.version] })],
);

export const colourChanges = sqliteTable(
  'colour_changes',
  {
    changeId: text('change_id').notNull(),
    credentialId: text('credential_id')
      .notNull()
      .references(() => credentials.id),
    by: text('by').$type<ColourChangeRow['by']>().notNull(),
    at: integer('at').notNull(),
    actor: text('actor').notNull(),
    ruleId: text('rule_id'),
    ruleVersion: integer('rule_version'),
    form: text('form').$type<Form>(),
    fromSuspended: flag('from_suspended').notNull(),
    fromLevel: integer('from_level').notNull(),
    toRevoked: flag('to_revoked').notNull(),
    toSuspended: flag('to_suspended').notNull(),
    toLevel: integer('to_level').notNull(),
    purpose: text('purpose').notNull(),
    evidence: text('evidence'),
  },
  (row) => [
    primaryKey({ columns: [row.changeId, row.credentialId] }),
    index('colour_changes_credential').on(row.credentialId, row.at),
    index('colour_changes_rule').on(row.ruleId, row.at).where(sql`${row.ruleId} is not null`),
    index('colour_changes_single').on(row.actor, row.at).where(sql`${row.by} = 'single'`),
    check('colour_changes_by', sql`${row.by} in ('proposal', 'rule', 'held', 'single')`),
  ],
);

export const invocations = sqliteTable(
  'rule_invocations',
  {
    id: text('id').primaryKey(),
    principal: text('principal').notNull(),
    key: text('key').notNull(),
    requestHash: text('request_hash').notNull(),
    ruleId: text('rule_id').notNull(),
    ruleVersion: integer('rule_version').notNull(),
    at: integer('at').notNull(),
    purpose: text('purpose').notNull(),
    evidence: text('evidence').notNull(),
    changed: integer('changed').notNull(),
    unchanged: integer('unchanged').notNull(),
    held: integer('held').notNull(),
    proposalId: text('proposal_id').references(() => proposals.id),
  },
  (row) => [uniqueIndex('rule_invocations_key').on(row.principal, row.key)],
);

export const appeals = sqliteTable(
  'appeals',
  {
    id: text('id').primaryKey(),
    credentialId: text('credential_id')
      .notNull()
      .references(() => credentials.id),
    changeId: text('change_id').notNull(),
    grounds: text('grounds').notNull(),
    operator: text('operator').notNull(),
    filedBy: text('filed_by').notNull(),
    filedAt: integer('filed_at').notNull(),
    state: text('state').$type<AppealRow['state']>().notNull(),
    decidedBy: text('decided_by'),
    decidedAt: integer('decided_at'),
    deciderJws: text('decider_jws'),
    answer: text('answer'),
    proposalId: text('proposal_id').references(() => proposals.id),
  },
  (row) => [
    index('appeals_credential').on(row.credentialId),
    index('appeals_open').on(row.id).where(sql`${row.state} = 'open'`),
    check('appeals_state', sql`${row.state} in ('open', 'accepted', 'rejected')`),
  ],
);

export const revocationJobs = sqliteTable(
  'revocation_jobs',
  {
    id: text('id')
      .primaryKey()
      .references(() => proposals.id),
    scope: text('scope').notNull(),
    total: integer('total').notNull(),
    done: integer('done').notNull(),
    cursor: text('cursor').notNull(),
    state: text('state').$type<RevocationJobRow['state']>().notNull(),
    startedAt: integer('started_at').notNull(),
    finishedAt: integer('finished_at'),
    skipped: integer('skipped').notNull().default(0),
    failure: text('failure'),
  },
  (row) => [
    index('revocation_jobs_running').on(row.id).where(sql`${row.state} = 'running'`),
    check('revocation_jobs_state', sql`${row.state} in ('running', 'done')`),
  ],
);
