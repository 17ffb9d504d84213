// Rules of colour as the log tells them: one that nobody enacted, or that says something else, is found.

import { canonicalJson } from '../codec/json.js';
import type { ColourRuleRow, ProposalRow } from './decision-rows.js';
import type { LogEntry } from './log.js';
import type { LogRow } from './store.js';

interface ToldRule {
  /** Canonical JSON, as it was logged. */
  readonly enacted: string;
  retiredAt: number | null;
  retiredBy: string | null;
}

/** By id and version, see `ruleKey`. */
export type ToldRules = Map<string, ToldRule>;

export function ruleKey({ id, version }: Pick<ColourRuleRow, 'id' | 'version'>): string {
  return `${id} ${version}`;
}

/** @param proposal approved */
export function ruleEnacted(rule: ColourRuleRow, { decidedBy, decidedAt }: ProposalRow): LogEntry {
  return { at: decidedAt ?? 0, actor: decidedBy ?? '', type: 'rule_enacted', body: enactedBody(rule) };
}

/** @param proposal approved */
export function ruleRetired({ id, version }: ColourRuleRow, proposal: ProposalRow): LogEntry {
  const { id: by, decidedBy, decidedAt } = proposal;
  const body = { rule: id, version, proposal: by };
  return { at: decidedAt ?? 0, actor: decidedBy ?? '', type: 'rule_retired', body };
}

export function replayRule(told: ToldRules, { type, at, body }: LogRow): void {
  if (type !== 'rule_enacted' && type !== 'rule_retired') return;
  const { rule, version, proposal } = JSON.parse(body) as { rule: string; version: number; proposal: string };
  const key = ruleKey({ id: rule, version });
  const known = told.get(key);
  if (type === 'rule_enacted' && known === undefined)
    told.set(key, { enacted: body, retiredAt: null, retiredBy: null });
  if (type === 'rule_retired' && known?.retiredAt === null) {
    known.retiredAt = at;
    known.retiredBy = proposal;
  }
}

/** Whether a stored rule is, in every member, what the log tells of it. */
export function isRuleAsTold(told: ToldRule | undefined, row: ColourRuleRow): boolean {
  return (
    told !== undefined &&
    told.enacted === canonicalJson(enactedBody(row)) &&
    told.retiredAt === row.retiredAt &&
    told.retiredBy === row.retiredBy
  );
}

function enactedBody({
  id: rule,
  proposalId: proposal,
  retiredAt: _at,
  retiredBy: _by,
  ...text
}: ColourRuleRow) {
  return { ...text, rule, proposal };
}
