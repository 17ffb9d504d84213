// The box in which any code's text can be verified, and the texts at hand to try.

import type { DemoCredential, Sample } from './demo-api.js';
import type { HomeSpoken } from './home-language.js';
import type { Gate } from './use-gate.js';

interface Props {
  readonly gate: Gate;
  readonly credential: DemoCredential | null;
  readonly samples: readonly Sample[];
  readonly spoken: HomeSpoken;
}

/** Pressing one puts its text into the box and verifies it. */
function Chips({ gate, credential, samples, spoken }: Props) {
  const { language, say } = spoken;
  const mine = gate.typed.trim() !== '' && gate.source !== 'typed';
  return (
    <fieldset class="chips">
      <legend class="label">{say('verify.fill')}</legend>
      {credential !== null && (
        <button
          type="button"
          class="chip"
          aria-pressed={gate.source === 'demo'}
          onClick={() => gate.check(credential.code, 'demo')}
        >
          {say('verify.demo')}
        </button>
      )}
      {samples.map((sample) => (
        <button
          key={sample.code}
          type="button"
          class="chip"
          aria-pressed={gate.source === sample}
          onClick={() => gate.check(sample.code, sample)}
        >
          {sample.name[language]}
        </button>
      ))}
      {mine && (
        <button type="button" class="chip" onClick={() => gate.check(gate.typed, 'typed')}>
          {say('verify.mine')}
        </button>
      )}
    </fieldset>
  );
}

export function VerifyForm(props: Props) {
  const { gate, spoken } = props;
  const { say } = spoken;
  return (
    <form
      class="part card verify"
      aria-labelledby="verify-title"
      onSubmit={(event) => {
        event.preventDefault();
        gate.check(gate.text, gate.source);
      }}
    >
      <h2 id="verify-title" class="part-title">
        {say('verify.title')}
      </h2>
      <label class="label" for="code-text">
        {say('verify.label')}
      </label>
      <textarea
        id="code-text"
        rows={4}
        spellcheck={false}
        autocomplete="off"
        autocapitalize="off"
        placeholder={say('verify.placeholder')}
        value={gate.text}
        onInput={(event) => gate.type(event.currentTarget.value)}
      />
      <button type="submit" class="button button-main" aria-disabled={gate.busy}>
        {gate.busy ? say('verify.busy') : say('verify.button')}
      </button>
      {props.credential !== null && <Chips {...props} />}
    </form>
  );
}
