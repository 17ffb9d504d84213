// One credential under all its ids. What a withdrawn key signed goes on under a new id; its holder knows the old one, and his history
// and his appeals are those of both.

import { YimaError } from '../errors/yima-error.js';
import { type Ledger, nothingToWrite, type Plan } from './ledger.js';
import type { Store, StoredCredential } from './store.js';

/** Never empty; the oldest first. The last one is how it is now, those before are revoked. */
export type Lineage = readonly [...StoredCredential[], StoredCredential];

/** More keys than are ever withdrawn in a credential's life: who goes round in a circle does not go on for ever. */
const MOST = 100;

type Reads = Pick<Store, 'findCredential' | 'findSuccessor'>;

/** @throws YimaError `not_found`; `store_failed` for rows that lead round in a circle */
export async function lineageOf(store: Reads, id: string): Promise<Lineage> {
  const asked = await store.findCredential(id);
  if (asked === undefined) throw new YimaError('not_found', 'There is no such credential here.');
  const before: StoredCredential[] = [];
  for (let from = asked.credential.replaces; from !== null; from = before[0]?.credential.replaces ?? null) {
    const older = await store.findCredential(from);
    if (older === undefined || before.length === MOST) throw circular();
    before.unshift(older);
  }
  const after = await successorsOf(store, id);
  const newest = after.pop();
  return newest === undefined ? [...before, asked] : [...before, asked, ...after, newest];
}

/** Under which id a credential lives on; null where nothing was issued in its place. */
export async function replacedBy(store: Reads, id: string): Promise<string | null> {
  return (await successorsOf(store, id)).at(-1)?.credential.id ?? null;
}

/** How those that are named go on now, each once. An id of nothing stays. */
export async function currentIds(store: Reads, ids: readonly string[]): Promise<readonly string[]> {
  const current = new Set<string>();
  for (const id of ids) current.add((await replacedBy(store, id)) ?? id);
  return [...current];
}

/**
 * Whoever changes what was issued anew means the one that lives, and must hear that it is another.
 * @throws YimaError `conflict` with the new id
 */
export async function checkCurrent(
  store: Reads,
  { credential: { id, revoked } }: StoredCredential,
  field?: string,
): Promise<void> {
  const current = revoked ? await replacedBy(store, id) : null;
  if (current === null) return;
  throw new YimaError('conflict', `This credential was issued anew as ${current}. Name that one.`, {
    rule: 'reissued',
    ...(field === undefined ? {} : { field }),
  });
}

export function currentOf(lineage: Lineage): StoredCredential {
  return lineage[lineage.length - 1] as StoredCredential;
}

/** The newest first. */
export function idsOf(lineage: Lineage): readonly string[] {
  return lineage.map(({ credential }) => credential.id).reverse();
}

/**
 * Submits a command about a credential under all its ids, and again where it got another one before its turn.
 * @throws YimaError as `lineageOf`, and what `plan` throws
 */
export async function submitForAll<T>(
  { store, ledger }: { readonly store: Reads; readonly ledger: Pick<Ledger, 'submit'> },
  id: string,
  plan: (lineage: Lineage) => Promise<Plan<T>>,
): Promise<T> {
  for (;;) {
    const ids = idsOf(await lineageOf(store, id));
    const subjects = ids.map((each) => `credential:${each}`);
    const done = await ledger.submit<{ readonly result: T } | null>(subjects, async () => {
      const lineage = await lineageOf(store, id);
      return lineage.length === ids.length ? wrapped(await plan(lineage)) : nothingToWrite(null);
    });
    if (done !== null) return done.result;
  }
}

function wrapped<T>(plan: Plan<T>): Plan<{ readonly result: T }> {
  return { ...plan, done: (rows) => ({ result: plan.done(rows) }) };
}

async function successorsOf(store: Reads, id: string): Promise<StoredCredential[]> {
  const after: StoredCredential[] = [];
  for (let last = id; ; ) {
    const next = await store.findSuccessor(last);
    if (next === undefined) return after;
    if (after.length === MOST) throw circular();
    after.push(next);
    last = next.credential.id;
  }
}

function circular(): YimaError {
  return new YimaError(
    'store_failed',
    'What was issued in place of what cannot be right. Check the log: yima log verify.',
  );
}
