// A wallet that holds nothing: what it is for, and how to get the first code.

import { Icon, type IconName } from '../shared/icons.js';
import type { WalletSay } from './wallet-language.js';
import type { WalletWordKey } from './words/zh-cn.js';

const STEPS = [
  { icon: 'symbol', word: 'empty.desk' },
  { icon: 'scan', word: 'empty.scan' },
  { icon: 'passed', word: 'empty.code' },
] as const satisfies readonly { readonly icon: IconName; readonly word: WalletWordKey }[];

export function EmptyView({ say, add }: { readonly say: WalletSay; readonly add: () => void }) {
  return (
    <section class="empty">
      <h1 class="empty-title">{say('empty.title')}</h1>
      <p class="empty-text">{say('empty.text')}</p>
      <h2 class="section-title">{say('empty.how')}</h2>
      <ol class="card empty-steps">
        {STEPS.map(({ icon, word }) => (
          <li key={word}>
            <span class="step-icon">
              <Icon name={icon} />
            </span>
            {say(word)}
          </li>
        ))}
      </ol>
      <button type="button" class="button button-main wide" onClick={add}>
        <Icon name="plus" />
        {say('pass.add')}
      </button>
    </section>
  );
}
