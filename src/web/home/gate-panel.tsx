// The checkpoint's screen: the newest answer and which text it is about, or what kept us from an answer.

import { useEffect, useRef } from 'preact/hooks';
import { Notice, type Trouble } from '../shared/notice.js';
import { showClock } from '../shared/times.js';
import { AnswerView } from './answer-view.js';
import type { DemoCredential } from './demo-api.js';
import type { HomeSpoken } from './home-language.js';
import { troubleOf } from './trouble.js';
import type { Gate, Source } from './use-gate.js';

interface Props {
  readonly gate: Gate;
  readonly credential: DemoCredential | null;
  readonly spoken: HomeSpoken;
}

function nameSource(source: Source, { language, say }: HomeSpoken): string {
  if (source === 'demo') return say('verify.demo');
  return source === 'typed' ? say('verify.typed') : source.name[language];
}

/** What to say when a verification could not be made. */
function gateTrouble({ gate, credential, spoken }: Props): Trouble | null {
  const { say } = spoken;
  if (gate.failure === null) return null;
  const useDemo = () => credential !== null && gate.check(credential.code, 'demo');
  if (gate.failure === 'empty')
    return { sentence: say('error.empty'), action: say('error.fill'), act: useDemo };
  if (gate.failure.name === 'too_large') {
    return { sentence: say('error.too_large'), action: say('error.clear'), act: () => gate.type('') };
  }
  return troubleOf(gate.failure, say, () => gate.check(gate.text, gate.source));
}

export function GatePanel(props: Props) {
  const { gate, spoken } = props;
  const { say } = spoken;
  const { verdict } = gate;
  const screen = useRef<HTMLElement>(null);
  const trouble = gateTrouble(props);

  // The screen stands above the box on a phone: bring it into view when the person asked from there.
  const asked = verdict !== null && verdict.source !== 'demo' ? verdict.at : 0;
  const { failure } = gate;
  useEffect(() => {
    if (asked > 0 || failure !== null) screen.current?.scrollIntoView({ block: 'nearest' });
  }, [asked, failure]);

  return (
    <section ref={screen} class="side gate" aria-labelledby="gate-title" aria-busy={gate.busy}>
      <h2 id="gate-title" class="section-title">
        {say('gate.title')}
      </h2>
      <div class="card gate-screen">
        {trouble !== null && <Notice trouble={trouble} />}
        {verdict !== null && <AnswerView answer={verdict.answer} spoken={spoken} />}
        {verdict !== null && (
          <p class="gate-of">
            {say('gate.of', { what: nameSource(verdict.source, spoken), time: showClock(verdict.at) })}
          </p>
        )}
        {verdict === null && trouble === null && (
          <p class="gate-waiting">{say(gate.busy ? 'gate.waiting' : 'gate.none')}</p>
        )}
      </div>
    </section>
  );
}
