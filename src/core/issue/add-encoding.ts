// One more encoding of a credential that lives: a new phone, lost paper, a fresh place in the status lists. It gets an index of its own
// and the state that the credential has; whose place it takes ends in the same transaction, or a while later.

import { YimaError } from '../errors/yima-error.js';
import { checkPublicKey } from '../signature/admissible-key.js';
import type { PublicKey } from '../signature/public-key.js';
import type { StatePublisher } from './bulk-change.js';
import type { EncodingAdded, EncodingRequest } from './commands.js';
import { encode } from './encode-code.js';
import { type Form, isBoundForm, UNBOUND_FORMS } from './form.js';
import { checkPrintable } from './issue-request.js';
import { releasedBody } from './issued-body.js';
import { codeUseOf } from './key-budget.js';
import type { Plan } from './ledger.js';
import type { Issuing, Signing } from './registry-deps.js';
import { encodingValue, revokedAlone, stateOf } from './state-change.js';
import type { CredentialRow, EncodingRow, StoredCredential } from './store.js';

/** A reason to add one, beside what it is. */
export interface Addition {
  readonly form: Form;
  readonly deviceKey: PublicKey | null;
  /** When an encoding that is there ends because of it, epoch seconds, now included; null: it stays. */
  readonly endOf: (encoding: EncodingRow) => number | null;
  readonly actor: string;
  readonly at: number;
  /** Why, for the log. */
  readonly why: Readonly<Record<string, string>>;
}

export interface EncodingPlanner {
  /** What signs an encoding of this form, counted before the ledger's turn. @throws YimaError as `RegistryDeps.reserve` */
  readonly signingFor: (credential: Pick<CredentialRow, 'kind' | 'demo'>, form: Form) => Promise<Signing>;
  /** @throws YimaError `conflict` for a credential that is revoked or has expired */
  readonly plan: (signing: Signing, stored: StoredCredential, addition: Addition) => Plan<EncodingAdded>;
}

export function createEncodingPlanner(deps: Issuing, publish: StatePublisher['publish']): EncodingPlanner {
  return {
    signingFor: async ({ kind, demo }, form) => {
      if (demo) return demoSigning(deps);
      if (form === 'sd-jwt') {
        if (deps.sdJwt === null) throw new YimaError('forbidden', 'This node issues no SD-JWT.');
        return { issuer: deps.sdJwt.issuer, signer: await deps.sdJwt.signer() };
      }
      const signer = await deps.reserve(codeUseOf(deps.kinds.byName(kind)), 1);
      return { issuer: deps.settings.issuer, signer };
    },
    plan: (signing, stored, addition) => planAddition(deps, publish, signing, stored, addition),
  };
}

/** A demo credential is never signed as a real one. */
export function demoSigning({ demo }: Pick<Issuing, 'demo'>): Signing {
  if (demo === null) throw new YimaError('forbidden', 'This node issues no demo credentials.');
  return { issuer: demo.issuer, signer: demo.keyRing.signer('demo') };
}

function planAddition(
  deps: Issuing,
  publish: StatePublisher['publish'],
  signing: Signing,
  stored: StoredCredential,
  { form, deviceKey, endOf, actor, at, why }: Addition,
): Plan<EncodingAdded> {
  const { credential } = stored;
  checkLive(credential, at);
  const checked = { ...contentOf(deps, stored), issuedAt: at, expiresAt: credential.expiresAt, level: 0 };
  const made = encode(deps, signing, checked, credential.id, form, deviceKey);
  const released = { ...made.encoding, value: encodingValue(credential, made.encoding) };
  const { counter: _counter, ...encoding } = released;
  const known = stored.encodings.map((each) => endedAt(each, credential, endOf(each), at));
  const ended = known.filter((each, i) => each !== stored.encodings[i]);
  const next = { credential, encodings: [...known, encoding] };
  const ends = ended.map(({ list, index, endsAt }) => ({ list, index, at: endsAt ?? at }));
  const body = { credential: credential.id, encoding: releasedBody(deps.sha256Hex, encoding), ends, ...why };
  return {
    entries: [{ at, actor, type: 'encoding_added', body }],
    change: {
      lists: made.newList === null ? [] : [made.newList],
      encodings: [released],
      states: ended.length === 0 ? [] : [stateOf(credential, ended)],
    },
    unsure: async () => {
      const settled = await deps.store.findCredential(credential.id);
      if (settled !== undefined) publish(settled);
    },
    done: () => {
      deps.allocator.settled(released.list);
      publish(next);
      return { ...next, number: next.encodings.length };
    },
  };
}

/** @throws YimaError `conflict` */
function checkLive({ revoked, expiresAt }: CredentialRow, now: number): void {
  if (revoked) {
    throw new YimaError('conflict', 'This credential is revoked, which is for good; issue a new one.', {
      rule: 'revoked',
    });
  }
  if (expiresAt !== null && expiresAt <= now)
    throw new YimaError('conflict', 'This credential has expired; issue a new one.', { rule: 'expired' });
}

/** What a credential says, from its first code: nothing else keeps it. */
export function contentOf(deps: Pick<Issuing, 'readOwn'>, { encodings }: StoredCredential) {
  const source = encodings.find(({ form }) => form !== 'sd-jwt');
  if (source === undefined) throw new YimaError('conflict', 'This credential has no code; issue a new one.');
  const { kind, claims } = deps.readOwn(source.code);
  return { kind, claims };
}

/** The same encoding where nothing changes. */
function endedAt(
  encoding: EncodingRow,
  credential: CredentialRow,
  end: number | null,
  now: number,
): EncodingRow {
  if (end === null || encoding.revoked) return encoding;
  if (end > now) return encoding.endsAt === null ? { ...encoding, endsAt: end } : encoding;
  return revokedAlone(credential, encoding);
}

/** @throws YimaError `invalid_request`, `key_refused` */
export function checkEncodingRequest({ form, deviceKey, reason }: EncodingRequest): void {
  checkPrintable(reason, 200, 'reason');
  const forms: readonly Form[] = [...UNBOUND_FORMS, 'device'];
  if (!forms.includes(form)) throw invalid('form', `Name one form of ${forms.join(', ')}.`);
  if (isBoundForm(form) !== (deviceKey !== undefined)) {
    throw invalid('deviceKey', 'A key of a device goes with the form `device`, and only with it.');
  }
  if (deviceKey !== undefined) checkDeviceKey(deviceKey);
}

/** @throws YimaError `key_refused` */
export function checkDeviceKey(key: PublicKey): void {
  if (key.algorithm !== 'Ed25519' && key.algorithm !== 'ES256') {
    throw new YimaError('key_refused', 'The key of a device is Ed25519, or ES256 on P-256.', {
      rule: 'alg_unsupported',
    });
  }
  checkPublicKey(key);
}

/** What an office's request ends: the encoding it names; of phones all others, unless the office says that several may live. */
export function endedByRequest(
  { encodings }: StoredCredential,
  { form, replaces, keepDevices = false }: EncodingRequest,
  now: number,
): Addition['endOf'] {
  if (replaces === undefined) {
    const moves = form === 'device' && !keepDevices;
    return ({ device }) => (moves && device !== null ? now : null);
  }
  const named = encodings[replaces - 1];
  if (named?.form !== form || named.revoked)
    throw invalid('replaces', 'This is not the number of a living encoding of the same form.');
  return (encoding) => (encoding === named ? now : null);
}

function invalid(field: string, message: string): YimaError {
  return new YimaError('invalid_request', message, { field });
}
