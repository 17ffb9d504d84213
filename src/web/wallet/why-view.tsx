// Why a code has its colour, as the issuer recorded it, and the holder's word against a change.

import { useEffect, useState } from 'preact/hooks';
import { showDateTime } from '../shared/times.js';
import { hasColour, readCode } from './held-code.js';
import {
  askRecord,
  fileAppeal,
  type HolderRecord,
  type RecordedAppeal,
  type RecordedChange,
} from './holder-api.js';
import { Screen } from './screen.js';
import { member } from './server.js';
import { troubleOf, type WalletTrouble } from './trouble.js';
import { TroubleNote } from './trouble-note.js';
import type { Wallet } from './wallet.js';
import type { WalletSpoken } from './wallet-language.js';
import type { HeldCode } from './wallet-store.js';

const MOST_GROUNDS = 500;
/** New lines and the like, which a record does not take. */
const CONTROLS = /\p{C}+/gu;

interface Props {
  readonly held: HeldCode;
  readonly wallet: Wallet;
  readonly spoken: WalletSpoken;
  readonly back: () => void;
}

interface Told {
  readonly record: HolderRecord | null;
  readonly trouble: WalletTrouble | null;
}

const LOADING: Told = { record: null, trouble: null };

async function loadRecord(wallet: Wallet, held: HeldCode): Promise<Told> {
  if (held.credential === null) return { record: null, trouble: { word: 'trouble.unreachable' } };
  const answer = await askRecord(wallet.server, wallet.holderOf(held), held.credential);
  const isRecord = answer !== null && 'appeals' in answer;
  return isRecord ? { record: answer, trouble: null } : { record: null, trouble: troubleOf(answer) };
}

export function WhyView({ held, wallet, spoken, back }: Props) {
  const { say } = spoken;
  const [told, setTold] = useState<Told>(LOADING);
  const load = (): void => void loadRecord(wallet, held).then(setTold);
  useEffect(load, [held.credential]);
  const coloured = hasColour(readCode(held.code).kind);
  const { record, trouble } = told;
  return (
    <Screen title={say(coloured ? 'why.title' : 'why.recordTitle')} say={say} back={back}>
      <TroubleNote trouble={trouble} say={say} clear={back} />
      {record === null && trouble === null && <p role="status">{say('why.loading')}</p>}
      {record?.changes === null && <p class="card part">{say('why.noColours')}</p>}
      {record?.changes?.length === 0 && <p class="card part">{say('why.none')}</p>}
      <ol class="changes">
        {record?.changes?.map((change) => (
          <li key={change.id} class="card part">
            <Change change={change} spoken={spoken} />
            <AppealPart
              appeal={record.appeals.find((each) => each.change === change.id) ?? null}
              spoken={spoken}
              file={async (grounds) => {
                const { server } = wallet;
                const asked = { change: change.id, grounds };
                const heard = await fileAppeal(server, wallet.holderOf(held), held.credential ?? '', asked);
                const filed = typeof member(heard?.body, 'dueAt') === 'number';
                // 409: it was filed before, in another window.
                if (filed || heard?.status === 409) load();
                else setTold({ record, trouble: troubleOf(heard) });
              }}
            />
          </li>
        ))}
      </ol>
    </Screen>
  );
}

function Change({ change, spoken }: { readonly change: RecordedChange; readonly spoken: WalletSpoken }) {
  const { language, say } = spoken;
  const { at, from, to, rule, ground, reason } = change;
  return (
    <>
      <p class="part-label">{showDateTime(at, language)}</p>
      <h2 class="part-title">{say('why.change', { from: from.text[language], to: to.text[language] })}</h2>
      <p>{ground[language]}</p>
      {rule !== null && <p>{say('why.rule', { id: rule.id, version: rule.version })}</p>}
      <p>{say('why.reason', { reason })}</p>
    </>
  );
}

interface AppealProps {
  readonly appeal: RecordedAppeal | null;
  readonly spoken: WalletSpoken;
  readonly file: (grounds: string) => Promise<void>;
}

function AppealPart({ appeal, spoken, file }: AppealProps) {
  const { language, say } = spoken;
  const [open, setOpen] = useState(false);
  if (appeal !== null) {
    const time = showDateTime(appeal.dueAt, language);
    return (
      <p class="appeal-state" role="status">
        {say(`why.state.${appeal.state}`, { time, answer: appeal.answer ?? '' })}
      </p>
    );
  }
  if (!open) {
    return (
      <button type="button" class="button wide" onClick={() => setOpen(true)}>
        {say('why.appeal')}
      </button>
    );
  }
  return <AppealForm spoken={spoken} file={file} />;
}

function AppealForm({ spoken, file }: Pick<AppealProps, 'spoken' | 'file'>) {
  const { say } = spoken;
  const [grounds, setGrounds] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const said = grounds.replace(CONTROLS, ' ').trim();
    if (said === '' || busy) return;
    setBusy(true);
    await file(said);
    setBusy(false);
  };
  return (
    <form class="appeal-form" onSubmit={(event) => void submit(event)}>
      <label class="field">
        <span class="field-label">{say('why.grounds')}</span>
        <textarea
          rows={4}
          maxLength={MOST_GROUNDS}
          value={grounds}
          onInput={({ currentTarget }) => setGrounds(currentTarget.value)}
        />
      </label>
      <p class="field-hint">{say('why.somebody')}</p>
      <button type="submit" class="button button-main wide" disabled={busy}>
        {say(busy ? 'why.sending' : 'why.send')}
      </button>
    </form>
  );
}
