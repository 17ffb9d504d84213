// The wallet apart from its screens: what it holds, what is under way, and what it asks the server for.

import { askCredential, askToken, readOffer } from './claiming.js';
import { canMakeKeys, makeDeviceKey, randomId } from './device-key.js';
import { readCode, renewalDue } from './held-code.js';
import { askFresh, askState, type Holder } from './holder-api.js';
import type { Offer } from './offer.js';
import type { OfferLink } from './offer-link.js';
import type { OtherTabs } from './other-tabs.js';
import { createServer, type Server } from './server.js';
import { serverNow } from './server-clock.js';
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
  /** Takes the code that a claim is about, into the claim's slot; or a trouble is told. */
  readonly take: (claim: PendingClaim, txCode: string) => Promise<void>;
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

/** An offer that is of no use any more. */
interface Over {
  readonly trouble: WalletTrouble;
}

/** The date of an answer is told in whole seconds: a smaller change of the difference is none. */
const STEADY_SECONDS = 2;

/** Asks the browser not to drop what is kept when it runs short of room. It may say no. */
function keepForGood(): void {
  navigator.storage?.persist?.().catch(() => undefined);
}

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
    try {
      const { codes, claims, offset, cleared } = await store.load();
      const trouble: Partial<WalletState> = cleared ? { trouble: { word: 'trouble.cleared' } } : {};
      set({ phase: 'ready', codes, claims, ...trouble, ...(state.online === null ? { offset } : {}) });
    } catch (error) {
      set({ phase: 'ready', trouble: storageTrouble(storageTroubleOf(error)) });
    }
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
    if (typeof token !== 'string') return recover(claim, () => giveUp(claim, token.trouble));
    const step = await askCredential(server, offer, token, claim.key, now());
    if (step.ok) return finish(claim, step.value);
    return step.over ? recover(claim, () => askAgain(claim)) : told(step.trouble);
  };

  /** What the server gave this claim's key before, if its answer got lost; what else is to be done only once it says that it gave nothing. */
  const recover = async (claim: PendingClaim, otherwise: () => Promise<null>): Promise<string | null> => {
    const held = await askState(server, { key: claim.key, now: now() });
    if (held === null) return told({ word: 'trouble.claim_unreachable' });
    if ('word' in held && held.code !== null) return finish(claim, held.code);
    return otherwise();
  };

  const finish = ({ slot, key, uri }: PendingClaim, text: string): Promise<string | null> => {
    const code: HeldCode = { slot, key, code: text, credential: null, seen: null, claimedAt: now() };
    return keep((kept) => kept.finishClaim(uri, code).then(() => slot));
  };

  /** A token that waited too long is worth nothing: its claim code is asked for anew. */
  const askAgain = async (claim: PendingClaim): Promise<null> => {
    await keep((kept) => kept.putClaim({ ...claim, token: null }));
    return told({ word: 'trouble.code_again' });
  };

  /** The token; where the offer is over, why; null with a trouble told. */
  const takeToken = async (
    claim: PendingClaim,
    offer: Offer,
    txCode: string,
  ): Promise<string | Over | null> => {
    const step = await askToken(server, offer, txCode);
    if (!step.ok) return step.over ? { trouble: step.trouble } : told(step.trouble);
    const kept = await keep((to) => to.putClaim({ ...claim, token: step.value }).then(() => true));
    return kept === null ? null : step.value;
  };

  const giveUp = async (claim: PendingClaim, trouble: WalletTrouble): Promise<null> => {
    await keep((kept) => kept.removeClaim(claim.uri));
    return told(trouble);
  };

  const refreshOne = async (held: HeldCode): Promise<boolean> => {
    const stands = await askState(server, holderOf(held));
    if (stands === null) return false;
    if (!('word' in stands)) {
      set({ trouble: troubleOf(stands) });
      return true;
    }
    const isDue = stands.code !== null && now() >= renewalDue(readCode(stands.code));
    const fresh = isDue ? await askFresh(server, holderOf(held), stands.id) : null;
    const code = fresh ?? stands.code ?? held.code;
    const seen = { word: stands.word, at: now() };
    await keep((kept) => kept.updateCode({ ...held, credential: stands.id, seen, code }));
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
      if (slot === null) return;
      keepForGood();
      void tabs.alone(refreshAlone);
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
