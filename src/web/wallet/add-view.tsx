// Getting a code where the link did not open by itself: scanned here, or pasted.

import { useState } from 'preact/hooks';
import { Icon } from '../shared/icons.js';
import { OfferScan } from './offer-scan.js';
import { Screen } from './screen.js';
import type { WalletTrouble } from './trouble.js';
import { TroubleNote } from './trouble-note.js';
import type { WalletSpoken } from './wallet-language.js';

interface Props {
  readonly trouble: WalletTrouble | null;
  readonly spoken: WalletSpoken;
  readonly found: (text: string) => void;
  readonly clear: () => void;
  readonly complain: (trouble: WalletTrouble) => void;
  readonly back: () => void;
}

export function AddView({ trouble, spoken, found, clear, complain, back }: Props) {
  const { say } = spoken;
  const [text, setText] = useState('');
  const [scanning, setScanning] = useState(false);
  const stop = (reason: WalletTrouble): void => {
    setScanning(false);
    complain(reason);
  };
  return (
    <Screen title={say('add.title')} say={say} back={back}>
      <p class="screen-lead">{say('add.text')}</p>
      <TroubleNote trouble={trouble} say={say} clear={clear} />
      {scanning && <OfferScan say={say} found={found} failed={stop} />}
      <button type="button" class="button button-main wide" onClick={() => setScanning(!scanning)}>
        <Icon name="scan" />
        {say(scanning ? 'add.stop' : 'add.scan')}
      </button>
      <form
        class="card part"
        onSubmit={(event) => {
          event.preventDefault();
          found(text);
        }}
      >
        <label class="field">
          <span class="field-label">{say('add.label')}</span>
          <textarea
            rows={3}
            placeholder={say('add.placeholder')}
            spellcheck={false}
            autocapitalize="off"
            value={text}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </label>
        <button type="submit" class="button wide">
          {say('add.open')}
        </button>
      </form>
    </Screen>
  );
}
