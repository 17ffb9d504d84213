// Every statement about who decided what, prepared once.

import type { Database } from 'better-sqlite3';
import { and, asc, desc, eq, gt, type SQL, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import { all, excluded, filledNow, preparePut } from './bound-row.js';
import {
  appeals,
  colourChanges,
  colourRules,
  invocations,
  proposals,
  revocationJobs,
} from './decision-schema.js';
import { prepareInsert } from './insert-row.js';

const { placeholder } = sql;
const DECIDED = ['state', 'decidedBy', 'decidedAt', 'deciderJws'];

/** From open to anything else. */
function decidedNow(state: SQLiteColumn): SQL {
  return sql`${state} = 'open' and ${excluded(state)} <> 'open'`;
}

export function prepareDecisionWrites(client: Database, db: BetterSQLite3Database) {
  const { state, done, cursor } = revocationJobs;
  return {
    putProposal: preparePut(db, proposals, proposals.id, DECIDED, decidedNow(proposals.state)),
    putColourRule: preparePut(
      db,
      colourRules,
      [colourRules.id, colourRules.version],
      ['retiredAt', 'retiredBy'],
      filledNow(colourRules.retiredAt),
    ),
    addColourChange: prepareInsert(client, colourChanges),
    addInvocation: prepareInsert(client, invocations),
    putAppeal: preparePut(
      db,
      appeals,
      appeals.id,
      [...DECIDED, 'answer', 'proposalId'],
      decidedNow(appeals.state),
    ),
    putRevocationJob: preparePut(
      db,
      revocationJobs,
      revocationJobs.id,
      ['done', 'skipped', 'cursor', 'state', 'failure', 'finishedAt'],
      all([
        sql`${state} = 'running'`,
        sql`${done} <= ${excluded(done)}`,
        sql`${cursor} <= ${excluded(cursor)}`,
      ]),
    ),
  };
}

const count = sql<number>`count(*)`.as('n');

function prepareProposalReads(db: BetterSQLite3Database) {
  const { id, type, size, state, proposedAt, decidedAt } = proposals;
  const after = gt(id, placeholder('after'));
  const limit = placeholder('limit');
  return {
    proposal: db
      .select()
      .from(proposals)
      .where(eq(id, placeholder('id')))
      .prepare(),
    proposalByHash: db
      .select()
      .from(proposals)
      .where(eq(proposals.hash, placeholder('hash')))
      .prepare(),
    proposals: db.select().from(proposals).where(after).orderBy(asc(id)).limit(limit).prepare(),
    /** The state is written out, as the partial index has it. */
    openProposals: db
      .select()
      .from(proposals)
      .where(and(sql`${state} = 'open'`, gt(proposedAt, placeholder('since')), after))
      .orderBy(asc(id))
      .limit(limit)
      .prepare(),
    /** What was proposed before `earliest` was decided, or expired, before `since`: the index bounds what is read. */
    proposedSize: db
      .select({ n: sql<number>`coalesce(sum(${size}), 0)`.as('n') })
      .from(proposals)
      .where(
        and(
          eq(type, placeholder('type')),
          gt(proposedAt, placeholder('earliest')),
          sql`((${state} = 'open' and ${proposedAt} > ${placeholder('since')})
            or (${state} = 'approved' and ${decidedAt} > ${placeholder('since')}))`,
        ),
      )
      .prepare(),
  };
}

function prepareColourReads(db: BetterSQLite3Database) {
  const changes = colourChanges;
  const since = gt(changes.at, placeholder('since'));
  return {
    colourRules: db
      .select()
      .from(colourRules)
      .orderBy(asc(colourRules.id), asc(colourRules.version))
      .prepare(),
    colourChangesOf: db
      .select()
      .from(changes)
      .where(eq(changes.credentialId, placeholder('credentialId')))
      .orderBy(desc(changes.at), desc(sql`rowid`))
      .limit(placeholder('limit'))
      .prepare(),
    colourChanges: db
      .select()
      .from(changes)
      .where(
        and(eq(changes.changeId, placeholder('changeId')), gt(changes.credentialId, placeholder('after'))),
      )
      .orderBy(asc(changes.credentialId))
      .limit(placeholder('limit'))
      .prepare(),
    allColourChanges: db
      .select()
      .from(changes)
      .where(
        sql`(${changes.changeId}, ${changes.credentialId}) > (${placeholder('changeId')}, ${placeholder('credentialId')})`,
      )
      .orderBy(asc(changes.changeId), asc(changes.credentialId))
      .limit(placeholder('limit'))
      .prepare(),
    ruleChanges: db
      .select({ n: count })
      .from(changes)
      .where(and(sql`${changes.ruleId} is not null`, eq(changes.ruleId, placeholder('ruleId')), since))
      .prepare(),
    singleChanges: db
      .select({ n: count })
      .from(changes)
      .where(and(sql`${changes.by} = 'single'`, eq(changes.actor, placeholder('actor')), since))
      .prepare(),
    invocation: db
      .select()
      .from(invocations)
      .where(eq(invocations.id, placeholder('id')))
      .prepare(),
    invocationByKey: db
      .select()
      .from(invocations)
      .where(
        and(eq(invocations.principal, placeholder('principal')), eq(invocations.key, placeholder('key'))),
      )
      .prepare(),
  };
}

export function prepareDecisionReads(db: BetterSQLite3Database) {
  const limit = placeholder('limit');
  return {
    ...prepareProposalReads(db),
    ...prepareColourReads(db),
    appeal: db
      .select()
      .from(appeals)
      .where(eq(appeals.id, placeholder('id')))
      .prepare(),
    appeals: db
      .select()
      .from(appeals)
      .where(gt(appeals.id, placeholder('after')))
      .orderBy(asc(appeals.id))
      .limit(limit)
      .prepare(),
    /** The state is written out, as the partial index has it. */
    openAppeals: db
      .select()
      .from(appeals)
      .where(and(sql`${appeals.state} = 'open'`, gt(appeals.id, placeholder('after'))))
      .orderBy(asc(appeals.id))
      .limit(limit)
      .prepare(),
    openAppealCount: db.select({ n: count }).from(appeals).where(sql`${appeals.state} = 'open'`).prepare(),
    appealsOf: db
      .select()
      .from(appeals)
      .where(eq(appeals.credentialId, placeholder('credentialId')))
      .orderBy(desc(appeals.filedAt), desc(sql`rowid`))
      .limit(limit)
      .prepare(),
    job: db
      .select()
      .from(revocationJobs)
      .where(eq(revocationJobs.id, placeholder('id')))
      .prepare(),
    runningJobs: db
      .select()
      .from(revocationJobs)
      .where(sql`${revocationJobs.state} = 'running'`)
      .orderBy(asc(revocationJobs.id))
      .prepare(),
  };
}
