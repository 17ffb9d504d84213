// The wallet: one pass on the first screen, everything else one touch away.

import { useEffect, useState } from 'preact/hooks';
import { keepShell, type Shell } from '../shared/shell.js';
import { useLanguage } from '../shared/use-language.js';
import type { OfferLink } from './offer-link.js';
import { Screens } from './screens.js';
import { useMode } from './use-mode.js';
import { useView } from './use-view.js';
import { useWallet } from './use-wallet.js';
import { WalletHeader } from './wallet-header.js';
import { createWalletSay, type WalletSay } from './wallet-language.js';
import type { WalletStore } from './wallet-store.js';

interface Props {
  /** What the page was opened with. */
  readonly offer: OfferLink | null;
  readonly store: Promise<WalletStore | null>;
}

export function WalletPage({ offer, store }: Props) {
  const spoken = useLanguage(createWalletSay);
  const mode = useMode();
  const views = useView();
  const open = useWallet(store);
  const { wallet } = open;
  return (
    <div class="wallet-page">
      <WalletHeader spoken={spoken} mode={mode} />
      <NewerVersion say={spoken.say} />
      <main>
        {wallet === null || open.phase === 'opening' ? (
          <p class="wallet-opening">{spoken.say('wallet.loading')}</p>
        ) : (
          <Screens wallet={wallet} state={open} offer={offer} mode={mode} views={views} spoken={spoken} />
        )}
      </main>
    </div>
  );
}

/** The page works on in its version until the person changes to the next. */
function NewerVersion({ say }: { readonly say: WalletSay }) {
  const [shell, setShell] = useState<Shell | null>(null);
  useEffect(() => void keepShell('wallet', setShell), []);
  if (shell === null) return null;
  return (
    <p class="update" role="status">
      {say('update.text')}
      <button type="button" class="button" onClick={shell.takeOver}>
        {say('update.action')}
      </button>
    </p>
  );
}
