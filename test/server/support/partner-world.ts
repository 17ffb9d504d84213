// Authorities that serve lists, and nodes that fetch them, all in one process and on clocks that the test moves.

import { createNodeVerify, deflateZlib, inflateZlib, sha256 } from '../../../src/adapters/crypto-node.js';
import type { GuardedGet, PeerRequest } from '../../../src/adapters/peer/guarded-get.js';
import type { PeerAnswer } from '../../../src/adapters/peer/peer-answer.js';
import { asciiEncode, utf8Encode } from '../../../src/core/codec/bytes.js';
import { createStatusArena } from '../../../src/core/status/arena.js';
import type { StatusListClaims } from '../../../src/core/status/list-claims.js';
import { encodeListCwt } from '../../../src/core/status/list-cwt.js';
import { LIST_MEDIA_TYPES, type ListForm } from '../../../src/core/status/list-forms.js';
import { encodeListJwt } from '../../../src/core/status/list-jwt.js';
import { packedLength, type StatusBits, setStatus } from '../../../src/core/status/packed.js';
import type { PartnerStore } from '../../../src/core/status/partner-store.js';
import type { KeyRecord } from '../../../src/core/trust/key-record.js';
import { createKeyTable } from '../../../src/core/trust/key-table.js';
import type { Update } from '../../../src/server/knowledge.js';
import { createListKeeper } from '../../../src/server/partners/list-keeper.js';
import { LONE_STORE } from '../../../src/server/partners/lone-store.js';
import { createTally } from '../../../src/server/partners/partner-tally.js';
import { startPartners } from '../../../src/server/partners/partners.js';
import { publishedArena } from '../../../src/server/published.js';
import { createIssuer, NOW, type TestIssuer } from '../../support/fixtures.js';
import { createFakeTimers } from './fake-timers.js';

export interface TokenParts extends Partial<StatusListClaims> {
  readonly form?: ListForm;
  readonly signer?: TestIssuer['signer'];
  /** Zero everywhere but here. */
  readonly values?: Readonly<Record<number, number>>;
  readonly entries?: number;
}

interface NodeMore {
  readonly others?: readonly string[];
  readonly hasFeed?: (base: string) => boolean;
}

export interface Authority {
  readonly issuer: string;
  readonly base: string;
  /** Its key for lists. */
  readonly status: TestIssuer;
  /** A delivery of this list, as its own server would serve it, unless parts say otherwise. */
  readonly delivery: (
    number: number,
    parts?: TokenParts,
  ) => { readonly form: ListForm; readonly body: Uint8Array; readonly etag: string };
  /** Serves this list, and names it in the index. */
  readonly serve: (number: number, parts?: TokenParts) => void;
  /** Takes the place of its server. */
  answer: (request: PeerRequest) => Promise<PeerAnswer>;
  readonly requests: PeerRequest[];
}

export function createPartnerWorld() {
  const clocks = { epoch: NOW, steady: 1_000 };
  const timers = createFakeTimers();
  const authorities = new Map<string, Authority>();
  const records: KeyRecord[] = [];
  let table = createKeyTable([], NOW);

  const trust = (change: (all: readonly KeyRecord[]) => readonly KeyRecord[]): void => {
    const all = change(records);
    records.splice(0, records.length, ...all);
    table = createKeyTable(records, clocks.epoch);
  };

  const authority = (issuer: string): Authority => {
    const base = `https://${issuer}.example/status-lists/`;
    const status = createIssuer({ issuer, use: 'status', statusBase: base });
    const served = new Map<
      string,
      { readonly form: ListForm; readonly body: Uint8Array; readonly etag: string }
    >();
    const delivery: Authority['delivery'] = (number, parts = {}) => {
      const { form = 'cwt', signer = status.signer, ...claims } = parts;
      const full = claimsOf(`${base}${number}`, clocks.epoch, claims);
      const body = form === 'cwt' ? encodeListCwt(full, signer) : asciiEncode(encodeListJwt(full, signer));
      return { form, body, etag: `"${full.issuedAt}"` };
    };
    const made: Authority = {
      issuer,
      base,
      status,
      delivery,
      requests: [],
      serve: (number, parts) => void served.set(`${base}${number}`, delivery(number, parts)),
      answer: async ({ url, etag }) => {
        if (url === base.slice(0, -1)) {
          const body = utf8Encode(JSON.stringify({ status_lists: [...served.keys()] }));
          return { kind: 'fresh', mediaType: 'application/json', body, etag: null };
        }
        const list = served.get(url);
        if (list === undefined) return { kind: 'failed', rule: 'not_found' };
        if (etag === list.etag) return { kind: 'unchanged' };
        return { kind: 'fresh', mediaType: LIST_MEDIA_TYPES[list.form], body: list.body, etag: list.etag };
      },
    };
    authorities.set(issuer, made);
    trust((all) => [...all, status.record]);
    return made;
  };

  const get: GuardedGet = async (request) => {
    const host = new URL(request.url).hostname.replace('.example', '');
    const from = authorities.get(host);
    if (from === undefined) throw new Error(`nobody is at ${request.url}`);
    from.requests.push(request);
    return from.answer(request);
  };

  const node = (store: PartnerStore = LONE_STORE, more: NodeMore = {}) => {
    const hasFeed = more.hasFeed ?? (() => false);
    const arena = createStatusArena();
    const updates: Update[] = [];
    const tally = createTally();
    const keys = () => table;
    const own = { clock: () => clocks.epoch, steady: () => clocks.steady };
    const keeper = createListKeeper({
      ...own,
      arena: publishedArena(arena, (update) => updates.push(update)),
      keys,
      verify: createNodeVerify(),
      inflate: inflateZlib,
      sha256,
      hasFeed,
      onKeptRevoked: tally.keptRevoked,
    });
    const partners = startPartners({
      ...own,
      after: timers.after,
      keys,
      others: new Set(more.others ?? []),
      hasFeed,
      keeper,
      get,
      store,
      apiKeyOf: (issuer) => (issuer === '330200' ? 'yk_ours' : null),
      missed: arena.missed,
      chance: () => 0,
      count: tally.count,
    });
    return {
      arena,
      partners,
      keeper,
      updates,
      tally,
      results: () =>
        [...tally.fetches()].map(([issuer, result, times]) => `${issuer} ${result} ${times}`).sort(),
      value: (from: Authority, number: number, index = 0) => arena.find(from.base, number, index)?.value,
      age: (from: Authority, number: number) => clocks.epoch - arena.confirmedAt(from.base, number).epoch,
    };
  };

  const hanging: { readonly until: number; readonly end: () => void }[] = [];
  /** Says nothing until the deadline of a request is over. */
  const hang = (): Promise<PeerAnswer> =>
    new Promise((resolve) => {
      const end = (): void => resolve({ kind: 'failed', rule: 'deadline' });
      hanging.push({ until: clocks.epoch + 15, end });
    });

  /** Seconds go by, one tick of every node in each, and everything that they begin comes to its end. */
  const pass = async (seconds = 1): Promise<void> => {
    for (let second = 0; second < seconds; second++) {
      clocks.epoch += 1;
      clocks.steady += 1;
      for (const { until, end } of hanging) if (until <= clocks.epoch) end();
      timers.pass(1_000);
      for (let turn = 0; turn < 20; turn++) {
        await new Promise((resolve) => setImmediate(resolve));
        timers.pass(0); // lanes that have rested
      }
    }
  };

  return {
    clocks,
    authority,
    trust,
    node,
    pass,
    hang,
  };
}

function claimsOf(uri: string, now: number, parts: TokenParts): StatusListClaims {
  const { values = {}, entries = 64, bits = 2, compressed, ...claims } = parts;
  return {
    uri,
    issuedAt: now,
    notBefore: null,
    expiresAt: now + 3_600,
    ttlSeconds: 60,
    bits,
    compressed: compressed ?? deflateZlib(packed(bits, entries, values)),
    ...claims,
  };
}

function packed(bits: StatusBits, entries: number, values: Readonly<Record<number, number>>): Uint8Array {
  const bytes = new Uint8Array(packedLength(entries, bits));
  for (const [index, value] of Object.entries(values)) setStatus(bytes, bits, Number(index), value);
  return bytes;
}
