// Whom a rule of colour fits: credentials of its kind that stand at one of the levels it leads away from.

import type { KindTable } from '../credential/kind.js';
import { YimaError } from '../errors/yima-error.js';
import { levelOf } from './colour-credentials.js';
import type { ColourRuleRow } from './decision-rows.js';
import type { StoredCredential } from './store.js';

/** Those that the rule leads from where they are. What is revoked, or at another level, stays as it is. */
export function fit(
  stored: readonly StoredCredential[],
  rule: Pick<ColourRuleRow, 'kind' | 'fromLevels' | 'toLevel'>,
  kinds: KindTable,
): { level: number; fitting: readonly StoredCredential[] } {
  const kind = kinds.byName(rule.kind);
  const level = levelOf(kind, rule.toLevel);
  if (level === undefined)
    throw new YimaError('conflict', 'The kind of this rule no longer has its level. Enact a new one.');
  const from = rule.fromLevels.map((word) => levelOf(kind, word));
  const fitting = stored.filter(
    ({ credential }) =>
      credential.kind === rule.kind && !credential.revoked && from.includes(credential.level),
  );
  return { level, fitting };
}
