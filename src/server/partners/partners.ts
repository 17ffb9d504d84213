// Other authorities' lists, kept current: one node of the cluster fetches, every node judges what was fetched and learns of it within
// a second. Nothing here stands in the way of a verification: what is not held is unknown, and what is not renewed grows old.

import type { GuardedGet } from '../../adapters/peer/guarded-get.js';
import { YimaError } from '../../core/errors/yima-error.js';
import type { ListName } from '../../core/status/arena.js';
import { listNumberOf } from '../../core/status/list-uri.js';
import { MAX_NEWS, type PartnerStore, type StoreNews } from '../../core/status/partner-store.js';
import type { KeyTable } from '../../core/trust/key-record.js';
import type { After } from '../after.js';
import type { Clocks } from '../clocks.js';
import { fetchStep } from './fetch-step.js';
import { createLanes, type Lane } from './lanes.js';
import { type KeptList, type ListKeeper, refusalWord } from './list-keeper.js';
import { type Partner, partnersOf } from './which-partners.js';

export interface PartnersDeps extends Clocks {
  readonly after: After;
  readonly keys: () => KeyTable;
  /** Bases that are nobody's to fetch. */
  readonly others: ReadonlySet<string>;
  /** Whether this base's lists come another way. */
  readonly hasFeed: (base: string) => boolean;
  readonly keeper: ListKeeper;
  readonly get: GuardedGet;
  readonly store: PartnerStore;
  readonly apiKeyOf: (issuer: string) => string | null;
  /** Lists that codes asked for in this process and that are not held; takes and clears. */
  readonly missed: () => readonly ListName[];
  /** Uniform in [0, 1). */
  readonly chance: () => number;
  /** Counts what came of a fetch, or of what another node fetched. */
  readonly count: (issuer: string, result: string) => void;
}

export interface Partners {
  /** Codes asked for these lists, and they are not held. */
  readonly wanted: (lists: readonly ListName[]) => void;
  readonly all: () => readonly Partner[];
  readonly listsOf: (base: string) => readonly KeptList[];
  /** Nothing is begun any more, and another node may lead. */
  readonly stop: () => Promise<void>;
}

const TICK_MS = 1_000;
/** A store that has not answered for so long, seconds: every node fetches for itself rather than let lists grow old. */
const PATIENCE = 30;
/** What a store tells beyond this waits for the next tick. */
const MAX_NEWS_ROUNDS = 64;
/** Lists that codes asked for, between two ticks. */
const MAX_WANTED = 1_024;

export function startPartners(deps: PartnersDeps): Partners {
  const { keeper, store, steady } = deps;
  const wanted = new Map<string, ListName>();
  let table: KeyTable | null = null;
  let isLeading = false;
  let fromStart = true;
  let answeredAt = steady();
  let stopped = false;

  const lanes = createLanes({
    ...deps,
    mayBegin: ({ base }) => isLeading && !deps.hasFeed(base),
    run: async (lane, due) => {
      try {
        return await fetchStep(lane, lane.schedule, due, { ...deps, share });
      } catch {
        deps.count(lane.issuer, 'internal'); // a defect that one partner's answer shows is no reason to leave the others
        lane.schedule.failed(due, deps.clock(), false);
        return 0;
      }
    },
  });

  const share: Parameters<typeof fetchStep>[3]['share'] = async (list) => {
    try {
      await store.put(list);
    } catch {
      // who asks later finds it; the next tick sees that the store is away
    }
  };

  /** A table that was swapped in may name other partners, withdraw keys, and trust what was refused before. */
  const settleKeys = (): void => {
    const current = deps.keys();
    const partners = current === table ? null : partnersOf(current, deps.others);
    keeper.review(partners);
    if (partners === null) return;
    table = current;
    fromStart = true;
    lanes.settle(partners);
  };

  const note = (lists: readonly ListName[]): void => {
    for (const { base, number } of lists) {
      if (wanted.size >= MAX_WANTED || lanes.of(base) === undefined) continue;
      wanted.set(`${base}${number}`, { base, number });
    }
  };

  const want = (uri: string): void => {
    const lane = laneOf(uri, lanes.of);
    const number = lane === undefined ? null : listNumberOf(uri, lane.base);
    if (lane === undefined || number === null) return;
    lane.schedule.want(number, deps.clock());
    if (keeper.find(uri) === undefined) return;
    keeper.forgetTag(uri); // whoever asks has not found it in the store
    lane.schedule.again(number);
  };

  /** Whoever leads looks after what is wanted; the others tell it. */
  const passOn = async (): Promise<void> => {
    const uris = [...wanted.keys()].filter((uri) => keeper.find(uri) === undefined);
    wanted.clear();
    if (!isLeading) {
      if (uris.length > 0) await store.ask(uris);
      return;
    }
    for (const uri of uris) want(uri);
    for (const uri of await store.asked()) want(uri);
  };

  const learn = async (): Promise<void> => {
    for (let round = 0; round < MAX_NEWS_ROUNDS; round++) {
      const { isAnew, lists } = await store.news(fromStart);
      fromStart = false;
      if (isAnew) beginAnew();
      for (const each of lists) await learnOf(each);
      if (lists.length < MAX_NEWS) return;
    }
  };

  const learnOf = async ({ uri, issuedAt }: StoreNews['lists'][number]): Promise<void> => {
    const lane = laneOf(uri, lanes.of);
    if (lane === undefined || deps.hasFeed(lane.base)) return;
    const held = keeper.find(uri);
    if (held === undefined || held.isOver || held.version.issuedAt < issuedAt) await takeStored(lane, uri);
  };

  /** What this node holds the others may lack: it is fetched again, whole. */
  const beginAnew = (): void => {
    keeper.forgetTag();
    for (const lane of lanes.all()) lane.schedule.restart(deps.clock());
  };

  const takeStored = async (lane: Lane, uri: string): Promise<void> => {
    const number = listNumberOf(uri, lane.base);
    const list = number === null ? undefined : await store.get(uri);
    if (list === undefined || number === null) return;
    try {
      const { list: held } = keeper.take(lane, number, list);
      lane.schedule.want(number, deps.clock());
      lane.schedule.succeeded(number, deps.clock(), held.renewAt);
      deps.count(lane.issuer, 'shared');
    } catch (error) {
      if (!(error instanceof YimaError)) throw error;
      deps.count(lane.issuer, refusalWord(error));
    }
  };

  const meet = async (): Promise<void> => {
    try {
      const leads = await store.lead();
      await learn(); // first: who takes over fetches nothing that is there
      isLeading = leads;
      await passOn();
      answeredAt = steady();
    } catch {
      fromStart = true; // what was told and not taken
      isLeading = steady() - answeredAt > PATIENCE;
      if (isLeading) for (const uri of wanted.keys()) want(uri);
    }
  };

  const tick = async (): Promise<void> => {
    settleKeys();
    note(deps.missed());
    if (lanes.all().length > 0) {
      await meet();
      lanes.pump();
    }
    if (!stopped) deps.after(() => void tick(), TICK_MS);
  };
  deps.after(() => void tick(), 0);

  return {
    wanted: note,
    all: lanes.all,
    listsOf: keeper.listsOf,
    stop: async () => {
      stopped = true;
      isLeading = false;
      lanes.stop();
      await store.release().catch(() => undefined); // it ends by itself
    },
  };
}

function laneOf(uri: string, find: (base: string) => Lane | undefined): Lane | undefined {
  return find(uri.slice(0, uri.lastIndexOf('/') + 1));
}
