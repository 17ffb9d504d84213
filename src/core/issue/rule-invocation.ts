// A rule of colour carried out by a rule service: named version, evidence, purpose. What exceeds the rule's cap in any hour waits
// for an officer; the service is the first of the two then.

import { hexEncode, utf8Encode } from '../codec/bytes.js';
import { canonicalJson } from '../codec/json.js';
import { YimaError } from '../errors/yima-error.js';
import type { Sha256 } from '../signature/public-key.js';
import { proposalHash } from './approval.js';
import { type BulkChangeDeps, bulkChange, type Provenance } from './bulk-change.js';
import { findColoured } from './colour-credentials.js';
import { ruleInForce } from './colour-rules.js';
import type { ColourRuleRow, InvocationRow, ProposalRow } from './decision-rows.js';
import { HELD } from './held-surplus.js';
import { type Ledger, nothingToWrite, type Plan } from './ledger.js';
import { currentIds } from './lineage.js';
import type { LogEntry } from './log.js';
import type { Officers } from './officers.js';
import type { Clock, Random } from './ports.js';
import { proposalOpened } from './proposal-log.js';
import { openProposal } from './proposals.js';
import { fit } from './rule-fit.js';
import type { Store, StoredCredential } from './store.js';
import { newTimedId } from './timed-id.js';

export interface RuleInvocation {
  readonly rule: string;
  readonly version: number;
  /** 1 to 1,000 ids, none twice. */
  readonly credentials: readonly string[];
  /** A file or case reference, 1 to 128 printable characters. */
  readonly evidence: string;
  /** One of the rule's. */
  readonly purpose: string;
  /** The same key with the same request gives the same answer. */
  readonly idempotencyKey: string;
}

export interface Invoked extends InvocationRow {
  /** True when an earlier request with the same key had already done it. */
  readonly replayed: boolean;
}

/** @throws YimaError `forbidden` unless the actor is a rule service; `not_found`, `conflict`, `invalid_request`, `idempotency_conflict` */
export type InvokeRule = (actor: string, invocation: RuleInvocation) => Promise<Invoked>;

export interface RuleInvocationDeps extends BulkChangeDeps {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly random: Random;
  readonly sha256: Sha256;
  readonly officers: Officers;
  /** Hears how many were changed, and how many wait. */
  readonly onChanged: (credentials: number, held: number) => void;
}

const HOUR_SECONDS = 3_600;
const MOST_CREDENTIALS = 1_000;

export function createRuleInvocation(deps: RuleInvocationDeps): InvokeRule {
  return async (actor, invocation) => {
    checkRequest(invocation);
    const { rule, idempotencyKey } = invocation;
    const credentials = await currentIds(deps.store, invocation.credentials);
    const subjects = [
      `rule:${rule}`,
      `invocation:${actor}:${idempotencyKey}`,
      ...credentials.map((id) => `credential:${id}`),
    ];
    return deps.ledger.submit(subjects, () => planInvocation(deps, actor, invocation, credentials));
  };
}

function checkRequest({ credentials, evidence }: RuleInvocation): void {
  const wrong = (field: string, message: string): never => {
    throw new YimaError('invalid_request', message, { field });
  };
  if (
    credentials.length < 1 ||
    credentials.length > MOST_CREDENTIALS ||
    new Set(credentials).size !== credentials.length
  )
    wrong('credentials', `Name 1 to ${MOST_CREDENTIALS} credentials, none of them twice.`);
  if (evidence.length < 1 || evidence.length > 128 || /\p{C}/u.test(evidence))
    wrong('evidence', 'Name the evidence in 1 to 128 printable characters.');
}

/** @param credentials as they go on now: a service has the ids from before a key was withdrawn */
async function planInvocation(
  deps: RuleInvocationDeps,
  actor: string,
  asked: RuleInvocation,
  credentials: readonly string[],
): Promise<Plan<Invoked>> {
  deps.officers.checkRuleService(actor);
  const requestHash = hexEncode(deps.sha256(utf8Encode(canonicalJson(asked))));
  const earlier = await deps.store.findInvocationByKey(actor, asked.idempotencyKey);
  if (earlier !== undefined) return nothingToWrite({ ...sameRequest(earlier, requestHash), replayed: true });

  const now = deps.clock();
  const rule = await getRule(deps.store, asked, now);
  const stored = await findColoured(credentials, deps, 'credentials');
  const { level, fitting } = fit(stored, rule, deps.kinds);
  const used = await deps.store.countRuleChanges(rule.id, now - HOUR_SECONDS);
  const room = Math.max(0, rule.capPerHour - used);
  const [changing, surplus] = [fitting.slice(0, room), fitting.slice(room)];

  const id = newTimedId(now, deps.random);
  const held = surplus.length === 0 ? null : holdSurplus(deps, actor, id, rule, surplus, asked);
  const row: InvocationRow = {
    id,
    principal: actor,
    key: asked.idempotencyKey,
    requestHash,
    ruleId: rule.id,
    ruleVersion: rule.version,
    at: now,
    purpose: asked.purpose,
    evidence: asked.evidence,
    changed: changing.length,
    unchanged: stored.length - fitting.length,
    held: surplus.length,
    proposalId: held?.id ?? null,
  };
  const provenance: Provenance = {
    changeId: id,
    by: 'rule',
    actor,
    at: now,
    rule: { id: rule.id, version: rule.version },
    purpose: asked.purpose,
    evidence: asked.evidence,
  };
  const changes = changing.map((each) => ({ stored: each, delta: { level } }));
  const effect = bulkChange(changes, provenance, deps);
  const proposals = held === null ? [] : [held];
  return {
    entries: [invoked(row), ...effect.entries, ...proposals.map(proposalOpened)],
    change: { ...effect.change, invocations: [row], proposals },
    ...(effect.unsure === undefined ? {} : { unsure: effect.unsure }),
    done: () => {
      effect.done?.();
      deps.onChanged(row.changed, row.held);
      return { ...row, replayed: false };
    },
  };
}

function sameRequest(earlier: InvocationRow, requestHash: string): InvocationRow {
  if (earlier.requestHash === requestHash) return earlier;
  throw new YimaError(
    'idempotency_conflict',
    'This idempotency key was used for a different request; take a new one.',
  );
}

async function getRule(store: Store, asked: RuleInvocation, now: number): Promise<ColourRuleRow> {
  const rules = await store.colourRules();
  if (rules.every(({ id }) => id !== asked.rule)) throw new YimaError('not_found', 'There is no such rule.');
  const rule = ruleInForce(rules, asked.rule, now);
  if (rule?.version !== asked.version) {
    const held =
      rule === undefined ? 'No version of this rule is in force.' : `Version ${rule.version} is in force.`;
    throw new YimaError('conflict', `${held} GET /v1/colour-rules lists them.`, {
      field: 'version',
      rule: 'not_in_force',
    });
  }
  if (!rule.purposes.includes(asked.purpose)) {
    throw new YimaError('invalid_request', `This rule serves ${rule.purposes.join(', ')} alone.`, {
      field: 'purpose',
    });
  }
  return rule;
}

/** What has no room under the cap, as a proposal that an officer lets through or rejects. */
function holdSurplus(
  deps: RuleInvocationDeps,
  actor: string,
  invocation: string,
  rule: ColourRuleRow,
  surplus: readonly StoredCredential[],
  { purpose, evidence }: RuleInvocation,
): ProposalRow {
  const { id, version, toLevel } = rule;
  const credentials = surplus.map(({ credential }) => credential.id);
  const body = { rule: id, version, to: toLevel, credentials, purpose, evidence, invocation };
  const { text, hash } = proposalHash(HELD, body, deps.sha256);
  const size = surplus.length;
  return openProposal(deps, {
    type: HELD,
    body: text,
    hash,
    size,
    seen: '',
    proposedBy: actor,
    proposerJws: null,
  });
}

function invoked({
  id,
  at,
  principal,
  ruleId,
  ruleVersion,
  purpose,
  evidence,
  ...row
}: InvocationRow): LogEntry {
  const { changed, unchanged, held, proposalId } = row;
  return {
    at,
    actor: principal,
    type: 'rule_invoked',
    body: {
      change: id,
      rule: ruleId,
      version: ruleVersion,
      purpose,
      evidence,
      changed,
      unchanged,
      held,
      proposal: proposalId,
    },
  };
}
