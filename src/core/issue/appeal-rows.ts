// What filing and deciding an appeal look up alike: its row, the change that it is about, and what its decider signs.

import { YimaError } from '../errors/yima-error.js';
import type { Sha256 } from '../signature/public-key.js';
import { appealBody } from './appeal-log.js';
import { proposalHash } from './approval.js';
import type { AppealRow, ColourChangeRow } from './decision-rows.js';
import type { Store } from './store.js';

/** Type of the proposal that an accepted appeal is: the desk asks, the officer approves. */
export const APPEAL = 'appeal';
/** Changes of a credential that are looked at, newest first: what lies further back is no longer what anybody sees. */
export const NEWEST = 100;

/** @throws YimaError `not_found` */
export async function getAppeal(store: Store, id: string): Promise<AppealRow> {
  const row = await store.findAppeal(id);
  if (row === undefined) throw new YimaError('not_found', 'There is no appeal with this id.');
  return row;
}

/**
 * @param id the newest change when absent
 * @throws YimaError `not_found`
 */
export async function getChange(store: Store, credentialId: string, id?: string): Promise<ColourChangeRow> {
  const changes = await store.colourChangesOf(credentialId, NEWEST);
  const change = id === undefined ? changes[0] : changes.find(({ changeId }) => changeId === id);
  if (change === undefined)
    throw new YimaError('not_found', 'There is no such change of this credential; its record names them.', {
      field: 'change',
    });
  return change;
}

/** The body of the proposal that an appeal asks for, as text, and its hash. */
export function appealHash(row: AppealRow, sha256: Sha256): { text: string; hash: string } {
  return proposalHash(APPEAL, appealBody(row, sha256), sha256);
}
