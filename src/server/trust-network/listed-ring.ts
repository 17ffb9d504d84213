// The own keys of a node in a trust network: what signs is the newest one that the lists name, so that a new key begins to sign when
// everybody may know it, and the one before goes on until then.

import type { RotatingKeyRing } from '../../adapters/keyfile/key-ring.js';
import type { ReasonCode } from '../../core/errors/reasons.js';
import { YimaError } from '../../core/errors/yima-error.js';
import type { KeyRing, SigningUse } from '../../core/issue/ports.js';
import type { KeyRecord, KeyTable } from '../../core/trust/key-record.js';
import type { Answer } from '../../core/verify/answer.js';

export interface ListedRingDeps {
  readonly ring: RotatingKeyRing;
  readonly table: () => KeyTable;
  /** Whether the network says anything yet: until then a node's own keys count as they are. */
  readonly isRooted: () => boolean;
  readonly statusBase: string;
}

export interface ListedRing extends KeyRing {
  /** Whether a key of the node signs credentials by a list. */
  readonly isListed: () => boolean;
  /** The announced keys of a use that may sign: in a network those that the lists name as active. */
  readonly successors: (use: SigningUse) => readonly KeyRecord[];
}

export function listedRing({ ring, table, isRooted, statusBase }: ListedRingDeps): ListedRing {
  const isNamed = ({ issuer, kid, use }: KeyRecord): boolean =>
    table()
      .find('yima', issuer, kid)
      .some((record) => record.use === use && record.state === 'active' && record.statusBase === statusBase);
  const newest = (use: SigningUse): KeyRecord | undefined =>
    ring.keysOf(use).findLast(({ record, isAnnounced }) => !isAnnounced && isNamed(record))?.record;
  return {
    records: ring.records,
    successors: (use) =>
      ring
        .keysOf(use)
        .filter(({ record, isAnnounced }) => isAnnounced && (!isRooted() || isNamed(record)))
        .map(({ record }) => record),
    isListed: () => isRooted() && newest('credential') !== undefined,
    signer: (use) => {
      if (!isRooted()) return ring.signer(use);
      const signer = ring.find(newest(use)?.kid ?? '');
      // A status list that nobody else believes is still read by this node.
      if (signer !== undefined || (use !== 'credential' && use !== 'credential-long'))
        return signer ?? ring.signer(use);
      throw new YimaError(
        'conflict',
        `No list of the trust network names a key of this node, active and with the status base ${statusBase}. Send the public key (yima keys list) to the authority above; it drafts, signs and publishes its list.`,
        { rule: 'key_unlisted' },
      );
    },
  };
}

/** What the lists may have against a code of this node's own: no defect of the program. */
const BY_LISTS: ReadonlySet<ReasonCode> = new Set([
  'issuer_out_of_scope',
  'key_retired',
  'key_revoked',
  'trust_stale',
]);

/**
 * Whether the node's own verifier takes what it has just signed.
 * @throws YimaError `conflict` where the lists are against it
 */
export function checkOwnCode({ credential, reason }: Answer, isRooted: boolean): boolean {
  if (credential?.outcome === 'valid') return true;
  if (!isRooted || !BY_LISTS.has(reason)) return false;
  const message = `The lists of the trust network do not let this node's key sign that now (${reason}). Ask the authority above for the scope, or for a new version of its list.`;
  throw new YimaError('conflict', message, { rule: reason });
}
