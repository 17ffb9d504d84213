// Until when a pass holds, and how new what is shown of it is.

import { showAge, showDateTime, showLeft } from '../shared/times.js';
import type { ReadCode, SeenState } from './held-code.js';
import { useNow } from './use-now.js';
import type { WalletSpoken } from './wallet-language.js';

interface Props {
  readonly code: ReadCode;
  readonly seen: SeenState | null;
  readonly offset: number;
  readonly spoken: WalletSpoken;
}

export function PassFacts({ code, seen, offset, spoken }: Props) {
  const { language, say } = spoken;
  const now = useNow(offset);
  const { expiresAt } = code;
  return (
    <dl class="pass-facts">
      <div>
        <dt>{say('pass.validUntil')}</dt>
        <dd>
          {expiresAt === null ? say('pass.noEnd') : showDateTime(expiresAt, language)}
          {expiresAt !== null && expiresAt > now && (
            <span class="facts-aside">{say('pass.left', { time: showLeft(expiresAt - now, say) })}</span>
          )}
        </dd>
      </div>
      <div>
        <dt>{say('pass.updated')}</dt>
        <dd>
          {seen === null ? say('pass.never') : showDateTime(seen.at, language)}
          {seen !== null && <span class="facts-aside">{showAge(Math.max(0, now - seen.at), say)}</span>}
        </dd>
      </div>
    </dl>
  );
}
