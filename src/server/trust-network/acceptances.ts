// The one way by which a trust document comes into force: judged, made durable with its entry in the log, taken up, and told. One after
// the other, so that each is judged by what all before it left.

import { ISSUER } from '../../core/codec/names.js';
import { YimaError } from '../../core/errors/yima-error.js';
import type { Ledger, Plan } from '../../core/issue/ledger.js';
import type { LogEntry } from '../../core/issue/log.js';
import type { Clock } from '../../core/issue/ports.js';
import type { Store } from '../../core/issue/store.js';
import { type AcceptedDocument, documentAccepted } from '../../core/issue/trust-log.js';
import type { TrustWrites } from '../../core/issue/trust-rows.js';
import type { Sha256 } from '../../core/signature/public-key.js';
import { refuseDocument } from '../../core/trust/documents/rules.js';
import {
  openSeals,
  parseSignedDocument,
  type SignedDocument,
} from '../../core/trust/documents/signed-document.js';
import type { Acceptance, TrustNetwork } from '../../core/trust/network/network.js';
import type { TrustAccepted, TrustSender } from '../../http/trust-desk.js';
import { drive } from './drive.js';
import type { Refusals } from './refusals.js';

export interface AcceptancesDeps {
  readonly network: TrustNetwork;
  readonly store: Pick<Store, 'findTrustDocument'>;
  readonly ledger: Pick<Ledger, 'submit'>;
  readonly sha256: Sha256;
  readonly clock: Clock;
  readonly refusals: Refusals;
  /** What else is written in the same transaction: the leaf in the log of a hub. */
  readonly alsoWritten: (acceptance: Acceptance) => TrustWrites;
  /** It is durable: into memory with it, and out to everybody. */
  readonly takeUp: (acceptance: Acceptance, from: TrustSender, written: TrustWrites) => Promise<void>;
}

export interface Acceptances {
  readonly accept: (text: string, from: TrustSender, expected: string | null) => Promise<TrustAccepted>;
  /** Runs a check whose refusal the log tells like that of a document. */
  readonly tellRefused: <T>(from: TrustSender, check: () => Promise<T>) => Promise<T>;
  /** Runs work of the network between two documents. */
  readonly between: <T>(work: () => Promise<T>) => Promise<T>;
  /** Tells of the refusals that were only counted; with `all`, also those of this hour. */
  readonly tellCounted: (all: boolean) => Promise<void>;
  /** Resolves when nothing is under way. */
  readonly idle: () => Promise<void>;
}

/** Documents that may wait; each may cost hundreds of milliseconds. */
const MOST_WAITING = 256;
const MOST_NAME = 128;
/** Longer ones are read when somebody known has signed them; a stranger's short one costs little, and is told what is wrong with it. */
const STRANGERS_CHARS = 32 * 1024;

/** Something was taken up late: what was judged meanwhile has to be judged again. */
class Overtaken extends Error {}

export function createAcceptances(deps: AcceptancesDeps): Acceptances {
  const { network, store, ledger, sha256, clock, refusals } = deps;
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  /** Durable, though that was not known when it was to be taken up. */
  const owed: (() => Promise<void>)[] = [];

  const between = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(async () => {
      await takeUpOwed();
      return work();
    });
    last = done.catch(() => undefined);
    return done;
  };

  const takeUpOwed = async (): Promise<void> => {
    for (let next = owed.shift(); next !== undefined; next = owed.shift()) await next();
  };

  const write = async (acceptance: Acceptance, from: TrustSender): Promise<void> => {
    const accepted = acceptedDocument(acceptance, from, clock());
    const trust = writesOf(accepted, acceptance, deps.alsoWritten(acceptance));
    const takeUp = (): Promise<void> => deps.takeUp(acceptance, from, trust);
    const isStored = async (): Promise<boolean> => {
      const { kind, authority, document } = acceptance;
      return (await store.findTrustDocument(kind, authority))?.hash === document.hash;
    };
    await ledger.submit(['trust'], async (): Promise<Plan<void>> => {
      if (owed.length > 0) throw new Overtaken();
      return {
        entries: [documentAccepted(accepted, actorOf(from))],
        change: { trust },
        done: () => undefined,
        unsure: async () => {
          if (!(await isStored())) return;
          owed.push(takeUp);
          void between(async () => undefined);
        },
      };
    });
    await takeUp();
  };

  const judge = async (document: SignedDocument, from: TrustSender): Promise<Acceptance> => {
    const acceptance = await drive(network.judge(document, clock()));
    if (!acceptance.isNew) return acceptance;
    const { kind, authority, version } = acceptance;
    const stored = await store.findTrustDocument(kind, authority);
    if (stored === undefined || stored.version < version) {
      await write(acceptance, from);
      return acceptance;
    }
    // Accepted once, and not standing since: its authority was listed nowhere meanwhile.
    if (stored.version > version) throw refuseDocument('rollback');
    if (stored.hash !== document.hash) throw refuseDocument('fork');
    await deps.takeUp(acceptance, from, {});
    return { ...acceptance, isNew: false };
  };

  const take = async (text: string, from: TrustSender, expected: string | null): Promise<TrustAccepted> => {
    let document: SignedDocument | null = null;
    try {
      if (text.length > STRANGERS_CHARS) await drive(network.checkSeals(openSeals(text, sha256)));
      document = parseSignedDocument(text, sha256);
      checkExpected(document, expected);
      return accepted(await judge(document, from));
    } catch (error) {
      if (error instanceof Overtaken) {
        await takeUpOwed();
        return take(text, from, expected);
      }
      if (isRefusal(error)) await tell(error, document, from);
      throw error;
    }
  };

  /** What cannot be told, since the store fails, is refused all the same. */
  const tell = async (
    error: YimaError,
    document: SignedDocument | null,
    from: TrustSender,
  ): Promise<void> => {
    const entries = counted(false);
    if (refusals.note(senderOf(from), error.rule ?? 'form'))
      entries.push(refusedEntry(error, document, from, clock()));
    await log(entries);
  };

  const counted = (all: boolean): LogEntry[] => refusals.over(all).map((over) => countedEntry(over, clock()));

  const log = async (entries: readonly LogEntry[]): Promise<void> => {
    if (entries.length === 0) return;
    const plan = async (): Promise<Plan<void>> => ({ entries, change: {}, done: () => undefined });
    await ledger.submit(['trust'], plan).catch(() => undefined);
  };

  return {
    between,
    tellCounted: (all) => log(counted(all)),
    tellRefused: async (from, check) => {
      try {
        return await check();
      } catch (error) {
        if (isRefusal(error)) await tell(error, null, from);
        throw error;
      }
    },
    accept: async (text, from, expected) => {
      if (waiting >= MOST_WAITING)
        throw new YimaError('overloaded', 'Too many trust documents wait; send it again.');
      waiting += 1;
      try {
        return await between(() => take(text, from, expected));
      } finally {
        waiting -= 1;
      }
    },
    idle: async () => {
      await last;
    },
  };
}

function isRefusal(error: unknown): error is YimaError {
  return error instanceof YimaError && error.code === 'list_refused';
}

function checkExpected({ type, payload }: SignedDocument, expected: string | null): void {
  const authority = type === 'root' ? 'root' : payload['iss'];
  if (type === 'list' && authority === 'root') throw refuseDocument('form', { field: 'iss' }); // would be taken for the root's name
  if (expected !== null && authority !== expected) throw refuseDocument('wrong_authority');
}

function accepted({ isNew, kind, authority, version, document }: Acceptance): TrustAccepted {
  return { changes: isNew ? kind : 'nothing', authority, version, hash: document.hash };
}

function acceptedDocument(
  { kind, authority, version, document, tombstones, read }: Acceptance,
  { via }: TrustSender,
  at: number,
): AcceptedDocument {
  const leftOut = 'refusedKeys' in read ? read.refusedKeys.length : 0;
  return {
    row: { type: kind, authority, version, hash: document.hash, leftOut, acceptedAt: at },
    tombstones: tombstones.map((dead) => ({ ...dead, at })),
    via,
  };
}

function writesOf(
  { row, tombstones }: AcceptedDocument,
  { document }: Acceptance,
  also: TrustWrites,
): TrustWrites {
  return { ...also, documents: [{ ...row, text: document.text }], tombstones };
}

function actorOf({ name }: TrustSender): string {
  return name.slice(0, MOST_NAME);
}

function senderOf({ via, name }: TrustSender): string {
  return `${via} ${name.slice(0, MOST_NAME)}`;
}

function refusedEntry(
  error: YimaError,
  document: SignedDocument | null,
  from: TrustSender,
  at: number,
): LogEntry {
  const { type, hash, payload } = document ?? { type: null, hash: null, payload: {} };
  const { iss, version } = payload as { readonly iss?: unknown; readonly version?: unknown };
  const body = {
    document: type,
    // Not yet believed: names of another form say nothing that a log should keep.
    authority: typeof iss === 'string' && ISSUER.test(iss) ? iss : null,
    version: Number.isSafeInteger(version) ? version : null,
    hash,
    via: from.via,
    rule: error.rule ?? null,
  };
  return { at, actor: actorOf(from), type: 'trust.refused', body };
}

function countedEntry(
  { sender, count }: { readonly sender: string; readonly count: number },
  at: number,
): LogEntry {
  return { at, actor: sender, type: 'trust.refused_more', body: { count } };
}
