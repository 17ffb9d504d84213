// The head of the wallet: its name, elder mode, and the other language. Both are seen on the first screen.

import { LANGUAGES } from '../shared/language.js';
import { Mark } from '../shared/page-header.js';
import type { Mode } from './use-mode.js';
import type { WalletSpoken } from './wallet-language.js';

interface Props {
  readonly spoken: WalletSpoken;
  readonly mode: Mode;
}

export function WalletHeader({ spoken, mode }: Props) {
  const { language, say, choose } = spoken;
  const other = LANGUAGES.find(({ id }) => id !== language);
  return (
    <header class="head wallet-head">
      <p class="brand">
        <Mark />
        <span class="brand-name">{say('wallet.name')}</span>
      </p>
      <div class="head-tools">
        <button type="button" class="button" onClick={() => mode.setElder(!mode.elder)}>
          {say(mode.elder ? 'mode.standard' : 'mode.elder')}
        </button>
        {other !== undefined && (
          <button type="button" class="button" lang={other.id} onClick={() => choose(other.id)}>
            {other.name}
          </button>
        )}
      </div>
    </header>
  );
}
