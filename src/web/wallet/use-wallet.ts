// The wallet as state of the page: opened once, kept in step with other tabs, refreshed while it is seen.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { joinTabs, type OtherTabs } from './other-tabs.js';
import { createWallet, OPENING, type Wallet, type WalletState } from './wallet.js';
import type { WalletStore } from './wallet-store.js';

const REFRESH_MS = 60_000;

export interface OpenWallet extends WalletState {
  /** null while it is being opened. */
  readonly wallet: Wallet | null;
}

/** Asks the server at once, then every minute and whenever page or network come back; ends with the returned function. */
function keepFresh(refresh: () => void): () => void {
  const whenSeen = (): void => {
    if (document.visibilityState === 'visible') refresh();
  };
  whenSeen();
  const timer = setInterval(whenSeen, REFRESH_MS);
  document.addEventListener('visibilitychange', whenSeen);
  addEventListener('online', whenSeen);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', whenSeen);
    removeEventListener('online', whenSeen);
  };
}

export function useWallet(opening: Promise<WalletStore | null>): OpenWallet {
  const [state, setState] = useState<WalletState>(OPENING);
  const [leads, setLeads] = useState(false);
  const wallet = useRef<Wallet | null>(null);
  useLayoutEffect(() => {
    const open = async (): Promise<void> => {
      const store = await opening;
      const tabs: OtherTabs = joinTabs(
        () => setLeads(true),
        () => void wallet.current?.reload(),
      );
      wallet.current = createWallet({ store, origin: location.origin, tabs, onChange: setState });
      await wallet.current.reload();
    };
    void open();
  }, []);
  const ready = state.phase === 'ready';
  useEffect(() => {
    if (ready && leads) return keepFresh(() => void wallet.current?.refreshQuietly());
    return undefined;
  }, [ready, leads]);
  return { ...state, wallet: wallet.current };
}
