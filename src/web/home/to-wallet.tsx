// The way of the demo code into the wallet of this browser: an offer, its claim code, and the link that opens it.

import { useState } from 'preact/hooks';
import { type DemoOffer, offerDemo } from './demo-api.js';
import type { HomeSpoken } from './home-language.js';
import { troubleOf } from './trouble.js';

interface Props {
  readonly id: string;
  readonly spoken: HomeSpoken;
}

export function ToWallet({ id, spoken }: Props) {
  const { say } = spoken;
  const [offer, setOffer] = useState<DemoOffer | null>(null);
  const [trouble, setTrouble] = useState('');
  const [busy, setBusy] = useState(false);
  const make = async (): Promise<void> => {
    setBusy(true);
    const reply = await offerDemo(id);
    setBusy(false);
    setOffer(reply.ok ? reply.value : null);
    setTrouble(reply.ok ? '' : troubleOf(reply.failure, say, () => undefined).sentence);
  };
  if (offer === null) {
    return (
      <div class="to-wallet">
        <button type="button" class="button" disabled={busy} onClick={() => void make()}>
          {say('wallet.make')}
        </button>
        {trouble !== '' && <p role="alert">{trouble}</p>}
      </div>
    );
  }
  return (
    <div class="to-wallet">
      <p role="status">
        {say('wallet.code')} <strong class="to-wallet-code">{offer.txCode}</strong>
      </p>
      <a class="button button-main" href={offer.walletUrl} target="_blank" rel="noopener">
        {say('wallet.open')}
      </a>
    </div>
  );
}
