// All codes and licences of this phone, one a row: chosen by touch, no gesture needed.

import { Icon } from '../shared/icons.js';
import { passState, readCode } from './held-code.js';
import { Screen } from './screen.js';
import { lookOf } from './state-look.js';
import { useNow } from './use-now.js';
import type { WalletSpoken } from './wallet-language.js';
import type { HeldCode } from './wallet-store.js';

interface Props {
  readonly codes: readonly HeldCode[];
  readonly offset: number;
  readonly spoken: WalletSpoken;
  readonly choose: (slot: string) => void;
  readonly add: () => void;
  readonly back: () => void;
}

export function ListView({ codes, offset, spoken, choose, add, back }: Props) {
  const { language, say } = spoken;
  const now = useNow(offset);
  return (
    <Screen title={say('list.title')} say={say} back={back}>
      <p class="screen-lead">{say('list.hint')}</p>
      <ul class="rows">
        {codes.map(({ slot, code, seen }) => {
          const read = readCode(code);
          const look = lookOf(passState(read, seen, now), spoken);
          return (
            <li key={slot}>
              <button type="button" class="row" onClick={() => choose(slot)}>
                <span class={`row-dot ${look.tone}`}>
                  <Icon name={look.icon} />
                </span>
                <span class="row-text">
                  <span class="row-title">{read.title[language]}</span>
                  <span class="row-aside">
                    <bdi>{read.holder}</bdi> · {look.word}
                  </span>
                </span>
                <Icon name="next" />
              </button>
            </li>
          );
        })}
      </ul>
      <button type="button" class="button wide" onClick={add}>
        <Icon name="plus" />
        {say('pass.add')}
      </button>
    </Screen>
  );
}
