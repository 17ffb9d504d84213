// Settings and help: display and size, the home screen, and what is on this phone.

import { useState } from 'preact/hooks';
import { Icon } from '../shared/icons.js';
import { readCode } from './held-code.js';
import { Screen } from './screen.js';
import { useInstall } from './use-install.js';
import { type Mode, SIZES } from './use-mode.js';
import type { WalletSay, WalletSpoken } from './wallet-language.js';
import type { HeldCode } from './wallet-store.js';

interface Props {
  readonly mode: Mode;
  readonly codes: readonly HeldCode[];
  readonly spoken: WalletSpoken;
  readonly remove: (code: HeldCode) => void;
  readonly back: () => void;
}

export function MoreView({ mode, codes, spoken, remove, back }: Props) {
  const { say } = spoken;
  return (
    <Screen title={say('more.title')} say={say} back={back}>
      <Display mode={mode} say={say} />
      <HomeScreen say={say} />
      {codes.length > 0 && (
        <section class="card part">
          <h2 class="part-title">{say('more.codes')}</h2>
          <ul class="kept">
            {codes.map((code) => (
              <KeptCode key={code.slot} code={code} spoken={spoken} remove={remove} />
            ))}
          </ul>
        </section>
      )}
      <p class="screen-lead">{say('more.privacy')}</p>
    </Screen>
  );
}

function Display({ mode, say }: { readonly mode: Mode; readonly say: WalletSay }) {
  const at = SIZES.indexOf(mode.size);
  const step = (by: number): void => {
    const size = SIZES[at + by];
    if (size !== undefined) mode.setSize(size);
  };
  return (
    <section class="card part">
      <h2 class="part-title">{say('more.mode')}</h2>
      <div class="pair">
        <button type="button" class="button" aria-pressed={!mode.elder} onClick={() => mode.setElder(false)}>
          {say('mode.standard')}
        </button>
        <button type="button" class="button" aria-pressed={mode.elder} onClick={() => mode.setElder(true)}>
          {say('mode.elder')}
        </button>
      </div>
      {mode.elder && (
        <>
          <h3 class="part-label">{say('more.size')}</h3>
          <p role="status">{say('more.sizeNow', { n: mode.size })}</p>
          <div class="pair">
            <button type="button" class="button" disabled={at === 0} onClick={() => step(-1)}>
              {say('more.smaller')}
            </button>
            <button type="button" class="button" disabled={at === SIZES.length - 1} onClick={() => step(1)}>
              {say('more.larger')}
            </button>
          </div>
        </>
      )}
    </section>
  );
}

function HomeScreen({ say }: { readonly say: WalletSay }) {
  const { installed, ios, install } = useInstall();
  return (
    <section class="card part">
      <h2 class="part-title">{say('more.install')}</h2>
      <p>{say(installed ? 'more.installed' : 'more.installText')}</p>
      {!installed && install === null && <p>{say(ios ? 'more.installIos' : 'more.installAny')}</p>}
      {!installed && install !== null && (
        <button type="button" class="button wide" onClick={install}>
          <Icon name="install" />
          {say('more.installNow')}
        </button>
      )}
    </section>
  );
}

interface KeptProps {
  readonly code: HeldCode;
  readonly spoken: WalletSpoken;
  readonly remove: (code: HeldCode) => void;
}

/** Removing takes a second touch in the same place, not a window. */
function KeptCode({ code, spoken, remove }: KeptProps) {
  const { language, say } = spoken;
  const [asked, setAsked] = useState(false);
  const { title, holder } = readCode(code.code);
  return (
    <li>
      <span class="kept-name">
        {title[language]} <bdi>{holder}</bdi>
      </span>
      <button
        type="button"
        class={`button${asked ? ' button-stop' : ''}`}
        onClick={() => (asked ? remove(code) : setAsked(true))}
      >
        {say(asked ? 'more.removeSure' : 'more.remove')}
      </button>
      {asked && (
        <p class="kept-note" role="status">
          {say('more.removeText')}
        </p>
      )}
    </li>
  );
}
