// One sentence about what went wrong, in place, with one thing to do about it. Never a window over the page.

import { Notice } from '../shared/notice.js';
import type { WalletTrouble } from './trouble.js';
import type { WalletSay } from './wallet-language.js';

interface Props {
  readonly trouble: WalletTrouble | null;
  readonly say: WalletSay;
  readonly clear: () => void;
}

export function TroubleNote({ trouble, say, clear }: Props) {
  if (trouble === null) return null;
  const sentence = say(trouble.word, trouble.params);
  return <Notice trouble={{ sentence, action: say('trouble.clear'), act: clear }} />;
}
