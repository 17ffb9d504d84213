// What is done with the log as a whole: read, checked, signed for a witness, and written back to a store that was edited.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { createNodeVerify, sha256 } from '../adapters/crypto-node.js';
import type { Ledger } from '../core/issue/ledger.js';
import { auditLog } from '../core/issue/log-audit.js';
import { restoreFromLog } from '../core/issue/log-restore.js';
import type { Clock, KeyRing } from '../core/issue/ports.js';
import { createSignedHeads } from '../core/issue/signed-head.js';
import type { Store } from '../core/issue/store.js';
import type { StatusArena } from '../core/status/arena.js';
import type { Commands } from './commands.js';

export interface LogCommandsDeps {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly arena: Pick<StatusArena, 'find' | 'set'>;
  readonly statusBase: string;
  readonly issuer: string;
  readonly keyRing: KeyRing;
  readonly clock: Clock;
}

export type LogCommands = Pick<
  Commands,
  'logHead' | 'readLog' | 'checkLog' | 'restoreLog' | 'signLogHead' | 'checkLogHead'
>;

export function createLogCommands(deps: LogCommandsDeps): LogCommands {
  const { store, keyRing } = deps;
  const reading = { store, sha256, nextTurn };
  const heads = createSignedHeads({
    ...deps,
    ...reading,
    signer: () => keyRing.signer('status'),
    keys: keyRing.records,
    verify: createNodeVerify(),
  });
  return {
    logHead: store.head,
    readLog: store.log,
    checkLog: () => auditLog(reading),
    restoreLog: (actor, request) => restoreFromLog({ ...deps, ...reading }, actor, request),
    signLogHead: heads.sign,
    checkLogHead: heads.check,
  };
}
