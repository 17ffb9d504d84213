// Counts of the shift, what is known of the lists, and the way out, which takes the PIN.

import { useState } from 'preact/hooks';
import { DECISION_WORDS, type Decision } from '../../core/errors/reasons.js';
import { Icon } from '../shared/icons.js';
import { LANGUAGES } from '../shared/language.js';
import { showDateTime } from '../shared/times.js';
import type { Checkpoint, CheckpointState } from './checkpoint.js';
import type { ScanSpoken } from './scan-language.js';

interface Props {
  readonly state: CheckpointState;
  readonly checkpoint: Checkpoint;
  readonly spoken: ScanSpoken;
  readonly back: () => void;
}

const DECISIONS = ['admit', 'hold', 'refuse', 'indeterminate'] as const satisfies readonly Decision[];
const MOST_WRONG = 5;
const WAIT_MS = 30_000;

export function ShiftView({ state, checkpoint, spoken, back }: Props) {
  const { say, language, choose } = spoken;
  const { shift, site } = state;
  return (
    <main class="sheet-page">
      <header class="sheet-head">
        <button type="button" class="button" onClick={back}>
          <Icon name="back" />
          {say('type.back')}
        </button>
        <fieldset class="languages">
          <legend class="unseen">{say('language.label')}</legend>
          {LANGUAGES.map(({ id, name }) => (
            <button
              key={id}
              type="button"
              lang={id}
              aria-pressed={id === language}
              onClick={() => choose(id)}
            >
              {name}
            </button>
          ))}
        </fieldset>
      </header>
      <section class="card panel">
        <h1>{say('shift.title')}</h1>
        <p class="soft">{say('shift.since', { time: showDateTime(shift.since, language) })}</p>
        <dl class="counts">
          {DECISIONS.map((decision) => (
            <div key={decision} data-count={decision}>
              <dt>{DECISION_WORDS[decision][language]}</dt>
              <dd>{shift.counts[decision]}</dd>
            </div>
          ))}
          <div data-count="overridden">
            <dt>{say('shift.overridden')}</dt>
            <dd>{shift.overridden}</dd>
          </div>
        </dl>
        {shift.unsent.length > 0 && <p class="soft">{say('shift.unsent', { n: shift.unsent.length })}</p>}
        <button type="button" class="button" onClick={() => void checkpoint.newShift()}>
          {say('shift.new')}
        </button>
        <button type="button" class="button" onClick={() => void checkpoint.sync()}>
          {say('shift.sync')}
        </button>
      </section>
      <section class="card panel">
        <h2>
          {say('shift.site')} <bdi>{site?.name}</bdi>
        </h2>
        <p class="soft">{say('shift.leaveText')}</p>
        <Leave say={say} leave={checkpoint.leave} />
      </section>
    </main>
  );
}

function Leave({ say, leave }: { readonly say: ScanSpoken['say']; readonly leave: Checkpoint['leave'] }) {
  const [pin, setPin] = useState('');
  const [wrong, setWrong] = useState(0);
  const [waits, setWaits] = useState(false);
  const go = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (waits || pin === '' || (await leave(pin))) return;
    setPin('');
    setWrong(wrong + 1);
    if ((wrong + 1) % MOST_WRONG !== 0) return;
    setWaits(true);
    setTimeout(() => setWaits(false), WAIT_MS);
  };
  return (
    <form class="leave" onSubmit={(event) => void go(event)}>
      <label class="field">
        {say('shift.pin')}
        <input
          class="input"
          type="password"
          inputMode="numeric"
          autocomplete="off"
          maxLength={8}
          value={pin}
          onInput={(event) => setPin(event.currentTarget.value)}
        />
      </label>
      {wrong > 0 && <p role="alert">{say(waits ? 'shift.wait' : 'shift.wrong')}</p>}
      <button type="submit" class="button button-stop" disabled={waits}>
        {say('shift.leave')}
      </button>
    </form>
  );
}
