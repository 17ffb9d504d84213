// What a holder may read about his own credential: every change of its colour with time, rule and reason, and what became of his
// appeals. Nothing of anybody else: no ids of people, no evidence, which may be a file about many.

import type { Kind, KindTable, StatusMeaning } from '../credential/kind.js';
import { statusWord } from '../credential/status-meaning.js';
import type { Text } from '../errors/reasons.js';
import { publishedValue, type StatusFacts } from '../status/published-value.js';
import { APPEAL, appealsOf, changesOf } from './appeal-rows.js';
import { isColoured } from './colour-credentials.js';
import { APPEAL_DUE_SECONDS, type AppealRow, type ColourChangeRow } from './decision-rows.js';
import type { Form } from './form.js';
import { currentOf, idsOf, lineageOf } from './lineage.js';
import type { CredentialRow, Store } from './store.js';

export interface CredentialRecord {
  readonly id: string;
  readonly kind: string;
  readonly issuedAt: number;
  readonly expiresAt: number | null;
  readonly status: StatusMeaning;
  /** Under which id it lived before, and lives on, where its key was withdrawn and it was issued anew. */
  readonly replaces: string | null;
  readonly replacedBy: string | null;
  /** Under all its ids, newest first, at most 100; null for what has no colour: of that the log alone keeps changes. */
  readonly changes: readonly RecordedChange[] | null;
  /** Newest first, at most 100. */
  readonly appeals: readonly RecordedAppeal[];
}

/** `rule`: by itself. `rule_and_officer`: above its cap, let through by an officer. `officers`: two. `appeal`. `officer`: one, for good. */
export const CHANGED_BY = ['rule', 'rule_and_officer', 'officers', 'appeal', 'officer'] as const;
export type ChangedBy = (typeof CHANGED_BY)[number];

export interface RecordedChange {
  /** To appeal against it. */
  readonly id: string;
  /** Epoch seconds. */
  readonly at: number;
  /** The one encoding that it was about; null: the credential. */
  readonly form: Form | null;
  readonly from: StatusMeaning;
  readonly to: StatusMeaning;
  readonly by: ChangedBy;
  readonly rule: { readonly id: string; readonly version: number } | null;
  /** The rule's own text, or who decided. */
  readonly ground: Text;
  readonly reason: string;
}

export interface RecordedAppeal {
  readonly id: string;
  readonly change: string;
  readonly state: AppealRow['state'];
  readonly filedAt: number;
  /** Until when it is to be answered. */
  readonly dueAt: number;
  readonly decidedAt: number | null;
  readonly answer: string | null;
}

export interface RecordDeps {
  readonly store: Store;
  readonly kinds: KindTable;
}

/** @throws YimaError `not_found` */
export async function readRecord({ store, kinds }: RecordDeps, id: string): Promise<CredentialRecord> {
  const lineage = await lineageOf(store, id);
  const ids = idsOf(lineage);
  const { credential } = lineage.find((each) => each.credential.id === id) ?? currentOf(lineage);
  const [newest] = ids;
  const kind = kinds.byName(credential.kind);
  return {
    id,
    kind: credential.kind,
    issuedAt: credential.issuedAt,
    expiresAt: credential.expiresAt,
    status: meaningOf(credential, kind),
    replaces: credential.replaces,
    replacedBy: newest === undefined || newest === id ? null : newest,
    changes: isColoured(credential, kinds)
      ? await recordedChanges({ store, kinds }, credential, await changesOf(store, ids))
      : null,
    appeals: (await appealsOf(store, ids)).map(recordedAppeal),
  };
}

/** Changes of one credential, in words. */
export async function recordedChanges(
  { store, kinds }: RecordDeps,
  credential: Pick<CredentialRow, 'kind'>,
  changes: readonly ColourChangeRow[],
): Promise<readonly RecordedChange[]> {
  const kind = kinds.byName(credential.kind);
  const rules = changes.some(({ ruleId }) => ruleId !== null) ? await store.colourRules() : [];
  return Promise.all(
    changes.map(async (change) => {
      const rule = rules.find(({ id, version }) => id === change.ruleId && version === change.ruleVersion);
      const by = await changedBy(store, change);
      return {
        id: change.changeId,
        at: change.at,
        form: change.form,
        from: meaningOf({ revoked: false, suspended: change.fromSuspended, level: change.fromLevel }, kind),
        to: meaningOf(after(change), kind),
        by,
        rule: rule === undefined ? null : { id: rule.id, version: rule.version },
        ground: rule?.text ?? GROUNDS[by],
        reason: change.purpose,
      };
    }),
  );
}

function after({ form, toRevoked, toSuspended, toLevel }: ColourChangeRow): StatusFacts {
  return { revoked: toRevoked || form !== null, suspended: toSuspended, level: toLevel };
}

async function changedBy(store: Store, { by, changeId }: ColourChangeRow): Promise<ChangedBy> {
  if (by === 'rule') return 'rule';
  if (by === 'held') return 'rule_and_officer';
  if (by === 'single') return 'officer';
  return (await store.findProposal(changeId))?.type === APPEAL ? 'appeal' : 'officers';
}

const GROUNDS: Readonly<Record<ChangedBy, Text>> = {
  rule: { 'zh-CN': '按规则变更', en: 'A rule was carried out' },
  rule_and_officer: {
    'zh-CN': '按规则变更，并经工作人员批准',
    en: 'A rule was carried out, and an officer let it through',
  },
  officers: { 'zh-CN': '由两名工作人员共同决定', en: 'Two officers decided it' },
  appeal: {
    'zh-CN': '申诉成立，恢复原状',
    en: 'An appeal was accepted, and the state before was given back',
  },
  officer: { 'zh-CN': '由一名工作人员作废', en: 'One officer revoked it' },
};

function meaningOf(state: StatusFacts, kind: Kind | undefined): StatusMeaning {
  const value = publishedValue(state);
  const unknown = { value, word: 'unknown', text: { 'zh-CN': '未知', en: 'Unknown' } };
  return statusWord(kind, value) ?? unknown;
}

function recordedAppeal({ id, changeId, state, filedAt, decidedAt, answer }: AppealRow): RecordedAppeal {
  return { id, change: changeId, state, filedAt, dueAt: filedAt + APPEAL_DUE_SECONDS, decidedAt, answer };
}
