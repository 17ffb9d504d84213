// What went wrong, as a sentence of the wallet's words.

import type { Heard } from './server.js';
import type { StorageTrouble } from './wallet-store.js';
import type { WalletWordKey } from './words/zh-cn.js';

type TroubleWord = Extract<WalletWordKey, `trouble.${string}`>;

export interface WalletTrouble {
  readonly word: TroubleWord;
  readonly params?: Readonly<Record<string, string | number>>;
}

export function storageTrouble(trouble: StorageTrouble): WalletTrouble {
  return { word: `trouble.${trouble}` };
}

/** What an answer that is not the hoped-for one comes to; null: none came. */
export function troubleOf(heard: Heard | null): WalletTrouble {
  if (heard === null) return { word: 'trouble.unreachable' };
  if (heard.status === 429 || heard.status === 503) {
    return { word: 'trouble.too_many', params: { s: heard.waitSeconds } };
  }
  if (heard.status === 401 || heard.status === 404) return { word: 'trouble.not_known' };
  return { word: 'trouble.failed' };
}
