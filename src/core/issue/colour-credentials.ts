// Credentials whose status is a colour, found for a change: real ones, of a kind whose lists are restricted.

import type { Kind, KindTable } from '../credential/kind.js';
import { YimaError } from '../errors/yima-error.js';
import { checkCurrent } from './lineage.js';
import type { CredentialRow, Store, StoredCredential } from './store.js';

/** Whether changing its state is changing a colour: that takes a rule or two people. Demo credentials are exempt. */
export function isColoured({ kind, demo }: Pick<CredentialRow, 'kind' | 'demo'>, kinds: KindTable): boolean {
  return !demo && kinds.byName(kind)?.status.restricted === true;
}

/**
 * In the order of the ids.
 * @throws YimaError `not_found` where one is absent, `invalid_request` where one has no colour, `conflict` where one was issued anew; the
 *   field names it
 */
export async function findColoured(
  ids: readonly string[],
  { store, kinds }: { readonly store: Store; readonly kinds: KindTable },
  field: string,
): Promise<readonly StoredCredential[]> {
  const found: StoredCredential[] = [];
  for (const [at, id] of ids.entries()) {
    const stored = await store.findCredential(id);
    if (stored === undefined)
      throw new YimaError('not_found', 'There is no such credential here.', { field: `${field}.${at}` });
    if (!isColoured(stored.credential, kinds)) {
      throw new YimaError('invalid_request', 'This credential has no colour: its state changes by itself.', {
        field: `${field}.${at}`,
      });
    }
    await checkCurrent(store, stored, `${field}.${at}`);
    found.push(stored);
  }
  return found;
}

/** The value of a status word of the kind; undefined for none. */
export function levelOf(kind: Kind | undefined, word: string): number | undefined {
  return kind?.status.meanings.find((meaning) => meaning.word === word)?.value;
}
