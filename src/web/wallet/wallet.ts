// The wallet apart from its screens: what it holds, what is under way, and what it asks the server for.

import { askCredential, askToken, type Offer, readOffer } from './claiming.js';
import { canMakeKeys, makeDeviceKey } from './device-key.js';
import { readCode, renewalDue } from './held-code.js';
import { askFresh, askState, type Holder } from './holder-api.js';
import type { OfferLink } from './offer-link.js';
import type { OtherTabs } from './other-tabs.js';
import { createServer, type Server } from './server.js';
import { serverNow } from './server-clock.js';
import { randomId } from './sign-jws.js';
import { storageTrouble, troubleOf, type WalletTrouble } from './trouble.js';
import { type HeldCode, type PendingClaim, storageTroubleOf, type WalletStore } from './wallet-store.js';

export interface WalletState {
  readonly phase: 'opening' | 'ready';
  readonly codes: readonly HeldCode[];
  readonly claims: readonly PendingClaim[];
  /** Seconds to add to this phone's clock. */
  readonly offset: number;
  /** Whether the server answered when it was last asked; null: not asked yet. */
  readonly online: boolean | null;
  readonly busy: 'refreshing' | 'claiming' | null;
  /** The last thing that went wrong. */
  readonly trouble: WalletTrouble | null;
}

export interface Wallet {
  readonly state: () => WalletState;
  /** Opens a link; the claim under way, or null with a trouble told. */
  readonly openOffer: (link: OfferLink) => Promise<PendingClaim | null>;
  /** Takes the code that a claim is about; its slot, or null with a trouble told. */
  readonly take: (claim: PendingClaim, txCode: string) => Promise<string | null>;
  readonly drop: (claim: PendingClaim) => Promise<void>;
  readonly remove: (code: HeldCode) => Promise<void>;
  /** Asks how all codes stand, and takes those anew that are due. */
  readonly refresh: () => Promise<void>;
  /** The same by itself, without taking a sentence away that is being read. */
  readonly refreshQuietly: () => Promise<void>;
  /** Reads again what is kept, after another tab changed it. */
  readonly reload: () => Promise<void>;
  readonly clearTrouble: () => void;
  readonly complain: (trouble: WalletTrouble) => void;
  readonly holderOf: (code: HeldCode) => Holder;
  readonly server: Server;
}

export interface WalletDeps {
  /** null: nothing can be kept here. */
  readonly store: WalletStore | null;
  readonly origin: string;
  readonly tabs: OtherTabs;
  readonly onChange: (state: WalletState) => void;
}

export const OPENING: WalletState = {
  phase: 'opening',
  codes: [],
  claims: [],
  offset: 0,
  online: null,
  busy: null,
  trouble: null,
};

/** The date of an answer is told in whole seconds: a smaller change of the difference is none. */
const STEADY_SECONDS = 2;

export function createWallet({ store, origin, tabs, onChange }: WalletDeps): Wallet {
  let state = OPENING;
  const set = (change: Partial<WalletState>): void => {
    state = { ...state, ...change };
    onChange(state);
  };
  const server = createServer(origin, (offset) => {
    if (Math.abs(offset - state.offset) < STEADY_SECONDS) return;
    set({ offset });
    store?.putOffset(offset).catch(() => undefined); // known again after the next answer
  });
  const now = (): number => serverNow(Date.now(), state.offset);
  const holderOf = ({ key }: HeldCode): Holder => ({ key, now: now() });

  const reload = async (): Promise<void> => {
    if (store === null) return set({ phase: 'ready' });
    const [codes, claims, offset] = await Promise.all([store.codes(), store.claims(), store.offset()]);
    set({ phase: 'ready', codes, claims, ...(state.online === null ? { offset } : {}) });
  };

  /** Runs a write; what could not be kept is told and comes to null. */
  const keep = async <T>(write: (kept: WalletStore) => Promise<T>): Promise<T | null> => {
    try {
      if (store === null) throw new DOMException('nothing is kept here', 'InvalidStateError');
      const written = await write(store);
      await reload();
      tabs.changed();
      return written;
    } catch (error) {
      set({ trouble: storageTrouble(storageTroubleOf(error)) });
      return null;
    }
  };
  const told = (trouble: WalletTrouble): null => {
    set({ trouble });
    return null;
  };

  const begin = async (uri: string): Promise<PendingClaim | null> => {
    if (!canMakeKeys()) return told({ word: 'trouble.no_keys' });
    const key = await makeDeviceKey();
    const claim = { uri, slot: randomId(), key, offer: null, token: null, openedAt: now() };
    return keep(async (kept) => {
      await kept.putClaim(claim);
      return claim;
    });
  };

  const openOffer = async (link: OfferLink): Promise<PendingClaim | null> => {
    if (link.name === 'unreadable') return told({ word: 'trouble.unreadable' });
    if (link.name === 'elsewhere') return told({ word: 'trouble.elsewhere', params: { host: link.host } });
    set({ busy: 'claiming', trouble: null });
    const claim = state.claims.find(({ uri }) => uri === link.uri) ?? (await begin(link.uri));
    const read = claim === null ? null : await readInto(claim);
    set({ busy: null });
    return read;
  };

  /** The claim with its offer; given up where the offer is gone. */
  const readInto = async (claim: PendingClaim): Promise<PendingClaim | null> => {
    if (claim.offer !== null) return claim;
    const step = await readOffer(server, claim.uri);
    if (!step.ok) {
      if (step.over) await keep((kept) => kept.removeClaim(claim.uri));
      set({ trouble: step.trouble });
      return step.over ? null : claim;
    }
    const known = { ...claim, offer: step.value };
    return (await keep((kept) => kept.putClaim(known).then(() => known))) ?? claim;
  };

  const takeAlone = async (begun: PendingClaim, txCode: string): Promise<string | null> => {
    const claim = begun.offer === null ? await readInto(begun) : begun;
    if (claim === null || claim.offer === null) return null;
    const { offer } = claim;
    const token = claim.token ?? (await takeToken(claim, offer, txCode));
    if (token === null) return null;
    const step = await askCredential(server, offer.configuration, token, claim.key, now());
    if (!step.ok) return giveUp(claim, step.over, step.trouble);
    const { slot, key, uri } = claim;
    const code: HeldCode = { slot, key, code: step.value, credential: null, seen: null, claimedAt: now() };
    return keep((kept) => kept.finishClaim(uri, code).then(() => slot));
  };

  const takeToken = async (claim: PendingClaim, offer: Offer, txCode: string): Promise<string | null> => {
    const step = await askToken(server, offer, txCode);
    if (!step.ok) return giveUp(claim, step.over, step.trouble);
    const kept = await keep((to) => to.putClaim({ ...claim, token: step.value }).then(() => true));
    return kept === null ? null : step.value;
  };

  const giveUp = async (claim: PendingClaim, over: boolean, trouble: WalletTrouble): Promise<null> => {
    if (over) await keep((kept) => kept.removeClaim(claim.uri));
    return told(trouble);
  };

  const refreshOne = async (held: HeldCode): Promise<boolean> => {
    const answer = await askState(server, holderOf(held));
    if (answer === null || 'body' in answer) {
      if (answer !== null) set({ trouble: troubleOf(answer) });
      return answer !== null;
    }
    const seen = { word: answer.status.word, at: now() };
    const isDue = now() >= renewalDue(readCode(held.code));
    const fresh = isDue && seen.word !== 'revoked' ? await askFresh(server, holderOf(held), answer.id) : null;
    const next = { ...held, credential: answer.id, seen, code: fresh ?? held.code };
    await keep((kept) => kept.putCode(next));
    return true;
  };

  const refreshAlone = async (): Promise<void> => {
    await reload();
    for (const held of state.codes) {
      const answered = await refreshOne(held);
      set({ online: answered });
      if (!answered) return;
    }
  };

  const busily = async <T>(busy: WalletState['busy'], work: () => Promise<T>): Promise<T> => {
    set({ busy });
    try {
      return await tabs.alone(work);
    } finally {
      set({ busy: null });
    }
  };

  return {
    state: () => state,
    openOffer,
    take: async (claim, txCode) => {
      set({ trouble: null });
      const slot = await busily('claiming', () => takeAlone(claim, txCode));
      if (slot !== null) await busily('refreshing', refreshAlone);
      return slot;
    },
    drop: async ({ uri }) => void (await keep((kept) => kept.removeClaim(uri))),
    remove: async ({ slot }) => void (await keep((kept) => kept.removeCode(slot))),
    refresh: () => {
      set({ trouble: null });
      return busily('refreshing', refreshAlone);
    },
    refreshQuietly: () => tabs.alone(refreshAlone),
    reload,
    clearTrouble: () => set({ trouble: null }),
    complain: (trouble) => set({ trouble }),
    holderOf,
    server,
  };
}
