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

/** Changes of a credential under all its ids, newest first, at most `NEWEST`. @param ids the newest first */
export async function changesOf(store: Store, ids: readonly string[]): Promise<readonly ColourChangeRow[]> {
  const changes: ColourChangeRow[] = [];
  for (const id of ids) changes.push(...(await store.colourChangesOf(id, NEWEST)));
  return changes.slice(0, NEWEST);
}

/** The same of appeals. */
export async function appealsOf(store: Store, ids: readonly string[]): Promise<readonly AppealRow[]> {
  const appeals: AppealRow[] = [];
  for (const id of ids) appeals.push(...(await store.appealsOf(id, NEWEST)));
  return appeals.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, NEWEST);
}

/**
 * @param ids of the credential, the newest first
 * @param id the newest change when absent
 * @throws YimaError `not_found`
 */
export async function getChange(store: Store, ids: readonly string[], id?: string): Promise<ColourChangeRow> {
  const changes = await changesOf(store, ids);
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
