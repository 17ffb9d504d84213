// What a device may see and do by its own key: the credentials that are bound to it, their history, a word against a change, and a
// fresh place in the status lists, so that a gate cannot follow a person by it.

import { encodeBase64url } from '../codec/base64url.js';
import type { KindTable, StatusMeaning } from '../credential/kind.js';
import { statusWord } from '../credential/status-meaning.js';
import { YimaError } from '../errors/yima-error.js';
import { type PublicKey, type Sha256, samePublicKey } from '../signature/public-key.js';
import { thumbprint } from '../signature/thumbprint.js';
import { publishedValue } from '../status/published-value.js';
import type { Addition, EncodingPlanner } from './add-encoding.js';
import type { Appeals } from './appeals.js';
import { isColoured } from './colour-credentials.js';
import {
  type CredentialRecord,
  type RecordedChange,
  readRecord,
  recordedChanges,
} from './credential-record.js';
import type { AppealRow } from './decision-rows.js';
import type { Form } from './form.js';
import { type Ledger, nothingToWrite, type Plan } from './ledger.js';
import type { Clock } from './ports.js';
import { HOLDER } from './principal.js';
import type { ProofUses } from './proof-uses.js';
import type { EncodingRow, Store, StoredCredential } from './store.js';

/** A proof of a device's key whose signature, address and time were checked; here it is used up. */
export interface HolderProof {
  readonly key: PublicKey;
  /** Its `jti`. */
  readonly id: string;
}

/** `moved`: it is on another phone now. */
export type HeldState = 'active' | 'suspended' | 'revoked' | 'expired' | 'moved';

export interface HeldCredential {
  readonly id: string;
  readonly kind: string;
  readonly form: Form;
  readonly state: HeldState;
  /** null once it has moved. */
  readonly status: StatusMeaning | null;
  /** Why it has its colour: the newest change; null for none, or where there is no colour. */
  readonly change: RecordedChange | null;
  /** Until it is revoked, has expired or moved. */
  readonly code: string | null;
  readonly issuedAt: number;
  readonly expiresAt: number | null;
}

export interface HolderAppeal {
  readonly grounds: string;
  readonly change?: string;
}

/** Every function throws YimaError `unauthenticated` for a proof that was used, and `not_found` for what is not bound to its key. */
export interface Holder {
  /** Newest first, at most 50; without what expired more than a week ago. */
  readonly list: (proof: HolderProof) => Promise<readonly HeldCredential[]>;
  /** A code that is at most four hours old: a fresh one, or the one that there is. @throws YimaError `conflict` for a dead credential */
  readonly refresh: (proof: HolderProof, id: string) => Promise<HeldCredential>;
  readonly history: (proof: HolderProof, id: string) => Promise<CredentialRecord>;
  /** @throws YimaError as `Appeals.file` */
  readonly appeal: (proof: HolderProof, id: string, appeal: HolderAppeal) => Promise<AppealRow>;
}

export interface HolderDeps {
  readonly store: Store;
  readonly ledger: Pick<Ledger, 'submit'>;
  readonly planner: EncodingPlanner;
  readonly kinds: KindTable;
  readonly appeals: Pick<Appeals, 'file'>;
  readonly uses: ProofUses;
  /** What a code of our own is bound to: its signature says so, where a row could be edited. */
  readonly keyOf: (code: string) => PublicKey | null;
  readonly clock: Clock;
  readonly sha256: Sha256;
}

const MOST = 50;
/** So long what has expired is still shown. */
const SHOWN_SECONDS = 7 * 86_400;
/** So long a code that was shown before its refresh is still good. */
const OVERLAP_SECONDS = 600;
/** So long a code is fresh: often enough for nobody to follow a person, seldom enough not to use the lists up. */
const FRESH_SECONDS = 4 * 3_600;

export function createHolder(deps: HolderDeps): Holder {
  const { store, sha256 } = deps;
  const nameOf = (key: PublicKey): string => encodeBase64url(thumbprint(key, sha256));
  /** Only what is there uses a proof up: strangers fill no memory. */
  const getHeld = async (
    { key, id: proof }: HolderProof,
    id: string,
  ): Promise<readonly [string, StoredCredential]> => {
    const device = nameOf(key);
    const stored = await store.findCredential(id);
    if (stored === undefined || boundTo(stored, device).every(({ revoked }) => revoked)) throw notHeld();
    deps.uses.use(device, proof);
    return [device, stored];
  };
  return {
    list: async ({ key, id }) => {
      const device = nameOf(key);
      const held = await store.credentialsOf(device, deps.clock() - SHOWN_SECONDS, MOST);
      if (held.length > 0) deps.uses.use(device, id);
      return (await Promise.all(held.map((stored) => heldForms(deps, stored, device)))).flat();
    },
    refresh: async (proof, id) => {
      const [device, held] = await getHeld(proof, id);
      const settled = isFresh(held, device, deps.clock())
        ? held
        : await refreshed(deps, held, proof.key, device);
      const fresh = (await heldForms(deps, settled, device)).find(({ form }) => form === 'device');
      if (fresh === undefined) throw notHeld();
      return fresh;
    },
    history: async (proof, id) => {
      await getHeld(proof, id);
      return readRecord(deps, id);
    },
    appeal: async (proof, id, appeal) => {
      await getHeld(proof, id);
      return deps.appeals.file(HOLDER, id, { ...appeal, operator: HOLDER });
    },
  };
}

async function refreshed(
  deps: HolderDeps,
  { credential }: StoredCredential,
  deviceKey: PublicKey,
  device: string,
): Promise<StoredCredential> {
  const { id } = credential;
  const signing = await deps.planner.signingFor(credential, 'device');
  return deps.ledger.submit([`credential:${id}`], async (): Promise<Plan<StoredCredential>> => {
    const stored = await deps.store.findCredential(id);
    const own = stored === undefined ? [] : liveCodes(stored, device);
    if (stored === undefined || !own.some(({ code }) => isBoundTo(deps.keyOf(code), deviceKey)))
      throw notHeld();
    const at = deps.clock();
    if (isFresh(stored, device, at)) return nothingToWrite(stored);
    const endOf: Addition['endOf'] = (encoding) => (own.includes(encoding) ? at + OVERLAP_SECONDS : null);
    const why = { by: 'refresh' };
    return deps.planner.plan(signing, stored, { form: 'device', deviceKey, endOf, actor: HOLDER, at, why });
  });
}

function isBoundTo(key: PublicKey | null, deviceKey: PublicKey): boolean {
  return key !== null && samePublicKey(key, deviceKey);
}

function liveCodes(stored: StoredCredential, device: string): readonly EncodingRow[] {
  return boundTo(stored, device).filter(({ form, revoked }) => form === 'device' && !revoked);
}

/** When a code was refreshed is known by the end that the one before it got. */
function isFresh(stored: StoredCredential, device: string, now: number): boolean {
  return boundTo(stored, device).some(
    ({ form, endsAt }) =>
      form === 'device' && endsAt !== null && endsAt - OVERLAP_SECONDS + FRESH_SECONDS > now,
  );
}

function boundTo({ encodings }: StoredCredential, device: string): readonly EncodingRow[] {
  return encodings.filter((encoding) => encoding.device === device);
}

/** One for each form that it was claimed in: the newest. */
async function heldForms(
  deps: Pick<HolderDeps, 'store' | 'kinds' | 'clock'>,
  stored: StoredCredential,
  device: string,
): Promise<readonly HeldCredential[]> {
  const own = boundTo(stored, device);
  const newest = own.filter(({ form }, i) => own.findLastIndex((each) => each.form === form) === i);
  const change = await newestChange(deps, stored);
  return newest.map((encoding) => heldCredential(deps, stored, encoding, change));
}

function heldCredential(
  { kinds, clock }: Pick<HolderDeps, 'kinds' | 'clock'>,
  { credential }: StoredCredential,
  { form, code, revoked }: EncodingRow,
  change: RecordedChange | null,
): HeldCredential {
  const { id, kind, issuedAt, expiresAt } = credential;
  const isExpired = expiresAt !== null && expiresAt <= clock();
  const state = stateOf(credential, revoked, isExpired);
  const isShown = state === 'active' || state === 'suspended';
  const hasMoved = state === 'moved';
  const value = publishedValue(credential);
  const status = hasMoved ? null : (statusWord(kinds.byName(kind), value) ?? null);
  const shown = { code: isShown ? code : null, change: hasMoved ? null : change };
  return { id, kind, form, state, status, ...shown, issuedAt, expiresAt };
}

function stateOf(
  { revoked, suspended }: StoredCredential['credential'],
  isOwnRevoked: boolean,
  isExpired: boolean,
): HeldState {
  if (revoked) return 'revoked';
  if (isOwnRevoked) return 'moved';
  if (isExpired) return 'expired';
  return suspended ? 'suspended' : 'active';
}

async function newestChange(
  { store, kinds }: Pick<HolderDeps, 'store' | 'kinds'>,
  { credential }: StoredCredential,
): Promise<RecordedChange | null> {
  if (!isColoured(credential, kinds)) return null;
  const rows = await store.colourChangesOf(credential.id, 1);
  return (await recordedChanges({ store, kinds }, credential, rows))[0] ?? null;
}

function notHeld(): YimaError {
  return new YimaError('not_found', 'This device holds no such credential.');
}
