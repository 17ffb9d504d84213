// The first screen: what is to be known, the pass, and the ways on.

import { Icon } from '../shared/icons.js';
import { EmptyView } from './empty-view.js';
import { PassView } from './pass-view.js';
import { isOff } from './server-clock.js';
import { TroubleNote } from './trouble-note.js';
import type { View } from './use-view.js';
import type { Wallet, WalletState } from './wallet.js';
import type { WalletSay, WalletSpoken } from './wallet-language.js';
import type { HeldCode } from './wallet-store.js';

interface Props {
  readonly wallet: Wallet;
  readonly state: WalletState;
  readonly held: HeldCode | null;
  readonly elder: boolean;
  readonly spoken: WalletSpoken;
  readonly open: (view: View) => void;
  /** Goes on with a claim. */
  readonly resume: (uri: string) => void;
}

export function Front({ wallet, state, held, elder, spoken, open, resume }: Props) {
  const { say } = spoken;
  const { codes, claims, offset, trouble } = state;
  const [pending] = claims;
  return (
    <div class="front">
      <TroubleNote trouble={trouble} say={say} clear={wallet.clearTrouble} />
      {isOff(offset) && <ClockNote offset={offset} say={say} />}
      {pending !== undefined && (
        <p class="notice">
          <span class="notice-text">{say('claim.pending')}</span>
          <button type="button" class="button" onClick={() => resume(pending.uri)}>
            {say('claim.resume')}
          </button>
        </p>
      )}
      {held === null ? (
        <EmptyView say={say} add={() => open('add')} />
      ) : (
        <PassView
          held={held}
          state={state}
          elder={elder}
          spoken={spoken}
          open={open}
          refresh={() => void wallet.refresh()}
        />
      )}
      <nav class="front-ways" aria-label={say('wallet.name')}>
        {codes.length > 1 && (
          <button type="button" class="button" onClick={() => open('list')}>
            <Icon name="list" />
            {say('pass.all', { n: codes.length })}
          </button>
        )}
        {codes.length > 0 && (
          <button type="button" class="button" onClick={() => open('add')}>
            <Icon name="plus" />
            {say('pass.add')}
          </button>
        )}
        <button type="button" class="button" onClick={() => open('more')}>
          <Icon name="settings" />
          {say('wallet.more')}
        </button>
      </nav>
    </div>
  );
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;

function ClockNote({ offset, say }: { readonly offset: number; readonly say: WalletSay }) {
  const away = Math.abs(offset);
  const time =
    away < HOUR
      ? say('away.minutes', { n: Math.round(away / MINUTE) })
      : say('away.hours', { n: Math.round(away / HOUR) });
  return (
    <p class="notice" role="status">
      <span class="notice-text">
        <Icon name="clock" />
        {say('trouble.clock', { time })}
      </span>
    </p>
  );
}
