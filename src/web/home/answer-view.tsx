// An answer as a checkpoint's screen: the decision first, then why, what next, and whom to compare with the ID.
// Sentences come from the answer itself, so that page, API and command line say the same.

import { DECISION_WORDS, type Tone } from '../../core/errors/reasons.js';
import type { Answer, ShownClaim } from '../../core/verify/answer.js';
import { Icon, type IconName } from '../shared/icons.js';
import type { HomeSpoken } from './home-language.js';

const TONE_ICONS: Readonly<Record<Tone, IconName>> = {
  ok: 'passed',
  ask: 'attention',
  again: 'again',
  stop: 'halt',
  grey: 'question',
};

function Subject({
  claims,
  spoken,
}: {
  readonly claims: readonly ShownClaim[];
  readonly spoken: HomeSpoken;
}) {
  return (
    <section class="subject">
      <h3 class="label">{spoken.say('gate.subject')}</h3>
      <dl class="facts facts-grid">
        {claims.map((claim) => (
          <div key={claim.name}>
            <dt>{claim.label[spoken.language]}</dt>
            <dd>{claim.text?.[spoken.language] ?? claim.value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

export function AnswerView({ answer, spoken }: { readonly answer: Answer; readonly spoken: HomeSpoken }) {
  const { language, say } = spoken;
  const subject = answer.credential?.subject ?? [];
  return (
    <div class="answer">
      <div
        class={`verdict tone-${answer.tone}`}
        role="status"
        data-decision={answer.decision}
        data-reason={answer.reason}
      >
        <Icon name={TONE_ICONS[answer.tone]} />
        <div>
          <p class="verdict-word">{DECISION_WORDS[answer.decision][language]}</p>
          <p class="verdict-why">{answer.text[language]}</p>
        </div>
      </div>
      <p class="next">
        <Icon name="arrow" />
        <span>
          <span class="label">{say('gate.next')}</span>
          {answer.next[language]}
        </span>
      </p>
      {subject.length > 0 && <Subject claims={subject} spoken={spoken} />}
    </div>
  );
}
