// What this device keeps of its checkpoint, in IndexedDB: its key, what it judges by, the shift's counts. No person is in it.

import type { KnowledgeDocument } from '../../core/verify/knowledge-document.js';
import type { KeptPin } from './pin.js';
import type { Shift } from './shift.js';

export interface KeptSite {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  /** What its proofs are for. */
  readonly audience: string;
  /** Not extractable: a handle is kept, never the number. */
  readonly privateKey: CryptoKey;
  readonly pin: KeptPin;
}

/** One list token as it came. */
export interface KeptList {
  readonly number: number;
  readonly token: Uint8Array;
  readonly etag: string;
}

export interface KeptKnowledge {
  readonly document: KnowledgeDocument;
  readonly etag: string;
  /** When the node last said that this is how things are, epoch seconds of its clock. */
  readonly confirmedAt: number;
  readonly lists: readonly KeptList[];
  /** Seconds to add to this device's clock. */
  readonly offset: number;
}

interface KeptAll {
  readonly site: KeptSite;
  readonly knowledge: KeptKnowledge;
  readonly shift: Shift;
}

export interface Keeper {
  readonly get: <K extends keyof KeptAll>(name: K) => Promise<KeptAll[K] | undefined>;
  /** Whole or not at all. @returns false when the browser keeps nothing (private mode, no room): it goes on in memory */
  readonly put: <K extends keyof KeptAll>(name: K, value: KeptAll[K]) => Promise<boolean>;
  readonly clear: () => Promise<void>;
}

const STORE = 'kept';

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function openDatabase(): Promise<IDBDatabase | null> {
  try {
    const request = indexedDB.open('yima-scan', 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    return await done(request);
  } catch {
    return null;
  }
}

function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

export async function openKeeper(): Promise<Keeper> {
  const database = await openDatabase();
  const memory = new Map<string, unknown>();
  const write = async (change: (store: IDBObjectStore) => void): Promise<boolean> => {
    if (database === null) return false;
    try {
      const transaction = database.transaction(STORE, 'readwrite');
      change(transaction.objectStore(STORE));
      await committed(transaction);
      return true;
    } catch {
      return false;
    }
  };
  return {
    get: async (name) => {
      if (memory.has(name) || database === null) return memory.get(name) as never;
      return (await done(database.transaction(STORE).objectStore(STORE).get(name))) as never;
    },
    put: async (name, value) => {
      memory.set(name, value);
      return write((store) => store.put(value, name));
    },
    clear: async () => {
      memory.clear();
      await write((store) => store.clear());
    },
  };
}
