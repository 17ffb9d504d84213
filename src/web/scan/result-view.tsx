// The answer, full screen: colour, icon and word first, then why and what next; whom to compare with the ID only where the answer has it.
// Goes back to scanning by itself.

import { useEffect, useState } from 'preact/hooks';
import { DECISION_WORDS, type Tone } from '../../core/errors/reasons.js';
import type { OverrideChoice } from '../../core/issue/sites.js';
import { Icon, type IconName } from '../shared/icons.js';
import { showAge } from '../shared/times.js';
import type { Judged } from './checkpoint.js';
import type { ScanSpoken } from './scan-language.js';

const TONE_ICONS: Readonly<Record<Tone, IconName>> = {
  ok: 'passed',
  ask: 'attention',
  again: 'again',
  stop: 'halt',
  grey: 'question',
};
/** How long an answer stands, in milliseconds; longer where somebody has to do something. */
const STANDS_MS: Readonly<Record<Tone, number>> = {
  ok: 3_000,
  again: 5_000,
  grey: 6_000,
  stop: 8_000,
  ask: 30_000,
};
const CHOICES = ['id_matched', 'check_done', 'supervisor'] as const satisfies readonly OverrideChoice[];

interface Props {
  readonly judged: Judged;
  readonly spoken: ScanSpoken;
  readonly done: () => void;
  readonly override: (choice: OverrideChoice) => void;
}

export function ResultView({ judged, spoken, done, override }: Props) {
  const { answer, by } = judged;
  const { language, say } = spoken;
  const [detail, setDetail] = useState(false);
  const [asking, setAsking] = useState(false);
  const [overridden, setOverridden] = useState(false);
  const stays = detail || asking;
  useEffect(() => {
    if (stays) return;
    const timer = setTimeout(done, overridden ? STANDS_MS.ok : STANDS_MS[answer.tone]);
    return () => clearTimeout(timer);
  }, [stays, overridden, judged]);
  const subject = answer.credential?.subject ?? [];
  const age = answer.statusAgeSeconds;
  return (
    <section
      class={`result tone-${answer.tone}`}
      role="alert"
      data-decision={answer.decision}
      data-reason={answer.reason}
      data-by={by}
    >
      <div class="result-main">
        <Icon name={TONE_ICONS[answer.tone]} />
        <h1 class="result-word">{DECISION_WORDS[answer.decision][language]}</h1>
        <p class="result-why">
          <bdi>{answer.text[language]}</bdi>
        </p>
        <p class="result-next">
          <span class="result-label">{say('result.next')}</span>
          {answer.next[language]}
        </p>
        {subject.length > 0 && (
          <dl class="result-subject">
            <dt class="result-label">{say('result.match')}</dt>
            {subject.map((claim) => (
              <dd key={claim.name}>
                <span class="result-label">{claim.label[language]}</span>
                <bdi>{claim.text?.[language] ?? claim.value}</bdi>
              </dd>
            ))}
          </dl>
        )}
        {overridden && <p class="result-done">{say('override.done')}</p>}
        {detail && (
          <ul class="result-checks">
            {answer.checks.map(({ rung, result }) => (
              <li key={rung}>
                <span>{say(`check.${rung}`)}</span>
                <span>{say(result === 'fail' ? 'result.refuse' : `result.${result}`)}</span>
              </li>
            ))}
            {age !== null && <li>{say('result.statusAge', { age: showAge(age, say) })}</li>}
          </ul>
        )}
      </div>
      {asking ? (
        <div class="result-acts">
          <h2 class="result-ask">{say('override.title')}</h2>
          {CHOICES.map((choice) => (
            <button
              key={choice}
              type="button"
              class="button"
              onClick={() => {
                override(choice);
                setOverridden(true);
                setAsking(false);
              }}
            >
              {say(`override.${choice}`)}
            </button>
          ))}
          <button type="button" class="button" onClick={done}>
            {say('override.cancel')}
          </button>
        </div>
      ) : (
        <div class="result-acts">
          {answer.decision === 'hold' && !overridden && (
            <button type="button" class="button" onClick={() => setAsking(true)}>
              {say('result.override')}
            </button>
          )}
          <button type="button" class="button button-main" onClick={done}>
            <Icon name="scan" />
            {say('result.again')}
          </button>
          <button type="button" class="result-more" aria-pressed={detail} onClick={() => setDetail(!detail)}>
            {say(by === 'node' ? 'result.byNode' : 'result.byPage')} · {say('result.detail')}
          </button>
        </div>
      )}
    </section>
  );
}
