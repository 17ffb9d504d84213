// What this phone keeps, in IndexedDB: codes with their keys, claims under way, and how far off its clock was. Nothing of it is in
// localStorage or in an address.

import type { DeviceKey } from './device-key.js';
import type { SeenState } from './held-code.js';
import type { Offer } from './offer.js';

export interface HeldCode {
  /** This phone's own name for it. */
  readonly slot: string;
  readonly key: DeviceKey;
  /** The `YM1` text. */
  readonly code: string;
  /** The credential's id at its issuer; null until the issuer said so. */
  readonly credential: string | null;
  readonly seen: SeenState | null;
  /** Epoch seconds by the server's clock. */
  readonly claimedAt: number;
}

/** A claim from the moment its link was opened, so that nothing is lost when server, network or page go away in the middle. */
export interface PendingClaim {
  /** The offer's address. */
  readonly uri: string;
  /** The slot that the code will have. */
  readonly slot: string;
  readonly key: DeviceKey;
  /** What the server offers, once it was read. */
  readonly offer: Offer | null;
  /** What the server gave for the claim code, once it did. */
  readonly token: string | null;
  readonly openedAt: number;
}

/** Why nothing can be kept: the browser refuses (private mode, blocked), or there is no room. */
export type StorageTrouble = 'storage_refused' | 'storage_full';

/** All that is kept. */
export interface Kept {
  /** In the order in which they were claimed. */
  readonly codes: readonly HeldCode[];
  readonly claims: readonly PendingClaim[];
  /** Seconds to add to this phone's clock; 0 until the server was heard. */
  readonly offset: number;
  /** The browser took everything away while the page was open. */
  readonly cleared: boolean;
}

export interface WalletStore {
  readonly load: () => Promise<Kept>;
  /** One that was removed meanwhile stays so. */
  readonly updateCode: (code: HeldCode) => Promise<void>;
  readonly removeCode: (slot: string) => Promise<void>;
  readonly putClaim: (claim: PendingClaim) => Promise<void>;
  readonly removeClaim: (uri: string) => Promise<void>;
  /** The code is kept and the claim over, both or neither. */
  readonly finishClaim: (uri: string, code: HeldCode) => Promise<void>;
  readonly putOffset: (seconds: number) => Promise<void>;
}

const NAME = 'yima-wallet';
const VERSION = 1;
const OFFSET = 'offset';

/** What a failure of this store means to the person. */
export function storageTroubleOf(error: unknown): StorageTrouble {
  const name = error instanceof DOMException ? error.name : '';
  return name === 'QuotaExceededError' ? 'storage_full' : 'storage_refused';
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('codes', { keyPath: 'slot' });
      request.result.createObjectStore('claims', { keyPath: 'uri' });
      request.result.createObjectStore('facts');
    };
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      // A newer page that changes the form of what is kept must not wait for this one.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
  });
}

function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function isClosed(error: unknown): boolean {
  return error instanceof DOMException && ['InvalidStateError', 'AbortError'].includes(error.name);
}

/** Resolves when the transaction is durable. */
function settled(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

/** With what is kept read once already. Rejects where the browser keeps nothing; every write rejects when it was not kept. @see storageTroubleOf */
export async function openStore(): Promise<WalletStore> {
  let database = await open();
  let taken = false;
  /** Once more with a new connection where the browser has closed this one, as it does when a person clears its data. */
  const run = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (!isClosed(error)) throw error;
      database = await open();
      taken = true;
      return work();
    }
  };
  /** In one transaction, since each costs a way to the browser and back. */
  const load = async (): Promise<Kept> => {
    const transaction = database.transaction(['codes', 'claims', 'facts']);
    const [codes, claims, offset] = await Promise.all([
      resultOf(transaction.objectStore('codes').getAll() as IDBRequest<HeldCode[]>),
      resultOf(transaction.objectStore('claims').getAll() as IDBRequest<PendingClaim[]>),
      resultOf(transaction.objectStore('facts').get(OFFSET) as IDBRequest<unknown>),
    ]);
    codes.sort((one, other) => one.claimedAt - other.claimedAt);
    const cleared = taken && codes.length === 0;
    taken = false;
    return { codes, claims, offset: typeof offset === 'number' ? offset : 0, cleared };
  };
  const write = (names: readonly string[], change: (transaction: IDBTransaction) => void): Promise<void> =>
    run(() => {
      const transaction = database.transaction(names, 'readwrite');
      const done = settled(transaction);
      change(transaction);
      return done;
    });
  let first: Promise<Kept> | null = run(load);
  await first.catch(() => undefined); // told to whoever loads
  return {
    load: () => {
      const early = first;
      first = null;
      return early ?? run(load);
    },
    updateCode: (code) =>
      write(['codes'], (t) => {
        const codes = t.objectStore('codes');
        const known = codes.getKey(code.slot);
        known.onsuccess = () => known.result !== undefined && codes.put(code);
      }),
    removeCode: (slot) => write(['codes'], (t) => t.objectStore('codes').delete(slot)),
    putClaim: (claim) => write(['claims'], (t) => t.objectStore('claims').put(claim)),
    removeClaim: (uri) => write(['claims'], (t) => t.objectStore('claims').delete(uri)),
    finishClaim: (uri, code) =>
      write(['codes', 'claims'], (t) => {
        t.objectStore('codes').put(code);
        t.objectStore('claims').delete(uri);
      }),
    putOffset: (seconds) => write(['facts'], (t) => t.objectStore('facts').put(seconds, OFFSET)),
  };
}
