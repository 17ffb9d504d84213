// What the issuing authority can do to the demo credential: colours, revocation, a new one.

import { Icon } from '../shared/icons.js';
import type { HomeSay } from './home-language.js';
import { STATE_LOOKS } from './levels.js';
import type { Demo } from './use-demo.js';
import type { HomeWordKey } from './words/zh-cn.js';

const COLOURS = [
  { level: 'green', word: 'act.toGreen' },
  { level: 'yellow', word: 'act.toYellow' },
  { level: 'red', word: 'act.toRed' },
] as const satisfies readonly { readonly level: keyof typeof STATE_LOOKS; readonly word: HomeWordKey }[];

export function AuthorityPanel({ demo, say }: { readonly demo: Demo; readonly say: HomeSay }) {
  const { credential, busy } = demo;
  const revoked = credential?.revoked ?? false;
  const idle = credential === null || revoked;
  return (
    <section class="side" aria-labelledby="authority-title">
      <h2 id="authority-title" class="section-title">
        {say('act.title')}
      </h2>
      <div class="acts">
        {COLOURS.map(({ level, word }) => (
          <button
            key={level}
            type="button"
            class="button act"
            aria-pressed={!idle && credential.level === level}
            disabled={idle}
            onClick={() => !busy && demo.setLevel(level)}
          >
            <span class={`dot ${STATE_LOOKS[level].tone}`}>
              <Icon name={STATE_LOOKS[level].icon} />
            </span>
            {say(word)}
          </button>
        ))}
        <button
          type="button"
          class="button button-stop act-wide"
          disabled={idle}
          onClick={() => !busy && demo.revoke()}
        >
          <Icon name="banned" />
          {say('act.revoke')}
        </button>
        <button
          type="button"
          class={`button act-wide${revoked ? ' button-main' : ''}`}
          disabled={credential === null}
          onClick={() => !busy && demo.issue()}
        >
          <Icon name="plus" />
          {say('act.issue')}
        </button>
      </div>
      <p class="hint">{revoked ? say('act.revokedHint') : say('act.note')}</p>
    </section>
  );
}
