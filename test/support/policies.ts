// Regions' policies for tests: a file's content that is taken, to be changed.

import type { PolicyRule, RegionalPolicy } from '../../src/core/credential/kind.js';
import { KINDS } from '../../src/core/credential/kind-table.js';
import { parsePolicyFile } from '../../src/core/credential/policy-file.js';

export const RULE_TEXT = { 'zh-CN': '规则', en: 'Rule' };

export function ruleOf(
  when: PolicyRule['when'],
  decision: PolicyRule['decision'] = 'hold',
  id = 'extra',
): PolicyRule {
  return { id, decision, text: RULE_TEXT, when };
}

/** Rules in front of the kind's own, as a region that is stricter writes them. */
export function policyFile(
  kind = 'health-code',
  rules: readonly PolicyRule[] = [],
  change: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return {
    id: `${kind}-zhejiang`,
    version: 1,
    verifyingRegion: '33',
    issuingRegion: '',
    kind,
    from: '2026-01-01',
    rules: [...rules, ...(KINDS.byName(kind)?.policy?.rules ?? [])],
    ...change,
  };
}

export function policyOf(...file: Parameters<typeof policyFile>): RegionalPolicy {
  return parsePolicyFile(policyFile(...file), KINDS);
}
