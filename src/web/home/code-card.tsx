// The code as its holder sees it: name, symbol, state and validity in one view.

import { useEffect, useState } from 'preact/hooks';
import { Icon } from '../shared/icons.js';
import { showDateTime, showLeft } from '../shared/times.js';
import { type DemoCredential, qrPath } from './demo-api.js';
import type { HomeSpoken } from './home-language.js';
import { STATE_LOOKS, shownState } from './levels.js';
import { ToWallet } from './to-wallet.js';

const TICK_MS = 15_000;

/** This device's epoch second, renewed while the page is open. */
function useNow(): number {
  const [now, setNow] = useState(() => Date.now() / 1000);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now() / 1000), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function Validity({
  credential,
  spoken,
}: {
  readonly credential: DemoCredential;
  readonly spoken: HomeSpoken;
}) {
  const { language, say } = spoken;
  const now = useNow();
  const { expiresAt } = credential;
  const left =
    expiresAt === null
      ? ''
      : expiresAt > now
        ? say('card.left', { time: showLeft(expiresAt - now, say) })
        : say('card.expired');
  return (
    <dl class="facts">
      <div>
        <dt>{say('card.validUntil')}</dt>
        <dd>
          {expiresAt === null ? say('gate.noEnd') : showDateTime(expiresAt, language)}
          {left && <span class="facts-aside">{left}</span>}
        </dd>
      </div>
      <div>
        <dt>{say('card.issued')}</dt>
        <dd>{showDateTime(credential.issuedAt, language)}</dd>
      </div>
    </dl>
  );
}

/** The state in colour, icon and word. */
function StateBand({
  credential,
  spoken,
}: {
  readonly credential: DemoCredential;
  readonly spoken: HomeSpoken;
}) {
  const state = shownState(credential);
  const look = STATE_LOOKS[state];
  return (
    <p class={`state ${look.tone}`} role="status" data-state={state}>
      <Icon name={look.icon} />
      <span class="state-word">{spoken.say(`level.${state}`)}</span>
      <span class="state-meaning">{spoken.say(`level.meaning.${state}`)}</span>
    </p>
  );
}

interface CardProps {
  readonly credential: DemoCredential | null;
  /** Said in place of a symbol. */
  readonly waiting: string;
  readonly spoken: HomeSpoken;
}

export function CodeCard({ credential, waiting, spoken }: CardProps) {
  const { say } = spoken;
  return (
    <article class="card code" aria-busy={credential === null}>
      <div class="code-head">
        <p class="code-kind">
          {say('card.kind.health-code')} <span class="badge">{say('card.demo')}</span>
        </p>
        <p class="code-name">
          <span class="unseen">{say('card.holder')} </span>
          {credential?.holder.name ?? ' '}
        </p>
      </div>
      <div class="code-symbol">
        {credential === null ? (
          <p class="code-waiting">{waiting}</p>
        ) : (
          <img
            key={credential.id}
            src={qrPath(credential.id)}
            width="280"
            height="280"
            alt={say('card.qrAlt')}
          />
        )}
      </div>
      {credential !== null && <StateBand credential={credential} spoken={spoken} />}
      {credential !== null && <Validity credential={credential} spoken={spoken} />}
      {credential !== null && !credential.revoked && (
        <ToWallet key={credential.id} id={credential.id} spoken={spoken} />
      )}
    </article>
  );
}
