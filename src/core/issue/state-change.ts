// Which state a credential may go to from which: pure rules. Revoked is for good; the level underneath a suspension is kept.

import type { KindTable } from '../credential/kind.js';
import { YimaError } from '../errors/yima-error.js';
import { publishedValue, STATUS_REVOKED } from '../status/published-value.js';
import type { StateChange } from './commands.js';
import type { Form } from './form.js';
import type { CredentialRow, EncodingRow, StateUpdate, StoredCredential } from './store.js';

export interface NextState {
  /** Log entry type. */
  readonly type: 'revoked' | 'encoding_revoked' | 'suspended' | 'reinstated' | 'level_set';
  readonly body: Record<string, unknown>;
  readonly update: StateUpdate;
  readonly stored: StoredCredential;
  /** Of the one encoding that it is about; null: the credential. */
  readonly form: Form | null;
}

/**
 * @returns null when the credential is already as asked
 * @throws YimaError `conflict` when a revoked one should change, `forbidden` for a level outside the demo, `invalid_request`
 */
export function nextState(stored: StoredCredential, change: StateChange, kinds: KindTable): NextState | null {
  if (change.reason.length < 1 || change.reason.length > 200 || /\p{C}/u.test(change.reason)) {
    throw new YimaError('invalid_request', 'Give a reason of 1 to 200 printable characters.', {
      field: 'reason',
    });
  }
  if (change.form !== undefined || change.encoding !== undefined) return revokeEncoding(stored, change);
  const { credential } = stored;
  if (credential.revoked && change.action !== 'revoke') {
    throw new YimaError('conflict', 'This credential is revoked, which is for good; issue a new one.');
  }
  const rules = {
    revoke: () => ({ type: 'revoked', state: { revoked: true } }) as const,
    suspend: () => ({ type: 'suspended', state: { suspended: true } }) as const,
    reinstate: () => ({ type: 'reinstated', state: { suspended: false } }) as const,
    'set-level': () =>
      ({ type: 'level_set', state: { level: levelValue(credential, change, kinds) } }) as const,
  };
  const { type, state } = rules[change.action]();
  const next: CredentialRow = { ...credential, ...state };
  if (isSame(credential, next)) return null;
  const { id, revoked, suspended, level } = next;
  const body = { credential: id, reason: change.reason, revoked, suspended, level };
  return { type, body, form: null, ...withState(next, stored.encodings) };
}

function revokeEncoding(stored: StoredCredential, change: StateChange): NextState | null {
  const field = change.encoding === undefined ? 'form' : 'encoding';
  const target = findEncoding(stored, change);
  if (change.action !== 'revoke' || target === undefined) {
    throw new YimaError(
      'invalid_request',
      `A ${field} goes with \`revoke\` and must be one that was issued.`,
      {
        field,
      },
    );
  }
  if (target.revoked) return null;
  const { credential } = stored;
  const dead = revokedAlone(credential, target);
  const { form, list, index } = target;
  return {
    type: 'encoding_revoked',
    body: { credential: credential.id, reason: change.reason, form, list, index },
    form,
    update: stateOf(credential, [dead]),
    stored: { credential, encodings: stored.encodings.map((each) => (each === target ? dead : each)) },
  };
}

/** An encoding as it is once it has died by itself. */
export function revokedAlone(credential: CredentialRow, encoding: EncodingRow): EncodingRow {
  const dead = { ...encoding, revoked: true };
  return { ...dead, value: encodingValue(credential, dead) };
}

/** The state of a credential, written with these of its encodings; the others stay as they are. */
export function stateOf(
  { id, revoked, suspended, level }: CredentialRow,
  encodings: readonly EncodingRow[],
): StateUpdate {
  return { credentialId: id, revoked, suspended, level, encodings: encodings.map(updateOf) };
}

/**
 * The one encoding that is meant: by its number, or the only living one of its form.
 * @throws YimaError `conflict` where several of the form live
 */
function findEncoding(
  { encodings }: StoredCredential,
  { form, encoding: number }: Pick<StateChange, 'form' | 'encoding'>,
): EncodingRow | undefined {
  if (number !== undefined) {
    const found = encodings[number - 1];
    return form === undefined || found?.form === form ? found : undefined;
  }
  const ofForm = encodings.filter((encoding) => encoding.form === form);
  const [live, ...others] = ofForm.filter(({ revoked }) => !revoked);
  if (others.length === 0) return live ?? ofForm[0];
  throw new YimaError('conflict', 'There are several of this form; say which by its number.', {
    field: 'encoding',
    rule: 'several',
  });
}

/** What a credential in this state publishes, and the update that makes it so: what is dead by itself stays as it is. */
export function withState(
  credential: CredentialRow,
  encodings: readonly EncodingRow[],
): Pick<NextState, 'update' | 'stored'> {
  const published = encodings.map((encoding) => ({
    ...encoding,
    value: encodingValue(credential, encoding),
  }));
  const changing = published.filter(({ revoked, value }) => !revoked || value !== STATUS_REVOKED);
  return {
    update: stateOf(credential, changing),
    stored: { credential, encodings: published },
  };
}

/** The value that an encoding of this credential publishes. */
export function encodingValue(credential: CredentialRow, encoding: Pick<EncodingRow, 'revoked'>): number {
  return publishedValue({
    revoked: credential.revoked || encoding.revoked,
    suspended: credential.suspended,
    level: credential.level,
  });
}

export function updateOf({
  list,
  index,
  revoked,
  value,
  endsAt,
}: EncodingRow): StateUpdate['encodings'][number] {
  return { list, index, revoked, value, endsAt };
}

function isSame(before: CredentialRow, after: CredentialRow): boolean {
  return (
    before.revoked === after.revoked && before.suspended === after.suspended && before.level === after.level
  );
}

function levelValue(credential: CredentialRow, change: StateChange, kinds: KindTable): number {
  if (!credential.demo) {
    throw new YimaError('forbidden', 'Only demo credentials can be recoloured here.');
  }
  const meaning = kinds.byName(credential.kind)?.status.meanings.find(({ word }) => word === change.level);
  if (meaning === undefined) {
    throw new YimaError('invalid_request', 'The level must be a status word of the kind.', {
      field: 'level',
    });
  }
  return meaning.value;
}
