// A cluster's store in memory, as the one in Redis behaves: a lock that runs out, news since a place, and failures on command.

import { MAX_NEWS, type PartnerStore, type StoredList } from '../../../src/core/status/partner-store.js';

export interface TwinCluster {
  /** Another node. */
  readonly join: () => PartnerStore;
  /** Nobody holds the lock any more, as after its holder's death. */
  readonly expireLock: () => void;
  /** As FLUSHALL. */
  readonly clear: () => void;
  /** As an eviction. */
  readonly drop: (uri: string) => void;
  /** Puts something past every rule, as whoever can write to the store. */
  readonly write: (list: StoredList) => void;
  readonly stored: (uri: string) => StoredList | undefined;
  /** While set, every call rejects. */
  isDown: boolean;
}

export function createTwinCluster(): TwinCluster {
  let lists = new Map<string, { readonly list: StoredList; readonly at: number }>();
  let asked = new Set<string>();
  let holder: symbol | null = null;
  let life = Symbol('life');
  let at = 0;

  const write = (list: StoredList): void => {
    at += 1;
    lists.set(list.uri, { list, at });
  };

  const cluster: TwinCluster = {
    isDown: false,
    expireLock: () => {
      holder = null;
    },
    clear: () => {
      lists = new Map();
      asked = new Set();
      holder = null;
      life = Symbol('life');
      at = 0;
    },
    drop: (uri) => void lists.delete(uri),
    write,
    stored: (uri) => lists.get(uri)?.list,
    join: () => {
      const self = Symbol('node');
      let seen = 0;
      let known: symbol | null = null;
      const up = (): void => {
        if (cluster.isDown) throw new Error('down');
      };
      return {
        lead: async () => {
          up();
          holder ??= self;
          return holder === self;
        },
        put: async (list) => {
          up();
          if (holder !== self) return false;
          write(list);
          return true;
        },
        news: async (fromStart) => {
          up();
          const isAnew = known !== life;
          if (isAnew || fromStart) seen = 0;
          known = life;
          const fresh = [...lists.values()].filter((each) => each.at > seen).sort((a, b) => a.at - b.at);
          const told = fresh.slice(0, MAX_NEWS);
          seen = told.at(-1)?.at ?? seen;
          return { isAnew, lists: told.map(({ list: { uri, issuedAt } }) => ({ uri, issuedAt })) };
        },
        get: async (uri) => {
          up();
          return lists.get(uri)?.list;
        },
        ask: async (uris) => {
          up();
          for (const uri of uris) asked.add(uri);
        },
        asked: async () => {
          up();
          const taken = [...asked];
          asked.clear();
          return taken;
        },
        release: async () => {
          up();
          if (holder === self) holder = null;
        },
      };
    },
  };
  return cluster;
}
