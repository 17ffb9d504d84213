// How an answer was reached: each rung of the ladder, and what the answer rests on.

import type { Decision } from '../../core/errors/reasons.js';
import type { Answer, Check } from '../../core/verify/answer.js';
import { Icon, type IconName } from '../shared/icons.js';
import { showAge, showDateTime } from '../shared/times.js';
import type { WordKey } from '../shared/words/zh-cn.js';
import type { HomeSay, HomeSpoken } from './home-language.js';

type Look = readonly [icon: IconName, word: WordKey];

const LOOKS = {
  pass: ['check', 'result.pass'],
  not_reached: ['dash', 'result.not_reached'],
  not_applicable: ['dash', 'result.not_applicable'],
} as const satisfies Record<Exclude<Check['result'], 'fail'>, Look>;

/** The rung that decided looks like the decision: only a refusal is a failure, `indeterminate` is nobody's fault. */
const DECIDING_LOOKS = {
  admit: ['check', 'result.pass'],
  hold: ['attention', 'result.hold'],
  refuse: ['cross', 'result.refuse'],
  indeterminate: ['question', 'result.indeterminate'],
} as const satisfies Record<Decision, Look>;

function Checks({ answer, say }: { readonly answer: Answer; readonly say: HomeSay }) {
  return (
    <ol class="checks" aria-label={say('gate.checks')}>
      {answer.checks.map(({ rung, result }) => {
        const [icon, word] = result === 'fail' ? DECIDING_LOOKS[answer.decision] : LOOKS[result];
        const tone = result === 'fail' ? ` tone-${answer.tone}` : '';
        return (
          <li key={rung} class={`check check-${result}${tone}`} data-rung={rung} data-result={result}>
            <span class="check-icon">
              <Icon name={icon} />
            </span>
            <span>
              {say(`check.${rung}`)}
              <span class="check-result">{say(word)}</span>
            </span>
          </li>
        );
      })}
    </ol>
  );
}

type Ground = readonly [label: string, value: string];

function credentialGrounds(answer: Answer, { language, say }: HomeSpoken): readonly Ground[] {
  const { credential } = answer;
  if (credential === null) return [];
  const { kind, kindTitle, issuer, status, expiresAt } = credential;
  return [
    [say('gate.kind'), kindTitle?.[language] ?? kind],
    ...(issuer === null ? [] : [[say('gate.issuer'), issuer] as const]),
    ...(status === null ? [] : [[say('gate.status'), status.text[language]] as const]),
    [say('gate.validUntil'), expiresAt === null ? say('gate.noEnd') : showDateTime(expiresAt, language)],
  ];
}

/** Label and value, only of what the answer has. */
function groundsOf(answer: Answer, spoken: HomeSpoken): readonly Ground[] {
  const { say } = spoken;
  const { assurance, statusAgeSeconds, trustAgeSeconds, recognition, policy } = answer;
  return [
    ...credentialGrounds(answer, spoken),
    ...(assurance === null ? [] : [[say('gate.assurance'), say(`assurance.${assurance}`)] as const]),
    ...(statusAgeSeconds === null ? [] : [[say('gate.statusAge'), showAge(statusAgeSeconds, say)] as const]),
    ...(trustAgeSeconds === null ? [] : [[say('gate.trustAge'), showAge(trustAgeSeconds, say)] as const]),
    ...(recognition === null ? [] : [[say('gate.recognition'), say(`recognition.${recognition}`)] as const]),
    ...(policy === null
      ? []
      : [
          [
            say('gate.policy'),
            say('gate.policyVersion', { id: policy.id, version: policy.version }),
          ] as const,
        ]),
  ];
}

interface Props {
  readonly answer: Answer | null;
  readonly busy: boolean;
  readonly spoken: HomeSpoken;
}

export function GroundsPanel({ answer, busy, spoken }: Props) {
  const { say } = spoken;
  return (
    <section class="part card" aria-labelledby="why-title">
      <h2 id="why-title" class="part-title">
        {say('gate.why')}
      </h2>
      {answer === null ? (
        <p class="hint">{say(busy ? 'gate.waiting' : 'gate.none')}</p>
      ) : (
        <>
          <Checks answer={answer} say={say} />
          <dl class="facts facts-grid">
            {groundsOf(answer, spoken).map(([label, value]) => (
              <div key={label}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </section>
  );
}
