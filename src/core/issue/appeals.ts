// A holder's word against a change of colour: filed by a desk, decided by an officer who had no part in the change, nor in the rule
// behind it. What was changed for the better is nothing to appeal against, so that nobody is turned red this way.

import type { JsonObject } from '../codec/json.js';
import { YimaError } from '../errors/yima-error.js';
import { type AppealDecision, type AppealDecisionDeps, planAppealDecision } from './appeal-decision.js';
import { appealBody, appealFiled } from './appeal-log.js';
import { appealHash, appealsOf, getAppeal, getChange } from './appeal-rows.js';
import { isWorse } from './colour-severity.js';
import { type RecordedChange, recordedChanges } from './credential-record.js';
import type { AppealRow, ColourChangeRow } from './decision-rows.js';
import type { Ledger, Plan } from './ledger.js';
import { currentOf, idsOf, type Lineage, submitForAll } from './lineage.js';
import type { Store, StoredCredential } from './store.js';
import { newTimedId } from './timed-id.js';

export interface NewAppeal {
  /** The change appealed against; the newest of the credential when absent. */
  readonly change?: string;
  /** The person at the desk, 1 to 64 printable characters. */
  readonly operator: string;
  /** What the holder says, 1 to 500 printable characters. */
  readonly grounds: string;
}

export interface OpenAppeal {
  readonly appeal: AppealRow;
  readonly change: RecordedChange;
  /** What the change was made on: a file or case reference; null where one officer revoked. */
  readonly evidence: string | null;
  /** What whoever decides it signs, as of a proposal of type `appeal`. */
  readonly body: JsonObject;
  readonly hash: string;
}

export interface Appeals {
  /** @throws YimaError `not_found`, `invalid_request`; `conflict` where one is open, or the state before was no better */
  readonly file: (actor: string, credentialId: string, appeal: NewAppeal) => Promise<AppealRow>;
  /** In the order of their filing, after an id. */
  readonly listOpen: (after: string, limit: number) => Promise<readonly OpenAppeal[]>;
  /**
   * Deciding and giving back are one change.
   * @throws YimaError `not_found`; `conflict` for what is decided, or was changed since; `forbidden` for who had a part in it
   */
  readonly decide: (actor: string, id: string, decision: AppealDecision) => Promise<AppealRow>;
}

export interface AppealsDeps extends AppealDecisionDeps {
  readonly ledger: Ledger;
}

const MOST_TEXT = 500;
const MOST_OPERATOR = 64;

export function createAppeals(deps: AppealsDeps): Appeals {
  const { store } = deps;
  return {
    file: async (actor, credentialId, appeal) => {
      checkText('operator', appeal.operator, MOST_OPERATOR);
      checkText('grounds', appeal.grounds, MOST_TEXT);
      return submitForAll(deps, credentialId, (lineage) => planFiling(deps, actor, lineage, appeal));
    },
    listOpen: async (after, limit) => {
      const rows = await store.openAppeals(after, limit);
      return Promise.all(rows.map((row) => openAppeal(deps, row)));
    },
    decide: async (actor, id, decision) => {
      if (decision.answer !== null) checkText('answer', decision.answer, MOST_TEXT);
      else if (decision.action === 'reject')
        throw invalid('answer', 'Tell the holder why the appeal is rejected.');
      const { credentialId } = await getAppeal(store, id);
      return submitForAll(deps, credentialId, (lineage) =>
        planAppealDecision(deps, actor, id, lineage, decision),
      );
    },
  };
}

async function openAppeal(deps: AppealsDeps, appeal: AppealRow): Promise<OpenAppeal> {
  const { credential } = await getStored(deps.store, appeal.credentialId);
  const row = await getChange(deps.store, [credential.id], appeal.changeId);
  const [change] = await recordedChanges(deps, credential, [row]);
  if (change === undefined) throw new YimaError('internal', 'A change was put in no words.');
  const { hash } = appealHash(appeal, deps.sha256);
  return { appeal, change, evidence: row.evidence, body: appealBody(appeal, deps.sha256), hash };
}

async function getStored(store: Store, id: string): Promise<StoredCredential> {
  const stored = await store.findCredential(id);
  if (stored === undefined) throw new YimaError('not_found', 'There is no such credential here.');
  return stored;
}

/** The appeal is filed under the id that the credential had when it was changed, and answered for the one that it has. */
async function planFiling(
  deps: AppealsDeps,
  actor: string,
  lineage: Lineage,
  { change: asked, operator, grounds }: NewAppeal,
): Promise<Plan<AppealRow>> {
  const { store, clock, random, sha256 } = deps;
  const ids = idsOf(lineage);
  const change = await getChange(store, ids, asked);
  checkWorse(currentOf(lineage), change, deps);
  if ((await appealsOf(store, ids)).some(({ state }) => state === 'open'))
    throw new YimaError('conflict', 'An appeal for this credential is open already; it is answered first.', {
      rule: 'appeal_open',
    });
  const filedAt = clock();
  const row: AppealRow = {
    id: newTimedId(filedAt, random),
    credentialId: change.credentialId,
    changeId: change.changeId,
    grounds,
    operator,
    filedBy: actor,
    filedAt,
    state: 'open',
    decidedBy: null,
    decidedAt: null,
    deciderJws: null,
    answer: null,
    proposalId: null,
  };
  return { entries: [appealFiled(row, sha256)], change: { appeals: [row] }, done: () => row };
}

/** @throws YimaError `conflict` */
function checkWorse(
  { credential }: StoredCredential,
  { fromSuspended, fromLevel, toRevoked, toSuspended, toLevel, form }: ColourChangeRow,
  { kinds }: AppealsDeps,
): void {
  const before = { revoked: false, suspended: fromSuspended, level: fromLevel };
  const after = { revoked: toRevoked || form !== null, suspended: toSuspended, level: toLevel };
  if (isWorse(after, before, kinds.byName(credential.kind))) return;
  throw new YimaError('conflict', 'This change made nothing worse; there is nothing to give back.', {
    rule: 'not_worse',
  });
}

function checkText(field: string, text: string, max: number): void {
  if (text.length < 1 || text.length > max || /\p{C}/u.test(text))
    throw invalid(field, `Give 1 to ${max} printable characters.`);
}

function invalid(field: string, message: string): YimaError {
  return new YimaError('invalid_request', message, { field });
}
