// A partner's token with the keys that may stand behind it: of that issuer alone, and for lists alone.

import { YimaError } from '../../core/errors/yima-error.js';
import type { VerifySignature } from '../../core/signature/ports.js';
import { refusedList } from '../../core/status/list-claims.js';
import { type ListForm, parseListToken } from '../../core/status/list-forms.js';
import {
  type ListExpectation,
  type ListToken,
  type OpenDeps,
  openListToken,
  type StatusList,
} from '../../core/status/list-token.js';
import { checkKeyState, checkWindow } from '../../core/trust/check-key.js';
import type { KeyRecord, KeyTable } from '../../core/trust/key-record.js';
import type { Partner } from './which-partners.js';

export interface OpenListDeps extends OpenDeps {
  readonly keys: () => KeyTable;
  readonly verify: VerifySignature;
}

export interface OpenedList extends StatusList {
  /** Of the key that signed it. */
  readonly kid: string;
}

/** Kids are not unique: so many keys of one kid are tried. */
const MAX_CANDIDATES = 4;

/**
 * @throws YimaError `damaged` and `list_refused` as `parseListToken` and `openListToken`; `list_refused`, rule `key`: no key of this
 *   partner with this kid may sign lists, or none at that time
 */
export function openList(
  partner: Partner,
  delivery: { readonly form: ListForm; readonly body: Uint8Array },
  expected: ListExpectation,
  deps: OpenListDeps,
): OpenedList {
  const token = parseListToken(delivery.body, delivery.form);
  const { kid } = token;
  if (kid === null) throw refusedList('key');
  const candidates = statusKeys(deps.keys(), partner, kid)
    .filter((record) => checkWindow(record, token.claims.issuedAt) === null)
    .slice(0, MAX_CANDIDATES);
  return { ...openWithOne(token, candidates, expected, deps), kid };
}

/** The keys that may sign this partner's lists. */
export function statusKeys(keys: KeyTable, { issuer, base }: Partner, kid: string): readonly KeyRecord[] {
  return keys
    .find('yima', issuer, kid)
    .filter(
      (record) =>
        record.issuer === issuer && record.statusBase === base && checkKeyState(record, 'status') === null,
    );
}

function openWithOne(
  token: ListToken,
  candidates: readonly KeyRecord[],
  expected: ListExpectation,
  deps: OpenDeps,
): StatusList {
  let refusal = refusedList('key');
  for (const { key } of candidates) {
    try {
      return openListToken(token, key, expected, deps);
    } catch (error) {
      if (!isOfKey(error)) throw error;
      refusal = error;
    }
  }
  throw refusal;
}

/** Another key of the same kid may still do. */
function isOfKey(error: unknown): error is YimaError {
  return error instanceof YimaError && (error.rule === 'signature' || error.rule === 'algorithm');
}
