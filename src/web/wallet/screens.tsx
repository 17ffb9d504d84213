// Which screen stands, and what leads from one to the other.

import { useEffect, useState } from 'preact/hooks';
import { AddView } from './add-view.js';
import { ClaimView } from './claim-view.js';
import { Front } from './front.js';
import { LicenceView } from './licence-view.js';
import { ListView } from './list-view.js';
import { MoreView } from './more-view.js';
import { takeOffer } from './offer-address.js';
import { type OfferLink, offerOfText } from './offer-link.js';
import type { Mode } from './use-mode.js';
import type { Views } from './use-view.js';
import type { Wallet, WalletState } from './wallet.js';
import type { WalletSpoken } from './wallet-language.js';
import { WhyView } from './why-view.js';

export interface ScreensProps {
  readonly wallet: Wallet;
  readonly state: WalletState;
  /** What the page was opened with. */
  readonly offer: OfferLink | null;
  readonly mode: Mode;
  readonly views: Views;
  readonly spoken: WalletSpoken;
}

export function Screens({ wallet, state, offer, mode, views, spoken }: ScreensProps) {
  const { codes, claims, trouble } = state;
  const [slot, setSlot] = useState<string | null>(null);
  const [claimUri, setClaimUri] = useState<string | null>(null);
  const held = codes.find((code) => code.slot === slot) ?? codes.at(-1) ?? null;
  const claim = claims.find(({ uri }) => uri === claimUri) ?? null;
  const { back, home, open } = views;

  const openLink = async (link: OfferLink): Promise<void> => {
    const begun = await wallet.openOffer(link);
    if (begun === null) return;
    setClaimUri(begun.uri);
    open('claim');
  };
  useEffect(() => {
    if (offer !== null) void openLink(offer);
    const onLink = (): void => {
      const link = takeOffer();
      if (link !== null) void openLink(link);
    };
    onLink(); // one that came while the wallet was being opened
    addEventListener('hashchange', onLink);
    return () => removeEventListener('hashchange', onLink);
  }, []);

  const clear = wallet.clearTrouble;
  switch (views.view) {
    case 'list':
      return (
        <ListView
          codes={codes}
          offset={state.offset}
          spoken={spoken}
          back={back}
          add={() => open('add')}
          choose={(chosen) => {
            setSlot(chosen);
            back();
          }}
        />
      );
    case 'add':
      return (
        <AddView
          trouble={trouble}
          spoken={spoken}
          clear={clear}
          back={back}
          complain={wallet.complain}
          found={(text) => void openLink(offerOfText(text, location.origin))}
        />
      );
    case 'claim':
      if (claim === null) break;
      return (
        <ClaimView
          claim={claim}
          busy={state.busy !== null}
          trouble={trouble}
          spoken={spoken}
          clear={clear}
          back={home}
          complain={wallet.complain}
          read={() => void openLink({ name: 'offer', uri: claim.uri })}
          drop={() => void wallet.drop(claim).then(home)}
          take={(txCode) => {
            setSlot(claim.slot);
            void wallet.take(claim, txCode).then(() => {
              const isOver = wallet.state().claims.every(({ uri }) => uri !== claim.uri);
              if (isOver) home();
            });
          }}
        />
      );
    case 'licence':
      if (held === null) break;
      return <LicenceView held={held} offset={state.offset} spoken={spoken} back={back} />;
    case 'why':
      if (held === null) break;
      return <WhyView held={held} wallet={wallet} spoken={spoken} back={back} />;
    case 'more':
      return (
        <MoreView
          mode={mode}
          codes={codes}
          spoken={spoken}
          back={back}
          remove={(code) => void wallet.remove(code)}
        />
      );
    case 'pass':
      break;
  }
  return (
    <Front
      wallet={wallet}
      state={state}
      held={held}
      elder={mode.elder}
      spoken={spoken}
      open={open}
      resume={(uri) => {
        setClaimUri(uri);
        open('claim');
      }}
    />
  );
}
