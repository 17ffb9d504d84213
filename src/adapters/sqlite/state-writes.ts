// Writes of states: the ordinary one, which brings back nothing that was revoked, and the restoration of what the log tells.

import type { StateUpdate } from '../../core/issue/store.js';
import type { OpenDatabase } from './database.js';
import { prepareStates } from './statements.js';
import { requireOneRow } from './store-errors.js';

/** @throws YimaError `conflict` when one of the rows is not there or may not change so */
export function writeState(
  writes: ReturnType<typeof prepareStates>,
  { encodings, ...state }: StateUpdate,
): void {
  requireOneRow(writes.setState({ ...state }));
  for (const encoding of encodings) {
    requireOneRow(writes.setValue({ ...encoding, credentialId: state.credentialId }));
  }
}

/** The triggers that keep revoked rows revoked. */
const GUARDS = ['credentials_stay_revoked', 'encodings_stay_revoked'] as const;

/**
 * Writes states over whatever is stored, inside the caller's transaction, which takes the guards away and puts them back: nobody
 * else ever sees the database without them.
 */
export function createRestore({ client, db }: OpenDatabase) {
  const writes = prepareStates({ client, db });
  const guard = client
    .prepare<[string], string>(`select sql from sqlite_master where type = 'trigger' and name = ?`)
    .pluck();
  return (states: readonly StateUpdate[]): void => {
    const guards = GUARDS.flatMap((name) => guard.get(name) ?? []);
    for (const name of GUARDS) client.exec(`drop trigger if exists ${name}`);
    for (const state of states) writeState(writes, state);
    for (const sql of guards) client.exec(sql);
  };
}
