// 亮证: what the licence says, field by field, masked where its kind says so. A picture of it proves nothing, and it says that.

import { useMemo } from 'preact/hooks';
import { Icon } from '../shared/icons.js';
import { showDateTime } from '../shared/times.js';
import { passState, readCode } from './held-code.js';
import { Screen } from './screen.js';
import { lookOf } from './state-look.js';
import { useNow } from './use-now.js';
import type { WalletSpoken } from './wallet-language.js';
import type { HeldCode } from './wallet-store.js';

interface Props {
  readonly held: HeldCode;
  readonly offset: number;
  readonly spoken: WalletSpoken;
  readonly back: () => void;
}

export function LicenceView({ held, offset, spoken, back }: Props) {
  const { language, say } = spoken;
  const code = useMemo(() => readCode(held.code), [held.code]);
  const now = useNow(offset);
  const look = lookOf(passState(code, held.seen, now), spoken);
  return (
    <Screen title={code.title[language]} say={say} back={back}>
      <article class="card licence">
        <p class={`licence-state ${look.tone}`} role="status">
          <Icon name={look.icon} />
          <span>{look.word}</span>
        </p>
        <dl class="licence-fields">
          {code.fields.map(({ name, label, value, text }) => (
            <div key={name}>
              <dt>{label[language]}</dt>
              <dd>
                <bdi>{text?.[language] ?? value}</bdi>
              </dd>
            </div>
          ))}
        </dl>
        <p class="licence-foot">
          {say('licence.present')} <time>{showDateTime(now, language, true)}</time>
          <br />
          {say('licence.note')}
        </p>
      </article>
    </Screen>
  );
}
