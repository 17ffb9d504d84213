// What one officer may do alone to a credential with a colour: revoke it, for good, and not many of them in a day. Anything that
// changes a colour and could be changed back takes two people or a rule.

import type { KindTable } from '../credential/kind.js';
import { YimaError } from '../errors/yima-error.js';
import { isColoured } from './colour-credentials.js';
import type { StateChange } from './commands.js';
import type { ColourChangeRow } from './decision-rows.js';
import type { CredentialRow, Store, StoredCredential } from './store.js';

const DAY_SECONDS = 86_400;

/** @throws YimaError `forbidden` for a change that one person may not make */
export function checkAlone(
  { credential }: StoredCredential,
  { action }: StateChange,
  kinds: KindTable,
): void {
  if (action === 'revoke' || !isColoured(credential, kinds)) return;
  throw new YimaError(
    'forbidden',
    'A colour is changed by a rule, or by two officers: propose it with POST /v1/proposals.',
    {
      rule: 'two_people',
    },
  );
}

/**
 * @param perDay revocations by one principal in 24 hours; 0: no limit
 * @throws YimaError `forbidden` when there is no room for one more
 */
export async function checkSingleCap(
  store: Store,
  actor: string,
  perDay: number,
  now: number,
): Promise<void> {
  if (perDay === 0 || (await store.countSingleChanges(actor, now - DAY_SECONDS)) < perDay) return;
  throw new YimaError(
    'forbidden',
    `One principal revokes at most ${perDay} codes with a colour in 24 hours. More takes two people: POST /v1/revocations.`,
    { rule: 'daily_cap' },
  );
}

/** The row for its record and for the cap. */
export function singleChange(
  before: CredentialRow,
  after: CredentialRow,
  { reason }: StateChange,
  /** Of the one encoding that it is about; null: the credential. */
  form: ColourChangeRow['form'],
  act: { readonly id: string; readonly actor: string; readonly at: number },
): ColourChangeRow {
  return {
    changeId: act.id,
    credentialId: before.id,
    by: 'single',
    at: act.at,
    actor: act.actor,
    ruleId: null,
    ruleVersion: null,
    form,
    fromSuspended: before.suspended,
    fromLevel: before.level,
    toRevoked: after.revoked,
    toSuspended: after.suspended,
    toLevel: after.level,
    purpose: reason,
    evidence: null,
  };
}
