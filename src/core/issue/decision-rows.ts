// Rows about who decided what: proposals of two people, rules of colour, every change of a colour, appeals, and scoped
// revocations under way. Holds no personal data; texts of people are what they chose to give as purpose or evidence.

import type { Text } from '../errors/reasons.js';
import type { Form } from './form.js';

/** An appeal is to be answered within this time. */
export const APPEAL_DUE_SECONDS = 15 * 86_400;

/** A proposal that nobody decided this long is no longer one. */
export const PROPOSAL_OPEN_SECONDS = 86_400;

/** What is asked of a second person. A body is canonical JSON whose members its type tells. */
export interface ProposalRow {
  /** As of `newTimedId`. */
  readonly id: string;
  /** What a handler is registered for, e.g. `colour`. */
  readonly type: string;
  readonly body: string;
  /** Hex SHA-256 of `yima-proposal-v1 ` + type + line feed + body: what both people sign. No two proposals have the same. */
  readonly hash: string;
  /** Credentials that it counts for, under the caps of its type. */
  readonly size: number;
  /** Hex digest of what it was checked against, `''` for nothing: where that has become different, it cannot be approved. */
  readonly seen: string;
  /** API key id. */
  readonly proposedBy: string;
  readonly proposedAt: number;
  /** Compact JWS of the officer who proposed; null where a rule service's surplus is the proposal. */
  readonly proposerJws: string | null;
  /** What stays open too long expires, and nothing is written for that. */
  readonly state: 'open' | 'approved' | 'rejected' | 'withdrawn';
  readonly decidedBy: string | null;
  readonly decidedAt: number | null;
  /** null where it was withdrawn, which needs no signature. */
  readonly deciderJws: string | null;
}

/** One version of a rule by which a service may change colours. Versions of an id only grow. */
export interface ColourRuleRow {
  readonly id: string;
  readonly version: number;
  readonly kind: string;
  /** Status words of the kind: from which levels it may lead away, and to which. */
  readonly fromLevels: readonly string[];
  readonly toLevel: string;
  readonly text: Text;
  /** The purposes that an invocation may name. */
  readonly purposes: readonly string[];
  /** Changes that it may make in any hour, all versions together; what exceeds them is held for a second person. */
  readonly capPerHour: number;
  readonly validFrom: number;
  /** The approved proposal that put it in force. */
  readonly proposalId: string;
  readonly retiredAt: number | null;
  /** The approved proposal that retired it. */
  readonly retiredBy: string | null;
}

/** One change of one colour credential, for its record, for the caps and for taking it back. Never changes. */
export interface ColourChangeRow {
  /** Id of the proposal, the invocation or the single act that made it; it changes a credential once. */
  readonly changeId: string;
  readonly credentialId: string;
  /** `proposal`: two people. `rule`: an invocation. `held`: its surplus, let through by an officer. `single`: one officer, for good. */
  readonly by: 'proposal' | 'rule' | 'held' | 'single';
  readonly at: number;
  /** Who applied it: API key id. */
  readonly actor: string;
  readonly ruleId: string | null;
  readonly ruleVersion: number | null;
  /** The one encoding that was revoked alone, while the credential stayed as it was; null for a change of the credential. */
  readonly form: Form | null;
  /** The state before; a revoked one never changes. */
  readonly fromSuspended: boolean;
  readonly fromLevel: number;
  readonly toRevoked: boolean;
  readonly toSuspended: boolean;
  readonly toLevel: number;
  /** What for, and on which grounds; null where one officer revoked and gave a purpose alone. */
  readonly purpose: string;
  readonly evidence: string | null;
}

/** One call of a rule service. The same key with the same request gives the same answer. */
export interface InvocationRow {
  readonly id: string;
  readonly principal: string;
  readonly key: string;
  /** Hex SHA-256 of the request. */
  readonly requestHash: string;
  readonly ruleId: string;
  readonly ruleVersion: number;
  readonly at: number;
  readonly purpose: string;
  readonly evidence: string;
  /** Credentials that it changed, that were as asked already, and that wait in `proposalId`. */
  readonly changed: number;
  readonly unchanged: number;
  readonly held: number;
  readonly proposalId: string | null;
}

/** A holder's word against a colour, filed by an office. */
export interface AppealRow {
  readonly id: string;
  readonly credentialId: string;
  /** The change appealed against. */
  readonly changeId: string;
  /** What the holder says, 1 to 500 printable characters. */
  readonly grounds: string;
  readonly operator: string;
  readonly filedBy: string;
  readonly filedAt: number;
  readonly state: 'open' | 'accepted' | 'rejected';
  readonly decidedBy: string | null;
  readonly decidedAt: number | null;
  readonly deciderJws: string | null;
  /** Why, for the holder to read; needed to reject. */
  readonly answer: string | null;
  /** The proposal that gives the colour back; null where nothing is given back. */
  readonly proposalId: string | null;
}

/** A scoped revocation under way, started by the approval of its proposal. */
export interface RevocationJobRow {
  /** The proposal's. */
  readonly id: string;
  /** Canonical JSON. */
  readonly scope: string;
  /** As counted when it was proposed. */
  readonly total: number;
  /** Credentials that it revoked. */
  readonly done: number;
  /** Those that were revoked before it came to them. */
  readonly skipped: number;
  /** Credentials up to this id are done; `''` before the first. */
  readonly cursor: string;
  /** `done`: over, whether it reached the end or not. */
  readonly state: 'running' | 'done';
  /** Why it stopped before the end, an error's code; null where it did not. */
  readonly failure: string | null;
  readonly startedAt: number;
  readonly finishedAt: number | null;
}

/** What a change writes of these. */
export interface DecisionWrites {
  /** New ones, or open ones decided. */
  readonly proposals?: readonly ProposalRow[];
  /** New versions, or known ones retired. */
  readonly colourRules?: readonly ColourRuleRow[];
  readonly colourChanges?: readonly ColourChangeRow[];
  readonly invocations?: readonly InvocationRow[];
  /** New ones, or open ones decided. */
  readonly appeals?: readonly AppealRow[];
  /** New ones, or running ones that went on. */
  readonly revocationJobs?: readonly RevocationJobRow[];
}

/** What a store answers about them. A page holds 1 to 1,000 rows, or `invalid_request`. */
export interface DecisionReads {
  readonly findProposal: (id: string) => Promise<ProposalRow | undefined>;
  readonly findProposalByHash: (hash: string) => Promise<ProposalRow | undefined>;
  /** In id order after `after` (`''`: from the first). */
  readonly proposals: (after: string, limit: number) => Promise<readonly ProposalRow[]>;
  /** The same of those proposed after a time whose state is `open`. */
  readonly openProposals: (since: number, after: string, limit: number) => Promise<readonly ProposalRow[]>;
  /** Credentials that proposals of a type count for: open ones proposed after `since`, approved ones decided after it. */
  readonly proposedSize: (type: string, since: number) => Promise<number>;
  /** All versions of all rules, by id and version. */
  readonly colourRules: () => Promise<readonly ColourRuleRow[]>;
  /** Of one credential, newest first, at most `limit`. */
  readonly colourChangesOf: (credentialId: string, limit: number) => Promise<readonly ColourChangeRow[]>;
  /** What one proposal, invocation or act changed, by credential id after `after`. */
  readonly colourChanges: (
    changeId: string,
    after: string,
    limit: number,
  ) => Promise<readonly ColourChangeRow[]>;
  /** All of them, by change and credential, after a place (`''` and `''`: from the first). */
  readonly allColourChanges: (
    after: Pick<ColourChangeRow, 'changeId' | 'credentialId'>,
    limit: number,
  ) => Promise<readonly ColourChangeRow[]>;
  /** Changes made under a rule after a time. */
  readonly countRuleChanges: (ruleId: string, since: number) => Promise<number>;
  /** Changes that one principal made alone after a time. */
  readonly countSingleChanges: (actor: string, since: number) => Promise<number>;
  readonly findInvocation: (id: string) => Promise<InvocationRow | undefined>;
  readonly findInvocationByKey: (principal: string, key: string) => Promise<InvocationRow | undefined>;
  readonly findAppeal: (id: string) => Promise<AppealRow | undefined>;
  /** In id order after `after`. */
  readonly appeals: (after: string, limit: number) => Promise<readonly AppealRow[]>;
  /** The same of those whose state is `open`. */
  readonly openAppeals: (after: string, limit: number) => Promise<readonly AppealRow[]>;
  readonly countOpenAppeals: () => Promise<number>;
  /** Of one credential, newest first, at most `limit`. */
  readonly appealsOf: (credentialId: string, limit: number) => Promise<readonly AppealRow[]>;
  readonly findRevocationJob: (id: string) => Promise<RevocationJobRow | undefined>;
  readonly runningRevocationJobs: () => Promise<readonly RevocationJobRow[]>;
}
