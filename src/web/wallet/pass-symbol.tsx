// The live symbol on its white ground, and until when it stands.

import { showClock } from '../shared/times.js';
import { useNow } from './use-now.js';
import { type Showing, secondsLeft, useSymbol } from './use-presentation.js';
import type { WalletSay } from './wallet-language.js';

interface Props {
  readonly showing: Showing | null;
  readonly offset: number;
  readonly kind: string;
  readonly say: WalletSay;
}

function Ticking({ offset, say }: Pick<Props, 'offset' | 'say'>) {
  const now = useNow(offset);
  return (
    <p class="pass-live">
      <time class="pass-clock">{showClock(now)}</time>
      <span>{say('pass.live', { s: secondsLeft(now) })}</span>
    </p>
  );
}

export function PassSymbol({ showing, offset, kind, say }: Props) {
  const symbol = useSymbol(showing);
  if (showing === null) return null;
  return (
    <div class="pass-panel">
      <div class="pass-symbol" data-period={symbol?.period}>
        {symbol === null ? (
          <p class="pass-making">{say('pass.making')}</p>
        ) : (
          <svg
            viewBox={`0 0 ${symbol.side} ${symbol.side}`}
            role="img"
            aria-label={say('pass.symbol', { kind })}
            shape-rendering="crispEdges"
          >
            <path d={symbol.path} />
          </svg>
        )}
      </div>
      <Ticking offset={offset} say={say} />
    </div>
  );
}
