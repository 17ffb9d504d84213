// Many credentials changed for one reason: their new states, one log entry for each 500 of them, and the rows that their records
// and the caps are read from.

import { hexEncode, utf8Encode } from '../codec/bytes.js';
import type { KindTable } from '../credential/kind.js';
import type { Sha256 } from '../signature/public-key.js';
import { isColoured } from './colour-credentials.js';
import type { ColourChangeRow } from './decision-rows.js';
import type { LogEntry } from './log.js';
import type { Effect } from './proposals.js';
import { withState } from './state-change.js';
import type { CredentialRow, Store, StoredCredential } from './store.js';

/** The state that credentials get; members that are absent stay as they are. */
export type StateDelta = Partial<Pick<CredentialRow, 'revoked' | 'suspended' | 'level'>>;

/** Who changed them and why. */
export interface Provenance {
  /** Of the proposal, invocation or act. */
  readonly changeId: string;
  readonly by: ColourChangeRow['by'];
  readonly actor: string;
  /** Epoch seconds. */
  readonly at: number;
  readonly rule: { readonly id: string; readonly version: number } | null;
  readonly purpose: string;
  readonly evidence: string;
}

/** Where settled states go. */
export interface StatePublisher {
  readonly publish: (stored: StoredCredential) => void;
}

export interface BulkChangeDeps extends StatePublisher {
  readonly store: Store;
  readonly kinds: KindTable;
}

const MOST_AN_ENTRY = 500;

/**
 * Of those with a colour rows are kept as well.
 * @param changes each credential once, as it is stored, with what it gets
 */
export function bulkChange(
  changes: readonly { readonly stored: StoredCredential; readonly delta: StateDelta }[],
  provenance: Provenance,
  { publish, store, kinds }: BulkChangeDeps,
): Effect {
  const coloured = changes.filter(({ stored }) => isColoured(stored.credential, kinds));
  const others = changes.filter((each) => !coloured.includes(each));
  const next = changes.map(({ stored, delta }) =>
    withState({ ...stored.credential, ...delta }, stored.encodings),
  );
  return {
    entries: [
      ...sameDeltas(coloured).map(({ delta, ids }) => statesChanged(ids, delta, provenance, true)),
      ...sameDeltas(others).map(({ delta, ids }) => statesChanged(ids, delta, provenance, false)),
    ],
    change: {
      states: next.map(({ update }) => update),
      colourChanges: coloured.map(({ stored, delta }) => colourChange(stored.credential, delta, provenance)),
    },
    done: () => {
      for (const { stored } of next) publish(stored);
    },
    unsure: async () => {
      for (const { stored } of changes) {
        const settled = await store.findCredential(stored.credential.id);
        if (settled !== undefined) publish(settled);
      }
    },
  };
}

/** Runs of at most 500 that get the same. */
function sameDeltas(changes: readonly { readonly stored: StoredCredential; readonly delta: StateDelta }[]) {
  const runs = new Map<string, { delta: StateDelta; ids: string[] }[]>();
  for (const { stored, delta } of changes) {
    const key = JSON.stringify([delta.revoked, delta.suspended, delta.level]);
    const known = runs.get(key) ?? [];
    runs.set(key, known);
    const last = known.at(-1);
    if (last === undefined || last.ids.length >= MOST_AN_ENTRY)
      known.push({ delta, ids: [stored.credential.id] });
    else last.ids.push(stored.credential.id);
  }
  return [...runs.values()].flat();
}

/** The one entry type about many credentials: `credentials`, what they get, and why; `colour` where rows of colour changes go with it. */
function statesChanged(
  credentials: readonly string[],
  delta: StateDelta,
  provenance: Provenance,
  hasColour: boolean,
): LogEntry {
  const { actor, at, changeId: change, by, rule, purpose, evidence } = provenance;
  const told = {
    change,
    by,
    ...(rule === null ? {} : { rule: rule.id, version: rule.version }),
    purpose,
    evidence,
  };
  return {
    at,
    actor,
    type: 'states_changed',
    body: { credentials, ...delta, ...told, ...(hasColour ? { colour: true } : {}) },
  };
}

function colourChange(before: CredentialRow, delta: StateDelta, provenance: Provenance): ColourChangeRow {
  const { changeId, by, actor, at, rule, purpose, evidence } = provenance;
  const after = { ...before, ...delta };
  return {
    changeId,
    credentialId: before.id,
    by,
    at,
    actor,
    ruleId: rule?.id ?? null,
    ruleVersion: rule?.version ?? null,
    form: null,
    fromSuspended: before.suspended,
    fromLevel: before.level,
    toRevoked: after.revoked,
    toSuspended: after.suspended,
    toLevel: after.level,
    purpose,
    evidence,
  };
}

/** Digest of the states of credentials, to be compared later; ids in the order they are given. */
export function statesDigest(stored: readonly StoredCredential[], sha256: Sha256): string {
  const states = stored.map(({ credential: { id, revoked, suspended, level } }) => [
    id,
    revoked,
    suspended,
    level,
  ]);
  return hexEncode(sha256(utf8Encode(JSON.stringify(states))));
}
