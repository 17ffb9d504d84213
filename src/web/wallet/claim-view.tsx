// Claiming: what is offered and by whom, the claim code, and one button.

import { useState } from 'preact/hooks';
import { KINDS } from '../../core/credential/kind-table.js';
import { Icon } from '../shared/icons.js';
import { Screen } from './screen.js';
import type { WalletTrouble } from './trouble.js';
import { TroubleNote } from './trouble-note.js';
import type { WalletSpoken } from './wallet-language.js';
import type { PendingClaim } from './wallet-store.js';

interface Props {
  readonly claim: PendingClaim;
  readonly busy: boolean;
  readonly trouble: WalletTrouble | null;
  readonly spoken: WalletSpoken;
  readonly take: (txCode: string) => void;
  readonly read: () => void;
  readonly drop: () => void;
  readonly clear: () => void;
  readonly complain: (trouble: WalletTrouble) => void;
  readonly back: () => void;
}

export function ClaimView(props: Props) {
  const { claim, busy, trouble, spoken, back } = props;
  const { language, say } = spoken;
  const { offer } = claim;
  const kind = offer === null ? undefined : KINDS.byName(offer.kind);
  const what = kind?.title[language] ?? say('claim.any');
  return (
    <Screen
      title={say('claim.title', { kind: language === 'en' ? what.toLowerCase() : what })}
      say={say}
      back={back}
    >
      <TroubleNote trouble={trouble} say={say} clear={props.clear} />
      <div class="card claim">
        <p class="claim-from">{say('claim.from', { host: location.host })}</p>
        {offer === null ? <Unread {...props} /> : <TakeForm {...props} offerLength={lengthAsked(claim)} />}
      </div>
      <button type="button" class="button wide" disabled={busy} onClick={props.drop}>
        {say('claim.drop')}
      </button>
    </Screen>
  );
}

/** How long the claim code is; null: none is asked for, or it was accepted already. */
function lengthAsked({ offer, token }: PendingClaim): number | null {
  return token === null ? (offer?.codeLength ?? null) : null;
}

function Unread({ busy, spoken, read }: Props) {
  const { say } = spoken;
  if (busy) return <p role="status">{say('claim.reading')}</p>;
  return (
    <button type="button" class="button button-main wide" onClick={read}>
      {say('trouble.again')}
    </button>
  );
}

function TakeForm({
  busy,
  spoken,
  take,
  complain,
  offerLength,
}: Props & { readonly offerLength: number | null }) {
  const { say } = spoken;
  const [txCode, setTxCode] = useState('');
  const submit = (event: Event): void => {
    event.preventDefault();
    if (offerLength !== null && txCode === '') complain({ word: 'trouble.code_empty' });
    else take(txCode);
  };
  return (
    <form class="claim-form" onSubmit={submit}>
      {offerLength !== null && (
        <label class="field">
          <span class="field-label">{say('claim.code')}</span>
          <span class="field-hint">
            {offerLength > 0 ? say('claim.hint', { n: offerLength }) : say('claim.hintAny')}
          </span>
          <input
            class="claim-code"
            inputMode="numeric"
            autocomplete="one-time-code"
            maxLength={offerLength > 0 ? offerLength : 16}
            value={txCode}
            onInput={({ currentTarget }) => setTxCode(currentTarget.value.replace(/\s/g, ''))}
          />
        </label>
      )}
      <p class="claim-note">
        <Icon name="attention" />
        {say('claim.binds')}
      </p>
      <button type="submit" class="button button-main wide" disabled={busy}>
        {say(busy ? 'claim.taking' : 'claim.take')}
      </button>
    </form>
  );
}
