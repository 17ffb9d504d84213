// One pass on one screen: whose it is, its state in colour, icon and word, the live symbol, and how new all that is.

import { useMemo } from 'preact/hooks';
import { Icon } from '../shared/icons.js';
import { showDateTime } from '../shared/times.js';
import { hasColour, isShowable, passState, readCode } from './held-code.js';
import { PassFacts } from './pass-facts.js';
import { PassSymbol } from './pass-symbol.js';
import { speak } from './speech.js';
import { lookOf } from './state-look.js';
import { useNow } from './use-now.js';
import type { Showing } from './use-presentation.js';
import type { View } from './use-view.js';
import { useWakeLock } from './use-wake-lock.js';
import type { WalletState } from './wallet.js';
import type { WalletSpoken } from './wallet-language.js';
import type { HeldCode } from './wallet-store.js';

interface Props {
  readonly held: HeldCode;
  readonly state: WalletState;
  readonly elder: boolean;
  readonly spoken: WalletSpoken;
  readonly open: (view: View) => void;
  readonly refresh: () => void;
}

export function PassView({ held, state, elder, spoken, open, refresh }: Props) {
  const { language, say } = spoken;
  const { offset, online, busy } = state;
  const code = useMemo(() => readCode(held.code), [held.code]);
  const now = useNow(offset);
  const standing = passState(code, held.seen, now);
  const look = lookOf(standing, spoken);
  const shown = isShowable(standing);
  const showing = useMemo<Showing | null>(
    () => (shown ? { credential: code.bytes, key: held.key, offset } : null),
    [shown, code, held.key, offset],
  );
  useWakeLock(shown);
  const { clip } = look;
  const address = `${location.host}/scan`;
  return (
    <div class="pass-view">
      <article class={`pass ${look.tone}`} data-state={standing.name} aria-label={code.title[language]}>
        <header class="pass-head">
          <p class="pass-kind">{code.title[language]}</p>
          <p class="pass-name">
            <span class="unseen">{say('pass.holder')} </span>
            <bdi>{code.holder}</bdi>
          </p>
        </header>
        <p class="pass-state" role="status">
          <Icon name={look.icon} />
          <span class="pass-word">{look.word}</span>
          <span class="pass-meaning">{look.meaning}</span>
        </p>
        {shown ? (
          <PassSymbol showing={showing} offset={offset} kind={code.title[language]} say={say} />
        ) : (
          <p class="pass-hidden">{say('pass.hidden')}</p>
        )}
      </article>
      {shown && online === false && (
        <p class="pass-offline">
          <Icon name="offline" />
          {code.expiresAt === null
            ? say('pass.offline')
            : say('pass.offlineUntil', { time: showDateTime(code.expiresAt, language) })}
        </p>
      )}
      <div class="pass-acts">
        {elder && clip !== null && (
          <button type="button" class="button button-main" onClick={() => speak(clip, language)}>
            <Icon name="speak" />
            {say('pass.speak')}
          </button>
        )}
        <button type="button" class="button" disabled={busy !== null} onClick={refresh}>
          <Icon name="again" />
          {say(busy === 'refreshing' ? 'pass.refreshing' : 'pass.refresh')}
        </button>
        {!hasColour(code.kind) && (
          <button type="button" class="button" onClick={() => open('licence')}>
            <Icon name="card" />
            {say('pass.licence')}
          </button>
        )}
        <button type="button" class="button" onClick={() => open('why')}>
          <Icon name="question" />
          {say(hasColour(code.kind) ? 'pass.why' : 'pass.record')}
        </button>
      </div>
      <PassFacts code={code} seen={held.seen} offset={offset} spoken={spoken} />
      {shown && <p class="pass-camera">{say('pass.camera', { address })}</p>}
    </div>
  );
}
