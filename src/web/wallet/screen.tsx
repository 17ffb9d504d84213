// The frame of every screen but the pass: its name, and the way back.

import type { ComponentChildren } from 'preact';
import { Icon } from '../shared/icons.js';
import type { WalletSay } from './wallet-language.js';

interface Props {
  readonly title: string;
  readonly say: WalletSay;
  readonly back: () => void;
  readonly children: ComponentChildren;
}

export function Screen({ title, say, back, children }: Props) {
  return (
    <section class="screen">
      <div class="screen-head">
        <button type="button" class="button screen-back" onClick={back}>
          <Icon name="back" />
          {say('wallet.back')}
        </button>
        <h1 class="screen-title">{title}</h1>
      </div>
      {children}
    </section>
  );
}
