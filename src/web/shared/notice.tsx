// One sentence about what went wrong and one thing to do about it.

import { Icon } from './icons.js';

export interface Trouble {
  readonly sentence: string;
  readonly action: string;
  readonly act: () => void;
}

export function Notice({ trouble }: { readonly trouble: Trouble }) {
  return (
    <div class="notice" role="alert">
      <p class="notice-text">
        <Icon name="attention" />
        {trouble.sentence}
      </p>
      <button type="button" class="button" onClick={trouble.act}>
        {trouble.action}
      </button>
    </div>
  );
}
