// Everything that one key signed, signed anew with another: a new credential in place of each live one, with the same claims, end and
// state, and the old one revoked in the same transaction. What is done shows in the store, so whoever was stopped begins again.

import { encodeBase64url } from '../codec/base64url.js';
import { YimaError } from '../errors/yima-error.js';
import { contentOf } from './add-encoding.js';
import type { StatePublisher } from './bulk-change.js';
import type { Reissued } from './commands.js';
import { encode } from './encode-code.js';
import { issuedBody } from './issued-body.js';
import { codeUseOf } from './key-budget.js';
import type { Plan } from './ledger.js';
import type { LogEntry } from './log.js';
import type { Issuing, Signing } from './registry-deps.js';
import { UNNAMED_SCOPE } from './revocation-scope.js';
import { WINDOW_ROWS } from './scope-count.js';
import { encodingValue, withState } from './state-change.js';
import type { ListRow, ReleasedEncoding, StateUpdate, StoredCredential } from './store.js';

/** Credentials of one transaction. */
const BATCH = 100;

/**
 * Takes the next step.
 * @param kid the key that signed them
 * @param after what the step before answered as `next`; `''` for the first
 * @throws YimaError `conflict` while the key still signs, or none may sign instead
 */
export async function reissueSome(
  deps: Issuing,
  publish: StatePublisher['publish'],
  actor: string,
  kid: string,
  after: string,
): Promise<Reissued> {
  const { credentials, next } = await deps.store.pageScope(
    { ...UNNAMED_SCOPE, signingKey: kid },
    { after, rows: WINDOW_ROWS },
    BATCH,
  );
  const live = credentials.filter((each) => isLive(each, deps.clock()));
  const done = { skipped: credentials.length - live.length, next };
  if (live.length === 0) return { reissued: 0, ...done };
  const signings = new Map<string, Signing>();
  for (const { credential } of live) {
    const use = codeUseOf(deps.kinds.byName(credential.kind));
    const signer = await deps.reserve(use, 1);
    if (encodeBase64url(signer.kid) === kid) throw keyInUse();
    signings.set(credential.id, { issuer: deps.settings.issuer, signer });
  }
  const subjects = live.map(({ credential }) => `credential:${credential.id}`);
  const reissued = await deps.ledger.submit(subjects, () => plan(deps, publish, actor, kid, live, signings));
  return { reissued, ...done };
}

function isLive({ credential }: StoredCredential, now: number): boolean {
  const { revoked, demo, expiresAt } = credential;
  return !revoked && !demo && (expiresAt === null || expiresAt > now);
}

interface Renewed {
  readonly old: StoredCredential;
  readonly fresh: StoredCredential;
  readonly encodings: readonly ReleasedEncoding[];
  readonly lists: readonly ListRow[];
}

/** Reads again what was found, since somebody may have changed it meanwhile. */
async function plan(
  deps: Issuing,
  publish: StatePublisher['publish'],
  actor: string,
  kid: string,
  found: readonly StoredCredential[],
  signings: ReadonlyMap<string, Signing>,
): Promise<Plan<number>> {
  const at = deps.clock();
  const renewed: Renewed[] = [];
  for (const { credential } of found) {
    const old = await deps.store.findCredential(credential.id);
    const signing = signings.get(credential.id);
    if (old === undefined || signing === undefined || !isLive(old, at)) continue;
    renewed.push(renew(deps, old, signing, at));
  }
  const dead = renewed.map(({ old }) => withState({ ...old.credential, revoked: true }, old.encodings));
  const ids = renewed.map(({ old }) => old.credential.id);
  const publishAll = (): void => {
    for (const { fresh } of renewed) publish(fresh);
    for (const { stored } of dead) publish(stored);
  };
  return {
    entries: [
      ...renewed.flatMap((each) => entriesOf(deps, each, actor, kid, at)),
      ...deadEntry(ids, actor, kid, at),
    ],
    change: {
      lists: renewed.flatMap(({ lists }) => lists),
      credentials: renewed.map(({ fresh }) => fresh.credential),
      encodings: renewed.flatMap(({ encodings }) => encodings),
      states: dead.map(({ update }): StateUpdate => update),
    },
    unsure: async () => {
      for (const id of [...ids, ...renewed.map(({ fresh }) => fresh.credential.id)]) {
        const settled = await deps.store.findCredential(id);
        if (settled !== undefined) publish(settled);
      }
    },
    done: () => {
      for (const { encodings } of renewed) for (const { list } of encodings) deps.allocator.settled(list);
      publishAll();
      return renewed.length;
    },
  };
}

function renew(deps: Issuing, old: StoredCredential, signing: Signing, at: number): Renewed {
  const { kind, claims } = contentOf(deps, old);
  const { credential } = old;
  const id = deps.newId(at);
  const checked = { kind, claims, issuedAt: at, expiresAt: credential.expiresAt, level: 0 };
  const live = old.encodings.filter(({ revoked, form }) => !revoked && form !== 'sd-jwt');
  const made = live.map(({ form, code }) =>
    encode(deps, signing, checked, id, form, deps.readOwn(code).deviceKey),
  );
  const fresh = {
    ...credential,
    id,
    evidence: `reissue of ${credential.id}`,
    issuedAt: at,
  };
  const encodings = made.map(({ encoding }) => ({ ...encoding, value: encodingValue(fresh, encoding) }));
  return {
    old,
    fresh: { credential: fresh, encodings: encodings.map(({ counter: _counter, ...encoding }) => encoding) },
    encodings,
    lists: made.flatMap(({ newList }) => newList ?? []),
  };
}

function keyInUse(): YimaError {
  return new YimaError('conflict', 'This key still signs. Go over to another first: yima keys rotate', {
    rule: 'key_in_use',
  });
}

/** The new credential as any other is told of, then where it comes from and the state that it takes over. */
function entriesOf(
  { sha256Hex }: Issuing,
  { old, fresh }: Renewed,
  actor: string,
  key: string,
  at: number,
): readonly LogEntry[] {
  const { suspended, level } = fresh.credential;
  const state = { revoked: false, suspended, level };
  return [
    { at, actor, type: 'issued', body: issuedBody(sha256Hex, fresh) },
    {
      at,
      actor,
      type: 'reissued',
      body: { credential: fresh.credential.id, from: old.credential.id, key, ...state },
    },
  ];
}

function deadEntry(
  credentials: readonly string[],
  actor: string,
  key: string,
  at: number,
): readonly LogEntry[] {
  if (credentials.length === 0) return [];
  return [{ at, actor, type: 'states_changed', body: { credentials, revoked: true, by: 'reissue', key } }];
}
